"""Mail lands in the store once, wherever, however often and in whatever order it is found (SPEC §2, QUALITY I1, I17, I18)."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from crm_tui.base.errors import Forbidden, NotFound
from crm_tui.base.settings import Settings
from crm_tui.data import ddl
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Agent
from crm_tui.desk.common import changes
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders, triage
from crm_tui.desk.correspondence import cursors, flags, mailbox, reading
from crm_tui.desk.correspondence.mailbox import Batch, Incoming
from crm_tui.desk.finding import search
from tests.building import (
    HOTEL,
    NOON,
    add_account,
    add_mailbox,
    incoming,
    make_mail,
    minutes,
    receive_mails,
)


@pytest.fixture
def ctx(new_desk: Callable[..., Context]) -> Context:
    """A desk on a fresh store, in the engine's hands, with the clock at noon."""
    return new_desk()


def add_agent(ctx: Context) -> int:
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(Agent).values(name="Ana", created_at=tx.now)))


def rows(ctx: Context, sql: str) -> list[tuple[object, ...]]:
    with ctx.store.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(sql)]


def recount_agrees(ctx: Context) -> None:
    """The counters that triggers keep are what counting the rows gives."""
    kept = {
        row[:2]: row[2:]
        for row in rows(ctx, "SELECT key, scope, total, unanswered, unread FROM folder_count")
        if any(row[2:])
    }
    assert kept == {row[:2]: row[2:] for row in rows(ctx, ddl.RECOUNT)}


def test_a_mail_becomes_a_conversation_with_an_open_turn(ctx: Context, account_id: int, inbox_id: int) -> None:
    got = receive_mails(ctx, make_mail(message_id="a@x"), account_id=account_id, mailbox_id=inbox_id)
    page = folders.page(ctx, ListQuery("Inbox"))
    assert page.total == len(page.rows) == 1
    row = page.rows[0]
    assert (row.subject, row.counterpart.address, row.messages, row.unread) == ("Reserva", "ana@guests.example", 1, 1)
    assert row.waiting_since == NOON
    assert reading.message(ctx, got.message_ids[0]).text.startswith("Buenos días")
    assert reading.source(ctx, got.message_ids[0]) == make_mail(message_id="a@x")


def test_received_again_it_changes_nothing(ctx: Context, account_id: int, inbox_id: int) -> None:
    raws = [make_mail(message_id=f"{n}@x", subject=f"S{n}", date=NOON + minutes(n)) for n in range(3)]
    first = receive_mails(ctx, *raws, account_id=account_id, mailbox_id=inbox_id)
    journal = changes.last(ctx)
    dump = (
        rows(ctx, "SELECT * FROM message")
        + rows(ctx, "SELECT * FROM location")
        + rows(ctx, "SELECT * FROM conversation")
    )
    again = receive_mails(ctx, *raws, account_id=account_id, mailbox_id=inbox_id)
    assert again.message_ids == first.message_ids
    assert (again.stored, again.conversations) == (frozenset(), frozenset())
    assert changes.last(ctx) == journal
    after = (
        rows(ctx, "SELECT * FROM message")
        + rows(ctx, "SELECT * FROM location")
        + rows(ctx, "SELECT * FROM conversation")
    )
    assert after == dump


def test_the_same_mail_on_two_accounts_is_one_message_in_two_places(
    ctx: Context, account_id: int, inbox_id: int
) -> None:
    other = add_account(ctx, "groups@hotel.example")
    other_inbox = add_mailbox(ctx, other)

    def copy(hop: str) -> bytes:
        return make_mail(message_id="a@x", to=f"{HOTEL}, groups@hotel.example", headers={"Received": hop})

    first = receive_mails(ctx, copy("by mx1"), account_id=account_id, mailbox_id=inbox_id)
    second = receive_mails(ctx, copy("by mx2"), account_id=other, mailbox_id=other_inbox)
    assert first.message_ids == second.message_ids
    assert folders.total(ctx, ListQuery("Inbox")) == 1
    view = reading.message(ctx, first.message_ids[0])
    assert sorted(view.locations) == ["groups@hotel.example/INBOX", "recepcion@hotel.example/INBOX"]


