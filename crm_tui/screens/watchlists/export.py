"""A watchlist, or another list, into a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle, ask_once
from crm_tui.widgets.forms import Form, TextField
from crm_tui.widgets.forms.files import last_folder, remember_folder

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.watchlists.departure_views import DepartureQuery
    from crm_tui.desk.watchlists.payment_watch_views import PaymentQuery


class FileExport(Dialog[None]):
    """Writes a list, as it is filtered and sorted, to a CSV file.

    Args:
        title: of the list, display-safe.
        write: writes it to the path, over what stands there if that is wished; returns how many rows. Blocks.
    """

    DEFAULT_CSS = """
    FileExport {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 8; }
        Field .field--error { padding: 0 0 0 8; }
        Form > .form--help { padding: 0 0 0 8; }
    }
    """

    def __init__(self, title: str, write: Callable[[Context, Path, bool], int]) -> None:
        super().__init__()
        self._title, self._write_to = title, write

    def compose(self) -> ComposeResult:
        """Title, file."""
        today = self.shell.clock.now().astimezone(self.shell.zone).date()
        path = last_folder(self.app) / f"{self._title.casefold().replace(' ', '-')}-{today.isoformat()}.csv"
        with DialogBox():
            yield DialogTitle(_("Export: {list}").format(list=self._title))
            yield Form(
                TextField("path", _("File"), str(path), required=True, help=_("It is made readable by you alone."))
            )
            yield Static(Content(_("ctrl+s writes the file · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Its name can be changed."""
        self.query_one(Form).fields["path"].focus_control()

    @on(Form.Left)
    def action_close(self) -> None:
        """Write nothing."""
        self.dismiss(None)

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        path = Path(str(event.values["path"])).expanduser()
        if not path.is_absolute():
            path = last_folder(self.app) / path
        if not path.is_file():
            self._write(path, overwrite=False)
            return

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._write(path, overwrite=True)

        title = _("Replace {file}?").format(file=path.name)
        self.app.push_screen(ask_once(title, _("What stands in it now is lost."), _("Replace")), answered)

    def _write(self, path: Path, *, overwrite: bool) -> None:
        def write(ctx: Context) -> int:
            return self._write_to(ctx, path, overwrite)

        def written(count: int) -> None:
            remember_folder(self.app, path.parent)
            words = ngettext("{n} row is in {file}.", "{n} rows are in {file}.", count)
            self.shell.tell(words.format(n=count, file=path.name))
            self.dismiss(None)

        self.ask(write, written, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        if not (isinstance(error, InvalidInput) and self.query_one(Form).show_error(error)):
            self.shell.report(error)


class WatchExport(FileExport):
    """Writes a watchlist.

    Args:
        title: of the list, display-safe.
        query: what it shows.
    """

    def __init__(self, title: str, query: DepartureQuery | PaymentQuery) -> None:
        def write(ctx: Context, path: Path, overwrite: bool) -> int:
            return desk.watch_export.to_file(ctx, query, path, overwrite=overwrite)

        super().__init__(title, write)
