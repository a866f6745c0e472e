"""Running the desk on the terminal."""

from __future__ import annotations

import os
import sys
from typing import Any

from crm_tui import first_frame
from crm_tui.app import DeskApp, Opener
from crm_tui.base.clock import Clock
from crm_tui.base.paths import Home
from crm_tui.base.settings import Settings
from crm_tui.engine.background import BackgroundEngine
from crm_tui.screens import catalog

SWITCH_SECONDS = 0.001
"""How long another thread may hold the interpreter while the screen waits for it (Python's own is 5 ms)."""


def run_desk(
    home: Home,
    settings: Settings,
    opener: Opener,
    *,
    clock: Clock | None = None,
    engine: Any = None,
    agent: str = "",
    db: str = "",
) -> int:
    """Open the desk on the terminal; returns the exit code.

    Args:
        engine: runs sync and outbox; by default the usual one, unless the settings leave that to another process.
        agent, db: whom and which store the command line names; empty for the usual.

    Raises:
        SettingsError: the keymap file is wrong.
    """
    _follow_the_terminal()
    _answer_keys_first()
    keymap = {}
    if home.keymap.exists():
        from crm_tui.widgets.actions import REGISTRY
        from crm_tui.widgets.keymap import load_keymap

        catalog.load_all_actions()
        keymap = load_keymap(home.keymap, REGISTRY.all())
    if engine is None and settings.engine:
        engine = BackgroundEngine()
    app = DeskApp(home, settings, opener, clock=clock, keymap=keymap, engine=engine, agent=agent, db=db)
    if first_frame.is_shown():
        from crm_tui.widgets.driver import continuing_driver

        app.driver_class = continuing_driver(app.driver_class)
    app.run()
    return app.return_code or 0


def _follow_the_terminal() -> None:
    """Forget sizes that the shell exported: Textual would believe them, and no resize would ever reach the desk."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)


def _answer_keys_first() -> None:
    """Let the event loop have the interpreter sooner.

    During a first sync several threads parse and store; at Python's usual interval each key would wait up to 5 ms for each
    of them. With this the loop's 95th percentile stays under 10 ms, and the sync itself takes as long as before.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
