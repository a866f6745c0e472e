"""Reservations out of a file: what would become of each row, the import, and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent
from crm_tui.base.sizes import grouped
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.files.progress import Words
from crm_tui.screens.reservations.actions import IMPORT
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.dialogs import Answer, Ask, Tell
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.stays.reservation_import import RowResult
    from crm_tui.desk.stays.reservation_report import Report

_LOOKS: dict[str, Part] = {"error": ("! ", "warn"), "changed": ("~ ", "accent"), "new": ("+ ", "good")}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A row of the report; the number is its place."""

    id: int
    entry: RowResult


class ReportRows:
    """Draws rows: number, sign, reference, what is wrong or what each field said and says."""

    def __init__(self) -> None:
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: ReportRow, width: int) -> list[Part]:
        """The pieces of a line."""
        one = row.entry
        number = f" {one.number:>6} "
        name = min(20, max(10, width * 20 // 100))
        room = max(0, width - cell_len(number) - 2 - name)
        sign = _LOOKS.get(one.status, ("? ", ""))
        return [
            (number, "muted"),
            sign,
            (fit(one.reference or "–", name - 1) + " ", "strong"),
            (fit(" · ".join(said(one)), room), "" if one.status == "error" else sign[1]),
        ]


def said(one: RowResult) -> list[str]:
    """What is told of a row: what is wrong, or each field with what it said before and says now."""
    from crm_tui.desk.stays.reservation_changes import FIELD_WORDS

    if one.status == "error":
        return [f"{field}: {text}" if field else text for field, text in one.errors]
    if one.status == "new":
        return [_("new")]
    told = [
        _("{field}: {before} → {after}").format(
            field=_(FIELD_WORDS.get(change.field, change.field)), before=change.before or "–", after=change.after or "–"
        )
        for change in one.changes
    ]
    return told or [_("changed")]


class ReservationImport(DeskScreen[None]):
    """First what would become of the rows; ctrl+s imports them.

    Args:
        path: the file.
    """

    CSS = "ReservationImport Line { background: $surface; }"
    BINDINGS = bindings(IMPORT)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._report: Report | None = None
        self._work: CancelEvent | None = None

    def body(self) -> ComposeResult:
        """The title over the rows."""
        self.title_line = Line(id="report-title")
        self.view = ReportRows()
        self.list: RecordList[ReportRow] = RecordList(self.view, self.shell.background, markable=False, id="report")
        yield self.title_line
        yield self.list

    def on_mount(self) -> None:
        """The rows have the focus."""
        self.list.focus(scroll_visible=False)
        self._title("")
        super().on_mount()

    def desk_ready(self) -> None:
        """Try it at once."""
        if self._report is None and self._work is None:
            self._run(dry=True)

    @property
    def unsaved(self) -> str:
        """An import under way."""
        return _("An import is under way; what landed stays.") if self._work is not None else ""

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [("!", _("wrong, does not land")), ("~", _("changed")), ("+", _("new"))]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What was tried can be imported."""
        if action == "take_in":
            return True if self._report is not None and self._report.dry and self._work is None else None
        if action == "try":
            return True if self._work is None else None
        return super().check_action(action, parameters)

    def action_try(self) -> None:
        """See again what would become of the rows."""
        self._run(dry=True)

    def action_take_in(self) -> None:
        """Import, after asking: it is not taken back by one key."""
        report = self._report
        if report is None or self._work is not None:
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._run(dry=False)

        title = _("Import the reservations of {file}?").format(file=self._path.name)
        text = counted(report) + "\n" + _("Rows that are wrong are left out. An import is not taken back by one key.")
        self.app.push_screen(Ask(title, text, [Answer("yes", "y", _("Import"))]), answered)

    def _run(self, *, dry: bool) -> None:
        path = self._path
        self._work = stop = CancelEvent()
        self.refresh_bindings()
        words = Words(lambda text: self.app.call_later(self._busy, text))

        def work(ctx: Context) -> Report:
            return desk.reservation_report.run(ctx, path, dry_run=dry, progress=words, cancel=stop)

        self.ask(work, self._done, topic="import", failed=self._failed)

    def _busy(self, words: str) -> None:
        if self.is_attached and self._work is not None:
            self._title(words)

    def _done(self, report: Report) -> None:
        self._work, self._report = None, report
        empty = (
            _("Every row is as it stands already.") if sum(report.counts.values()) else _("There are no rows in it.")
        )
        self.view.empty_text = [(empty, "muted")]
        self.list.set_source(ListSource([ReportRow(place, one) for place, one in enumerate(report.rows, 1)]))
        self._title("")
        self.refresh_bindings()
        if report.stopped:
            self.shell.tell(_("Stopped; what landed stays."), warning=True)
        elif not report.dry:
            self.shell.tell(counted(report))
        if report.unknown:
            names = ", ".join(report.unknown[:10])
            self.shell.tell(_("Left out, because they mean nothing here: {names}.").format(names=names), warning=True)

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._title("")
        self.refresh_bindings()
        if isinstance(error, CrmError):
            self.app.push_screen(Tell(_("Nothing more was imported"), str(error)))
        else:
            self.shell.report(error)

    def _title(self, busy: str) -> None:
        report = self._report
        if busy or report is None:
            self.title_line.show(list_title(self._path.name, ""), [(busy + " ", "accent")] if busy else [])
            return
        name = _("Would be") if report.dry else _("Imported")
        keys = _("ctrl+s imports") if report.dry else ""
        self.title_line.show(
            [*list_title(self._path.name, name), (" · " + counted(report), "accent")],
            [(keys + " ", "faint")] if keys else [],
        )

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        """The reservation of a row, or all that is said about it."""
        event.stop()
        row = self.list.current
        if row is None:
            return
        one = row.entry
        if one.status != "error" and one.reservation is not None and not (self._report and self._report.dry):
            self.app.push_screen(catalog.load(catalog.RESERVATION)(one.reservation))
        else:
            title = _("Row {row}, {reference}").format(row=one.number, reference=one.reference or "–")
            self.app.push_screen(Tell(title, "\n".join(said(one))))

    def action_back(self) -> None:
        """Stop what is under way, then leave."""
        if self._work is not None:
            self._work.set()
        else:
            super().action_back()


def counted(report: Report) -> str:
    """The numbers of a report."""
    words = (
        ("new", _("{n} new")),
        ("changed", _("{n} changed")),
        ("same", _("{n} the same")),
        ("error", _("{n} wrong")),
    )
    return " · ".join(text.format(n=grouped(report.counts[status])) for status, text in words)
