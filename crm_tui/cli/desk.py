"""``crm-tui`` without a command: the desk on the screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def open_desk(run: Invocation) -> int:
    """Open the desk; returns its exit code.

    Raises:
        UsageError: ``--json`` was asked for without a command.
        CrmError: there is no terminal.
    """
    if run.options.json:
        raise UsageError(_("The desk itself has no JSON output."), _("Name a command: crm-tui --help"))
    if run.options.pin_stdin:
        raise UsageError(_("The desk itself asks for the PIN on its screen."), _("Leave --pin-stdin out."))
    require_terminal()
    return show_desk(run)


def show_desk(run: Invocation) -> int:
    """Run the desk on the screen; the store is opened behind the first frame."""
    from crm_tui.cli.running import run_desk

    options = run.options

    def opener() -> Context:
        from crm_tui.base.log import catch_everything, open_log
        from crm_tui.desk.common.context import open_context

        open_log(run.home.log)
        catch_everything()  # what escapes from a thread must not be drawn over the desk, nor name a secret (S8)
        return open_context(
            run.home,
            run.settings,
            clock=run.clock,
            db=options.db,
            agent=options.agent,
            readonly=options.readonly,
            create=True,
            at_screen=True,
        )

    engine = None
    if run.settings.engine and not options.readonly:
        from crm_tui.engine.background import BackgroundEngine

        engine = BackgroundEngine()
    return run_desk(run.home, run.settings, opener, clock=run.clock, engine=engine, agent=options.agent, db=options.db)


def require_terminal() -> None:
    """Refuse to start a screen where there is none."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()):
        raise CrmError(
            _("The desk needs a terminal, and there is none here."),
            _("Start it in a terminal window, or use a command: crm-tui --help"),
        )
