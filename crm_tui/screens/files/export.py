"""Guests into a file: which format, which file, how many, and what stands in it."""

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
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.files.progress import Words
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms.choice import Choice, ChoiceField
from crm_tui.widgets.forms.files import last_folder, remember_folder
from crm_tui.widgets.forms.form import Form
from crm_tui.widgets.forms.text import TextField
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.client_files.guest_export import Chosen
    from crm_tui.desk.common.context import Context

_SUFFIX = {"csv": ".csv", "csv-bom": ".csv", "json": ".json", "vcard": ".vcf", "vcard3": ".vcf"}


class ExportScreen(DeskScreen[None]):
    """Writes guests to a file.

    Args:
        ids: the numbers of the guests; None: all of the client base that is in use.
    """

    CSS = """
    ExportScreen Line { background: $surface; }
    ExportScreen #about { padding: 1 2; height: auto; color: $text-muted; }
    ExportScreen Form { margin: 1 0 0 0; }
    """

    def __init__(self, ids: Sequence[int] | None = None) -> None:
        super().__init__()
        self._ids = None if ids is None else tuple(ids)
        self._count = 0 if ids is None else len(self._ids or ())
        self._work: CancelEvent | None = None
        self._proposed = ""

    def body(self) -> ComposeResult:
        """Format, file, what stands in it."""
        self.title_line = Line(id="export-title")
        choices = [
            Choice("csv", "CSV"),
            Choice("json", "JSON"),
            Choice("vcard", "vCard 4"),
            Choice("vcard3", "vCard 3"),
            Choice("csv-bom", _("CSV with a byte order mark")),
        ]
        self._proposed = str(last_folder(self.app) / self._file_name("csv"))
        yield self.title_line
        yield Form(
            ChoiceField(
                "format",
                _("Format"),
                choices,
                "csv",
                help=_("CSV for spreadsheets, vCard for telephones and mail programs."),
            ),
            TextField("path", _("File"), self._proposed, required=True, help=_("It is made readable by you alone.")),
        )
        yield Static("", id="about", markup=False)

    def _file_name(self, format_name: str) -> str:
        today = self.shell.clock.now().astimezone(self.shell.zone).date()
        name = _("guests")
        return f"{name}-{today.isoformat()}{_SUFFIX[format_name]}"

    def on_mount(self) -> None:
        """The first field; what goes out."""
        super().on_mount()
        self.query_one(ChoiceField).focus_control()
        self._tell("")

    def desk_ready(self) -> None:
        """Count them."""
        if self._ids is None:

            def count(ctx: Context) -> int:
                return desk.guest_export.count(ctx, self._chosen())

            def counted(found: int) -> None:
                self._count = found
                self._tell("")

            self.ask(count, counted, topic="count")

    def _chosen(self) -> Chosen:
        from crm_tui.desk.client_files.guest_export import Chosen

        return Chosen() if self._ids is None else Chosen(ids=self._ids)

    def _say(self, busy: str) -> None:
        """Progress, which may come after the end."""
        if self._work is not None:
            self._tell(busy)

    def _tell(self, busy: str) -> None:
        if not self.is_attached:
            return
        words = ngettext("{n} guest", "{n} guests", self._count).format(n=self._count)
        which = _("all that are in use") if self._ids is None else ""
        self.title_line.show(
            list_title(_("Export").upper(), words, filtered=which), [(busy + " ", "accent")] if busy else []
        )
        format_name = self.query_one(ChoiceField).value
        self.query_one("#about", Static).update("\n".join((_about(format_name), "", _noted())))

    @on(ChoiceField.Changed)
    def _changed(self, event: ChoiceField.Changed) -> None:
        if not self.is_mounted:
            return
        path = self.query_one(TextField)
        format_name = self.query_one(ChoiceField).value
        if isinstance(event.field, ChoiceField) and path.value == self._proposed:
            self._proposed = str(Path(self._proposed).with_name(self._file_name(format_name)))
            path.value = self._proposed
        self._tell("")

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        path = Path(str(event.values["path"])).expanduser()
        if not path.is_absolute():
            path = last_folder(self.app) / path
        if path.is_file():
            title = _("Replace {file}?").format(file=path.name)

            def answered(answer: str | None) -> None:
                if answer == "yes":
                    self._write(str(event.values["format"]), path, overwrite=True)

            self.app.push_screen(ask_once(title, _("What stands in it now is lost."), _("Replace")), answered)
            return
        self._write(str(event.values["format"]), path, overwrite=False)

    def _write(self, format_name: str, path: Path, *, overwrite: bool) -> None:
        if self._work is not None:
            return
        self._work = stop = CancelEvent()
        words = Words(lambda text: self.app.call_later(self._say, text))
        chosen = self._chosen()

        def work(ctx: Context) -> int:
            from crm_tui.desk.client_files.guest_export import Format

            return desk.guest_export.to_file(
                ctx, chosen, Format(format_name), path, overwrite=overwrite, progress=words, cancel=stop
            )

        def written(count: int) -> None:
            self._work = None
            remember_folder(self.app, path.parent)
            said = ngettext("{n} guest is in {file}", "{n} guests are in {file}", count)
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


def _noted() -> str:
    return _("The journal notes that you took them out, and how many; mind who gets the file.")


def _about(format_name: str) -> str:
    """What a file of that format holds."""
    if format_name == "csv":
        return _(
            "A row a guest with every field: names, addresses and numbers with labels, document, passport, remarks, attributes, "
            "consents with day and source. UTF-8, ISO dates; no cell can act as a formula."
        )
    if format_name == "json":
        return _("An object a line with every field; lists stay lists.")
    return _(
        "A card a guest: name, addresses, numbers, birthday, note, categories. What cards have no word for, such as the passport "
        "and the consents, stands in lines of our own that only this desk reads."
    )
