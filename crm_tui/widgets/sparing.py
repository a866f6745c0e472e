"""The App writes only what differs from what stands on the terminal (:mod:`crm_tui.widgets.standing`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

from crm_tui.widgets.standing import Standing

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object


class Sparing(_Base):
    """Mixin of the App, before it in the order of classes.

    Another screen is painted whole, so that what another program wrote over the desk never stays; so is what comes after the
    terminal was given away or has another size.
    """

    _standing: Standing | None = None
    _asked = False
    _screen_below: Screen[Any] | None = None

    @property
    def standing(self) -> Standing:
        """What is on the terminal."""
        if self._standing is None:
            self._standing = Standing()
        return self._standing

    def paint_anew(self) -> None:
        """Paint all of the screen: it is not known any more what stands on the terminal."""
        if self.standing.known:
            self.standing.forget()
            if self._screen_stack:
                self.screen.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """The terminal may have moved or dropped lines; also comes when the terminal is ours again."""
        self.paint_anew()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Hold what Textual would write against what stands there; called for every update of a screen."""
        if isinstance(renderable, LayoutUpdate | ChopsUpdate):
            if self.standing.known and not self._asked:
                self._asked, self.standing.erases = True, _erases()
            if not screen.is_modal and screen is not self._screen_below:
                self._screen_below = screen
                self.standing.forget()
            super()._display(screen, cast(Any, Difference(self.standing, renderable, self.size)))
        else:
            super()._display(screen, renderable)


class Difference(CompositorUpdate):
    """What differs between an update and what stands on the terminal; worked out when it is written."""

    def __init__(self, standing: Standing, update: LayoutUpdate | ChopsUpdate, size: Size) -> None:
        self._standing, self._update, self._size = standing, update, size

    def render_segments(self, console: Console) -> str:
        """The sequences to write."""
        system = console._color_system or ColorSystem.TRUECOLOR
        pieces = _of_layout(self._update) if isinstance(self._update, LayoutUpdate) else _of_chops(self._update)
        try:
            return self._standing.change(pieces, self._size, system)
        except Exception:
            self._standing.forget()
            raise


def _erases() -> bool:
    """Whether the terminal gives cells that it empties the present ground, as far as terminfo knows."""
    try:
        import curses
    except ImportError:
        return False
    try:
        curses.setupterm(fd=sys.__stdout__.fileno() if sys.__stdout__ is not None else -1)
        return curses.tigetflag("bce") == 1
    except (OSError, ValueError, curses.error):
        return False


def _of_layout(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield y, x, strip
            x += strip.cell_length


def _of_chops(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The pieces of the lines that overlap the update's spans, each from its own beginning."""
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=True):
            if strip is not None and x <= last and end > first:
                yield y, x, strip if end <= last else strip.crop(0, last - x)