def test_copies_in_one_batch_are_one_message(ctx: Context, account_id: int, inbox_id: int) -> None:
    copies = [make_mail(message_id="a@x", headers={"Received": f"by mx{n}"}) for n in (1, 1, 2)]
    got = receive_mails(ctx, *copies, account_id=account_id, mailbox_id=inbox_id)
    assert len(set(got.message_ids)) == len(got.stored) == 1
    assert rows(ctx, "SELECT uid FROM location ORDER BY uid") == [(1,), (2,), (3,)]


def test_mails_alike_without_id_and_date_are_not_taken_for_one(ctx: Context, account_id: int, inbox_id: int) -> None:
    alike = [make_mail("Missed call\n", date=None, headers={"Received": f"by mx{n}"}) for n in range(2)]
    assert len(receive_mails(ctx, *alike, account_id=account_id, mailbox_id=inbox_id).stored) == 2


def test_mails_alike_but_for_a_file_are_not_taken_for_one(ctx: Context, account_id: int, inbox_id: int) -> None:
    alike = [make_mail(attachments=[(f"{n}.pdf", "application/pdf", b"%PDF")]) for n in range(2)]
    assert len(receive_mails(ctx, *alike, account_id=account_id, mailbox_id=inbox_id).stored) == 2


def test_a_doubled_message_id_does_not_make_two_mails_one(ctx: Context, account_id: int, inbox_id: int) -> None:
    mails = [make_mail(f"Text {n}\n", message_id="same@x", subject=f"S{n}") for n in range(2)]
    got = receive_mails(ctx, *mails, account_id=account_id, mailbox_id=inbox_id)
    assert len(got.stored) == len(got.conversations) == 2


def test_read_in_one_place_is_read(ctx: Context, account_id: int, inbox_id: int) -> None:
    archive = add_mailbox(ctx, account_id, "Archive", role="archive")
    raw = make_mail(message_id="a@x")
    receive_mails(ctx, raw, account_id=account_id, mailbox_id=inbox_id)
    assert folders.page(ctx, ListQuery("Inbox", "unread")).total == 1
    receive_mails(ctx, raw, account_id=account_id, mailbox_id=archive, flags=["\\Seen"])
    assert folders.page(ctx, ListQuery("Inbox", "unread")).total == 0
    recount_agrees(ctx)


def test_what_lies_in_sent_went_out_whoever_signed_it(ctx: Context, account_id: int, inbox_id: int) -> None:
    sent = add_mailbox(ctx, account_id, "Sent", role="sent")
    raw = make_mail(message_id="a@x", sender="alias@hotel.example", to="ana@guests.example")
    got = receive_mails(ctx, raw, account_id=account_id, mailbox_id=inbox_id)
    receive_mails(ctx, raw, account_id=account_id, mailbox_id=sent, sent=True)
    assert reading.message(ctx, got.message_ids[0]).direction == "out"
    assert folders.counts(ctx)["Inbox"].unanswered == 0


def test_a_forged_own_sender_closes_no_turn_until_it_is_found_in_sent(
    ctx: Context, account_id: int, inbox_id: int
) -> None:
    sent = add_mailbox(ctx, account_id, "Sent", role="sent")
    receive_mails(ctx, make_mail(message_id="a@x"), account_id=account_id, mailbox_id=inbox_id)
    raw = make_mail(
        "Ok\n", message_id="b@x", in_reply_to="a@x", sender=HOTEL, to="ana@guests.example", date=NOON + minutes(5)
    )
    got = receive_mails(ctx, raw, account_id=account_id, mailbox_id=inbox_id, first_uid=2)
    message = reading.message(ctx, got.message_ids[0])
    assert (message.direction, message.automatic, message.flags) == ("in", "own-address", ("claims-to-be-us",))
    assert not message.seen
    assert reading.conversation(ctx, message.conversation).row.waiting_since == NOON
    receive_mails(ctx, raw, account_id=account_id, mailbox_id=sent, sent=True)
    message = reading.message(ctx, got.message_ids[0])
    assert (message.direction, message.automatic, message.flags) == ("out", "", ())
    assert reading.conversation(ctx, message.conversation).row.waiting_since is None


