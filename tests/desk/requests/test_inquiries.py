"""Inquiries: made from mail and by hand, changed by several, closed, listed, taken back (SPEC §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.requests import inquiry_origin
from crm_tui.desk.requests.inquiry_checking import Stale
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.requests.inquiry_views import InquiryQuery
from crm_tui.desk.undoing import undo
from crm_tui.rules.money import Money
from tests.desk.colleagues import colleague
from tests.desk.house import NOW, add_account, come_in, mail, make_house

_C = columns(Conversation)


def one_mail(ctx: Context, **words: str) -> int:
    """The conversation of a mail that comes in."""
    come_in(ctx, mail(**words), account=add_account(ctx))  # type: ignore[arg-type]
    with ctx.store.connect() as connection:
        return int(connection.execute(select(_C.id).order_by(_C.id.desc()).limit(1)).scalar_one())


def two_mails(ctx: Context) -> tuple[int, int]:
    """The conversations of two mails of one sender."""
    first = one_mail(ctx)
    come_in(ctx, mail(subject="Parking", message_id="other@mail.example"))
    with ctx.store.connect() as connection:
        return first, int(connection.execute(select(_C.id).where(_C.id != first)).scalar_one())


def folder(ctx: Context, talk: int) -> str:
    row = desk.folders.row(ctx, talk)
    assert row is not None
    return row.folder


def test_an_inquiry_of_a_mail_has_its_sender_as_holder_and_stands_in_inquiries(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    found = desk.inquiries.get(ctx, number)
    assert [one.id for one in found.conversations] == [talk]
    assert found.conversations[0].folder == "Inquiries"
    assert found.holder is not None
    assert (found.holder.name, found.holder.email) == ("Marta Guest", "marta@example.org")
    assert (found.status, found.handler, found.planned_end) == ("new", "Ana", date(2026, 7, 4))
    rows = desk.inquiries.page(ctx, InquiryQuery()).rows
    assert [(row.id, row.title, row.conversation, row.unanswered) for row in rows] == [
        (number, "Marta Guest", talk, True)
    ]


def test_a_conversation_has_one_inquiry_however_often_it_is_asked_for(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    assert desk.inquiries.from_conversation(ctx, talk) == number
    assert desk.inquiries.of_conversation(ctx, talk) == number
    assert desk.inquiries.total(ctx, InquiryQuery("all")) == 1
    other = desk.inquiries.create(ctx, {}, guest={"surname": "Nowak"})
    with pytest.raises(Conflict, match=f"inquiry {number}"):
        desk.inquiries.link(ctx, other, [talk])


@pytest.mark.parametrize(("before", "after"), [("Inbox", "Inquiries"), ("Waitlist", "Waitlist"), ("Booked", "Booked")])
def test_a_conversation_that_waits_or_is_booked_stays_where_it_is(ctx: Context, before: str, after: str) -> None:
    talk = one_mail(ctx)
    desk.triage.move(ctx, [talk], before)
    desk.inquiries.from_conversation(ctx, talk)
    assert folder(ctx, talk) == after


def test_making_an_inquiry_of_a_mail_is_taken_back_as_one(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    undo.undo(ctx)
    assert folder(ctx, talk) == "Inbox"
    assert desk.inquiries.of_conversation(ctx, talk) is None
    assert desk.guests.by_address(ctx, "marta@example.org") == []
    assert desk.inquiries.counts(ctx)["all"] == 0
    with pytest.raises(NotFound):
        desk.inquiries.get(ctx, number)
    again = desk.inquiries.from_conversation(ctx, talk)
    assert desk.inquiries.get(ctx, again).title == "Marta Guest"


def test_a_guest_who_is_known_by_address_is_not_made_twice(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Bravo", "given": "Marta", "email": "Marta@Example.org"})
    number = desk.inquiries.from_conversation(ctx, one_mail(ctx))
    assert [one.id for one in desk.inquiries.get(ctx, number).guests] == [guest]


def test_the_relay_address_of_a_booking_site_is_nobodys_own(ctx: Context) -> None:
    talk = one_mail(ctx, sender="Jan Kowalski <jkowal.112233@guest.booking.com>")
    found = desk.inquiries.get(ctx, desk.inquiries.from_conversation(ctx, talk))
    assert found.holder is not None
    assert (found.holder.name, found.holder.email) == ("Jan Kowalski", "")
    assert found.channel == "Booking.com"


def test_the_site_behind_a_name_is_no_part_of_it(ctx: Context) -> None:
    talk = one_mail(ctx, sender="Zofia via Stayfinder <zofia@example.org>")
    assert desk.inquiries.get(ctx, desk.inquiries.from_conversation(ctx, talk)).title == "Zofia"


@pytest.mark.parametrize(
    ("sender", "name"),
    [("info@firma.example", "info"), ('"x@y.example" <x@y.example>', "x"), ('"" <broken>', "broken")],
)
def test_a_sender_without_a_name_makes_a_guest_all_the_same(ctx: Context, sender: str, name: str) -> None:
    found = desk.inquiries.get(ctx, desk.inquiries.from_conversation(ctx, one_mail(ctx, sender=sender)))
    assert found.holder is not None
    assert found.holder.name.startswith(name)


def test_fields_are_read_from_what_is_typed(ctx: Context) -> None:
    number = desk.inquiries.create(
        ctx,
        {"arrival": "14.8.2026", "departure": "2026-08-21", "children": "7, ?", "budget": "1.200,50 €", "adults": "2"},
        guest={"surname": "Nowak", "given": "Łucja", "phone": "600 111 222"},
    )
    found = desk.inquiries.get(ctx, number)
    assert (found.arrival, found.departure) == (date(2026, 8, 14), date(2026, 8, 21))
    assert (found.children, found.adults, found.budget) == ((7, None), 2, Money(120050, "EUR"))
    assert found.title == "Łucja Nowak"
    assert found.guests[0].phone == "+34 600 11 12 22"  # national, as one writes it at the property
    assert (found.handler, found.created_by, found.version) == ("Ana", "Ana", 1)


def test_every_wrong_field_is_told_and_nothing_is_stored(ctx: Context) -> None:
    wrong = {"arrival": "31.2.2027", "children": "-1", "budget": "900", "handler": "Zoe", "status": "lost"}
    with pytest.raises(InvalidFields) as caught:
        desk.inquiries.create(ctx, wrong, guest={"surname": "Nowak"})
    assert set(caught.value.errors) == {"arrival", "children", "budget", "handler", "lost_reason"}
    assert "31.2.2027" in caught.value.errors["arrival"]
    assert all(text.endswith((".", ")")) for text in caught.value.errors.values())
    assert desk.inquiries.counts(ctx)["all"] == 0
    assert desk.guests.find(ctx, "Nowak") == []
    assert set(desk.inquiries.validate(wrong, date(2026, 7, 1))) == {"arrival", "children", "budget", "lost_reason"}


def test_a_guest_needs_a_surname(ctx: Context) -> None:
    with pytest.raises(InvalidFields) as caught:
        desk.inquiries.create(ctx, {"adults": 2}, guest={"given": "Jan"})
    assert caught.value.field == "surname"
    assert desk.inquiries.counts(ctx)["all"] == 0


def test_proposals_are_taken_over_or_dropped(ctx: Context) -> None:
    number = _proposed(ctx, arrival=date(2026, 8, 14), adults=2, children=[7])
    assert desk.inquiries.get(ctx, number).proposed == {
        "arrival": "“arrival”",
        "adults": "“adults”",
        "children": "“children”",
    }
    taken = desk.inquiries.accept(ctx, number, ["arrival"])
    assert (taken.arrival, set(taken.proposed)) == (date(2026, 8, 14), {"adults", "children"})
    dropped = desk.inquiries.reject(ctx, number, ["children"])
    assert (dropped.children, set(dropped.proposed)) == ((), {"adults"})
    undo.undo(ctx)
    assert desk.inquiries.get(ctx, number).children == (7,)
    typed = desk.inquiries.set(ctx, number, desk.inquiries.get(ctx, number).version, {"adults": 3})
    assert (typed.adults, set(typed.proposed)) == (3, {"children"})
    assert desk.inquiries.accept(ctx, number).proposed == {}


def _proposed(ctx: Context, **values: Any) -> int:
    with ctx.write() as tx:
        return desk.inquiries.create_in(tx, values, {name: f"“{name}”" for name in values})


STAY = "Dzień dobry, szukamy pokoju dla 2 osób dorosłych i dziecka (7 lat) od 12 do 19 sierpnia 2026. Ewa Nowak, tel. +48 601 234 567"


def test_what_the_mail_states_is_proposed(ctx: Context) -> None:
    talk = one_mail(ctx, sender="ewa <ewa@poczta.example>", text=STAY)
    found = desk.inquiries.get(ctx, desk.inquiries.from_conversation(ctx, talk))
    assert (found.arrival, found.departure) == (date(2026, 8, 12), date(2026, 8, 19))
    assert (found.adults, found.children) == (2, (7,))
    assert {"arrival", "departure", "adults", "children"} <= set(found.proposed)
    assert "sierpnia" in found.proposed["departure"]
    assert found.holder is not None
    assert (found.holder.phone, found.holder.language) == ("+48 601 234 567", "pl")


def test_two_agents_change_different_fields_and_both_are_kept(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    number = desk.inquiries.create(ctx, {"adults": 2}, guest={"surname": "Nowak"})
    seen = desk.inquiries.get(ctx, number)
    desk.inquiries.set(leo, number, seen.version, {"room": "12"})
    found = desk.inquiries.set(ctx, number, seen.version, {"board": "half"})
    assert (found.room, found.board) == ("12", "half")


def test_two_agents_change_the_same_field_and_the_second_is_asked(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    number = desk.inquiries.create(ctx, {"room": "7"}, guest={"surname": "Nowak"})
    seen = desk.inquiries.get(ctx, number)
    desk.inquiries.set(leo, number, seen.version, {"room": "12"})
    desk.inquiries.set(leo, number, seen.version + 1, {"board": "full"})
    with pytest.raises(Stale, match="Leo changed Room") as caught:
        desk.inquiries.set(ctx, number, seen.version, {"room": "14", "airport": "WAW"})
    assert (caught.value.theirs.room, caught.value.fields) == ("12", ("room",))
    assert desk.inquiries.get(ctx, number).airport == ""
    same = desk.inquiries.set(ctx, number, seen.version, {"room": "12"})  # the same value clashes with nobody
    assert same.version == 3


def test_an_undo_by_a_colleague_counts_as_a_change(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    number = desk.inquiries.create(ctx, {"room": "7"}, guest={"surname": "Nowak"})
    desk.inquiries.set(leo, number, 1, {"room": "12", "status": "in progress"})
    seen = desk.inquiries.get(ctx, number)
    undo.undo(leo)
    with pytest.raises(Stale):
        desk.inquiries.set(ctx, number, seen.version, {"room": "14"})
    assert desk.inquiries.set(ctx, number, seen.version, {"board": "half"}).room == "7"


def test_a_version_from_the_future_overwrites_nothing(ctx: Context) -> None:
    number = desk.inquiries.create(ctx, {"room": "7"}, guest={"surname": "Nowak"})
    with pytest.raises(Stale):
        desk.inquiries.set(ctx, number, 99, {"room": "8"})


@pytest.mark.parametrize(("status", "place"), [("booked", "Booked"), ("lost", "Done"), ("cancelled", "Done")])
def test_a_closing_status_puts_the_conversations_away_and_all_is_taken_back(
    ctx: Context, status: str, place: str
) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    desk.triage.no_answer_needed(ctx, [talk])
    version = desk.inquiries.get(ctx, number).version
    closed = desk.inquiries.set(ctx, number, version, {"status": status, "lost_reason": "too dear"})
    assert closed.closed_at == NOW
    assert folder(ctx, talk) == place
    assert desk.inquiries.counts(ctx)["open"] == 0
    assert desk.inquiries.page(ctx, InquiryQuery()).rows == []
    undo.undo(ctx)
    back = desk.inquiries.get(ctx, number)
    assert (back.status, back.closed_at, back.lost_reason) == ("new", None, "")
    assert folder(ctx, talk) == "Inquiries"
    assert desk.inquiries.counts(ctx)["open"] == 1


def test_a_question_is_not_put_away_with_a_lost_inquiry(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    desk.inquiries.set(ctx, number, 1, {"status": "cancelled"})
    assert folder(ctx, talk) == "Inquiries"


def test_an_inquiry_that_is_opened_again_is_no_longer_closed(ctx: Context) -> None:
    number = desk.inquiries.create(ctx, {"status": "lost", "lost_reason": "too dear"}, guest={"surname": "Nowak"})
    assert desk.inquiries.get(ctx, number).closed_at == NOW
    found = desk.inquiries.set(ctx, number, 1, {"status": "in progress"})
    assert (found.closed_at, found.lost_reason) == (None, "")
    assert desk.inquiries.counts(ctx)["in progress"] == 1


def test_scope_hides_an_inquiry_and_its_conversations_everywhere(ctx: Context) -> None:
    leo = colleague(ctx, "Leo", "manager")
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    desk.inquiries.set(ctx, number, 1, {"scope": "me"})
    assert desk.inquiries.get(ctx, number).scope.kind == "me"
    assert desk.folders.row(leo, talk) is None
    assert desk.inquiries.of_conversation(leo, talk) is None
    assert desk.inquiries.page(leo, InquiryQuery("all")).rows == []
    assert desk.inquiries.counts(leo)["all"] == desk.inquiries.total(leo, InquiryQuery()) == 0
    assert desk.inquiries.row_in_list(leo, InquiryQuery(), number) is None
    holder = desk.inquiries.get(ctx, number).guests[0]
    assert desk.guests.get(leo, holder.id).inquiries == ()
    for call in (
        lambda: desk.inquiries.get(leo, number),
        lambda: desk.inquiries.set(leo, number, 1, {"room": "1"}),
        lambda: desk.inquiries.from_conversation(leo, talk),
        lambda: desk.inquiries.accept(leo, number),
        lambda: desk.inquiries.remove(leo, number),
        lambda: desk.inquiries.link(leo, number, []),
        lambda: desk.inquiry_guests.add(leo, number, holder.id),
        lambda: desk.memos.add(leo, "hello", inquiry=number),
        lambda: desk.memos.listed(leo, conversation=talk),
        lambda: desk.reminders.add(leo, "call", "2026-07-02", inquiry=number),
    ):
        with pytest.raises(NotFound):
            call()
    undo.undo(ctx)
    assert desk.inquiries.get(leo, number).conversations[0].id == talk


def test_a_conversation_that_is_linked_is_seen_by_whoever_sees_the_inquiry(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    talk = one_mail(ctx)
    number = desk.inquiries.create(ctx, {"scope": "me"}, guest={"surname": "Nowak"})
    assert desk.inquiries.link(ctx, number, [talk]) == 1
    assert desk.folders.row(leo, talk) is None
    desk.inquiries.set(ctx, number, 1, {"scope": "everyone"})
    assert desk.inquiries.unlink(ctx, number, [talk]) == 1
    assert desk.folders.row(leo, talk) is not None


def test_what_is_hidden_is_not_published_by_taking_it_out(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    talk = one_mail(ctx)
    number = desk.inquiries.create(ctx, {"scope": "me"}, guest={"surname": "Nowak"})
    desk.inquiries.link(ctx, number, [talk])
    for attempt in (lambda: desk.inquiries.unlink(ctx, number, [talk]), lambda: desk.inquiries.remove(ctx, number)):
        with pytest.raises(Conflict, match="not seen by everyone") as refused:
            attempt()
        assert refused.value.hint == "Show it to everyone first."
    assert desk.folders.row(leo, talk) is None
    assert desk.inquiries.of_conversation(ctx, talk) == number


def test_an_inquiry_can_be_handed_to_another_alone(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    number = desk.inquiries.create(ctx, {}, guest={"surname": "Nowak"})
    given = desk.inquiries.set(ctx, number, 1, {"handler": "leo", "scope": "Leo"})
    assert (given.handler, given.scope.kind) == ("Leo", "agent")
    assert desk.inquiries.get(leo, number).scope.kind == "me"
    with pytest.raises(NotFound):
        desk.inquiries.get(ctx, number)


def test_the_waitlist_makes_an_inquiry_wait_and_undo_takes_both_back(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    desk.triage.move(ctx, [talk], "Waitlist")
    assert desk.inquiries.get(ctx, number).status == "waiting for guest"
    undo.undo(ctx)
    assert desk.inquiries.get(ctx, number).status == "new"
    assert folder(ctx, talk) == "Inquiries"
    desk.inquiries.set(ctx, number, desk.inquiries.get(ctx, number).version, {"status": "booked"})
    desk.triage.move(ctx, [talk], "Waitlist")
    assert desk.inquiries.get(ctx, number).status == "booked"


def fill(ctx: Context, count: int = 23) -> list[int]:
    """Inquiries of two handlers with and without days, every seventh closed."""
    colleague(ctx, "Leo")
    made = []
    for number in range(count):
        values: dict[str, Any] = {"handler": ("Ana", "Leo", "")[number % 3], "planned_end": ""}
        if number % 4:
            values["planned_end"] = (date(2026, 7, 1) + timedelta(days=number * 7 % 10)).isoformat()
        if number % 5:
            values["arrival"] = (date(2026, 8, 1) + timedelta(days=number * 3 % 11)).isoformat()
        if number % 7 == 0:
            values["status"] = "booked"
        made.append(desk.inquiries.create(ctx, values, guest={"surname": f"Guest{number}"}))
    return made


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """A desk with the inquiries of :func:`fill`, to be read only."""
    ctx = make_house(tmp_path_factory.mktemp("filled"))
    fill(ctx)
    yield ctx
    ctx.store.close()


@pytest.mark.parametrize("order", ["planned", "newest", "arrival"])
@pytest.mark.parametrize("status", ["open", "all", "new", "booked"])
@pytest.mark.parametrize("handler", ["", "me", "nobody", "Leo"])
def test_pages_of_a_list_are_the_list(filled: Context, order: str, status: str, handler: str) -> None:
    ctx = filled
    query = InquiryQuery(status, handler, order)
    whole = desk.inquiries.page(ctx, query, limit=1000)
    assert whole.total == len(whole.rows) == desk.inquiries.total(ctx, query)
    assert [row.id for row in whole.rows] == _expected(ctx, query)
    forward: list[Any] = []
    while page := desk.inquiries.page(ctx, query, after=forward[-1].cursor if forward else None, limit=3).rows:
        forward += page
    assert forward == list(whole.rows)
    backward = list(desk.inquiries.page(ctx, query, last=True, limit=3).rows)
    while backward and (page := desk.inquiries.page(ctx, query, before=backward[0].cursor, limit=3).rows):
        backward = [*page, *backward]
    assert backward == list(whole.rows)
    for place, row in enumerate(whole.rows):
        assert desk.inquiries.position(ctx, query, row.cursor) == place
        assert desk.inquiries.row_in_list(ctx, query, row.id) == row
    assert list(desk.inquiries.page(ctx, query, at=2, limit=2).rows) == list(whole.rows[2:4])


def _expected(ctx: Context, query: InquiryQuery) -> list[int]:
    found = [desk.inquiries.get(ctx, number) for number in range(1, 24)]
    found = [one for one in found if query.status in ("all", one.status) or (query.status == "open" and not one.closed)]
    wanted = {"me": "Ana", "nobody": ""}.get(query.handler, query.handler)
    found = [one for one in found if not query.handler or one.handler == wanted]
    far = date.max
    keys: dict[str, Any] = {
        "planned": lambda one: (one.planned_end or far, one.id),
        "newest": lambda one: -one.id,
        "arrival": lambda one: (one.arrival or far, one.id),
    }
    return [one.id for one in sorted(found, key=keys[query.order])]


def test_a_list_is_narrowed_by_words_of_the_guests(ctx: Context) -> None:
    one = desk.inquiries.create(ctx, {}, guest={"surname": "Łoś", "given": "Żaneta", "email": "zaneta@example.org"})
    desk.inquiries.create(ctx, {}, guest={"surname": "Nowak"})
    for text in ("los", "ŻAN", "zaneta@exam", "zan los"):
        found = desk.inquiries.page(ctx, InquiryQuery(text=text))
        assert ([row.id for row in found.rows], found.total) == ([one], 1)
    assert desk.inquiries.page(ctx, InquiryQuery(text="nobody there")).rows == []


@pytest.mark.parametrize("query", [InquiryQuery("done"), InquiryQuery(order="best"), InquiryQuery(handler="Zoe")])
def test_a_list_that_does_not_exist_is_refused(ctx: Context, query: InquiryQuery) -> None:
    with pytest.raises(InvalidInput):
        desk.inquiries.page(ctx, query)


def test_the_counters_agree_with_the_rows_whatever_happens(ctx: Context) -> None:
    made = fill(ctx)
    for number in made[:9]:
        version = desk.inquiries.get(ctx, number).version
        desk.inquiries.set(ctx, number, version, {"status": ("in progress", "offer sent", "booked")[number % 3]})
    desk.inquiries.remove(ctx, made[3])
    undo.undo(ctx)
    undo.undo(ctx)
    desk.inquiries.remove(ctx, made[5])
    found = desk.inquiries.counts(ctx)
    assert found["all"] == len(made) - 1
    for status in ("open", "new", "in progress", "booked"):
        assert found[status] == len(desk.inquiries.page(ctx, InquiryQuery(status), limit=1000).rows)
    assert all(one.ok for one in desk.checking.check(ctx))


def test_an_inquiry_that_was_removed_leaves_its_conversation_without(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    desk.inquiries.remove(ctx, number)
    assert desk.inquiries.of_conversation(ctx, talk) is None
    with pytest.raises(NotFound):
        desk.inquiries.get(ctx, number)
    undo.undo(ctx)
    assert desk.inquiries.get(ctx, number).conversations[0].id == talk


def test_every_change_is_journaled_with_exactly_what_changed(ctx: Context) -> None:
    number = desk.inquiries.create(ctx, {"adults": 2}, guest={"surname": "Nowak"})
    desk.inquiries.set(ctx, number, 1, {"adults": "3", "arrival": "14.8.2026", "room": ""})
    names = columns(Journal)
    with ctx.store.connect() as connection:
        row = connection.execute(select(names).where(names.entity == "inquiry").order_by(names.id.desc())).first()
    assert row is not None
    assert (row.action, row.before, row.after) == (
        "change",
        {"adults": 2, "arrival": None},
        {"adults": 3, "arrival": "2026-08-14"},
    )
    assert row.undoable
    desk.inquiries.set(ctx, number, 2, {"adults": 3})
    assert desk.inquiries.get(ctx, number).version == 2


def test_what_comes_from_outside_is_safe_to_show(ctx: Context) -> None:
    values = {"room": "\x1b[31mred\u202e", "preferences": "line\n\x07two", "lost_reason": "\x9b", "status": "lost"}
    number = desk.inquiries.create(ctx, values, guest={"surname": "\x1b]0;x\x07Nowak"})
    found = desk.inquiries.get(ctx, number)
    row = desk.inquiries.page(ctx, InquiryQuery("all")).rows[0]
    for text in (found.room, found.preferences, found.lost_reason, found.title, row.title, row.room):
        assert not {"\x1b", "\u202e", "\x07", "\x9b"} & {*text}
    assert "\n" in found.preferences


def test_a_list_query_of_the_mail_knows_the_inquiry(ctx: Context) -> None:
    talk = one_mail(ctx)
    number = desk.inquiries.from_conversation(ctx, talk)
    assert [row.inquiry for row in desk.folders.page(ctx, ListQuery("Inquiries")).rows] == [number]


def test_two_desks_that_meet_a_new_sender_at_once_make_one_guest(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_mails(ctx)
    look = inquiry_origin.look

    def slow(asking: Context, conversation: int) -> inquiry_origin.Origin:
        found = look(asking, conversation)
        if conversation == first:
            desk.inquiries.from_conversation(colleague(ctx, "Leo"), second)
        return found

    monkeypatch.setattr(inquiry_origin, "look", slow)
    desk.inquiries.from_conversation(ctx, first)
    assert [(row.name, row.email) for row in desk.guests.listed(ctx)] == [("Marta Guest", "marta@example.org")]


def test_an_inquiry_has_a_guest(ctx: Context) -> None:
    nobodies: tuple[dict[str, str] | None, ...] = (None, {})
    for nobody in nobodies:
        with pytest.raises(InvalidFields) as told:
            desk.inquiries.create(ctx, {"room": "12"}, guest=nobody)
        assert told.value.field == "surname"
    assert desk.inquiries.total(ctx, InquiryQuery("all")) == 0


def test_what_is_known_is_taken_down_with_the_inquiry_as_one_command(ctx: Context) -> None:
    talk = one_mail(ctx, text="We would like to arrive on 12 August 2026 and leave on 15 August 2026, 2 adults.")
    with pytest.raises(InvalidFields):
        desk.inquiries.from_conversation(ctx, talk, {"arrival": "2026-02-31"})
    assert desk.inquiries.of_conversation(ctx, talk) is None
    assert folder(ctx, talk) == "Inbox"
    number = desk.inquiries.from_conversation(ctx, talk, {"arrival": "2026-08-20", "nights": "2", "scope": "me"})
    found = desk.inquiries.get(ctx, number)
    assert (found.arrival, found.departure, found.nights) == (date(2026, 8, 20), date(2026, 8, 22), 2)
    assert (found.adults, set(found.proposed), found.scope.kind) == (2, {"adults"}, "me")
    assert desk.inquiries.from_conversation(ctx, talk, {"room": "7"}) == number
    assert desk.inquiries.get(ctx, number).room == "7"
    undo.undo(ctx)
    undo.undo(ctx)
    assert desk.inquiries.of_conversation(ctx, talk) is None
    assert folder(ctx, talk) == "Inbox"


def test_a_booking_that_came_by_mail_goes_where_booked_ones_are(ctx: Context) -> None:
    talk = one_mail(ctx)
    desk.inquiries.from_conversation(ctx, talk, {"status": "booked"})
    assert folder(ctx, talk) == "Booked"


def test_the_number_of_a_conversation_that_was_merged_away_means_what_it_became(ctx: Context) -> None:
    old, new = two_mails(ctx)
    kept = desk.splitting.merge(ctx, [old, new])
    gone = old if kept == new else new
    number = desk.inquiries.from_conversation(ctx, gone)
    assert desk.inquiries.of_conversation(ctx, gone) == desk.inquiries.of_conversation(ctx, kept) == number
    assert desk.inquiries.unlink(ctx, number, [gone]) == 1
    assert desk.inquiries.link(ctx, number, [gone]) == 1
    assert [one.id for one in desk.inquiries.get(ctx, number).conversations] == [kept]


def test_a_proposal_that_is_said_again_is_confirmed(ctx: Context) -> None:
    talk = one_mail(ctx, text="We would like to arrive on 12 August 2026 and leave on 15 August 2026, 2 adults.")
    number = desk.inquiries.from_conversation(ctx, talk)
    before = desk.inquiries.get(ctx, number)
    assert {"arrival", "adults"} <= set(before.proposed)
    after = desk.inquiries.set(ctx, number, before.version, {"arrival": "2026-08-12"})
    assert set(after.proposed) == set(before.proposed) - {"arrival"}
    undo.undo(ctx)
    assert desk.inquiries.get(ctx, number).proposed == before.proposed


def test_nights_follow_an_arrival_that_is_corrected(ctx: Context) -> None:
    talk = one_mail(ctx, text="We would like to arrive on 12 August 2026 and leave on 15 August 2026, 3 nights.")
    number = desk.inquiries.from_conversation(ctx, talk)
    before = desk.inquiries.get(ctx, number)
    assert before.nights == 3
    assert desk.inquiries.validate({"arrival": "2026-08-11"}, date(2026, 7, 1), before) == {}
    after = desk.inquiries.set(ctx, number, before.version, {"arrival": "2026-08-11"})
    assert (after.nights, after.departure) == (4, date(2026, 8, 15))
    assert "departure" in after.proposed
