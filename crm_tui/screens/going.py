"""Going from place to place: what lies over a place is left on the way, and keeps what was written in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.screens import catalog, side
from crm_tui.screens.base import DeskScreen

if TYPE_CHECKING:
    from crm_tui.desk.common.views import SavedViewView
    from crm_tui.screens.dialogs.leader import Choice


class Going:
    """Knows the ways.

    Args:
        app: the DeskApp, which stands above this module.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    def go(self, place: catalog.Place) -> None:
        """Go to a place of the catalog."""
        self.app.hush()
        if place.mode:
            self.app.call_next(self._to_mode, place.mode and place.id)
        elif place.folder:
            self.on_mail(lambda screen: screen.show_place(place.folder))
        else:
            self.app.call_next(self._to_screen, place)

    def on_mail(self, act: Callable[[Any], None]) -> None:
        """Switch to the mail screen and do something there once it is mounted."""
        self._on_mode("mail", act)

    def _on_mode(self, mode: str, act: Callable[[Any], None]) -> None:
        self.app.hush()

        async def then() -> None:
            if await self._to_mode(mode):
                act(self.app.screen_stack[0])

        self.app.call_next(then)

    def show_list(self, place: str) -> None:
        """Show a folder or a saved view: one of guests among the guests, anything else on the mail screen."""
        view = side.view_of_guests(place, self.app.views)
        if view is None:
            self.on_mail(lambda screen: screen.show_place(place))
        else:
            self._on_mode("guests", lambda screen: screen.show_view(view))

    async def _to_mode(self, mode: str) -> bool:
        """Lay bare the screen of a mode; whether that could be done."""
        await self._leave_places()
        await self.app.switch_mode(mode)
        if await self._leave_all():
            return True
        self.app.tell(_("That is open behind this screen: Esc leads there."))
        return False

    async def _to_screen(self, place: catalog.Place) -> None:
        await self._leave_places()
        self.app.push_screen(catalog.load(place.screen)())

    async def _leave_places(self) -> None:
        """Leave what the go-to menu or the search brought; a mail being written stays where it is."""
        while len(self.app.screen_stack) > 1 and (
            getattr(self.app.screen, "passing", False) or _path(self.app.screen) in _BROUGHT
        ):
            if not await self._leave():
                return

    async def _leave_all(self) -> bool:
        while len(self.app.screen_stack) > 1:
            if not await self._leave():
                return False
        return True

    async def _leave(self) -> bool:
        """Leave the screen on top unless something would be lost; what is half-filled is remembered by its form."""
        screen = self.app.screen
        if not isinstance(screen, DeskScreen) or screen.unsaved or _path(screen) == catalog.SETUP:
            return False
        for form in screen.query("Form"):
            getattr(form, "remember", lambda: None)()
        await self.app.pop_screen()
        return True

    def menu(self) -> None:
        """Show the go-to menu with the badges of the left pane."""
        from crm_tui.screens.dialogs.leader import Choice, LeaderMenu

        choices = []
        for place in catalog.PLACES:
            if place.screen and not catalog.exists(place.screen):
                continue
            name = place.folder or place.label
            choices.append(Choice(place.letter, _(place.label), place.id, side.badge(name, self.app.counts.get(name))))
        inside = {"views": (_("Saved views"), view_choices(self.app.views))} if self.app.views else {}
        self.app.push_screen(LeaderMenu(_("Go to"), choices, inside), self._picked)

    def _picked(self, value: str | None) -> None:
        if value and value.startswith("view:"):
            self.show_list(value)
        elif value:
            self.go(catalog.place("views" if value == ARRANGE else value))


ARRANGE = "views:arrange"


def view_choices(views: Sequence[SavedViewView]) -> list[Choice]:
    """The menu of views: each by its own key, the others by digits that are free; Enter leads to the list of them."""
    from crm_tui.screens.dialogs.leader import Choice

    taken = {view.key for view in views}
    free = iter([digit for digit in "123456789" if digit not in taken])
    keyed = [(view.key or next(free, ""), view) for view in views]
    choices = [Choice(key, view.name, f"view:{view.id}", "◆" if view.of_guests else "") for key, view in keyed if key]
    return [*choices, Choice("enter", _("Change, order, put away"), ARRANGE)]


_BROUGHT = {place.screen for place in catalog.PLACES if place.screen and not place.mode}


def _path(screen: object) -> str:
    return f"{type(screen).__module__}:{type(screen).__name__}"
