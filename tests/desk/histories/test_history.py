"""The history tells who did what when, comments and changes together, of one thing and all that belongs to it (SPEC §4)."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Conversation, Guest, Inquiry, InquiryGuest, InternalMessage, Memo
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import outbox
from crm_tui.desk.histories import history
from crm_tui.desk.histories.history_views import HistoryEntry
from crm_tui.desk.undoing import undo
from tests.desk.house import come_in, mail
from tests.desk.sending import reply, transmit_after_undo
from tests.desk.undoing.test_undo import another, change, conversations


def told(entries: list[HistoryEntry]) -> list[str]:
    return [f"{entry.who}: {entry.text}" for entry in entries]


def tick(ctx: Context, minutes: int = 1) -> None:
    ctx.clock.advance(timedelta(minutes=minutes))  # type: ignore[attr-defined]


def memo(ctx: Context, text: str, **on: Any) -> int:
    with ctx.write() as tx:
        row = {"author_id": ctx.actor.id, "text": text, "created_at": tx.now, **on}
        number = new_id(tx.connection.execute(insert(Memo).values(**row)))
        tx.journal("memo", number, "create", None, {"text": text, **on}, undoable=True)
        return number


def inquiry(ctx: Context, **values: Any) -> int:
    with ctx.write() as tx:
        row = {"status": "new", "channel": "phone", "created_at": tx.now, "updated_at": tx.now}
        number = new_id(tx.connection.execute(insert(Inquiry).values(children=[], proposed={}, **row, **values)))
        tx.journal("inquiry", number, "create", None, {"status": "new"}, undoable=True)
        return number


def set_inquiry(ctx: Context, number: int, before: dict[str, Any], after: dict[str, Any]) -> None:
    with ctx.write() as tx:
        tx.journal("inquiry", number, "set", before, after, undoable=True)


def test_who_did_what_when_in_a_conversation(ctx: Context) -> None:
    leo = another(ctx)
    draft, message = reply(ctx)
    number = desk.reading.message(ctx, message).conversation
    tick(ctx)
    change(ctx, [number], "move", folder="Inquiries")
    tick(ctx)
    memo(leo, "called,\nwill ring back", conversation_id=number)
    tick(ctx)
    change(leo, [number], "assign", assignee_id=leo.actor.id)
    tick(ctx)
    change(ctx, [number], "assign", assignee_id=None)
    item = outbox.queue(ctx, draft.id, draft.version)
    assert transmit_after_undo(ctx, item) == "sent"
    found = history.of_conversation(ctx, number)
    assert told(found) == [
        "Marta Guest: wrote: “Room in August”",
        "Ana: moved from Inbox to Inquiries",
        "Leo: called, will ring back",
        "Leo: assigned to Leo",
        "Ana: taken from Leo; nobody has it now",
        "Ana: sent: “Re: Room in August”",
    ]
    assert [entry.kind for entry in found] == ["mail", "change", "memo", "change", "change", "mail"]
    assert found[2].whole == "called,\nwill ring back"
    assert told(history.of_conversation(ctx, number, newest_first=True)) == told(found)[::-1]
    assert told(history.of_conversation(ctx, number, show="comments")) == ["Leo: called, will ring back"]
    assert len(history.of_conversation(ctx, number, show="changes")) == 5


def test_what_was_taken_back_is_marked_and_not_told_twice(ctx: Context) -> None:
    (number,) = conversations(ctx, 1)
    change(ctx, [number], "move", folder="Done")
    tick(ctx)
    undo.undo(ctx)
    (entry,) = history.of_conversation(ctx, number)
    assert (entry.text, entry.undone, entry.undone_by) == ("moved from Inbox to Done", True, "Ana")
    assert entry.undone_at == ctx.clock.now()


def test_a_refused_undo_marks_nothing(ctx: Context) -> None:
    leo = another(ctx)
    (number,) = conversations(ctx, 1)
    change(ctx, [number], "move", folder="Done")
    change(leo, [number], "move", folder="Spam")
    with pytest.raises(undo.Refused):
        undo.undo(ctx)
    assert [entry.undone for entry in history.of_conversation(ctx, number)] == [False, False]


def test_a_marked_set_is_one_entry_that_names_how_many_others(ctx: Context) -> None:
    ids = conversations(ctx, 12)
    change(ctx, ids, "move", folder="Done")
    assert told(history.of_conversation(ctx, ids[0])) == ["Ana: moved from Inbox to Done, with 11 others"]


def test_an_inquiry_tells_of_its_guests_and_conversations_too(ctx: Context) -> None:
    leo = another(ctx)
    one, two = conversations(ctx, 2)
    number = inquiry(ctx)
    with ctx.write() as tx:
        row = {"surname": "Nowak", "given": "Łucja", "created_at": tx.now, "updated_at": tx.now}
        guest = new_id(tx.connection.execute(insert(Guest).values(**row)))
        tx.connection.execute(insert(InquiryGuest).values(inquiry_id=number, guest_id=guest, holder=True))
        tx.connection.execute(update(Conversation).values(inquiry_id=number))
        tx.journal("guest", guest, "change", {"passport_expiry": None}, {"passport_expiry": "2027-05-01"})
    tick(ctx)
    change(leo, [one, two], "move", folder="Waitlist")
    memo(leo, "wants the sea", inquiry_id=number)
    memo(leo, "rang", conversation_id=two)
    set_inquiry(ctx, number, {"status": "new", "handler_id": None}, {"status": "offer sent", "handler_id": 2})
    found = told(history.of_inquiry(ctx, number))
    assert found == [
        "Ana: made the inquiry",
        "Ana: “Łucja Nowak”: passport valid until: – → 1 May 2027",
        "Leo: “Room 1”: moved from Inbox to Waitlist; “Room 2”: moved from Inbox to Waitlist",
        "Leo: wants the sea",
        "Leo: rang",
        "Ana: status: new → offer sent, handler: nobody → Leo",
    ]
    assert told(history.of_guest(ctx, guest))[0] == "Ana: made the inquiry"


def test_values_are_told_as_people_read_them(ctx: Context) -> None:
    number = inquiry(ctx, budget=120000, budget_currency="EUR")
    before: dict[str, Any] = {"arrival": None, "budget": None, "children": [], "scope": "", "room": ""}
    after = {"arrival": "2026-07-12", "budget": 120000, "children": [4, None], "scope": "a1", "room": "2+1"}
    set_inquiry(ctx, number, before, after)
    entry = history.of_inquiry(ctx, number)[-1]
    assert entry.whole.split("\n") == [
        "arrival: – → 12 Jul 2026",
        "budget: – → €1,200.00",
        "children: – → 2 (4, ?)",
        "seen by: everyone → Ana only",
        "room: – → 2+1",
    ]


def test_an_action_nobody_knows_still_gives_a_sentence(ctx: Context) -> None:
    (number,) = conversations(ctx, 1)
    with ctx.write() as tx:
        before = {"colour": "red", "subject": "Room", "snoozed_until": None}
        after = {"colour": "blue", "subject": "\x1b[31mRoom", "snoozed_until": "2026-07-01T10:00:00+00:00"}
        tx.journal("conversation", number, "paint", before, after)
    (entry,) = told(history.of_conversation(ctx, number))
    assert entry.startswith("Ana: paint: subject: Room → [31mRoom, snoozed until: – → ")
    assert entry.endswith("1 Jul 2026 12:00")  # at the property
    assert "colour" not in entry


def test_nothing_foreign_reaches_the_terminal(ctx: Context) -> None:
    evil = "\x1b]0;owned\x07[@click=app.quit]x[/]\u202e"
    message = come_in(ctx, mail(sender=f'"{evil}" <m@example.org>', subject=evil)).message_ids[0]
    number = desk.reading.message(ctx, message).conversation
    memo(ctx, evil, conversation_id=number)
    for entry in history.of_conversation(ctx, number):
        for text in (entry.who, entry.text, entry.whole):
            assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_what_the_agent_may_not_see_is_not_there(ctx: Context) -> None:
    leo = another(ctx)
    one, two = conversations(ctx, 2)
    number = inquiry(ctx)
    with ctx.write() as tx:
        tx.connection.execute(update(Conversation).values(inquiry_id=number))
        hide = update(Conversation).where(columns(Conversation).id == two).values(scope="a1")
        tx.connection.execute(hide)
    memo(ctx, "on the open one", conversation_id=one)
    memo(ctx, "on the hidden one", conversation_id=two)
    with pytest.raises(NotFound):
        history.of_conversation(leo, two)
    assert "hidden" not in str(history.of_inquiry(leo, number))
    assert "hidden" in str(history.of_inquiry(ctx, number))


def test_an_internal_message_names_its_reader(ctx: Context) -> None:
    leo = another(ctx)
    (number,) = conversations(ctx, 1)
    with ctx.write() as tx:
        row = {"from_id": ctx.actor.id, "to_id": leo.actor.id, "text": "please\ncall", "at": tx.now}
        made = new_id(tx.connection.execute(insert(InternalMessage).values(conversation_id=number, **row)))
        tx.journal("internal", made, "send", None, {"removed_at": None}, undoable=True)
    (entry,) = history.of_conversation(ctx, number)
    assert (entry.who, entry.text, entry.whole) == ("Ana", "→ Leo: please call", "→ Leo\nplease\ncall")


def test_pages_follow_each_other_without_gap_or_repetition(ctx: Context) -> None:
    (number,) = conversations(ctx, 1)
    for n in range(25):
        memo(ctx, f"memo {n}", conversation_id=number)
        if n % 3:
            tick(ctx)
    whole = told(history.of_conversation(ctx, number, limit=None))
    for newest_first in (False, True):
        found: list[HistoryEntry] = []
        while True:
            after = found[-1].key if found else None
            page = history.of_conversation(ctx, number, newest_first=newest_first, after=after, limit=4)
            if not page:
                break
            found += page
        assert told(found) == (whole[::-1] if newest_first else whole)


def test_a_conversation_with_5000_entries_opens_quickly(ctx: Context) -> None:
    (number,) = conversations(ctx, 1)
    with ctx.write() as tx:
        for n in range(5000):
            tx.command = f"c{n}"
            tx.journal("conversation", number, "star", {"starred": bool(n % 2)}, {"starred": not n % 2})
    history.of_conversation(ctx, number, limit=1)
    begun = time.process_time()
    assert len(history.of_conversation(ctx, number, newest_first=True)) == history.PAGE
    assert len(history.keys(ctx, "conversation", number)) == 5000
    assert time.process_time() - begun < 0.5


def test_a_merged_conversation_keeps_both_histories(ctx: Context) -> None:
    one, two = conversations(ctx, 2)
    change(ctx, [two], "star", starred=True)
    with ctx.write() as tx:
        tx.connection.execute(update(Conversation).where(columns(Conversation).id == two).values(merged_into=one))
        tx.journal("conversation", two, "merge", {"messages": []}, {"into": one})
    assert told(history.of_conversation(ctx, one)) == ["Ana: starred", "Ana: merged with another conversation"]
