"""What is kept beside a conversation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select

from crm_tui import desk
from crm_tui.desk.common.context import Actor, Context
from tests.desk.house import come_in, mail, make_house


def conversation(ctx: Context) -> int:
    return int(next(iter(come_in(ctx, mail()).conversations)))


def test_nothing_is_noted_on_a_new_mail(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    assert not desk.notes.of_conversation(ctx, conversation(ctx))


def test_memos_and_reminders_of_the_conversation_and_its_inquiry_count(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    number = conversation(ctx)
    desk.memos.add(ctx, "On the mail.", conversation=number)
    inquiry = desk.inquiries.from_conversation(ctx, number)
    desk.memos.add(ctx, "On the\ninquiry.", inquiry=inquiry)
    desk.reminders.add(ctx, "Late", date(2026, 6, 30), inquiry=inquiry)
    done = desk.reminders.add(ctx, "Done", date(2026, 7, 3), conversation=number)
    desk.reminders.add(ctx, "Later", date(2026, 7, 3), conversation=number)
    desk.reminders.done(ctx, done)
    notes = desk.notes.of_conversation(ctx, number)
    assert (notes.inquiry, notes.status, notes.handler) == (inquiry, "new", "Ana")
    assert (notes.memos, notes.reminders, notes.overdue) == (2, 2, 1)
    assert "\n" not in notes.memo


def test_other_conversations_do_not_count(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    number = conversation(ctx)
    other = next(iter(come_in(ctx, mail(message_id="m2@example.org", sender="Eve <eve@example.org>")).conversations))
    desk.memos.add(ctx, "Elsewhere.", conversation=other)
    assert not desk.notes.of_conversation(ctx, number)


def test_what_is_hidden_tells_nothing(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    number = conversation(ctx)
    inquiry = desk.inquiries.from_conversation(ctx, number)
    desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, {"scope": "me"})
    leo = desk.setup.add_agent(ctx, "Leo")
    assert desk.notes.of_conversation(ctx, number)
    assert not desk.notes.of_conversation(ctx.acting_as(Actor(leo.id, "Leo")), number)


def test_it_is_read_through_indexes(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    number = conversation(ctx)
    values = {"conversation": number, "today": date(2026, 7, 1), "scopes": "*"}
    statement = desk.notes._STATEMENT
    with ctx.store.connect() as connection:
        text = str(statement.compile(connection))
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN " + text, _positional(statement, connection, values)
        ).all()
    assert [row[3] for row in plan if row[3].startswith("SCAN") and "CONSTANT" not in row[3]] == []


def _positional(statement: Select[Any], connection: Connection, values: dict[str, Any]) -> tuple[Any, ...]:
    compiled = statement.compile(connection)
    params = compiled.construct_params(values)
    names = getattr(compiled, "positiontup", None) or ()
    return tuple(str(params[name]) if name == "today" else params[name] for name in names)