def test_what_is_rescued_from_junk_leaves_spam(ctx: Context, account_id: int, inbox_id: int) -> None:
    junk = add_mailbox(ctx, account_id, "Junk", role="junk")
    raws = [make_mail(message_id=f"{n}@x", subject=f"S{n}", date=NOON + minutes(n)) for n in range(2)]
    items = [incoming(raw, uid) for uid, raw in enumerate(raws, 1)]
    spam = Batch(items, account_id=account_id, mailbox_id=junk, uidvalidity=1, folder="Spam")
    first, second = (reading.message(ctx, one).conversation for one in mailbox.receive(ctx, spam).message_ids)
    assert folders.total(ctx, ListQuery("Spam")) == 2
    receive_mails(ctx, raws[0], account_id=account_id, mailbox_id=inbox_id)
    assert [row.id for row in folders.page(ctx, ListQuery("Inbox")).rows] == [first]
    answer = make_mail(message_id="more@x", in_reply_to="1@x", date=NOON + minutes(9))
    receive_mails(ctx, answer, account_id=account_id, mailbox_id=inbox_id, first_uid=2)
    assert {row.id for row in folders.page(ctx, ListQuery("Inbox")).rows} == {first, second}
    recount_agrees(ctx)


def test_what_an_agent_called_spam_stays_there(ctx: Context, account_id: int, inbox_id: int) -> None:
    got = receive_mails(ctx, make_mail(message_id="0@x"), account_id=account_id, mailbox_id=inbox_id)
    agent = ctx.acting_as(Actor(add_agent(ctx), "Ana"))
    triage.move(agent, got.conversations, "Spam")
    answer = make_mail(message_id="more@x", in_reply_to="0@x", date=NOON + minutes(9))
    receive_mails(ctx, answer, account_id=account_id, mailbox_id=inbox_id, first_uid=2)
    assert folders.total(ctx, ListQuery("Inbox")) == 0


def test_old_mail_of_an_archive_or_the_trash_stays_where_it_was_put(
    ctx: Context, account_id: int, inbox_id: int
) -> None:
    place = add_mailbox(ctx, account_id, "Archive", role="archive")
    sent = add_mailbox(ctx, account_id, "Sent", role="sent")
    ours = make_mail(
        "Ours\n", message_id="o@x", in_reply_to="0@x", sender=HOTEL, to="ana@guests.example", date=NOON + minutes(1)
    )
    receive_mails(ctx, ours, account_id=account_id, mailbox_id=sent, sent=True)
    for number, answered in ((2, "o@x"), (0, "")):  # newest first, as on a first run
        raw = make_mail(f"{number}\n", message_id=f"{number}@x", in_reply_to=answered, date=NOON + minutes(number))
        item = incoming(raw, 1 + number)
        mailbox.receive(ctx, Batch([item], account_id=account_id, mailbox_id=place, uidvalidity=1, folder="Done"))
    assert [row.messages for row in folders.page(ctx, ListQuery("All")).rows] == [3]
    assert folders.total(ctx, ListQuery("Inbox")) == 0
    new = make_mail("New\n", message_id="n@x", in_reply_to="2@x", date=NOON + minutes(60))
    receive_mails(ctx, new, account_id=account_id, mailbox_id=inbox_id)
    assert folders.total(ctx, ListQuery("Inbox")) == 1


