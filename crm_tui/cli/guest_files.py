"""``import guests`` and ``export guests`` (SPEC §15)."""

from __future__ import annotations

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.progress import CancelEvent
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError
from crm_tui.mail.text import display_text

if TYPE_CHECKING:
    from crm_tui.desk.client_files.guest_export import Chosen
    from crm_tui.desk.client_files.guest_import_survey import ImportOptions
    from crm_tui.desk.client_files.guest_import_views import ImportResult, Problem, Survey
    from crm_tui.desk.common.context import Context

INTERRUPTED = 130
_SHOWN = 100


def import_guests(run: Invocation) -> int:
    """Import guests; exit code 1 if rows were wrong, 130 if it was stopped."""
    from crm_tui import desk
    from crm_tui.desk.client_files.import_errors import ErrorFile

    options = run.options
    with run.desk() as ctx, _file(options.file) as path, _stopping() as stop, ExitStack() as stack:
        found, chosen = _surveyed(run, ctx, path, stop)
        errors: ErrorFile | None = None
        if options.errors:
            errors = stack.enter_context(ErrorFile(Path(options.errors), [one.name for one in found.columns]))
        shown = _Shown(run, errors)
        run.out.carries_on = True
        result = desk.guest_import.run(
            ctx,
            path,
            chosen,
            dry_run=options.dry_run,
            total=found.rows,
            progress=run.progress(),
            cancel=stop,
            on_problem=shown.problem,
        )
    _tell(run, result, errors.rows if errors else 0, shown.count)
    return INTERRUPTED if result.cancelled else 1 if result.counts["bad"] else 0


def _surveyed(run: Invocation, ctx: Context, path: Path, stop: CancelEvent) -> tuple[Survey, ImportOptions]:
    """What the file looks like, and how it is to be read: what was said on the command line goes first."""
    from crm_tui import desk
    from crm_tui.desk.client_files.guest_import_survey import ImportOptions
    from crm_tui.desk.client_files.guest_import_views import Match
    from crm_tui.rules.import_dates import Order

    options = run.options
    delimiter = "\t" if options.delimiter in ("tab", "\\t") else options.delimiter
    read = ImportOptions(options.encoding, delimiter, match=Match(options.match))
    found = desk.guest_import_survey.survey(ctx, path, read, progress=run.progress(), cancel=stop)
    mapping = _mapping(found.mapping, options.map)
    orders = {name: Order(options.dates) if options.dates else order for name, order in found.orders.items()}
    chosen = ImportOptions(options.encoding, delimiter, mapping, orders, Match(options.match))
    if options.dry_run and not run.out.as_json:
        _tell_survey(run, found, mapping)
    return found, chosen


def _mapping(found: Mapping[str, str], said: Sequence[str]) -> dict[str, str]:
    mapping = dict(found)
    names = list(mapping)
    for one in said:
        column, equals, field = one.rpartition("=")
        if not equals:
            raise UsageError(_("Write --map as COLUMN=FIELD, not {given}.").format(given=display_text(one)))
        if column not in mapping and column.isdecimal() and 0 < int(column) <= len(names):
            column = names[int(column) - 1]
        field = _field(field)
        if field:  # whoever says what is what takes it from the guess
            mapping = {name: "" if old == field and field not in _several() else old for name, old in mapping.items()}
        mapping[column] = field
    return mapping


def _field(said: str) -> str:
    """The field that a person names as programs do, or as the dry run calls it."""
    from crm_tui.desk.client_files.guest_import_views import FIELD_WORDS
    from crm_tui.mail.text import fold_text

    word = " ".join(fold_text(said).split())
    called = {fold_text(text): field for field, words in FIELD_WORDS.items() for text in (words, _(words))}
    return word.replace(" ", "_") if word.replace(" ", "_") in FIELD_WORDS else called.get(word, said.strip())


def _several() -> frozenset[str]:
    from crm_tui.rules.import_columns import MANY

    return MANY


def _tell_survey(run: Invocation, found: Survey, mapping: Mapping[str, str]) -> None:
    from crm_tui.desk.client_files.guest_import_views import FIELD_WORDS

    run.out.line(f"{found.path} · {' · '.join(found.about)}", "bold")
    rows = [
        [
            one.name,
            _(FIELD_WORDS[mapping.get(one.name, "")]) if mapping.get(one.name, "") in FIELD_WORDS else "",
            one.filled,
            "  |  ".join(one.samples),
        ]
        for one in found.columns
    ]
    run.out.table((_("Column"), _("Field"), _("Filled"), _("Like")), rows, right=(2,))


