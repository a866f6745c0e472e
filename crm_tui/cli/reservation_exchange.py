"""``import`` and ``export`` of reservations (SPEC §15)."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation

if TYPE_CHECKING:
    from crm_tui.desk.stays.reservation_import import RowResult


def bring_in(run: Invocation) -> int:
    """Import reservations; exit code 1 if a row could not be used."""
    from crm_tui import desk

    options = run.options
    run.out.carries_on = True  # what was begun is finished, whoever stops reading
    counts: Counter[str] = Counter()
    unknown: dict[str, None] = {}
    progress = run.progress()
    done = 0

    def landed(rows: int) -> None:
        nonlocal done
        done += rows
        progress.count(done)

    path = Path(options.file).expanduser()
    with run.desk() as ctx:
        rows = desk.reservation_files.read(path)
        progress.step(_("Reservations"))
        try:
            for one in desk.reservation_import.import_rows(
                ctx, _opened(rows, path), dry_run=options.dry_run, done=landed
            ):
                counts[one.status] += 1
                unknown |= dict.fromkeys(one.unknown)
                _print_row(run, one)
        finally:
            progress.done()
    _print_sum(run, counts, list(unknown), options.dry_run)
    return 1 if counts["error"] else 0


def _opened(rows: Iterator[Any], path: Path) -> Iterator[Any]:
    """The rows; what the system says of the file as a sentence."""
    from crm_tui.files.limits import FileFault

    try:
        yield from rows
    except OSError as error:
        text = _("{path} cannot be read: {error}").format(path=path, error=error.strerror or error)
        raise FileFault(text, _("Name a CSV or JSON file."), "file") from None


def _print_row(run: Invocation, one: RowResult) -> None:
    if run.out.as_json:
        errors = [{"field": field or None, "message": message} for field, message in one.errors]
        record = {"row": one.number, "reference": one.reference or None, "status": one.status}
        changes = {
            change.field: {"before": change.before or None, "after": change.after or None} for change in one.changes
        }
        run.out.record({**record, "reservation": one.reservation, "changes": changes, "errors": errors})
        return
    if one.changes:
        run.out.line(_("row {number}, {reference}: changed").format(number=one.number, reference=one.reference))
    for change in one.changes:
        before, after = change.before or "–", change.after or "–"
        run.out.line(f"    {field_word(change.field)}: {before} → {after}", "dim")
    for field, message in one.errors:
        where = ", ".join(part for part in (_("row {number}").format(number=one.number), one.reference, field) if part)
        run.out.line(f"{where}: {message}", "red")


def field_word(name: str) -> str:
    """What a field of a reservation is called."""
    from crm_tui.desk.stays.reservation_changes import FIELD_WORDS

    return _(FIELD_WORDS[name]) if name in FIELD_WORDS else name


def _print_sum(run: Invocation, counts: Counter[str], unknown: list[str], dry_run: bool) -> None:
    if unknown:
        run.out.note(_("Left out, because they mean nothing here: {names}.").format(names=", ".join(unknown[:20])))
    if not counts.total():
        run.out.note(_("There are no rows in it; nothing was imported."))
    elif not run.out.as_json:
        text = _("{new} new, {changed} changed, {same} as they were, {error} not usable.")
        named = {name: counts[name] for name in ("new", "changed", "same", "error")}
        run.out.line(text.format(**named) + (" " + _("Nothing was stored: a dry run.") if dry_run else ""))


def write_out(run: Invocation) -> int:
    """Print all reservations."""
    from crm_tui import desk

    with run.desk() as ctx:
        if run.out.as_json and not run.options.csv:
            for record in desk.reservation_files.records(ctx):
                run.out.record(record)
            return 0
        text = io.StringIO(newline="")
        desk.reservation_files.write_table(ctx, text)
    run.out.octets(text.getvalue().replace("\r\n", "\n").encode("utf-8"))  # as every command writes its lines
    return 0
