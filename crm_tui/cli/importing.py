"""``crm-tui import mail PATH…``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.importing import Begin
    from crm_tui.desk.correspondence.prepare import Prepared

_GROUP = 50
"""Sources that one parsing process gets at a time."""


def mail(run: Invocation) -> int:
    """Import mail; exit code 1 if something could not be read."""
    from crm_tui import desk

    counts: Counter[str] = Counter()
    left: list[Path] = []
    run.out.carries_on = True  # what was begun is finished, whoever stops reading
    paths = [Path(path).expanduser() for path in run.options.paths]
    with run.desk() as ctx, _all_cores(run) as begin:
        for result in desk.importing.import_mail(ctx, paths, progress=run.progress(), begin=begin, left=left.append):
            counts[result.status] += 1
            if run.out.as_json:
                record = {"path": result.path, "status": result.status, "message": result.message}
                run.out.record({**record, "error": result.error or None})
    _tell(run, counts, len(left))
    return 1 if counts["unreadable"] else 0


def _tell(run: Invocation, counts: Counter[str], left: int) -> None:
    if not counts.total():
        run.out.note(_("No mail was found there; nothing was imported."))
    elif not run.out.as_json:
        run.out.line(
            _("{stored} stored, {duplicate} known already, {unreadable} not readable.").format(
                stored=counts["stored"], duplicate=counts["duplicate"], unreadable=counts["unreadable"]
            )
        )
    if left:
        run.out.note(
            ngettext(
                "{count} other file is no mail and was left out.",
                "{count} other files are no mail and were left out.",
                left,
            ).format(count=left)
        )


@contextmanager
def _all_cores(run: Invocation) -> Iterator[Begin]:
    """The first batch is parsed here; a second one is worth starting processes for."""
    from crm_tui.desk.correspondence.prepare import prepare
    from crm_tui.engine.parsers import ParserPool, pool_size

    pool = ParserPool(pool_size(run.settings.parsers))
    batches = 0

    def begin(sources: Sequence[bytes]) -> Callable[[], list[Prepared]]:
        nonlocal batches
        batches += 1
        if batches == 1:
            return lambda: [prepare(raw) for raw in sources]
        groups = [pool.submit(sources[start : start + _GROUP]) for start in range(0, len(sources), _GROUP)]
        return lambda: [one for group in groups for one in group.result()]

    try:
        yield begin
    finally:
        pool.close()
