"""A terminal driver that goes on where the first frame left off."""

from __future__ import annotations

from textual.driver import Driver

_ALTERNATE_SCREEN = "\x1b[?1049h"


def continuing_driver(driver: type[Driver]) -> type[Driver]:
    """The driver for a terminal whose alternate screen is entered already.

    Entering it twice would clear the first frame, and terminals would forget where the cursor stood in the shell.
    """

    class Continuing(driver):  # type: ignore[valid-type,misc]
        def write(self, data: str) -> None:
            if data != _ALTERNATE_SCREEN:
                super().write(data)

    return Continuing
