"""Files: guests out of a file. Its columns and what they are taken for, a dry run, the import, what became of the rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from crm_tui import desk
from crm_tui.base.errors import Cancelled, CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.progress import CancelEvent
from crm_tui.desk.client_files.guest_import_views import ImportResult, Problem, Survey
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.files.actions import ACTIONS
from crm_tui.screens.files.columns import TakesColumns
from crm_tui.screens.files.progress import Words
from crm_tui.screens.files.rows import (
    ColumnRow,
    ColumnRows,
    ResultRow,
    ResultRows,
    counted,
    result_rows,
)
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask, Tell
from crm_tui.widgets.forms.files import FilePicker, last_folder, remember_folder
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.client_files.guest_import_survey import ImportOptions
    from crm_tui.desk.common.context import Context

_NEEDS_FILE = frozenset({"dry_run", "take_in", "reading", "days", "pane"})


class FilesScreen(TakesColumns, DeskScreen[None]):
    """Columns above or at the left, the result below or at the right."""

    CSS = """
    FilesScreen #body { layout: vertical; height: 1fr; }
    FilesScreen #columns-pane { height: 1fr; }
    FilesScreen #result-pane { height: 1fr; display: none; }
    FilesScreen.-result #result-pane { display: block; }
    FilesScreen Line { background: $surface; }
    FilesScreen.-three-panes #body { layout: horizontal; }
    FilesScreen.-three-panes.-result #columns-pane { width: 1fr; border-right: solid $desk-line; }
    FilesScreen.-three-panes #result-pane { width: 1fr; height: 1fr; }
    FilesScreen.-three-panes #columns-pane { height: 1fr; }
    """
    BINDINGS = bindings(ACTIONS)
    AUTO_FOCUS: ClassVar[str | None] = ""

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        self._take_file(path)
        self._result: ImportResult | None = None
        self._work: CancelEvent | None = None

    def body(self) -> ComposeResult:
        """Two lists under their titles."""
        self.file_title = Line(id="file-title")
        self.result_title = Line(id="result-title")
        self.column_view, self.result_view = ColumnRows(), ResultRows()
        self.columns: RecordList[ColumnRow] = RecordList(self.column_view, self.shell.background, id="columns")
        self.results: RecordList[ResultRow] = RecordList(self.result_view, self.shell.background, id="results")
        with Container(id="body"):
            with Vertical(id="columns-pane"):
                yield self.file_title
                yield self.columns
            with Vertical(id="result-pane"):
                yield self.result_title
                yield self.results

    def on_mount(self) -> None:
        """Nothing yet."""
        self.columns.focus()
        self._show_columns()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the file that the screen was made with."""
        if self._path is not None and self._survey is None:
            self._read()

    @property
    def unsaved(self) -> str:
        """An import under way."""
        busy = self._work is not None and self._result is None
        return _("An import is under way; what landed stays.") if busy else ""

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [("→", _("is taken for")), ("!", _("wrong, does not land")), ("+", _("new")), ("~", _("changed"))]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a file there is nothing to import."""
        if action in _NEEDS_FILE:
            return None if self._survey is None or self._work is not None else True
        if action == "save":
            wrong = self._result is not None and self._result.problems
            return True if wrong and self._work is None else None
        return True

    # The file

    def action_open(self) -> None:
        """Choose a file."""

        def chosen(path: Path | None) -> None:
            if path is not None:
                remember_folder(self.app, path.parent)
                self.ask(lambda _ctx: desk.reservation_files.looks_so(path), lambda so: self._opened(path, so))

        self.app.push_screen(FilePicker(last_folder(self.app), _("Import from a file")), chosen)

    def _opened(self, path: Path, reservations: bool) -> None:
        """A file of guests is shown here, one of reservations on a screen of its own."""
        if reservations:
            self.app.push_screen(catalog.load(catalog.RESERVATION_IMPORT)(path))
            return
        self._take_file(path)
        self._forget_result()
        self._read()

    def _read(self) -> None:
        path, encoding, delimiter, mapping = self._path, self._encoding, self._delimiter, self._mapping
        assert path is not None
        stop = self._begin()
        words = Words(lambda text: self.app.call_later(self._busy, text))

        def read(ctx: Context) -> Survey:
            from crm_tui.desk.client_files.guest_import_survey import ImportOptions

            options = ImportOptions(encoding, delimiter, mapping or None)
            return desk.guest_import_survey.survey(ctx, path, options, progress=words, cancel=stop)

        self.ask(read, self._surveyed, topic="survey", failed=self._failed)

    def _surveyed(self, found: Survey) -> None:
        self._end()
        self._survey = found
        self._mapping = dict(found.mapping)
        self._orders = dict(found.orders)
        self._show_columns()

    def _begin(self) -> CancelEvent:
        self._work = CancelEvent()
        self.refresh_bindings()
        return self._work

    def _end(self) -> None:
        self._work = None
        self._busy("")
        self.refresh_bindings()

    def _failed(self, error: Exception) -> None:
        self._end()
        self._show_columns()
        if not isinstance(error, Cancelled):
            self.shell.report(error)

    def _busy(self, words: str) -> None:
        if self.is_attached:
            self._titles(words if self._work is not None else "")

    def _titles(self, busy: str = "") -> None:
        found = self._survey
        if found is None:
            said = self._path.name if self._path else _("guests into the desk and out of it")
            self.file_title.show(list_title(_("Files").upper(), said), [(busy + " ", "accent")] if busy else [])
            return
        name = Path(found.path).name
        used = sum(bool(field) for field in self._mapping.values())
        taken = _("{n} of {all} columns are taken").format(n=used, all=len(self._mapping))
        right = busy if self._result is None or self._work else ""
        self.file_title.show(
            [*list_title(name, " · ".join(found.about)), (f" · {taken}", "accent" if used else "warn")],
            [(right + " ", "accent")] if right and not self.has_class("-result") else [],
        )
        self._result_title(busy)

    def _result_title(self, busy: str) -> None:
        result = self._result
        if busy or result is None:
            self.result_title.show([(" " + busy, "accent")])
            return
        name = _("Would be") if result.dry else _("Imported")
        more = [(" · " + text, "warn") for text in result.sentences]
        keys = _("ctrl+s imports") if result.dry else _("z takes it back")
        self.result_title.show(
            [*list_title(name.upper(), counted(result)), *more], [(keys + " ", "faint")] if result.done else []
        )

    @on(RecordList.Opened, "#columns")
    def _column_opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self.choose_field()

    # The import

    def action_dry_run(self) -> None:
        """Tell what would happen."""
        self._run(dry=True)

    def action_take_in(self) -> None:
        """Import, after asking."""
        found = self._survey
        if found is None or self._work is not None:
            return
        title = _("Import the guests of {file}?").format(file=Path(found.path).name)
        result = self._result
        text = counted(result) if result is not None and result.dry else _("Rows that are wrong are left out and told.")
        text += "\n" + _("Nothing is deleted; z takes the import back.")
        answers = (
            Answer("yes", "y", _("Import")),
            Answer("dry", "d", _("Dry run first")),
            Answer("no", "n", _("Not now")),
        )

        def answered(answer: str | None) -> None:
            if answer in ("yes", "dry"):
                self._run(dry=answer == "dry")

        self.app.push_screen(Ask(title, text, answers), answered)

    def _options(self) -> ImportOptions:
        from crm_tui.desk.client_files.guest_import_survey import ImportOptions

        return ImportOptions(self._encoding, self._delimiter, dict(self._mapping), dict(self._orders))

    def _run(self, *, dry: bool) -> None:
        path, found = self._path, self._survey
        if path is None or found is None:
            return
        self._result = None
        self.set_class(True, "-result")
        self._show_result()
        options, stop = self._options(), self._begin()
        words = Words(lambda text: self.app.call_later(self._busy, text))

        def work(ctx: Context) -> ImportResult:
            return desk.guest_import.run(ctx, path, options, dry_run=dry, total=found.rows, progress=words, cancel=stop)

        self.ask(work, self._done, topic="import", failed=self._not_run)

    def _not_run(self, error: Exception) -> None:
        self._end()
        self._forget_result()
        if isinstance(error, CrmError):
            self.app.push_screen(Tell(_("Nothing more was imported"), str(error)))
        else:
            self.shell.report(error)

    def _done(self, result: ImportResult) -> None:
        self._end()
        self._result = result
        self._show_result()
        if not result.dry:
            said = counted(result)
            self.shell.tell(f"{said} · {_('z takes it back')}" if result.command else said)
        if result.problems or result.rows:
            self.results.focus()

    def _show_result(self) -> None:
        empty = _("Every row is as it stands already.") if self._result is not None else ""
        self.result_view.empty_text = [(empty, "muted")]
        self.results.set_source(ListSource(result_rows(self._result)))
        self._titles()
        self.refresh_bindings()

    def _forget_result(self) -> None:
        self._result = None
        self.set_class(False, "-result")
        self.columns.focus()
        self._show_result()

    @on(RecordList.Opened, "#results")
    def _open_result(self, event: RecordList.Opened) -> None:
        """A guest's profile, or all that is said about a row that is wrong."""
        event.stop()
        row = self.results.current
        guest = getattr(row.entry, "guest", 0) if row is not None else 0
        if guest and catalog.exists(catalog.GUEST):
            self.shell.open_guest(guest)
        elif row is not None and isinstance(row.entry, Problem):
            one = row.entry
            title = _("Row {row}, {column}").format(row=one.row, column=one.column)
            self.app.push_screen(Tell(title, "\n".join(part for part in (one.value, one.message) if part)))

    # The rows that are wrong

    def action_save(self) -> None:
        """Save the rows that are wrong; asks where."""
        if self._path is None:
            return
        proposed = self._path.with_name(f"{self._path.stem}-errors.csv")

        def answered(typed: str | None) -> None:
            if typed:
                self._save(Path(typed).expanduser())

        self.app.push_screen(AskLine(_("Save the rows that are wrong in which file?"), str(proposed)), answered)

    def _save(self, target: Path) -> None:
        path, found, options = self._path, self._survey, self._options()
        assert path is not None
        assert found is not None
        stop = self._begin()
        words = Words(lambda text: self.app.call_later(self._busy, text))

        def work(ctx: Context) -> int:
            from crm_tui.desk.client_files.import_errors import ErrorFile

            with ErrorFile(target, [one.name for one in found.columns]) as errors:
                desk.guest_import.run(
                    ctx,
                    path,
                    options,
                    dry_run=True,
                    total=found.rows,
                    progress=words,
                    cancel=stop,
                    on_problem=errors.add,
                )
            return errors.rows

        def saved(rows: int) -> None:
            self._end()
            self._titles()
            words = ngettext(
                "{n} row is in {file}: mend it there and open it here.",
                "{n} rows are in {file}: mend them there and open it here.",
                rows,
            )
            self.shell.tell(words.format(n=rows, file=target.name))

        self.ask(work, saved, failed=self._failed)

    def action_export(self) -> None:
        """Export all guests."""
        self.app.push_screen(self._load_export())

    def _load_export(self) -> DeskScreen[None]:
        made: Callable[[object], DeskScreen[None]] = catalog.load(catalog.GUEST_EXPORT)
        return made(None)

    def action_pane(self) -> None:
        """Columns to result and back."""
        if self.has_class("-result"):
            (self.columns if self.results.has_focus else self.results).focus()

    def action_back(self) -> None:
        """Stop what is under way; result to columns; then leave."""
        if self._work is not None:
            self._work.set()
        elif self.has_class("-result"):
            self._forget_result()
            self._titles()
        else:
            super().action_back()
