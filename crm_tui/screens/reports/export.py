"""A report into a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle, ask_once
from crm_tui.widgets.forms import Choice, ChoiceField, Form, TextField
from crm_tui.widgets.forms.files import last_folder, remember_folder

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.reports import ReportData


class ReportExport(Dialog[None]):
    """Writes a report as it is shown, with all its columns, to a file."""

    DEFAULT_CSS = """
    ReportExport {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 10; }
        Field .field--error { padding: 0 0 0 10; }
        Form > .form--help { padding: 0 0 0 10; }
    }
    """

    def __init__(self, data: ReportData) -> None:
        super().__init__()
        self._data = data
        self._proposed = ""

    def compose(self) -> ComposeResult:
        """Title, format, file."""
        self._proposed = str(last_folder(self.app) / self._file_name("csv"))
        with DialogBox():
            yield DialogTitle(_("Export: {list}").format(list=_(self._data.report.title)))
            yield Form(
                ChoiceField("format", _("Format"), [Choice("csv", "CSV"), Choice("json", "JSON")], "csv"),
                TextField(
                    "path", _("File"), self._proposed, required=True, help=_("It is made readable by you alone.")
                ),
            )
            yield Static(Content(_("ctrl+s writes the file · Esc back")), classes="dialog--keys")

    def _file_name(self, kind: str) -> str:
        period = self._data.period
        return f"{self._data.name}-{period.start.isoformat()}-{period.end.isoformat()}.{kind}"

    def on_mount(self) -> None:
        """Its name can be changed."""
        self.query_one(Form).fields["path"].focus_control()

    @on(ChoiceField.Changed)
    def _changed(self) -> None:
        """The file's name ends as its format, as long as it is the one proposed."""
        if not self.is_mounted:
            return
        form = self.query_one(Form)
        path = form.fields["path"]
        if path.value == self._proposed:
            self._proposed = str(Path(self._proposed).with_name(self._file_name(str(form.fields["format"].value))))
            path.value = self._proposed

    @on(Form.Left)
    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        kind = str(event.values["format"])
        path = Path(str(event.values["path"])).expanduser()
        if not path.is_absolute():
            path = last_folder(self.app) / path
        if not path.is_file():
            self._write(kind, path, overwrite=False)
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._write(kind, path, overwrite=True)

        title = _("Replace {file}?").format(file=path.name)
        self.app.push_screen(ask_once(title, _("What stands in it now is lost."), _("Replace")), answered)

    def _write(self, kind: str, path: Path, *, overwrite: bool) -> None:
        def write(ctx: Context) -> int:
            from crm_tui.desk.reports import files

            return files.to_file(ctx, self._data, path, kind=kind, overwrite=overwrite)

        def written(count: int) -> None:
            remember_folder(self.app, path.parent)
            words = ngettext("{n} row is in {file}.", "{n} rows are in {file}.", count)
            self.shell.tell(words.format(n=count, file=path.name))
            self.dismiss(None)

        self.ask(write, written, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        if not (isinstance(error, InvalidInput) and self.query_one(Form).show_error(error)):
            self.shell.report(error)
