"""Reservations into a file: which format, which file, how many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import Cancelled, InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.progress import CancelEvent
from crm_tui.desk.stays.reservation_views import ReservationQuery
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.files.progress import Words
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.reservations.words import filter_words
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms.choice import Choice, ChoiceField
from crm_tui.widgets.forms.files import last_folder, remember_folder
from crm_tui.widgets.forms.form import Form
from crm_tui.widgets.forms.text import TextField
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

_SUFFIX = {"csv": ".csv", "json": ".jsonl"}


class ReservationExport(Today, DeskScreen[None]):
    """Writes reservations to a file.

    Args:
        ids: their numbers; None: all that the query finds.
        query: the list they come from.
    """

    CSS = """
    ReservationExport Line { background: $surface; }
    ReservationExport #about { padding: 1 2; height: auto; color: $text-muted; }
    ReservationExport Form { margin: 1 0 0 0; }
    """

    def __init__(self, ids: Sequence[int] | None = None, query: ReservationQuery | None = None) -> None:
        super().__init__()
        self._ids = ids
        self._query = query or ReservationQuery(status="all")
        self._count = len(ids) if ids is not None else 0
        self._work: CancelEvent | None = None
        self._proposed = ""

    def body(self) -> ComposeResult:
        """Format, file, what stands in it."""
        self.title_line = Line(id="export-title")
        choices = [Choice("csv", "CSV"), Choice("json", "JSON")]
        self._proposed = str(last_folder(self.app) / self._file_name("csv"))
        yield self.title_line
        yield Form(
            ChoiceField("format", _("Format"), choices, "csv", help=_("CSV for spreadsheets, JSON for programs.")),
            TextField("path", _("File"), self._proposed, required=True, help=_("It is made readable by you alone.")),
        )
        yield Static("", id="about", markup=False)

    def _file_name(self, format_name: str) -> str:
        name = _("reservations")
        return f"{name}-{self.today().isoformat()}{_SUFFIX[format_name]}"

    def on_mount(self) -> None:
        """The first field; what goes out."""
        super().on_mount()
        self.query_one(ChoiceField).focus_control()
        about = _(
            "Guests, payer, schedule, payments and flights included; what is written can be imported again unchanged."
        )
        self.query_one("#about", Static).update(about)
        self._tell("")

    def desk_ready(self) -> None:
        """Count them."""
        if self._ids is None:
            query = self._query

            def counted(found: int) -> None:
                self._count = found
                self._tell("")

            self.ask(lambda ctx: desk.reservation_lists.total(ctx, query), counted, topic="count")

    def _say(self, busy: str) -> None:
        """Progress, which may come after the end."""
        if self._work is not None and self.is_attached:
            self._tell(busy)

    def _tell(self, busy: str) -> None:
        count = ngettext("{n} reservation", "{n} reservations", self._count).format(n=self._count)
        which = filter_words(self._query, self.today()) if self._ids is None else _("those marked")
        self.title_line.show(
            list_title(_("Export").upper(), count, filtered=which), [(busy + " ", "accent")] if busy else []
        )

    @on(ChoiceField.Changed)
    def _changed(self, event: ChoiceField.Changed) -> None:
        if not self.is_mounted or not isinstance(event.field, ChoiceField):
            return
        path = self.query_one(TextField)
        if path.value == self._proposed:
            name = self._file_name(str(self.query_one(ChoiceField).value))
            self._proposed = str(Path(self._proposed).with_name(name))
            path.value = self._proposed

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        path = Path(str(event.values["path"])).expanduser()
        if not path.is_absolute():
            path = last_folder(self.app) / path
        as_json = event.values["format"] == "json"
        if not path.is_file():
            self._write(path, as_json, overwrite=False)
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._write(path, as_json, overwrite=True)

        title = _("Replace {file}?").format(file=path.name)
        self.app.push_screen(ask_once(title, _("What stands in it now is lost."), _("Replace")), answered)

    def _write(self, path: Path, as_json: bool, *, overwrite: bool) -> None:
        if self._work is not None:
            return
        self._work = stop = CancelEvent()
        words = Words(lambda text: self.app.call_later(self._say, text))
        ids, query = self._ids, self._query

        def work(ctx: Context) -> int:
            numbers = desk.reservation_lists.ids(ctx, query) if ids is None else ids
            count: int = desk.reservation_files.to_file(
                ctx, numbers, path, as_json=as_json, overwrite=overwrite, progress=words, cancel=stop
            )
            return count

        def written(count: int) -> None:
            self._work = None
            remember_folder(self.app, path.parent)
            said = ngettext("{n} reservation is in {file}", "{n} reservations are in {file}", count)
            self.shell.tell(said.format(n=count, file=path.name))
            self.dismiss()

        self.ask(work, written, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._work = None
        self._tell("")
        if isinstance(error, InvalidInput) and self.query_one(Form).show_error(error):
            return
        if not isinstance(error, Cancelled):
            self.shell.report(error)

    def action_back(self) -> None:
        """Stop what is under way first; then leave, there is nothing to keep."""
        if self._work is not None:
            self._work.set()
            return
        super().action_back()