def test_conversations_that_prove_to_be_one_leave_what_they_were_in_the_journal(
    ctx: Context, account_id: int, inbox_id: int
) -> None:
    sent = add_mailbox(ctx, account_id, "Sent", role="sent")
    first = make_mail("0\n", message_id="0@x")
    last = make_mail("2\n", message_id="2@x", in_reply_to="1@x", subject="Otra", date=NOON + minutes(2))
    between = make_mail(
        "1\n", message_id="1@x", in_reply_to="0@x", sender=HOTEL, to="ana@guests.example", date=NOON + minutes(1)
    )
    receive_mails(ctx, first, account_id=account_id, mailbox_id=inbox_id)
    got = receive_mails(ctx, last, account_id=account_id, mailbox_id=inbox_id, first_uid=2)
    triage.star(ctx, got.conversations, starred=True)
    receive_mails(ctx, between, account_id=account_id, mailbox_id=sent, sent=True)
    ((before, after),) = rows(ctx, "SELECT before, after FROM journal WHERE action = 'merge'")
    assert json.loads(str(after)) == {"into": 1, "by": "thread"}
    was = json.loads(str(before))
    assert (was["messages"], was["starred"], was["survivor"]["starred"]) == (list(got.message_ids), 1, 0)


def test_an_import_believes_who_signed(ctx: Context, account_id: int) -> None:
    raws = [
        make_mail(message_id="a@x"),
        make_mail("Ok\n", in_reply_to="a@x", sender=HOTEL, to="ana@guests.example", date=NOON + minutes(5)),
    ]
    got = receive_mails(ctx, *raws)
    view = reading.conversation(ctx, reading.message(ctx, got.message_ids[0]).conversation)
    assert [one.direction for one in view.messages] == ["in", "out"]
    assert view.row.waiting_since is None


def test_the_cursor_lands_with_the_mail_or_not_at_all(ctx: Context, account_id: int, inbox_id: int) -> None:
    item = incoming(make_mail(message_id="a@x"), 7)
    mailbox.receive(
        ctx, Batch([item], account_id=account_id, mailbox_id=inbox_id, uidvalidity=1, cursor={"high_uid": 7})
    )
    assert rows(ctx, "SELECT high_uid FROM mailbox") == [(7,)]
    broken = Batch(
        [incoming(make_mail(message_id="b@x"), 8)], account_id=999, mailbox_id=inbox_id, cursor={"high_uid": 8}
    )
    with pytest.raises(Exception, match="FOREIGN KEY"):
        mailbox.receive(ctx, broken)
    assert rows(ctx, "SELECT high_uid FROM mailbox") == [(7,)]
    assert rows(ctx, "SELECT count(*) FROM message") == [(1,)]
    assert search.search(ctx, "habitación")[0].id == 1
    recount_agrees(ctx)


def test_a_new_uidvalidity_keeps_everything(ctx: Context, account_id: int, inbox_id: int) -> None:
    raws = [make_mail(message_id=f"{n}@x", subject=f"S{n}", date=NOON + minutes(n)) for n in range(3)]
    got = receive_mails(ctx, *raws, account_id=account_id, mailbox_id=inbox_id)
    booked = reading.message(ctx, got.message_ids[0]).conversation
    triage.move(ctx, [booked], "Booked")
    triage.star(ctx, [booked], starred=True)
    flags.set_locally(ctx, got.message_ids[:1], flagged=True)
    cursors.start_over(ctx, inbox_id, 2, "")
    again = receive_mails(ctx, *reversed(raws), account_id=account_id, mailbox_id=inbox_id, uidvalidity=2, first_uid=50)
    assert sorted(again.message_ids) == sorted(got.message_ids)
    assert again.stored == frozenset()
    assert cursors.forget_old_places(ctx, inbox_id, 2) == 3
    assert [row.id for row in folders.page(ctx, ListQuery("Booked")).rows] == [booked]
    assert folders.page(ctx, ListQuery("Starred")).total == 1
    assert [(uid, flag, present) for _id, uid, flag, present in flags.to_tell(ctx, inbox_id, 2)] == [
        (52, "\\Flagged", True)
    ]


