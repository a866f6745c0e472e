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
from crm_tui.data.tables import Agent
from crm_tui.desk.context import Actor, Context
from tests.desk.house import NOW


def at_baseline(path: Path) -> None:
    """A store as the first schema made it, with an agent in it."""
    from alembic import command
    from alembic.config import Config

    path.touch(0o600)
    store = Store(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.engine.connect().execution_options(crm_immediate=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO agent (name, role, language, login, active, created_at, version) "
            "VALUES ('Ana', 'admin', 'es', '', 1, '2026-01-01 00:00:00.000000', 1)"
        )
        connection.commit()
    assert not inspect(store.engine).has_table("template")
    store.close()


def test_a_store_of_the_first_schema_gets_templates_and_keeps_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    at_baseline(path)
    store = open_store(f"sqlite:///{path}")
    assert schema.current(store.engine) == schema.HEAD
    ctx = Context(store, home_at(tmp_path), Settings(), FixedClock(NOW), Actor(1, "Ana"))
    assert desk.templates.listed(ctx) == []
    assert desk.template_starter.add(ctx) == 32
    assert {one.agent for one in desk.templates.listed(ctx)} == {"Ana"}
    with store.connect() as connection:
        assert connection.execute(select(columns(Agent).name)).scalars().all() == ["Ana"]
    store.close()
