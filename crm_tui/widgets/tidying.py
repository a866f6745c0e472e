"""Python's search for rubbish, kept out of the way of keys.

A whole search holds the event loop for some 20 to 50 ms: every object of the program is looked at. What is there once the
desk stands is therefore set aside, what is young is searched in small steps, and the whole only while nobody types.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

from textual import events

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

SETTLED = 4.0
"""Seconds after the first frame at which the desk stands."""
REST = 3.0
"""Seconds without a key after which nobody types."""
STEP = (5_000, 10, 1_000_000)
"""New objects before the young are searched; so many such steps before the middle-aged are; the old never by themselves."""


class Tidying(_Base):
    """Mixin of the App, before it in the order of classes. Nothing happens without a terminal."""

    _pressed_at = 0.0
    _before: tuple[int, int, int] | None = None

    def on_ready(self) -> None:
        """Begin when the desk stands."""
        if not self.is_headless:
            self.set_timer(SETTLED, self.tidy_in_steps)

    def tidy_in_steps(self) -> None:
        """From now on."""
        self._before = gc.get_threshold()
        gc.freeze()
        gc.set_threshold(*STEP)
        self.set_interval(REST, self.tidy_at_rest)

    def tidy_at_rest(self) -> bool:
        """Search all that is younger than the desk, if nobody types and there is anything new; whether it was done."""
        if time.monotonic() - self._pressed_at < REST or not (gc.get_count()[1] or gc.get_count()[2]):
            return False
        gc.collect()
        return True

    async def on_event(self, event: events.Event) -> None:
        """Somebody types."""
        if isinstance(event, events.Key):
            self._pressed_at = time.monotonic()
        await super().on_event(event)

    def on_unmount(self) -> None:
        """Leave the interpreter as it was."""
        if self._before is not None:
            gc.set_threshold(*self._before)
            gc.unfreeze()
