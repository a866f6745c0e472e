"""A store of an earlier program is taken over as it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, select, text

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data import schema
from crm_tui.data.columns import columns
from crm_tui.data.store import Store, open_store
from crm_tui.data.tables import Agent, Conversation
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.quality.feedback_lists import FeedbackList
from crm_tui.desk.quality.feedback_views import FeedbackQuery
from crm_tui.desk.quality.quality_costs import CostList
from crm_tui.desk.upkeep import checking
from tests.desk.house import NOW

AGENT = (
    "INSERT INTO agent (name, role, language, login, active, created_at, version) "
    "VALUES ('Ana', 'admin', 'es', '', 1, '2026-01-01 00:00:00.000000', 1)"
)
_COLUMNS = (
    "id, folder, previous_folder, subject, counterpart_name, counterpart_address, preview, message_count, unread_count, "
    "attachment_count, first_at, last_at, waiting_since, starred, snoozed, snoozed_until, version"
)


def talk(number: int, folder: str = "Inbox", unread: int = 0, waiting: bool = False, **flags: str) -> str:
    """A conversation as the second schema kept it."""
    at = f"'2026-06-0{number} 08:00:00.000000'"
    values = (
        f"{number}, '{folder}', '', 'Room {number}', 'Marta', 'marta@example.org', '', 1, {unread}, 0, {at}, {at}, "
        f"{at if waiting else 'NULL'}, {flags.get('starred', '0')}, {flags.get('snoozed', '0')}, "
        f"{flags.get('until', 'NULL')}, 1"
    )
    return f"INSERT INTO conversation ({_COLUMNS}) VALUES ({values})"


Row = tuple[str, dict[str, Any]]
"""A table and the columns of one of its rows; what may not be null and is not said is empty."""


def put(connection: Connection, row: Row) -> None:
    """Store a row as a program of that schema would."""
    table, values = row
    said = dict(values)
    for column in connection.exec_driver_sql(f"PRAGMA table_info({table})"):
        if column.notnull and column.dflt_value is None and column.name not in said and not column.pk:
            said[column.name] = {"INTEGER": 0, "BOOLEAN": 0, "DATETIME": "2026-06-01 08:00:00.000000"}.get(
                column.type, ""
            )
    names = ", ".join(said)
    marks = ", ".join("?" * len(said))
    connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(said.values()))


def at_schema(path: Path, revision: str, *statements: str | Row) -> None:
    """A store as an earlier program left it."""
    from alembic import command
    from alembic.config import Config

    path.touch(0o600)
    store = Store(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.engine.connect().execution_options(crm_immediate=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in statements:
            if isinstance(statement, str):
                connection.exec_driver_sql(statement)
            else:
                put(connection, statement)
        connection.commit()
    assert inspect(store.engine).has_table("template") is (revision >= "0002")
    assert inspect(store.engine).has_table("inquiry") is (revision >= "0003")
    assert inspect(store.engine).has_table("folio") is (revision >= "0005")
    assert inspect(store.engine).has_table("ticket") is (revision >= "0006")
    store.close()


def test_a_store_of_the_first_schema_gets_templates_and_keeps_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    at_schema(path, "0001", AGENT)
    store = open_store(f"sqlite:///{path}")
    assert schema.current(store.engine) == schema.HEAD
    ctx = Context(store, home_at(tmp_path), Settings(), FixedClock(NOW), Actor(1, "Ana"))
    assert desk.templates.listed(ctx) == []
    assert desk.template_starter.add(ctx) == 36
    assert {one.agent for one in desk.templates.listed(ctx)} == {"Ana"}
    with store.connect() as connection:
        assert connection.execute(select(columns(Agent).name)).scalars().all() == ["Ana"]
    store.close()


def test_a_store_of_the_second_schema_keeps_what_was_snoozed_starred_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    at_schema(
        path,
        "0002",
        AGENT,
        talk(1, unread=1, waiting=True),
        talk(2, starred="1"),
        talk(3, snoozed="1"),
        talk(4, snoozed="1", until="'2026-07-20 08:00:00.000000'"),
        talk(5, folder="Done"),
    )
    store = open_store(f"sqlite:///{path}")
    assert schema.current(store.engine) == schema.HEAD
    names = columns(Conversation)
    with store.connect() as connection:
        rows = connection.execute(select(names.snooze_for, names.starred, names.scope).order_by(names.id)).all()
        listed = select(names.id).where(names.listed_at != names.last_at)
        assert connection.execute(listed).first() is None
    assert [row.snooze_for for row in rows] == ["", "", "reply", "date", ""]
    assert [row.starred for row in rows] == [False, True, False, False, False]
    assert {row.scope for row in rows} == {""}
    ctx = Context(store, home_at(tmp_path), Settings(), FixedClock(NOW), Actor(1, "Ana", "admin"))
    assert [row.id for row in desk.folders.page(ctx, ListQuery("Inbox")).rows] == [2, 1]
    wrong = {finding.name for finding in checking.check(ctx) if not finding.ok}
    assert wrong <= {"messages", "turns"}  # these conversations have no messages; the counters are right
    store.close()


def journaled(number: int, entity: str, thing: int, action: str, after: dict[str, Any], undoable: int = 0) -> Row:
    """A journal row of Ana's."""
    told = {
        "agent_id": 1,
        "actor": "Ana",
        "at": "2026-06-25 08:00:00.000000",
        "command": f"c{number}",
        "entity": entity,
        "entity_id": thing,
    }
    return "journal", {**told, "id": number, "action": action, "after": json.dumps(after), "undoable": undoable}