def test_a_deleted_mail_leaves_the_mailbox_and_not_the_history(ctx: Context, account_id: int, inbox_id: int) -> None:
    got = receive_mails(ctx, make_mail(message_id="a@x"), account_id=account_id, mailbox_id=inbox_id)
    assert flags.expunged(ctx, inbox_id, 1, [1, 2]) == 1
    view = reading.message(ctx, got.message_ids[0])
    assert view.locations == ()
    assert view.text


def test_nothing_is_received_read_only(ctx: Context) -> None:
    reading_only = Context(ctx.store, ctx.home, Settings(), ctx.clock, readonly=True)
    with pytest.raises(Forbidden):
        receive_mails(reading_only, make_mail())


GUESTS = ("ana@guests.example", "jan@guests.example", "5512-abc@guest.booking.com")


@st.composite
def correspondence(draw: st.DrawFn) -> list[bytes]:
    """Up to nine mails that answer and refer to each other, or to mail that nobody has, in all the ways mails do."""
    count = draw(st.integers(2, 9))
    raws = []
    for number in range(count):
        ids = [f"{one}@x" for one in range(count) if one != number] + ["lost@x"]
        answers = draw(st.none() | st.sampled_from(ids))
        refers = draw(st.lists(st.sampled_from(ids), max_size=3, unique=True))
        ours = draw(st.booleans())
        guest = draw(st.sampled_from(GUESTS))
        raws.append(
            make_mail(
                f"Text {number}\n",
                subject=draw(st.sampled_from(["Reserva", "Re: Reserva", "Factura", "Odp: Factura"])),
                message_id=f"{number}@x" if draw(st.integers(0, 9)) else "",
                in_reply_to=answers or "",
                references=refers,
                sender=HOTEL if ours else guest,
                to=guest if ours else HOTEL,
                date=NOON + minutes(number),
                headers={"Auto-Submitted": "auto-replied"} if draw(st.integers(0, 5)) == 0 else None,
            )
        )
    return raws


def standing(ctx: Context) -> set[tuple[object, ...]]:
    """Everything the order of arrival must not change: conversations by the mails in them, as lists and turns show them."""
    found: set[tuple[object, ...]] = set()
    for row in folders.page(ctx, ListQuery("All"), limit=100).rows:
        view = reading.conversation(ctx, row.id)
        numbers = {message.id: message.text for message in view.messages}
        turns = rows(
            ctx, f"SELECT opened_by, closed_by, reason FROM turn WHERE conversation_id = {row.id} ORDER BY opened_at"
        )
        found.add(
            (
                frozenset(numbers.values()),
                (row.folder, row.subject, row.counterpart, row.messages, row.unread, row.last_at, row.waiting_since),
                row.preview,
                tuple((numbers[int(str(by))], numbers.get(int(str(end or 0))), why) for by, end, why in turns),
                frozenset((message.text, message.direction) for message in view.messages),
            )
        )
    return found


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(raws=correspondence(), chance=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    new_desk: Callable[..., Context], raws: list[bytes], chance: Random
) -> None:
    def land(name: str, items: list[Incoming], cut: Callable[[], int]) -> Context:
        ctx = new_desk(name)
        account = add_account(ctx)
        box, sent = add_mailbox(ctx, account), add_mailbox(ctx, account, "Sent", role="sent")
        while items:
            size = cut()
            batch, items = items[:size], items[size:]
            for out in (False, True):
                part = [item for item in batch if (item.prepared.sender.address == HOTEL) == out]
                mailbox.receive(
                    ctx, Batch(part, account_id=account, mailbox_id=sent if out else box, uidvalidity=1, sent=out)
                )
        recount_agrees(ctx)
        return ctx

    items = [incoming(raw, uid) for uid, raw in enumerate(raws, 1)]
    shuffled = list(items)
    chance.shuffle(shuffled)
    whole = land("whole", items, lambda: len(items))
    pieces = land("pieces", shuffled, lambda: chance.randint(1, 4))
    assert standing(pieces) == standing(whole)
    for ctx in (whole, pieces):
        for number, raw in enumerate(raws):
            assert len(search.search(ctx, f'"Text {number}"')) == len({raw})
        assert rows(ctx, "PRAGMA foreign_key_check") == []
        ctx.store.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.integers(0, 6), st.integers(1, 6), st.integers(0, 5)), min_size=3, max_size=20))
