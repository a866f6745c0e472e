"""Who is at the desk: the one the system says, never an admin by default (SPEC §13)."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.base.paths import home_at
from crm_tui.base.person import system_user
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import ENGINE, WhoAreYou, open_context
from crm_tui.desk.staff import setup


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A desk of Ana, its admin, and two agents of whom Bob is tied to a system user."""
    ctx = open_context(home_at(tmp_path / "home"), Settings(), create=True)
    made = setup.init(ctx, name="Hotel", timezone="UTC", currency="EUR", agent="Ana")
    setup.add_agent(made, "Bob", login="bob")
    setup.add_agent(made, "Eva")
    ctx.store.close()
    return tmp_path / "home"


def who(home: Path, *, user: str = "", agent: str = "", settings: str = "") -> str:
    ctx = open_context(home_at(home), Settings(agent=settings), agent=agent, env={"USER": user, "SUDO_USER": "bob"})
    ctx.store.close()
    return ctx.actor.name


def test_the_system_user_is_the_agent_whoever_is_named(home: Path) -> None:
    """Neither the settings, which lie in a file, nor ``--agent`` make Bob another; whoever is tied to nobody may say a name."""
    assert who(home, user="bob") == "Bob"
    assert who(home, user="bob", settings="Eva") == "Bob"
    assert who(home, user="bob", agent="BOB") == "Bob"
    with pytest.raises(Forbidden, match=r"You are Bob here: the system user bob\. Ana has no PIN"):
        who(home, user="bob", agent="ana")
    assert who(home, user="desk", settings="Eva") == "Eva"
    assert who(home, user="desk", settings="Eva", agent="ana") == "Ana"


@pytest.mark.parametrize("user", ["", "mallory"])
def test_an_unknown_user_is_asked_and_no_admin(home: Path, user: str) -> None:
    with pytest.raises(WhoAreYou) as refused:
        who(home, user=user)
    assert isinstance(refused.value, InvalidInput)
    assert (refused.value.field, refused.value.names) == ("agent", ("Ana", "Bob", "Eva"))
    assert "Ana, Bob, Eva" in str(refused.value)
    assert refused.value.again is not None
    opened = refused.value.again("Eva")
    assert opened.actor.name == "Eva"
    opened.store.close()


def test_who_runs_the_process_is_not_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "bob")
    monkeypatch.setenv("LOGNAME", "bob")
    monkeypatch.setenv("SUDO_USER", "bob")
    assert system_user() == pwd.getpwuid(os.geteuid()).pw_name != "bob"


def test_setting_up_asks_nobody(home: Path) -> None:
    ctx = open_context(home_at(home), Settings(), as_engine=True, env={})
    assert ctx.actor is ENGINE
    ctx.store.close()


def test_a_name_from_the_store_is_gated(home: Path) -> None:
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    with ctx.write() as tx:
        tx.connection.exec_driver_sql("UPDATE agent SET name = ? WHERE name = 'Bob'", ("Bo\x1b[31mb",))
    ctx.store.close()
    assert "\x1b" not in who(home, user="bob")
