"""The engine as the desk is given it."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any, cast

from crm_tui.base.redact import Secret
from crm_tui.engine.background import BackgroundEngine
from crm_tui.mail.credentials import SecretKind, SecretSource
from crm_tui.screens.accounts.calls import credentials_of


def test_a_password_typed_into_a_form_is_known_to_the_engine() -> None:
    class App:
        engine = BackgroundEngine()

    app = App()
    credentials_of(app).hold("a@b.example", Secret("typed"))
    login = app.engine.credentials.login("a@b.example", "a", SecretSource(SecretKind.SESSION))
    assert login.secret.reveal() == "typed"


def test_it_runs_wakes_and_tells_what_it_was_given() -> None:
    class Inner:
        woken: list[int | None] = []

        def run(self, ctx: Any, stop: threading.Event, told: Any) -> None:
            told(f"{ctx} {stop.is_set()}")

        def wake(self, account_id: int | None = None) -> None:
            self.woken.append(account_id)

    inner, told = Inner(), list[str]()
    engine = BackgroundEngine(lambda: cast(Any, inner))
    engine.wake(1)
    engine.run(cast(Any, "desk"), threading.Event(), told.append)
    engine.wake(2)
    assert told == ["desk False"]
    assert inner.woken == [2]


def test_it_costs_nothing_before_it_runs() -> None:
    code = "import sys; from crm_tui.engine.background import BackgroundEngine; BackgroundEngine(); print('sqlmodel' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
