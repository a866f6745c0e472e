"""Saved views of guests: what the list is asked for, kept with a name and a key, and shown again (SPEC §3, §6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.guest_searches import ORDERS, GuestQuery
from crm_tui.screens.base import Asking
from crm_tui.screens.search.keeping import KeepView, say_kept

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import SavedViewView


class KeepsViews(Asking):
    """Mixin of the list of guests: what it shows is kept as a view, and views are shown in it."""

    criteria: GuestCriteria
    order: str

    if TYPE_CHECKING:
        app: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: SavedViewView | None = None
        """The view that was opened, as it was then; the list may have been changed since."""

    @property
    def asked(self) -> GuestCriteria:
        """What the list shows."""
        raise NotImplementedError

    def show(self, criteria: GuestCriteria) -> None:
        """Show another list."""
        raise NotImplementedError

    def show_title(self) -> None:
        """Say anew what the list shows."""
        raise NotImplementedError

    @property
    def guest_query(self) -> GuestQuery:
        """What a view of this list asks for."""
        asked = self.asked
        texts = {name: " ".join(getattr(asked, name).split()) for name in ("text", "city", "destination")}
        return GuestQuery(replace(asked, **texts), self.order)  # type: ignore[arg-type]

    @property
    def as_kept(self) -> bool:
        """Whether the list shows its view as it is kept."""
        return self.kept is not None and self.guest_query == GuestQuery(
            self.kept.criteria or GuestCriteria(), self.kept.order
        )

    def show_view(self, view: SavedViewView) -> None:
        """Show what a view asks for, or say why that cannot be."""
        if view.criteria is None:
            self.shell.tell(view.problem, warning=True)
            return
        self.kept, self.order = view, view.order
        self.show(view.criteria)

    def forget_view(self) -> None:
        """It is the list of all guests again."""
        if self.kept is not None:
            self.kept, self.order = None, ORDERS[0]

    def views_changed(self) -> None:
        """Views were kept, changed or put away, here or elsewhere: the one shown follows, unless the list was changed."""
        kept = self.kept
        if kept is None:
            return
        now = next((one for one in self.shell.views if one.id == kept.id and one.criteria is not None), None)
        if now is not None and self.as_kept and (now.criteria, now.order) != (kept.criteria, kept.order):
            self.show_view(now)
        elif now != kept:
            self.kept = now
            self.show_title()

    def action_keep(self) -> None:
        """Keep what is asked for as a view, or change the view that was opened."""
        query = self.guest_query

        def words(ctx: Context) -> str:
            from crm_tui import desk

            return desk.saved_views.words(ctx, query)

        def ask(said: str) -> None:
            self.app.push_screen(KeepView(said, self.kept, guests=query), self._kept)

        self.ask(words, ask, topic="keep")

    def _kept(self, view: SavedViewView | None) -> None:
        if view is not None:
            self.kept = view
            self.shell.views = (
                *(one for one in self.shell.views if one.id != view.id),
                view,
            )  # until the desk hears of it
            self.show_title()
            say_kept(self.shell, view)
