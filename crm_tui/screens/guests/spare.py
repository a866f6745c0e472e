"""A profile that is mounted before anybody asks for one: mounting takes longer than a frame, showing does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.screens import catalog

if TYPE_CHECKING:
    from crm_tui.desk.guest_views import GuestListRow
    from crm_tui.screens.guests.profile import Beside, GuestScreen


class SpareProfile:
    """Keeps one empty profile at hand.

    Args:
        app: the DeskApp, which stands above this module.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._spare: GuestScreen | None = None

    @property
    def ready(self) -> bool:
        """A profile is at hand."""
        return self._spare is not None and self._spare.is_mounted

    def prepare(self) -> None:
        """Mount a profile out of sight, laid out for the terminal as it is; nothing happens if there is one."""
        if self._spare is not None or not self._app.is_running:
            return
        screen: GuestScreen = catalog.load(catalog.GUEST)()
        # Textual mounts a screen when it is pushed; this is the part of pushing that mounts.
        self._app._get_screen(screen)
        self._app._load_screen_css(screen)
        screen.call_after_refresh(self._lay_out, screen)
        self._spare = screen

    def _lay_out(self, screen: GuestScreen) -> None:
        if screen is self._spare and not screen.is_current:
            screen._size_updated(self._app.size, self._app.size, self._app.size)
            screen._refresh_layout(self._app.size)

    def open(self, row: GuestListRow, beside: Beside | None = None) -> None:
        """Show the profile of a guest, at once with what the row knows; ``beside`` leads to the next and the one before."""
        screen, self._spare = self._spare, None
        if screen is None or not screen.is_running:
            made: GuestScreen = catalog.load(catalog.GUEST)(row.id, beside)
            self._app.push_screen(made)
            return
        screen.begin(row, beside)
        self._app.push_screen(screen)
        screen.call_next(screen.call_next, self._paint, screen)  # behind what the push sent it

    def _paint(self, screen: GuestScreen) -> None:
        """Paint now, as Textual gathers what there is to paint for a frame; then read, which takes the processor from painting."""
        if screen.is_current:
            screen._dirty_widgets.add(screen)
            screen._refresh_layout(self._app.size)
        screen.desk_ready()
