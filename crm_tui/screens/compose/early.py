"""What is typed before the letter is there: kept in order, and written once the fields can take it."""

from __future__ import annotations

from typing import Any
from weakref import WeakSet

from textual import events
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea


class EarlyKeys:
    """The keys of a burst, or of somebody who types faster than a slow line or disk answers.

    Two ways lead here: keys that come while the screen has no field to write in yet, and keys that Textual had handed
    to the screen below before this one was opened, and that come up from there.
    """

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._waiting: list[events.Key] = []
        self._own: WeakSet[events.Key] = WeakSet()
        self._open = False

    def passing(self, event: events.Key) -> bool:
        """A key on its way through the screen; True: it waits here."""
        self._own.add(event)
        return not self._open and self._keep(event)

    def stray(self, event: events.Key) -> bool:
        """A key that came up to the App; True: it came from the screen below and is written here."""
        if event in self._own:
            return False
        if self._open:
            self._type(event)
            return True
        return self._keep(event)

    def _keep(self, event: events.Key) -> bool:
        typed = event.is_printable or event.key in {"enter", "backspace", "tab"}
        if typed or (self._waiting and event.key == "escape"):
            self._waiting.append(event)
            return True
        return False

    def release(self) -> None:
        """The fields can be written in: type what waits, in the order of the keys."""
        self._open = True
        waiting, self._waiting = sorted(self._waiting, key=lambda event: event.time), []
        for event in waiting:
            self._type(event)

    def _type(self, event: events.Key) -> None:
        target: Widget = self._screen.focused or self._screen
        if event.key == "tab":
            self._screen.focus_next()
        elif event.key == "backspace" and isinstance(target, Input | TextArea):
            target.call_later(target.action_delete_left)  # as a binding it would overtake the letters before it
        else:
            target._forward_event(events.Key(event.key, event.character))
