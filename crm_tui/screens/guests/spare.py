"""A profile that is mounted before anybody asks for one: mounting takes longer than a frame, showing does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.events import Resize

from crm_tui.screens import catalog

if TYPE_CHECKING:
    from textual.geometry import Size

    from crm_tui.desk.client_base.guest_views import GuestListRow
    from crm_tui.screens.guests.profile import Beside, GuestScreen

WRITTEN = 0.002
"""Seconds after which what was painted is on its way to the terminal."""

LAYOUTS = 2
"""So many rounds it takes until no widget has another size: the columns, then the lines of the facts."""


class SpareProfile:
    """Keeps one empty profile at hand.

    Args:
        app: the DeskApp, which stands above this module.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._spare: GuestScreen | None = None
        self._likely: GuestListRow | None = None
        self._filled: GuestListRow | None = None
        self._size: Size | None = None
        self._drawn = False

    @property
    def drawn(self) -> bool:
        """It is drawn with what is known of the guest who is likely to be asked for."""
        return self.ready and self._drawn and self._filled == self._likely

    @property
    def ready(self) -> bool:
        """A profile is at hand."""
        return self._spare is not None and self._spare.is_mounted

    def prepare(self, row: GuestListRow | None = None) -> None:
        """Mount a profile out of sight, laid out for the terminal as it is, and put in what a row knows: most likely it is
        this guest who is asked for next."""
        if not self._app.is_running:
            return
        self._likely = row
        if self._spare is not None:
            self._fill(self._spare)
            return
        screen: GuestScreen = catalog.load(catalog.GUEST)()
        # Textual mounts a screen when it is pushed; this is the part of pushing that mounts.
        self._app._get_screen(screen)
        self._app._load_screen_css(screen)
        screen.call_after_refresh(self._lay_out, screen)
        self._spare, self._filled, self._size, self._drawn = screen, None, None, False

    def _lay_out(self, screen: GuestScreen) -> None:
        if screen is self._spare and not screen.is_current:
            size = self._app.size
            screen._size_updated(size, size, size)
            screen.post_message(Resize(size, size))  # sets the classes for the width
            self._size = size
            screen.call_later(self._fill, screen)

    def _fill(self, screen: GuestScreen) -> None:
        """Put in what the row knows; then draw all lines once, so that they are at hand when they are painted."""
        row = self._likely
        if row is None or self._size != self._app.size or row == self._filled:
            return
        screen.begin(row)
        self._filled, self._drawn = row, False
        self._draw(screen)

    def _draw(self, screen: GuestScreen, rounds: int = LAYOUTS) -> None:
        """Lay it out until all widgets know their sizes, then draw."""
        if screen is not self._spare or screen.is_current or self._size != self._app.size:
            return
        screen._refresh_layout(self._size)
        if rounds:
            screen.call_later(self._draw, screen, rounds - 1)
        else:
            screen._compositor.render_update(full=True)
            screen.styled, self._drawn = self._app.theme, True

    def open(self, row: GuestListRow, beside: Beside | None = None) -> None:
        """Show the profile of a guest, at once with what the row knows; ``beside`` leads to the next and the one before."""
        screen, self._spare = self._spare, None
        if screen is None or not screen.is_running:
            made: GuestScreen = catalog.load(catalog.GUEST)(row.id, beside)
            self._app.push_screen(made)
            return
        filled = row == self._filled
        screen.begin(row, beside, shown=filled)
        drawn = filled and self._drawn and self._size == self._app.size and screen.styled == self._app.theme
        self._app.push_screen(screen)
        screen.call_next(screen.call_next, self._paint, screen, drawn)  # behind what the push sent it

    def _paint(self, screen: GuestScreen, drawn: bool) -> None:
        """Paint now, as Textual gathers what there is to paint for a frame; then read.

        What is painted is written by a thread, and reading takes the processor from it: so that comes a moment later.
        """
        if screen.is_current:
            screen._dirty_widgets.add(screen)
            if drawn:
                screen._compositor.update_widgets(screen._dirty_widgets)
                screen._compositor_refresh()
            else:
                screen._refresh_layout(self._app.size)
        screen.set_timer(WRITTEN, screen.desk_ready)
