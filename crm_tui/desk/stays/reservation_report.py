"""An import of reservations as a whole: how many rows of each kind, and what is worth telling of them one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.desk.common.context import Context
from crm_tui.desk.stays import reservation_files
from crm_tui.desk.stays.reservation_import import RowResult, import_rows

MOST = 5000
"""Rows of each kind that are kept to be told; all are counted."""
TOLD = ("error", "changed", "new")
"""The kinds of rows that are told, in this order; the others are as they were."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became, or would become, of a file.

    Attributes:
        counts: rows by status: ``new``, ``changed``, ``same`` and ``error``.
        rows: those that are worth telling: what is wrong, then what changed, then what is new.
        unknown: names in it that mean nothing here.
        dry: nothing was stored.
        stopped: somebody stopped it; what had landed by then stays.
    """

    path: Path
    counts: Mapping[str, int]
    rows: tuple[RowResult, ...]
    unknown: tuple[str, ...]
    dry: bool
    stopped: bool = False


def run(ctx: Context, path: Path, *, dry_run: bool, progress: Progress, cancel: CancelEvent) -> Report:
    """Import a file, or only say what would become of it.

    Raises:
        FileFault: it is no such file.
        OSError: it cannot be read.
        Forbidden: the desk was opened to read only.
    """
    counts: Counter[str] = Counter()
    told: dict[str, list[RowResult]] = {kind: [] for kind in TOLD}
    unknown: dict[str, None] = {}
    progress.step(path.name)
    rows_of = takewhile(lambda _row: not cancel.is_set(), reservation_files.read(path))
    try:
        for number, one in enumerate(import_rows(ctx, rows_of, dry_run=dry_run), 1):
            counts[one.status] += 1
            unknown |= dict.fromkeys(one.unknown)
            if one.status in told and len(told[one.status]) < MOST:
                told[one.status].append(one)
            progress.count(number)
    finally:
        progress.done()
    rows = tuple(one for kind in TOLD for one in told[kind])
    return Report(
        path,
        {name: counts[name] for name in ("new", "changed", "same", "error")},
        rows,
        tuple(unknown),
        dry_run,
        cancel.is_set(),
    )
