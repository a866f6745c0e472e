"""The dialog in which a search is kept as a view, or a view is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import SavedViewView
from crm_tui.screens.base import Dialog, Shell
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, ChoiceField, Field, FixedField, Form, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.rules.guest_searches import GuestQuery


class KeepView(Dialog[SavedViewView]):
    """Asks for name and key; dismissed with the view once it is saved.

    Args:
        query: the search to keep; of a list of guests, what it asks for in words.
        view: the view to change instead; with ``guests`` the one that was opened, which may be changed or left.
        guests: the list of guests to keep.
    """

    writes = True

    DEFAULT_CSS = "KeepView { align: center middle; background: $background 30%; }"

    def __init__(self, query: str, view: SavedViewView | None = None, *, guests: GuestQuery | None = None) -> None:
        super().__init__()
        self._query, self._view, self._guests = query, view, guests
        self._of_guests = guests is not None or (view is not None and view.of_guests)

    def compose(self) -> ComposeResult:
        """The form."""
        view = self._view
        with DialogBox():
            yield DialogTitle(_("Change the view") if view is not None and not self._guests else _("Keep this search"))
            yield Form(*self._fields(view))
            yield Static(Content(_("ctrl+s saves it · Esc back")), classes="dialog--keys")

    def _fields(self, view: SavedViewView | None) -> Iterator[Field]:
        yield TextField(
            "name",
            _("Name"),
            view.name if view else "",
            required=True,
            max_length=60,
            help=_("It stands in the left pane under this name."),
        )
        yield TextField(
            "key",
            _("Key"),
            view.key if view else "",
            max_length=1,
            help=_("One letter, digit or sign: g v and this key open the view. May be empty."),
        )
        if not self._of_guests:
            words = view.query if view else self._query
            yield TextField(
                "query", _("Search"), words, required=True, help=_("As in the search box: words, fields, days.")
            )
            return
        yield FixedField("query", _("Guests"), self._query or (view.words if view else ""))
        if view is not None and self._guests is not None:
            ways = [Choice(False, _("change this view")), Choice(True, _("make another one"))]
            yield ChoiceField("other", _("To do"), ways, False, help=_("← → change it."))

    def on_mount(self) -> None:
        """Name it at once."""
        self.query_one(Form).fields["name"].focus_control()

    @on(Form.Committed)
    def _save(self, event: Form.Committed) -> None:
        event.stop()
        values = event.values
        name, key = str(values["name"]), str(values["key"])
        query = self._guests if self._of_guests else str(values["query"])
        view = None if values.get("other") else self._view

        def save(ctx: Context) -> SavedViewView:
            from crm_tui import desk

            if view is None:
                return desk.saved_views.get(ctx, desk.saved_views.create(ctx, name, query or "", key=key))
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


def say_kept(shell: Shell, view: SavedViewView) -> None:
    """Tell that a view is kept, and how it is opened."""
    how = _("g v {key} opens it").format(key=view.key) if view.key else _("g v shows your views")
    shell.tell(_("“{name}” is kept · {how}").format(name=view.name, how=how))
