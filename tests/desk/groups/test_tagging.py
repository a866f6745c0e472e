"""Many guests tagged by one command, and taken back by one undo, in few statements."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import attributes, tagging
from crm_tui.desk.undoing import undo
from crm_tui.desk.undoing.undo_refusal import Refused
from tests.desk.asked import add_guest


def _names(ctx: Context, guests: list[int]) -> list[tuple[str, ...]]:
    found = attributes.of_guests(ctx, guests)
    return [found.get(one, ()) for one in guests]


def test_one_undo_takes_back_what_was_put_on_and_taken_off(ctx: Context) -> None:
    golf, ski = attributes.add(ctx, "Golf"), attributes.add(ctx, "Ski")
    guests = [add_guest(ctx, f"Guest {number}") for number in range(4)]
    tagging.tag_many(ctx, guests[:3], add=[ski])
    before = _names(ctx, guests)
    tagging.tag_many(ctx, guests, add=[golf], remove=[ski])
    assert _names(ctx, guests) == [("Golf",)] * 4
    undo.undo(ctx)
    assert _names(ctx, guests) == before == [("Ski",)] * 3 + [()]


def test_nothing_is_taken_back_where_one_of_many_was_changed_since(ctx: Context) -> None:
    golf = attributes.add(ctx, "Golf")
    guests = [add_guest(ctx, f"Guest {number}") for number in range(3)]
    tagging.tag_many(ctx, guests, add=[golf])
    with ctx.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM guest_attribute WHERE guest_id = ?", (guests[1],))
    with pytest.raises(Refused):
        undo.undo(ctx)
    assert _names(ctx, guests) == [("Golf",), (), ("Golf",)]


def test_taking_back_asks_no_guest_one_by_one(ctx: Context) -> None:
    golf = attributes.add(ctx, "Golf")
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    taken = []
    for many in (3, 90):
        tagging.tag_many(ctx, [add_guest(ctx, f"Guest {many} {number}") for number in range(many)], add=[golf])
        event.listen(ctx.store.engine, "before_cursor_execute", count)
        undo.undo(ctx)
        event.remove(ctx.store.engine, "before_cursor_execute", count)
        taken.append(len(asked))
        asked.clear()
    assert taken[0] == taken[1]
