"""The dialog in which a search is kept as a view, or a view is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import SavedViewView
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Form, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class KeepView(Dialog[SavedViewView]):
    """Asks for name and key; dismissed with the view once it is saved.

    Args:
        query: the search to keep.
        view: the view to change instead.
    """

    writes = True

    DEFAULT_CSS = "KeepView { align: center middle; background: $background 30%; }"

    def __init__(self, query: str, view: SavedViewView | None = None) -> None:
        super().__init__()
        self._query, self._view = query, view

    def compose(self) -> ComposeResult:
        """The form."""
        view = self._view
        with DialogBox():
            yield DialogTitle(_("Keep this search") if view is None else _("Change the view"))
            yield Form(
                TextField(
                    "name",
                    _("Name"),
                    view.name if view else "",
                    required=True,
                    max_length=60,
                    help=_("It stands in the left pane under this name."),
                ),
                TextField(
                    "key",
                    _("Key"),
                    view.key if view else "",
                    max_length=1,
                    help=_("One letter, digit or sign: g v and this key open the view. May be empty."),
                ),
                TextField(
                    "query",
                    _("Search"),
                    view.query if view else self._query,
                    required=True,
                    help=_("As in the search box: words, fields, days."),
                ),
            )
            yield Static(Content(_("ctrl+s saves it · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Name it at once."""
        self.query_one(Form).fields["name"].focus_control()

    @on(Form.Committed)
    def _save(self, event: Form.Committed) -> None:
        event.stop()
        values = event.values
        name, query, key = str(values["name"]), str(values["query"]), str(values["key"])
        view = self._view

        def save(ctx: Context) -> SavedViewView:
            from crm_tui import desk

            if view is None:
                return desk.saved_views.get(ctx, desk.saved_views.create(ctx, name, query, key=key))
            desk.saved_views.change(ctx, view.id, view.version, name=name, query=query, key=key)
            return desk.saved_views.get(ctx, view.id)

        self.ask(save, self._saved, topic="save", failed=self._failed)

    def _saved(self, view: SavedViewView) -> None:
        self.dismiss(view)

    def _failed(self, error: Exception) -> None:
        if not (isinstance(error, InvalidInput) and self.query_one(Form).show_error(error)):
            self.shell.report(error)

    @on(Form.Left)
    def _left(self) -> None:
        self.action_close()