class _Shown:
    """Problems as they come: all of them in JSON and in the file, the first for people."""

    def __init__(self, run: Invocation, errors: Any) -> None:
        self._run = run
        self._errors = errors
        self.count = 0

    def problem(self, problem: Problem, cells: Sequence[str]) -> None:
        """One more."""
        self.count += 1
        if self._errors is not None:
            self._errors.add(problem, cells)
        if self._run.out.as_json:
            record = {"row": problem.row, "column": problem.column or None, "value": problem.value or None}
            self._run.out.record(record | {"error": problem.message})
        elif self.count <= _SHOWN:
            self._run.out.line(where(problem), "yellow")


def where(problem: Problem) -> str:
    """A problem with its place."""
    if problem.column:
        place = _("Row {row}, {column}").format(row=problem.row, column=problem.column)
        return f"{place}: {problem.message}" + (f" [{problem.value}]" if problem.value not in problem.message else "")
    return _("Row {row}: {message}").format(row=problem.row, message=problem.message)


def _tell(run: Invocation, result: ImportResult, written: int, problems: int) -> None:
    counts = {name: result.counts[name] for name in ("new", "changed", "same", "bad")}
    if run.out.as_json:
        more = {"unknown_attributes": dict(result.unknown), "archived": result.notes["archived"]}
        run.out.record({"dry_run": result.dry, "cancelled": result.cancelled, **counts, **more})
        return
    if problems > _SHOWN:
        run.out.line(_("… and {n} more; --errors FILE writes all of them.").format(n=problems - _SHOWN), "yellow")
    text = (
        _("Would be: {new} new, {changed} changed, {same} the same, {bad} wrong.")
        if result.dry
        else _("{new} new, {changed} changed, {same} the same, {bad} wrong.")
    )
    run.out.line(text.format(**counts), "bold")
    for note in result.sentences:
        run.out.note(note)
    if written:
        words = ngettext("{n} row to be mended is in {file}.", "{n} rows to be mended are in {file}.", written)
        run.out.note(words.format(n=written, file=display_text(run.options.errors)))


@contextmanager
def _file(name: str) -> Iterator[Path]:
    """The file; standard input is kept for the time, as it is read twice."""
    if name != "-":
        yield Path(name).expanduser()
        return
    with tempfile.TemporaryDirectory(prefix="crm-tui-") as folder:  # 0700
        path = Path(folder) / "-"
        with path.open("wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream)
        yield path


@contextmanager
def _stopping() -> Iterator[CancelEvent]:
    """The first interrupt lets the batch at hand end; a second one ends everything."""
    stop = CancelEvent()

    def asked(_signal: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def export_guests(run: Invocation) -> int:
    """Export guests into a file or to standard output."""
    from crm_tui import desk
    from crm_tui.desk.client_files.guest_export import Format

    options = run.options
    kind = Format.VCARD if options.vcard else Format.VCARD3 if options.vcard3 else Format.CSV
    if run.out.as_json:
        if kind is not Format.CSV or options.csv:
            raise UsageError(_("Choose one format: --csv, --json, --vcard or --vcard3."))
        kind = Format.JSON
    if options.bom:
        if kind is not Format.CSV:
            raise UsageError(_("Only CSV begins with a mark: leave --bom away."))
        kind = Format.CSV_MARKED
    target = options.file or "-"
    with run.desk() as ctx, _stopping() as stop:
        chosen = _chosen(run, ctx)
        if target == "-":
            desk.guest_export.to_stream(ctx, chosen, kind, _Octets(run), progress=run.progress(), cancel=stop)  # type: ignore[arg-type]
            return 0
        path = Path(target)
        count = desk.guest_export.to_file(
            ctx, chosen, kind, path, overwrite=options.overwrite, progress=run.progress(), cancel=stop
        )
    if run.out.as_json:
        run.out.record({"count": count, "format": str(kind), "file": str(path)})
    else:
        words = ngettext("{n} guest is in {file}.", "{n} guests are in {file}.", count)
        run.out.line(words.format(n=count, file=display_text(str(path))))
    return 0


class _Octets:
    """Standard output as a stream of octets; on a terminal what is not text is made visible."""

    def __init__(self, run: Invocation) -> None:
        self._out = run.out
        self.closed = False

    def write(self, content: bytes) -> int:
        self._out.octets(bytes(content))
        return len(content)

    def flush(self) -> None:
        self._out.flush()

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def _chosen(run: Invocation, ctx: Context) -> Chosen:
    from crm_tui.cli.guest_lists import criteria
    from crm_tui.desk.client_files.guest_export import Chosen

    options = run.options
    if options.ids:
        parts = [one.strip() for one in options.ids.split(",") if one.strip()]
        if not all(one.isdecimal() for one in parts):
            raise InvalidInput(_("Write the numbers of guests like 12,15,20."), field="ids")
        return Chosen(ids=tuple(int(one) for one in parts))
    return Chosen(criteria(ctx, run))
