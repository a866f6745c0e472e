"""``crm-tui import mail PATH…``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation


def mail(run: Invocation) -> int:
    """Import mail; exit code 1 if something could not be read."""
    from crm_tui import desk

    counts: Counter[str] = Counter()
    paths = [Path(path).expanduser() for path in run.options.paths]
    with run.desk() as ctx:
        for result in desk.importing.import_mail(ctx, paths, progress=run.progress()):
            counts[result.status] += 1
            if run.out.as_json:
                record = {"path": result.path, "status": result.status, "message": result.message}
                run.out.record({**record, "error": result.error or None})
    if not run.out.as_json:
        run.out.line(
            _("{stored} stored, {duplicate} known already, {unreadable} not readable.").format(
                stored=counts["stored"], duplicate=counts["duplicate"], unreadable=counts["unreadable"]
            )
        )
    return 1 if counts["unreadable"] else 0