def booked_before() -> list[str | Row]:
    """Two reservations of the fourth schema: one with a schedule, a payment, a refund and one taken back; one cancelled."""
    lines = [("deposit", "2026-05-09", 300_00), ("balance", "2026-07-01", 700_00), ("balance", "2026-08-01", 50_00)]
    return [
        AGENT,
        ("property", {"id": 1, "name": "Casa", "timezone": "Europe/Madrid", "currency": "EUR"}),
        ("guest", {"id": 1, "kind": "person", "surname": "Nowak", "given": "Jan", "folded": "nowak jan", "version": 1}),
        (
            "reservation",
            {"id": 1, "code": "B-1", "status": "confirmed", "value": 1050_00, "currency": "EUR", "version": 3},
        ),
        ("reservation", {"id": 2, "code": "B-2", "status": "cancelled", "currency": "EUR", "version": 1}),
        ("reservation_guest", {"reservation_id": 1, "guest_id": 1, "holder": 1}),
        *(
            ("schedule_line", {"reservation_id": number, "position": place, "kind": kind, "due": due, "amount": amount})
            for number in (1, 2)
            for place, (kind, due, amount) in enumerate(lines)
        ),
        ("payment", {"reservation_id": 1, "kind": "payment", "day": "2026-05-08", "amount": 400_00, "version": 1}),
        ("payment", {"reservation_id": 1, "kind": "refund", "day": "2026-05-10", "amount": 20_00, "version": 1}),
        (
            "payment",
            {
                "reservation_id": 1,
                "kind": "payment",
                "day": "2026-05-11",
                "amount": 999_00,
                "version": 2,
                "reversed_at": "2026-05-12 08:00:00.000000",
            },
        ),
        (
            "flight",
            {"reservation_id": 1, "number": "LO1", "from_airport": "MAD", "departs": "2026-07-02T06:35", "version": 1},
        ),
        ("reminder", {"title": "Łódź calls", "due": "2026-07-01", "author_id": 1, "version": 1}),
        journaled(1, "reservation", 1, "create", {"code": "B-1", "value": 1050_00, "currency": "EUR"}),
        journaled(2, "reservation", 1, "schedule", {"schedule": [list(one) for one in lines]}),
        journaled(3, "reminder", 1, "create", {"title": "Łódź calls", "due": "2026-07-01"}, undoable=1),
    ]


def test_a_store_of_the_fourth_schema_keeps_its_bookings_and_knows_what_is_due(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    at_schema(path, "0004", *booked_before())
    store = open_store(f"sqlite:///{path}")
    assert schema.current(store.engine) == schema.HEAD
    ctx = Context(store, home_at(tmp_path), Settings(), FixedClock(NOW), Actor(1, "Ana", "admin"))
    with store.connect() as connection:
        due = connection.execute(text("SELECT * FROM reservation_due ORDER BY reservation_id")).all()
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert [tuple(row) for row in due] == [(1, 380_00, 300_00, 1050_00, "2026-07-01"), (2, 0, 300_00, 1050_00, None)]
    (folio,) = desk.folios.listed(ctx, 1)
    assert (folio.number, len(folio.payments), str(folio.balances[0])) == (1, 3, "-380.00 EUR")
    desk.payments.add(ctx, 1, None)
    assert desk.schedules.shown(ctx, 1).missing_balance.amount == 50_00
    (found,) = desk.search.search(ctx, "code:B-1")
    assert found.id == 1
    assert {finding.name for finding in checking.check(ctx) if not finding.ok} <= {"messages", "turns"}
    desk.undo.undo(ctx)  # the payment
    desk.undo.undo(ctx)  # what was done before the store was taken over
    assert desk.reminders.listed(ctx) == []
    store.close()


def test_feedback_of_the_sixth_schema_is_found_by_its_words(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    said: dict[str, Any] = {"at": "2026-06-01 08:00:00.000000", "guest_id": 1, "code": "noise", "version": 1}
    at_schema(
        path,
        "0006",
        *booked_before()[:3],
        ("feedback", {**said, "id": 1, "kind": "negative", "room": "204", "comment": "Łomot do drugiej"}),
        ("feedback", {**said, "id": 2, "kind": "negative", "room": "31", "removed_at": "2026-06-02 08:00:00.000000"}),
        ("quality_cost", {**said, "id": 3, "room": "31", "occasion": "Honeymoon"}),
    )
    store = open_store(f"sqlite:///{path}")
    assert schema.current(store.engine) == schema.HEAD
    ctx = Context(store, home_at(tmp_path), Settings(), FixedClock(NOW), Actor(1, "Ana", "admin"))

    def found(words: str) -> tuple[list[int], list[int]]:
        feedback = FeedbackList(FeedbackQuery(show="all", text=words))
        costs = CostList(text=words)
        return [one.id for one in feedback.page(ctx)], [one.id for one in costs.page(ctx)]

    assert found("lomot 204") == ([1], [])
    assert found("nowak noise") == ([1], [3])
    assert found("31") == ([], [3])
    assert {finding.name for finding in checking.check(ctx) if not finding.ok} <= {"messages", "turns"}
    store.close()
