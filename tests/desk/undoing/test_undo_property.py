"""Any order of commands by two agents, then everything taken back: what nobody else touched is as it was (SPEC §3, §13)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_tui import desk
from crm_tui.data.columns import columns
from crm_tui.data.store import open_store
from crm_tui.data.tables import Conversation, Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations.changing import DECIDED
from crm_tui.desk.undoing import undo
from tests.desk.house import NOW, make_house
from tests.desk.undoing.test_undo import another, conversations

_C = columns(Conversation)
_J = columns(Journal)

COUNT = 4
_TRIED = (*DECIDED, "waiting_since", "merged_into", "unread_count")

Step = tuple[str, str, tuple[int, ...], Any]

chosen = st.sets(st.integers(0, COUNT - 1), min_size=1).map(lambda found: tuple(sorted(found)))
acts = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(["Inbox", "Inquiries", "Waitlist", "Booked", "Done", "Spam"])),
    st.tuples(st.just("star"), st.booleans()),
    st.tuples(st.just("assign"), st.sampled_from(["", "Ana", "Leo"])),
    st.tuples(st.just("snooze"), st.sampled_from([None, 1, 2])),
    st.tuples(st.just("unsnooze"), st.none()),
    st.tuples(st.just("undo"), st.none()),
)
steps = st.lists(st.tuples(st.sampled_from(["Ana", "Leo"]), acts, chosen), max_size=14)


def do(ctx: Context, act: str, ids: list[int], value: Any) -> None:
    from datetime import timedelta

    if act == "move":
        desk.triage.move(ctx, ids, value)
    elif act == "star":
        desk.triage.star(ctx, ids, starred=value)
    elif act == "assign":
        desk.triage.assign(ctx, ids, value)
    elif act == "snooze":
        desk.snoozing.snooze(ctx, ids, until=None if value is None else NOW + timedelta(days=value))
    elif act == "unsnooze":
        desk.snoozing.unsnooze(ctx, ids)


def state(ctx: Context) -> dict[int, dict[str, Any]]:
    with ctx.store.connect() as connection:
        rows = connection.execute(select(_C.id, *(_C[name] for name in _TRIED)))
        return {row.id: dict(row._mapping) for row in rows}


def journal(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.store.connect() as connection:
        names = (_J.id, _J.command, _J.entity, _J.entity_id, _J.action, _J.agent_id, _J.before, _J.after, _J.undoable)
        return [tuple(row) for row in connection.execute(select(*names).order_by(_J.id))]


def stands_as_left(now: Mapping[int, Mapping[str, Any]], rows: list[tuple[Any, ...]]) -> bool:
    """Whether every column that a command's rows name still has the value that they gave it."""
    left: dict[tuple[int, str], Any] = {}
    for row in rows:
        left.update({(row[3], name): value for name, value in (row[7] or {}).items()})
    return all(_plain(now[number][name]) == value for (number, name), value in left.items())


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def take_back(ctx: Context, mine: list[str]) -> None:
    """One undo, compared with what the journal says it must do."""
    before, rows = state(ctx), journal(ctx)
    command = mine.pop() if mine else ""
    its = [row for row in rows if row[1] == command]
    refusal = ""
    try:
        view = undo.undo(ctx)
    except undo.NothingToUndo:
        assert not command
        assert state(ctx) == before
    except undo.Refused as refused:
        refusal = refused.command
    else:
        assert view.command == command
        assert stands_as_left(before, its)
        expected = {number: dict(columns) for number, columns in before.items()}
        for row in reversed(its):
            for name, value in (row[6] or {}).items():
                expected[row[3]][name] = value
        now = state(ctx)
        assert {n: {k: _plain(v) for k, v in c.items()} for n, c in now.items()} == {
            n: {k: _plain(v) for k, v in c.items()} for n, c in expected.items()
        }
    if refusal:
        assert refusal == command
        assert not stands_as_left(before, its)
        assert state(ctx) == before
    assert journal(ctx)[: len(rows)] == rows  # append-only


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_everything_is_as_it_was_except_where_the_other_changed_it(
    done: list[tuple[str, tuple[str, Any], Any]],
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ana = make_house(Path(directory))
        desks = {"Ana": ana, "Leo": another(ana)}
        ids = conversations(ana, COUNT)
        first = state(ana)
        open_commands: dict[str, list[str]] = {"Ana": [], "Leo": []}
        for who, (act, value), which in done:
            ctx = desks[who]
            if act == "undo":
                take_back(ctx, open_commands[who])
                continue
            rows = len(journal(ctx))
            do(ctx, act, [ids[place] for place in which], value)
            made = {row[1] for row in journal(ctx)[rows:] if row[8]}
            open_commands[who] += sorted(made)
        ana.store.close()  # all of it is taken back after a restart
        store = open_store(ana.store.url)
        desks = {who: replace(ctx, store=store) for who, ctx in desks.items()}
        refused = 0
        for who, ctx in desks.items():
            while open_commands[who]:
                here = len(journal(ctx))
                take_back(ctx, open_commands[who])
                refused += len(journal(ctx)) == here
            assert undo.last(ctx) is None
        if len({who for who, _act, _which in done}) < 2:  # nobody is refused what nobody else touched
            assert not refused
            assert state(desks["Ana"]) == first
        store.close()
