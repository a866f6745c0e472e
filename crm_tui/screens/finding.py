"""Lists in which one finds as one types: a line over the list, whose moves move in the list (guests, reservations)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events, on
from textual.binding import Binding
from textual.widgets import Input

from crm_tui.base.i18n import N_
from crm_tui.screens.base import DeskScreen


class SearchBox(Input):
    """The line that a list is searched in; Tab and the arrows lead to what was found."""

    BINDINGS = [
        Binding("enter", "submit", N_("Open")),
        Binding("tab", "to_list", N_("To the list")),
    ]

    def action_to_list(self) -> None:
        """Leave the box."""
        self._steer("tab")

    def on_key(self, event: events.Key) -> None:
        """Moving moves in the list."""
        if self._steer(event.key):
            event.stop()
            event.prevent_default()

    def _steer(self, key: str) -> bool:
        return isinstance(self.screen, FindingScreen) and self.screen.steer(key)


class FindingScreen(DeskScreen[None]):
    """A screen with a :class:`SearchBox` over its list."""

    box: SearchBox
    list: Any
    """The record list; of which rows, the screen says."""

    _open_soon = False
    _read_text: str | None = None
    """What was typed when the list was asked for last; whoever reads sets it."""

    def show_title(self) -> None:
        """Say what the list holds."""
        raise NotImplementedError

    def _read(self) -> None:
        """Ask for the list."""
        raise NotImplementedError

    def _open(self) -> None:
        """Open the row under the cursor."""
        raise NotImplementedError

    @property
    def quoted(self) -> str:
        """What is typed, for the title."""
        return f"“{' '.join(self.box.value.split())}”" if self.box.value.strip() else ""

    def action_find(self) -> None:
        """Type in the box."""
        self.box.display = True
        self.box.focus()
        self.list.steered = True

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._open_soon = False
        if bool(self._read_text) != bool(event.value):
            self.refresh_bindings()
        self._read()
        self.show_title()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        """Open the row under the cursor, once what was typed last is found."""
        event.stop()
        if self._shows_what_is_typed():
            self._open()
        else:
            self._open_soon = True

    def open_if_waited_for(self) -> None:
        """The list was read: open what Enter was pressed for while it was not."""
        if self._open_soon and self._shows_what_is_typed():
            self._open_soon = False
            self._open()

    def _shows_what_is_typed(self) -> bool:
        return not self.list.reading and self._read_text == self.box.value

    def steer(self, key: str) -> bool:
        """A key in the box that is for the list; False for one that is not."""
        moves: dict[str, Callable[[], None]] = {
            "down": self.list.action_down,
            "up": self.list.action_up,
            "pagedown": self.list.action_page_down,
            "pageup": self.list.action_page_up,
            "tab": self._to_list,
        }
        move = moves.get(key)
        if move is not None:
            move()
        return move is not None

    def _to_list(self) -> None:
        self.list.steered = False
        self.list.focus(scroll_visible=False)
        self.box.display = bool(self.box.value)

    def _beside(self, by: int) -> int | None:
        """Move the cursor; the number of what it then stands on."""
        self.list.move_to(self.list.index + by)
        row = self.list.current
        return row.id if row is not None else None
