"""The agent's saved views: open, change, order, put away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import SavedViewView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.search.actions import VIEWS
from crm_tui.screens.search.keeping import KeepView
from crm_tui.screens.search.source import VIEW
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes


class ViewsScreen(DeskScreen[None]):
    """The views in the order of the left pane."""

    CSS = """
    ViewsScreen #title { background: $surface; }
    ViewsScreen #how { height: auto; padding: 0 1; color: $desk-muted; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(VIEWS)]

    def __init__(self) -> None:
        super().__init__()
        self._views: dict[int, SavedViewView] = {}

    def body(self) -> ComposeResult:
        """Title, the views, how one is made."""
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        yield Static(
            Content(_("A new one: / and a search, or the guests (4) and a search or filter, then ctrl+s.")), id="how"
        )

    def desk_ready(self) -> None:
        """Ask for the views."""
        self.ask(_listed, self._show, topic="views")

    def desk_changed(self, changes: Changes) -> None:
        """A view was kept, changed or put away."""
        if changes.everything or changes.ids.keys() & {"saved_view", "attribute", "package"}:
            self.desk_ready()

    def _show(self, views: list[SavedViewView]) -> None:
        self._views = {view.id: view for view in views}
        width = max([12, *(len(view.name) for view in views)])
        rows = [
            (
                view.id,
                Content.assemble(
                    (f" {view.key or ' '} ", "bold $primary"),
                    fit(view.name, min(width, 40) + 2),
                    (f"◆ {view.words}" if view.of_guests else view.query, "$desk-muted"),
                ),
            )
            for view in views
        ]
        self.query_one(Rows).show(rows)
        count = ngettext("{n} view", "{n} views", len(views)).format(n=len(views)) if views else _("none yet")
        self.title_line.show(list_title(_("Saved views").upper(), count))
        self.refresh_bindings()

    @property
    def view(self) -> SavedViewView | None:
        """The highlighted view."""
        return self._views.get(self.query_one(Rows).key or 0) if self.is_mounted else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a view there is nothing to do with it."""
        return action not in {"open", "change", "remove", "earlier", "later"} or bool(self._views)

    def on_option_list_option_selected(self) -> None:
        """A click opens."""
        self.action_open()

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()

    def action_open(self) -> None:
        """Show what the view finds."""
        if self.view is not None:
            self.shell.show_folder(f"{VIEW}{self.view.id}")

    def action_change(self) -> None:
        """Another name, key or search."""
        if self.view is not None:
            self.app.push_screen(KeepView("", self.view), lambda view: self.desk_ready() if view else None)

    def action_remove(self) -> None:
        """Put the view away; the undo brings it back."""
        view = self.view
        if view is None:
            return

        def remove(ctx: Context) -> None:
            from crm_tui import desk

            desk.saved_views.remove(ctx, view.id, view.version)

        def done(_none: None) -> None:
            self.shell.tell(_("“{name}” is put away · z takes it back").format(name=view.name))
            self.desk_ready()

        self.ask(remove, done)

    def action_earlier(self) -> None:
        """Up in the list."""
        self._shift(-1)

    def action_later(self) -> None:
        """Down in the list."""
        self._shift(1)

    def _shift(self, by: int) -> None:
        view = self.view
        if view is None:
            return

        def shift(ctx: Context) -> bool:
            from crm_tui import desk

            return bool(desk.saved_views.shift(ctx, view.id, by))

        self.ask(shift, lambda _moved: self.desk_ready())


def _listed(ctx: Context) -> list[SavedViewView]:
    from crm_tui import desk

    return list(desk.saved_views.listed(ctx))
