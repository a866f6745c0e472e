"""Merging guests: what is chosen, what goes over, what is refused (SPEC §6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlmodel import SQLModel

from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, Forbidden, InvalidInput, NotFound
from crm_tui.data import record_search, tables
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Consent,
    Event,
    Guest,
    GuestEmail,
    InquiryGuest,
    InternalMessage,
    Memo,
    Reminder,
    ReservationGuest,
)
from crm_tui.desk.client_base.guests import StaleGuest
from crm_tui.desk.common.context import Context
from crm_tui.desk.merges.guest_merge_moves import handled
from crm_tui.desk.merges.guest_merge_views import NotSure
from crm_tui.desk.merges.guest_merging import merge, merges_of, preview, unmerge
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague
from tests.desk.house import add_account, come_in, mail
from tests.desk.merge_house import OWNED, SHARED, add_guest, snapshot, tell_apart, world

_G = columns(Guest)


def new(ctx: Context, **values: Any) -> int:
    return desk.guests.create(ctx, {"surname": "Nowak", **values})


def test_every_column_that_names_a_guest_is_handled() -> None:
    named = {
        (table.name, column.name)
        for table in tables.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "guest"
    }
    assert named == handled()
    assert table_of(Guest).c.merged_into is not None


def test_the_survivor_keeps_its_number_and_what_it_says_and_the_other_fills_the_gaps(ctx: Context) -> None:
    one = new(ctx, given="Ana", city="Palma", email="ana@example.org", phone="600 111 222")
    two = new(
        ctx,
        surname="Novak",
        given="Anna",
        city="Łódź",
        street="Piotrkowska 1",
        language="pl",
        passport="X1",
        passport_expiry="1.2.2030",
        emails=["ANA@example.org", "anna@firma.example"],
        phones=["600 111 222", "+48 601 234 567"],
    )
    merge(ctx, one, [two])
    found = desk.guests.get(ctx, two)
    assert (found.id, found.name, found.city, found.street, found.language) == (one, "Ana Nowak", "Palma", "", "pl")
    assert found.emails == ("ana@example.org", "anna@firma.example")
    assert [phone.number for phone in found.phones] == ["+34600111222", "+48601234567"]
    assert [row.id for row in desk.guests.by_address(ctx, "anna@firma.example")] == [one]
    assert [row.id for row in desk.guests.find(ctx, "nowak")] == [one]
    assert desk.guests.find(ctx, "novak") == []


def test_each_field_can_be_taken_from_another(ctx: Context) -> None:
    one = new(ctx, given="Ana", city="Palma", emails=["a@x.example", "c@x.example"], remarks="tall", reference="R-1")
    two = new(ctx, given="Anna", city="Łódź", country="PL", email="b@x.example", remarks="quiet", reference="R-2")
    three = new(ctx, surname="Nowak-Wrona", given="A.", emails=["C@x.example", "d@x.example"], reference="R-3")
    choices = {"given": two, "address": two, "surname": three, "emails": three, "reference": three}
    merge(ctx, one, [two, three], choices)
    found = desk.guests.get(ctx, one)
    assert (found.name, found.city, found.country) == ("Anna Nowak-Wrona", "Łódź", "PL")
    assert found.emails == ("c@x.example", "d@x.example", "a@x.example", "b@x.example")
    assert (found.remarks, found.reference) == ("tall\n\nquiet", "R-3")
    for reference in ("R-1", "R-2", "R-3"):  # an import finds the survivor by any of them
        with ctx.store.connect() as connection:
            number = connection.execute(select(_G.id).where(_G.reference == reference)).scalar_one()
        assert desk.guests.get(ctx, number).id == one
    undo.undo(ctx)
    assert [desk.guests.get(ctx, n).reference for n in (one, two, three)] == ["R-1", "R-2", "R-3"]


def test_remarks_can_be_one_of_them_alone(ctx: Context) -> None:
    one, two = new(ctx, remarks="tall"), new(ctx, remarks="quiet")
    merge(ctx, one, [two], {"remarks": two})
    assert desk.guests.get(ctx, one).remarks == "quiet"


def test_all_that_belongs_to_them_goes_over_once(ctx: Context) -> None:
    made = world(ctx)
    everything = [(word, place) for word in SHARED for place in (0, 1)]
    one = add_guest(ctx, made, {}, within=[(word, 0) for word in SHARED], own=OWNED)
    two = add_guest(ctx, made, {}, within=everything, own=OWNED)
    merge(ctx, one, [two])
    with ctx.store.connect() as connection:
        for name, column in handled():
            table = tables.metadata.tables[name]
            left = connection.execute(select(table).where(table.c[column] == two)).all()
            assert not left or name == "guest_merge", name
        for model, key in ((InquiryGuest, "inquiry_id"), (ReservationGuest, "reservation_id")):
            table = table_of(model)
            rows = connection.execute(select(table.c[key], table.c.guest_id, table.c.holder)).all()
            assert sorted(tuple(row) for row in rows) == [
                (thing, one, True)
                for thing in sorted(made.things["inquiries" if model is InquiryGuest else "reservations"])
            ]
        assert record_search.wrong(connection, "guest") == record_search.wrong(connection, "inquiry") == 0


def test_the_survivor_is_holder_if_either_was(ctx: Context) -> None:
    made = world(ctx)
    two = add_guest(ctx, made, {}, within=[("inquiries", 0), ("reservations", 0)])
    one = add_guest(ctx, made, {}, within=[("inquiries", 0), ("reservations", 0), ("inquiries", 1)])
    three = add_guest(ctx, made, {}, within=[("inquiries", 0)])
    inquiry = made.things["inquiries"][0]
    before = snapshot(ctx)
    merge(ctx, one, [two])
    assert [(g.id, g.holder) for g in desk.inquiries.get(ctx, inquiry).guests] == [(one, True), (three, False)]
    undo.undo(ctx)
    assert snapshot(ctx) == before
    merge(ctx, one, [two])
    desk.inquiry_guests.set_holder(ctx, inquiry, three)
    with pytest.raises(Conflict, match=f"the guests of inquiry {inquiry}"):
        unmerge(ctx, merges_of(ctx, one)[0].id)


@pytest.mark.parametrize(
    ("mine", "theirs", "held"),
    [
        ([("mail", True)], [("mail", True)], True),
        ([("mail", True)], [("mail", False)], False),
        ([("mail", False)], [("mail", True)], False),
        ([("mail", True)], [], False),
        ([], [("mail", True)], False),
        ([("mail", False), ("mail", True)], [("mail", False), ("mail", True)], True),
    ],
)
def test_the_more_restrictive_consent_holds(
    ctx: Context, mine: list[tuple[str, bool]], theirs: list[tuple[str, bool]], held: bool
) -> None:
    made = world(ctx)
    one = add_guest(ctx, made, {}, consents=mine)
    two = add_guest(ctx, made, {}, consents=theirs)
    assert [(one.channel, one.result) for one in preview(ctx, one, [two]).consents] == [("mail", held)]
    merge(ctx, one, [two])
    said = desk.guests.get(ctx, one).consents["mail"]
    assert said.given is held
    if theirs or held is not mine[-1][1]:
        assert said.source == f"merged with #{two}"
    with ctx.store.connect() as connection:
        kept = (
            connection.execute(select(columns(Consent).given).where(columns(Consent).guest_id == one)).scalars().all()
        )
    assert len(kept) == len(mine) + len(theirs) + 1


def test_different_birth_dates_or_passports_need_a_yes(ctx: Context) -> None:
    one = new(ctx, birth_date="1.2.1980", passport="AB 12")
    two = new(ctx, birth_date="1.2.1981", passport="ab12")
    three = new(ctx, passport="C3")
    with pytest.raises(NotSure, match="birth date: 1 Feb 1980 and 1 Feb 1981") as caught:
        merge(ctx, one, [two])
    assert [d.field for d in caught.value.differences] == ["birth_date"]
    with pytest.raises(NotSure) as caught:
        merge(ctx, three, [two, one])
    assert sorted(d.field for d in caught.value.differences) == ["birth_date", "passport"]
    merge(ctx, one, [two], sure=True)
    assert str(desk.guests.get(ctx, two).birth_date) == "1980-02-01"


def test_what_cannot_be_merged_is_said(ctx: Context) -> None:
    one, two, three = new(ctx), new(ctx, given="Ewa"), new(ctx, given="Ola")
    firm = new(ctx, surname="Sol", kind="company")
    merge(ctx, two, [three])
    tries: list[tuple[int, list[int], type[CrmError], str]] = [
        (one, [one], InvalidInput, "with itself"),
        (one, [], InvalidInput, "two guests"),
        (one, [99], NotFound, "no guest 99"),
        (99, [one], NotFound, "no guest 99"),
        (one, [firm], InvalidInput, "person and a company"),
        (two, [three], Conflict, "one already"),
        (three, [two], Conflict, "one already"),
        (one, [three], Conflict, f"merged into guest {two} already"),
    ]
    before = snapshot(ctx)
    for main, others, error, words in tries:
        with pytest.raises(error, match=words):
            merge(ctx, main, others)
        with pytest.raises(error, match=words):
            preview(ctx, main, others)
    assert snapshot(ctx) == before
    with ctx.write() as tx:
        tx.connection.execute(table_of(Guest).update().where(_G.id == one).values(archived_at=tx.now))
        tx.connection.execute(table_of(Guest).update().where(_G.id == firm).values(erased_at=tx.now))
    with pytest.raises(Conflict, match="archived"):
        merge(ctx, two, [one])
    with pytest.raises(Conflict, match="erased"):
        merge(ctx, firm, [two])
    for choices in ({"shoe": one}, {"given": 99}):
        with pytest.raises(InvalidInput):
            merge(ctx, two, [new(ctx)], choices)


def test_only_a_manager_merges_and_parts(ctx: Context) -> None:
    leo, mia = colleague(ctx, "Leo"), colleague(ctx, "Mia", "manager")
    one, two = new(ctx), new(ctx)
    with pytest.raises(Forbidden, match="Only a manager") as caught:
        merge(leo, one, [two])
    assert "Mia" in caught.value.hint
    assert preview(leo, one, [two]).guests[0].id == one
    merge(mia, one, [two])
    with pytest.raises(Forbidden):
        unmerge(leo, merges_of(leo, one)[0].id)
    unmerge(mia, merges_of(mia, one)[0].id)
    assert desk.guests.get(ctx, two).id == two
    with pytest.raises(Conflict, match="already"):
        unmerge(mia, merges_of(mia, one)[0].id)
    undo.undo(mia)
    assert desk.guests.get(ctx, two).id == one
    undo.undo(mia)
    assert desk.guests.get(ctx, two).id == two
    with pytest.raises(undo.NothingToUndo):
        undo.undo(mia)


def test_two_managers_at_the_same_pair(ctx: Context) -> None:
    mia = colleague(ctx, "Mia", "manager")
    one, two = new(ctx), new(ctx)
    seen = preview(mia, two, [one])
    merge(ctx, one, [two])
    with pytest.raises(Conflict, match="one already"):
        merge(mia, two, [one], versions=seen.versions)
    undo.undo(ctx)
    with pytest.raises(Conflict, match="changed while you looked"):
        merge(mia, two, [one], versions=seen.versions)


def test_an_edit_that_began_before_the_merge_shows_both(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    one, two = new(ctx, given="Ana"), new(ctx, given="Anna")
    for n in range(3):
        desk.guests.set(ctx, two, n + 1, {"city": f"C{n}"})
    merge(ctx, one, [two])
    with pytest.raises(StaleGuest, match=f"merged with guest {one}") as caught:
        desk.guests.set(leo, two, 4, {"given": "Anka"})
    assert (caught.value.theirs.id, caught.value.fields) == (one, ("given",))
    with pytest.raises(StaleGuest):
        desk.guests.set(leo, one, 1, {"city": "Palma"})  # the merge filled it
    assert desk.guests.set(leo, two, caught.value.theirs.version, {"given": "Anka"}).name == "Anka Nowak"


def test_chains_lead_on_and_are_taken_apart_from_their_end(ctx: Context) -> None:
    made = world(ctx)
    a = add_guest(ctx, made, {"given": "A", "email": "a@x.example"}, own=OWNED)
    b = add_guest(ctx, made, {"given": "B", "email": "b@x.example", "city": "Palma"}, own=OWNED)
    c = add_guest(ctx, made, {"given": "C"}, within=[("inquiries", 0)])
    first = snapshot(ctx)
    merge(ctx, b, [a])
    middle = snapshot(ctx)
    merge(ctx, c, [b])
    assert {desk.guests.get(ctx, n).id for n in (a, b, c)} == {c}
    assert [m.absorbed for m in merges_of(ctx, a)] == [b, a]
    with pytest.raises(Conflict, match=f"merged into guest {c} since") as caught:
        unmerge(ctx, merges_of(ctx, c)[1].id)
    assert "Take that merge apart" in caught.value.hint
    assert unmerge(ctx, merges_of(ctx, c)[0].id) == b
    assert snapshot(ctx) == middle
    assert [desk.guests.get(ctx, n).id for n in (a, b, c)] == [b, b, c]
    undo.undo(ctx)
    assert {desk.guests.get(ctx, n).id for n in (a, b, c)} == {c}
    undo.undo(ctx)
    assert snapshot(ctx) == middle
    undo.undo(ctx)
    assert snapshot(ctx) == first


def test_several_at_once_are_undone_at_once_or_one_by_one(ctx: Context) -> None:
    made = world(ctx)
    numbers = [add_guest(ctx, made, {"given": g}, own=OWNED, within=[("packages", 0)]) for g in "ABC"]
    a, b, c = numbers
    before = snapshot(ctx)
    merge(ctx, a, [b, c])
    offered = undo.last(ctx)
    assert offered is not None
    assert "2 guests" in offered.text
    undo.undo(ctx)
    assert snapshot(ctx) == before
    merge(ctx, a, [b, c])
    unmerge(ctx, merges_of(ctx, a)[0].id)
    assert [desk.guests.get(ctx, n).id for n in numbers] == [a, a, c]
    undo.undo(ctx)
    assert [desk.guests.get(ctx, n).id for n in numbers] == [a, a, a]
    undo.undo(ctx)
    assert snapshot(ctx) == before


def test_taking_apart_is_taken_back_with_the_same_choices(ctx: Context) -> None:
    made = world(ctx)
    one = add_guest(ctx, made, {"given": "Ana", "city": "Palma", "email": "a@x.example"}, own=OWNED)
    two = add_guest(ctx, made, {"given": "Anna", "city": "Inca", "email": "b@x.example"}, own=OWNED)
    before = snapshot(ctx)
    merge(ctx, one, [two], {"address": two, "emails": two})
    merged = snapshot(ctx)
    unmerge(ctx, merges_of(ctx, one)[0].id)
    offered = undo.last(ctx)
    assert offered is not None
    assert f"taken apart from guest {one}" in offered.text
    assert f"merged into guest {one} again" in undo.undo(ctx).text
    assert snapshot(ctx) == merged
    view = desk.guests.get(ctx, two)
    assert (view.id, view.city, view.emails) == (one, "Inca", ("b@x.example", "a@x.example"))
    assert [merge.undone_at for merge in merges_of(ctx, one)] == [None]
    undo.undo(ctx)  # the merge itself
    assert snapshot(ctx) == before
    assert [finding for finding in desk.checking.check(ctx) if not finding.ok] == []


def test_taking_apart_is_not_taken_back_once_either_changed(ctx: Context) -> None:
    made = world(ctx)
    leo = colleague(ctx, "Leo")
    one, two = (add_guest(ctx, made, {"given": given}) for given in ("Ana", "Anna"))
    merge(ctx, one, [two])
    unmerge(ctx, merges_of(ctx, one)[0].id)
    desk.guests.set(leo, two, desk.guests.get(ctx, two).version, {"city": "Inca"})
    with pytest.raises(Conflict, match=rf"\({two}\) has changed since"):
        undo.undo(ctx)
    assert desk.guests.get(ctx, two).id == two


def test_what_is_new_since_stays_and_what_was_changed_is_named(ctx: Context) -> None:
    made = world(ctx)
    leo = colleague(ctx, "Leo")
    one = add_guest(ctx, made, {"given": "Ana"}, within=[("attributes", 0)])
    two = add_guest(ctx, made, {"given": "Anna", "email": "a@x.example"}, own=OWNED, within=[("attributes", 1)])
    merge(ctx, one, [two])
    number = merges_of(ctx, one)[0].id
    desk.memos.add(ctx, "new", guest=two)
    desk.guests.set_consent(ctx, one, "sms", given=True, source="form")
    version = desk.guests.get(ctx, one).version
    desk.guests.set(leo, one, version, {"city": "Palma"})
    with pytest.raises(Conflict, match=rf"Leo changed Ana Nowak \({one}\) since: city"):
        unmerge(ctx, number)
    assert "city" in merges_of(ctx, one)[0].changed
    undo.undo(leo)
    desk.guests.set(leo, one, desk.guests.get(ctx, one).version, {"emails": ["b@x.example"]})
    with pytest.raises(Conflict, match="the e-mail addresses"):
        unmerge(ctx, number)
    undo.undo(leo)
    desk.attributes.untag(leo, one, made.things["attributes"][1])
    with pytest.raises(Conflict, match=r"an attribute .“A1”"):
        unmerge(ctx, number)
    undo.undo(leo)
    unmerge(ctx, number)
    assert [m.text for m in desk.memos.listed(ctx, guest=one)] == ["new"]
    assert [m.text for m in desk.memos.listed(ctx, guest=two)] == ["quiet room"]
    assert desk.guests.get(ctx, one).consents["sms"].given


def test_a_newer_word_on_consent_stands_in_the_way(ctx: Context) -> None:
    made = world(ctx)
    one = add_guest(ctx, made, {}, consents=[("mail", True)])
    two = add_guest(ctx, made, {}, consents=[("mail", True)])
    merge(ctx, one, [two])
    desk.guests.set_consent(ctx, one, "mail", given=False, source="by phone")
    with pytest.raises(Conflict, match="the consent to mail"):
        unmerge(ctx, merges_of(ctx, one)[0].id)


def test_mail_to_an_absorbed_address_reaches_the_survivor(ctx: Context) -> None:
    account = add_account(ctx)
    come_in(ctx, mail(sender="Anna <anna@firma.example>"), account=account)
    one, two = new(ctx, email="ana@example.org"), new(ctx, email="anna@firma.example")
    assert [m.counts for m in preview(ctx, one, [two]).moves] == [(0, 1)]
    merge(ctx, one, [two])
    come_in(ctx, mail(sender="Anna <anna@firma.example>", message_id="m2@x", subject="Again"), account=account)
    assert [row.id for row in desk.guests.by_address(ctx, "anna@firma.example")] == [one]


def test_the_preview_shows_both_sides_and_hides_what_is_hidden(ctx: Context) -> None:
    made = world(ctx)
    leo = colleague(ctx, "Leo", "manager")
    one = add_guest(ctx, made, {"given": "\x1b[1mAna\u202e", "birth_date": "1.2.1980", "city": "Palma"})
    two = add_guest(
        ctx,
        made,
        {"given": "Anna", "birth_date": "2.2.1980", "email": "anna@x.example"},
        within=[("inquiries", 0), ("attributes", 0)],
        own=OWNED,
        consents=[("mail", True)],
    )
    tell_apart(ctx, one, two)
    inquiry = made.things["inquiries"][0]
    desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, {"scope": "me"})
    seen = preview(ctx, one, [two], {"given": two})
    fields = {field.name: field for field in seen.fields}
    assert (fields["given"].chosen, fields["given"].result, fields["given"].differs) == (two, "Anna", True)
    assert fields["birth_date"].cautious
    assert fields["address"].values == ("Palma", "")
    assert not {"\x1b", "\u202e"} & {*repr(seen)}
    assert [d.words for d in seen.differences] == ["birth date: 1 Feb 1980 and 2 Feb 1980"]
    assert seen.apart == ((one, two),)
    assert [(c.channel, c.said, c.result) for c in seen.consents] == [("mail", (None, True), False)]
    assert ("inquiries", (0, 1)) in [(m.name, m.counts) for m in seen.moves]
    assert "inquiries" not in [m.name for m in preview(leo, one, [two]).moves]


def test_pairs_told_apart_are_told_apart_from_the_survivor(ctx: Context) -> None:
    made = world(ctx)
    one, two, three = (add_guest(ctx, made, {"given": g}) for g in "ABC")
    tell_apart(ctx, two, three)
    before = snapshot(ctx)
    merge(ctx, one, [two])
    assert preview(ctx, one, [three]).apart == ((one, three),)
    undo.undo(ctx)
    assert snapshot(ctx) == before


def test_doubled_addresses_stay_with_the_signpost(ctx: Context) -> None:
    one, two = new(ctx, email="a@x.example"), new(ctx, email="A@x.example")
    merge(ctx, one, [two])
    with ctx.store.connect() as connection:
        names = columns(GuestEmail)
        rows = connection.execute(select(names.guest_id, names.folded)).all()
    assert sorted(tuple(row) for row in rows) == [(one, "a@x.example"), (two, "a@x.example")]
    assert [row.id for row in desk.guests.by_address(ctx, "a@x.example")] == [one]


def test_the_same_remark_of_two_others_stands_once_in_preview_and_result(ctx: Context) -> None:
    one, two, three = new(ctx, remarks="quiet"), new(ctx, remarks="dog"), new(ctx, remarks="dog")
    seen = next(field.result for field in preview(ctx, one, [two, three]).fields if field.name == "remarks")
    merge(ctx, one, [two, three])
    assert seen == desk.guests.get(ctx, one).remarks == "quiet\n\ndog"


def test_what_the_main_profile_does_not_say_is_filled_in(ctx: Context) -> None:
    one = new(ctx, country="ES", passport="X1")
    two = new(ctx, street="Piotrkowska 1", postcode="90-001", city="Łódź", country="PL")
    three = new(ctx, passport="x1", passport_expiry="1.1.2031")
    shown = {field.name: field.result for field in preview(ctx, one, [two, three]).fields}
    merge(ctx, one, [two, three])
    found = desk.guests.get(ctx, one)
    assert (found.street, found.city, found.country) == ("Piotrkowska 1", "Łódź", "PL")
    assert str(found.passport_expiry) == "2031-01-01"
    assert "Piotrkowska 1" in shown["address"]
    assert "2031" in shown["passport"]


def test_a_passport_expiry_alone_does_not_hide_the_number_of_another(ctx: Context) -> None:
    one, two = new(ctx, passport_expiry="1.1.2031"), new(ctx, passport="X9")
    merge(ctx, one, [two])
    assert desk.guests.get(ctx, one).passport == "X9"


def test_of_two_merges_into_one_guest_the_newer_is_taken_apart_first(ctx: Context) -> None:
    one, two, three = new(ctx), new(ctx, city="Palma", reference="R-1"), new(ctx, given="Ana", reference="R-2")
    merge(ctx, one, [two, three], {"reference": three})
    newer, older = merges_of(ctx, one)
    assert (newer.changed, older.absorbed) == ("", two)
    with pytest.raises(Conflict) as refused:
        unmerge(ctx, older.id)
    assert "newer" in refused.value.message + refused.value.hint
    assert older.changed
    unmerge(ctx, newer.id)
    unmerge(ctx, older.id)
    assert [desk.guests.get(ctx, n).reference for n in (one, two, three)] == ["", "R-1", "R-2"]


@pytest.mark.parametrize("way", ["unmerge", "undo"])
def test_two_told_apart_again_know_nothing_of_each_other(ctx: Context, way: str) -> None:
    one = new(ctx, given="Anna", reference="R-1", remarks="Anna sings", birth_date="1.2.1990")
    two = new(ctx, passport="PPB1", street="Secret Street 9", remarks="owes 500", reference="R-2", email="b@x.example")
    merge(ctx, one, [two], {"reference": two, "remarks": two})
    assert "PPB1" in str(desk.guest_record.record(ctx, one)["profiles"])
    if way == "undo":
        undo.undo(ctx)
    else:
        unmerge(ctx, merges_of(ctx, one)[0].id)
    told = {number: str(desk.guest_record.record(ctx, number)) for number in (one, two)}
    assert [word for word in ("PPB1", "Secret Street", "owes 500", "R-2", "b@x.example") if word in told[one]] == []
    assert [word for word in ("Anna sings", "R-1", "1990-02-01") if word in told[two]] == []
    assert desk.guests.get(ctx, two).passport == "PPB1"
    desk.erasing.erase(ctx, two)
    with ctx.store.connect() as connection:
        everything = [str(row) for table in tables.metadata.sorted_tables for row in connection.execute(select(table))]
    assert [row for row in everything if "PPB1" in row or "Secret Street" in row or "owes 500" in row] == []


def on_hidden(ctx: Context, guest: int, column: str, thing: int) -> None:
    """Something of every kind on the guest and on a conversation or an inquiry."""
    with ctx.write() as tx:
        at = {"guest_id": guest, column: thing}
        made = {**at, "created_at": tx.now}
        rows: dict[type[SQLModel], dict[str, Any]] = {
            Event: {"type_id": 1, "at": tx.now, "text": "rang", **made},
            Memo: {"text": "quiet", **made},
            Reminder: {"title": "call", "due": date(2026, 8, 1), **made},
            InternalMessage: {"to_id": tx.actor.id, "text": "look", "at": tx.now, **at},
        }
        for model, values in rows.items():
            tx.connection.execute(insert(model).values(**values))


@pytest.mark.parametrize("column", ["conversation_id", "inquiry_id"])
def test_the_preview_counts_only_what_the_actor_sees(ctx: Context, column: str) -> None:
    leo = colleague(ctx, "Leo")
    one, two = new(ctx), new(ctx, email="marta@example.org")
    letter = come_in(ctx, mail(), account=add_account(ctx)).message_ids[0]
    conversation = desk.reading.message(ctx, letter).conversation
    inquiry = desk.inquiries.from_conversation(ctx, conversation)
    payer = new(ctx, kind="company")
    desk.reservations.create(ctx, {"company": payer}, guests_of=[two])
    undo.undo(ctx)
    on_hidden(ctx, two, column, inquiry if column == "inquiry_id" else conversation)

    def counted(actor: Context) -> dict[str, int]:
        return {move.name: move.counts[1] for move in preview(actor, one, [two]).moves}

    seen = {"conversations", "inquiries", "events", "memos", "reminders", "internal"}
    assert counted(leo) == counted(ctx) == dict.fromkeys(seen, 1)
    desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, {"scope": "me"})
    assert counted(leo) == {}
    assert set(counted(ctx)) == seen


@pytest.mark.parametrize("both", [False, True])
def test_a_tag_whose_attribute_became_another_meanwhile_is_not_lost(ctx: Context, both: bool) -> None:
    one, two = new(ctx), new(ctx)
    dogs, animals = desk.attributes.add(ctx, "Dogs"), desk.attributes.add(ctx, "Animals")
    for guest in (one, two) if both else (two,):
        desk.attributes.tag(ctx, guest, dogs)
    merge(ctx, one, [two])
    pets = desk.attributes.add(ctx, "Pets")
    desk.attribute_merging.merge(ctx, dogs, animals, (1, 1))
    desk.attribute_merging.merge(ctx, animals, pets, (2, 1))
    unmerge(ctx, merges_of(ctx, one)[0].id)
    assert [named.name for named in desk.guests.get(ctx, two).attributes] == ["Pets"]
    assert [named.name for named in desk.guests.get(ctx, one).attributes] == (["Pets"] if both else [])


def test_attributes_that_became_one_before_the_merge_go_back_as_they_were(ctx: Context) -> None:
    one, two = new(ctx), new(ctx)
    dogs, animals = desk.attributes.add(ctx, "Dogs"), desk.attributes.add(ctx, "Animals")
    for guest in (one, two):
        desk.attributes.tag(ctx, guest, dogs)
    desk.attribute_merging.merge(ctx, dogs, animals, (1, 1))
    before = snapshot(ctx)
    merge(ctx, one, [two])
    unmerge(ctx, merges_of(ctx, one)[0].id)
    assert snapshot(ctx) == before
