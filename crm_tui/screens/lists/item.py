"""An item that is given to guests: what it is called, and what one is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Form, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class ItemBox(Dialog[bool | None]):
    """Asks for name and value; dismissed with True once ``work`` stored them.

    Args:
        title: display-safe.
        name, value: what stands there at first.
        work: stores them; what is wrong is shown at its field.
    """

    writes = True

    DEFAULT_CSS = """
    ItemBox {
        align: center middle;
        DialogBox { width: 72; }
        Form { height: auto; }
        Field .field--label { width: 10; }
        Field .field--error { padding: 0 0 0 10; }
        Form > .form--help { padding: 0 0 0 10; height: 1; margin: 0; }
    }
    """

    def __init__(self, title: str, name: str, value: str, work: Callable[[Context, str, str], Any]) -> None:
        super().__init__()
        self._title, self._began, self._work = title, (name, value), work

    def compose(self) -> ComposeResult:
        """Title and form."""
        self.form = Form(
            TextField("name", _("Name"), self._began[0], required=True, max_length=60),
            TextField(
                "value",
                _("Value"),
                self._began[1],
                required=True,
                help=_("Of one; what was given before keeps its own."),
            ),
        )
        with DialogBox():
            yield DialogTitle(self._title)
            yield self.form
            yield Static(Content(_("ctrl+s saves · Tab moves · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """A new one is named, an old one has another price."""
        self.form.fields["value" if self._began[0] else "name"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        name, value = str(event.values["name"]), str(event.values["value"])
        self.ask(lambda ctx: self._work(ctx, name, value), self._stored, failed=self._failed, in_order=True)

    def _stored(self, _made: Any) -> None:
        self.dismiss(True)

    def _failed(self, error: Exception) -> None:
        if not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave it as it was."""
        self.dismiss(None)
