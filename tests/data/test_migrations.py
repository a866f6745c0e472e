"""A store of an earlier program is taken over as it stands."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, select

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.data import schema
from crm_tui.data.columns import columns
from crm_tui.data.store import Store, open_store
from crm_tui.data.tables import Agent, Conversation
from crm_tui.desk import checking
from crm_tui.desk.context import Actor, Context
from crm_tui.desk.views import ListQuery
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


def at_schema(path: Path, revision: str, *statements: str) -> None:
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
            connection.exec_driver_sql(statement)
        connection.commit()
    assert inspect(store.engine).has_table("template") is (revision >= "0002")
    assert not inspect(store.engine).has_table("inquiry")
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
