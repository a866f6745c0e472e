"""The journal as managers read it: filters, pages, before and after, and nothing that is hidden from the reader (SPEC §13)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

import crm_tui
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Forbidden, InvalidInput, NotFound
from crm_tui.data.tables import Journal
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.histories import history_words, journal_seeking, journal_view, journal_words
from crm_tui.desk.histories.journal_view import JournalQuery, page
from crm_tui.desk.quality import feedback, quality_items
from crm_tui.desk.requests import inquiries
from crm_tui.desk.shifts import internal, memos
from crm_tui.desk.staff import team
from crm_tui.desk.ticketing import tickets
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague, keep_for
from tests.desk.house import NOW, add_account, come_in, mail


def received(ctx: Context, number: int, subject: str) -> int:
    """A mail comes in; returns its conversation."""
    raw = mail(subject=subject, message_id=f"j{number}@example.org", sender=f"G{number} <g{number}@example.org>")
    return next(iter(come_in(ctx, raw).conversations))


def said(ctx: Context, **query: object) -> list[str]:
    return [f"{one.who}: {one.thing}: {one.said}" for one in page(ctx, JournalQuery(**query)).entries]  # type: ignore[arg-type]


def test_each_filter_narrows_it(ctx: Context) -> None:
    clock = ctx.clock
    assert isinstance(clock, FixedClock)
    leo = colleague(ctx, "Leo", "manager")
    guest = guests.create(ctx, {"surname": "Nowak", "given": "Łucja"})
    clock.advance(timedelta(days=1))
    team.add(ctx, "Mia", department="")
    memos.add(leo, "Allergic to Nüsse", guest=guest)
    newest = page(leo, JournalQuery()).entries
    assert [(one.who, one.entity, one.action) for one in newest][:2] == [
        ("Leo", "memo", "create"),
        ("Ana", "agent", "create"),
    ]
    assert said(ctx, agent="leo") == said(ctx, entity="memo")
    assert [one.split(":")[1] for one in said(ctx, entity="guest", number=guest)] == [" guest 1 · Łucja Nowak"]
    assert said(ctx, entity="guest", number=900) == []
    assert said(ctx, action="creat", entity="agent") == said(ctx, entity="agent")
    assert said(ctx, words="łucja NÓWAK") == said(ctx, entity="guest", action="create")
    today = (NOW + timedelta(days=1)).date()
    assert all("guest" not in one for one in said(ctx, first=today, last=today))
    assert any("guest 1" in one for one in said(ctx, last=NOW.date()))
    assert said(ctx, first=date(2030, 1, 1)) == []
    with pytest.raises(NotFound, match="no agent called Bob"):
        page(ctx, JournalQuery(agent="Bob"))
    assert ("memo", "memo") in journal_view.entities(ctx)


def test_before_and_after_are_said_in_words(ctx: Context) -> None:
    number = received(ctx, 1, "Rooms")
    leo = colleague(ctx, "Leo")
    triage.assign(ctx, [number], "Leo")
    entry = page(ctx, JournalQuery(entity="conversation", action="assign")).entries[0]
    (whose,) = (one for one in entry.differences if one.before == "nobody" or one.after == "Leo")
    assert (whose.before, whose.after) in (("–", "Leo"), ("nobody", "Leo"))
    assert leo.actor.name == "Leo"


def calls_of_journal() -> Iterator[tuple[str, str]]:
    """Kinds and actions that the program writes, as far as they stand in it as words; an action of another sort is empty."""
    for path in Path(crm_tui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "journal":
                words = [one.value if isinstance(one, ast.Constant) else "" for one in node.args]
                if len(words) > 2 and isinstance(words[0], str) and words[0]:
                    yield words[0], str(words[2])


def test_every_kind_of_thing_and_every_action_has_its_words() -> None:
    history_words.load()
    written = set(calls_of_journal())
    assert {kind for kind, _action in written} == set(journal_words.ENTITIES)
    bare = {pair for pair in written if pair[1] and history_words.find(*pair) is None}
    assert {pair for pair in bare if pair[1] not in journal_words.ACTIONS} <= set(journal_words.BARE)


def test_kinds_are_named_as_people_read_them_or_as_the_journal_writes_them() -> None:
    for text in ("quality cost", "quality_cost", "Cost of  quality"):
        assert journal_view.entity_named(text) == "quality cost"
    assert journal_view.entity_named("working time") == journal_view.entity_named("timer session") == "timer_session"
    assert journal_view.entity_named("") == ""
    with pytest.raises(InvalidInput, match="no kind of thing called dragon") as caught:
        journal_view.entity_named("dragon")
    assert "quality cost" in caught.value.hint


def test_days_at_the_ends_of_time_are_no_trouble(ctx: Context) -> None:
    guests.create(ctx, {"surname": "Nowak"})
    assert said(ctx, entity="guest", first=date.min, last=date.max) == said(ctx, entity="guest") != []
    assert said(ctx, last=date.min) == said(ctx, first=date.max) == []


def test_amounts_agents_and_what_was_given_are_said_in_words(ctx: Context) -> None:
    quality_items.add(ctx, "Wine", 1850)
    number = feedback.add(ctx, "negative", room="204", comment="Cold")
    feedback.resolve(ctx, number, items=[("Wine", 2)])
    (entry, *_older) = page(ctx, JournalQuery(entity="feedback")).entries
    told = {one.name: (one.before, one.after) for one in entry.differences}
    assert told["resolved by"] == ("–", "Ana")
    assert told["items"] == ("–", "2 × Wine: €37.00")
    (item,) = page(ctx, JournalQuery(entity="quality item")).entries
    assert ("value", "–", "€18.50") in [(one.name, one.before, one.after) for one in item.differences]
    undo.undo(ctx)
    assert page(ctx, JournalQuery(entity="feedback")).entries[0].said == "took it back"


def test_a_fetch_that_brought_something_hidden_shows_the_rest_of_it(ctx: Context) -> None:
    """Mail comes in by batches of two hundred: one conversation for somebody else does not hide the others' arrival."""
    raws = [mail(subject=f"S{one}", message_id=f"s{one}@x", sender=f"G <g{one}@example.org>") for one in range(3)]
    shown, hidden, other = sorted(come_in(ctx, *raws).conversations)
    inquiries.from_conversation(ctx, hidden)
    keep_for(ctx, hidden, f"a{ctx.actor.id}")
    eve = colleague(ctx, "Eve", "manager")
    (fetch,) = page(eve, JournalQuery(entity="mailbox")).entries
    assert fetch.after is not None
    assert fetch.after["conversations"] == [shown, other]
    assert [one["conversation"] for one in fetch.after["turns"]] == [shown, other]
    assert "messages" not in fetch.after
    for number in (shown, other):
        inquiries.from_conversation(ctx, number)
        keep_for(ctx, number, f"a{ctx.actor.id}")
    assert page(eve, JournalQuery(entity="mailbox")).entries == ()
    assert len(page(ctx, JournalQuery(entity="mailbox")).entries) == 1


