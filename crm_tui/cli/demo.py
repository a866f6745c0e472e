"""``crm-tui demo``: the sample hotel with its own mail server, then the desk."""

from __future__ import annotations

import os
from pathlib import Path

from crm_tui.base.errors import Forbidden
from crm_tui.base.i18n import _
from crm_tui.base.paths import Home, find_home, home_at
from crm_tui.base.progress import CancelEvent
from crm_tui.cli.desk import require_terminal, show_desk
from crm_tui.cli.invocation import Invocation

_FOREGROUND = 5000
"""Up to so many mails are fetched before the desk opens; more come in while one works."""


def demo(run: Invocation) -> int:
    """Start the servers, prepare the desk, open it; returns the desk's exit code."""
    from crm_tui.demo import sample
    from crm_tui.demo.people import AGENTS

    options = run.options
    options.agent = options.agent or AGENTS[0]
    if options.readonly:
        raise Forbidden(_("The sample hotel cannot be opened to read only."))
    if not options.no_desk:
        require_terminal()
    run.home = demo_home(options.home)
    run.home.ensure()
    sample.refuse_real_desk(run.home)
    with sample.alone(run.home):
        if options.reset:
            sample.reset(run.home)
        return _serve(run)


def demo_home(option: str) -> Home:
    """``--home`` or ``CRM_TUI_HOME``; else a place beside the real desk's."""
    if option or os.environ.get("CRM_TUI_HOME"):
        return find_home(option, os.environ)
    return home_at(Path(find_home("", os.environ).data) / "demo")


def _serve(run: Invocation) -> int:
    from crm_tui.demo import sample
    from crm_tui.demo.process import DemoProcess

    messages: int = run.options.messages
    progress = run.progress()
    try:
        progress.step(_("Starting the sample hotel"))
        with DemoProcess(run.home.data, sample.secret_of(run.home), run.clock, messages=messages) as servers:
            with run.desk(create=True) as ctx:
                ana = sample.prepare(ctx, servers)
                if messages <= _FOREGROUND:
                    sample.fill(ana, progress, CancelEvent())
            progress.done()
            return 0 if run.options.no_desk else show_desk(run)
    finally:
        progress.done()