def test_badges_equal_their_lists_whatever_is_done(
    new_desk: Callable[..., Context], steps: list[tuple[int, int, int]]
) -> None:
    ctx = new_desk("random")
    account = add_account(ctx)
    box = add_mailbox(ctx, account)
    names = (*folders.FOLDERS,)
    for number, (what, which, how) in enumerate(steps):
        if what <= 1:
            raw = make_mail(
                f"{number}\n",
                message_id=f"{number}@x",
                in_reply_to=f"{which}@x" if what else "",
                sender=GUESTS[how % 2] if how < 4 else HOTEL,
                date=NOON + minutes(number),
            )
            receive_mails(ctx, raw, account_id=account, mailbox_id=box, first_uid=number + 1)
        elif what in (2, 3):
            with suppress(NotFound):
                if what == 2:
                    triage.move(ctx, [which], names[how])
                else:
                    triage.star(ctx, [which], starred=how % 2 == 0)
        elif what == 4:
            flags.set_locally(ctx, [which, how], seen=how % 2 == 0)
        elif what == 5:
            flags.from_server(ctx, box, 1, {which: frozenset(["\\Seen"] if how % 2 else [])})
        else:
            with ctx.write() as tx:
                tx.connection.exec_driver_sql("UPDATE conversation SET snoozed = ? WHERE id = ?", (how % 2, which))
    recount_agrees(ctx)
    badges = folders.counts(ctx)
    for place in (*names, f"account:{account}", "Starred", "Snoozed", "Sent", "All"):
        for only in ("all", "unanswered", "unread"):
            page = folders.page(ctx, ListQuery(place, only), limit=100)
            assert page.total == len(page.rows), (place, only)
        if place in badges:
            assert badges[place].total == folders.total(ctx, ListQuery(place))
    ctx.store.close()


def test_the_journal_tells_since_when_who_waits(ctx: Context) -> None:
    """Mail is received later than it came; figures count from when it came, and are to be worked out from the journal."""
    account = add_account(ctx)
    other = "two@guests.example"
    mails = (
        make_mail(message_id="a@x", date=NOON),
        make_mail(message_id="b@x", date=NOON + minutes(5), sender=other, subject="B"),
    )
    receive_mails(ctx, *mails, account_id=account)
    reply = make_mail(
        message_id="r@x", date=NOON + minutes(30), sender=HOTEL, to="ana@guests.example", in_reply_to="a@x"
    )
    receive_mails(ctx, reply, account_id=account, sent=True)
    told = [
        json.loads(str(after)).get("turns")
        for (after,) in rows(ctx, "SELECT after FROM journal WHERE action = 'receive'")
    ]
    noon, later, answered = (one.isoformat() for one in (NOON, NOON + minutes(5), NOON + minutes(30)))
    assert told == [
        [
            {"conversation": 1, "ticket": 1, "opened_at": noon, "closed_at": None},
            {"conversation": 2, "ticket": 2, "opened_at": later, "closed_at": None},
        ],
        [{"conversation": 1, "ticket": 1, "opened_at": noon, "closed_at": answered}],
    ]