def test_pages_follow_each_other_without_gap_or_double(ctx: Context) -> None:
    with ctx.write() as tx:
        rows = [
            {"at": NOW + timedelta(seconds=number // 3), "actor": "x", "command": str(number), "entity": "thing"}
            | {"entity_id": number, "action": "odd" if number % 2 else "even", "before": None, "after": {"n": number}}
            for number in range(130)
        ]
        tx.connection.execute(insert(Journal), rows)
    seen: list[int] = []
    cursor = None
    while True:
        found = page(ctx, JournalQuery(entity="thing", action="odd"), cursor, limit=20)
        seen += [one.number for one in found.entries]
        cursor = found.further
        if cursor is None:
            break
    assert seen == [number for number in range(129, -1, -1) if number % 2]


def test_what_is_hidden_from_the_reader_is_not_in_it(ctx: Context) -> None:
    shown = received(ctx, 1, "Rooms")
    hidden = received(ctx, 2, "Surprise")
    eve = colleague(ctx, "Eve", "manager")
    for number in (shown, hidden):
        triage.star(ctx, [number], starred=True)
        memos.add(ctx, f"Memo of {number}", conversation=number)
        internal.send(ctx, "Eve", f"Look at {number}", conversation=number)
    inquiry = keep_for(ctx, hidden, f"a{ctx.actor.id}")
    mine = page(ctx, JournalQuery()).entries
    hers = page(eve, JournalQuery()).entries
    assert {one.entity for one in mine if one not in hers} >= {"conversation", "memo"}
    told = " ".join(str((one.thing, one.said, one.differences, one.after)) for one in hers)
    assert "Surprise" not in told
    assert f"Memo of {hidden}" not in told
    assert f"Memo of {shown}" in told
    assert all(one.number != inquiry for one in hers if one.entity == "inquiry")
    assert page(eve, JournalQuery(entity="conversation", number=hidden)).entries == ()


def test_it_is_for_managers(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    for ask in (lambda: page(leo, JournalQuery()), lambda: journal_view.entities(leo)):
        with pytest.raises(Forbidden, match="Only a manager may read the journal"):
            ask()


def test_what_histories_leave_out_has_words_of_its_own(ctx: Context) -> None:
    received(ctx, 1, "Offer")
    (ticket,) = tickets.queue(ctx)
    tickets.take(ctx, [ticket.id])
    tickets.opened(ctx, ticket.conversation)
    words_of = {(one.entity, one.action): one.said for one in page(ctx, JournalQuery(), limit=100).entries}
    assert words_of["ticket", "assign"] == "given to Ana"
    assert words_of["ticket", "open"] == "opened by its agent"
    assert not {words for (_thing, action), words in words_of.items() if words in {"assign", "open", "create", "add"}}


def test_every_action_is_said_in_words(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that no history tells of; and a rare word is looked for in small steps that follow each other."""
    add_account(ctx)
    with ctx.write() as tx:
        for action in journal_words.ACTIONS:
            tx.journal("account", 1, action, None, {"state": "ok"})
        for number in range(200):
            tx.journal("mailbox", number, "receive", None, {"n": number})
    monkeypatch.setattr(journal_seeking, "STRETCH", 30)
    monkeypatch.setattr(journal_view, "LOOK", 60)
    for action in journal_words.ACTIONS:
        if len(action) > 5:
            assert action not in said(ctx, entity="account", action=action)
    query = JournalQuery(words="nowhere")
    found, steps = page(ctx, query), 1
    while found.further is not None:
        assert not found.entries
        found, steps = page(ctx, query, found.further), steps + 1
    assert steps >= 4
