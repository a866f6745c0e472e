"""One picture of the pages: how the desk stands, and which keys lead there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context

WIDE = (120, 36)
SMALL = (80, 24)


class Hand(Protocol):
    """Presses keys at a desk; see docs/pictures.py."""

    app: Any

    async def press(self, *keys: str) -> None:
        """Press keys."""

    async def write(self, text: str) -> None:
        """Type a text."""

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture.

    Attributes:
        name: of the file, without its ending.
        play: presses the keys that lead there; also given the directory of the desk.
        before: puts the store into the state that is shown.
    """

    name: str
    play: Callable[[Hand, Path], Awaitable[None]]
    size: tuple[int, int] = WIDE
    before: Callable[[Context, FixedClock], None] | None = None
    theme: str = "desk-dark"


def keys(*pressed: str) -> Callable[[Hand, Path], Awaitable[None]]:
    """A scene that is reached by keys alone."""

    async def play(hand: Hand, _place: Path) -> None:
        await hand.press(*pressed)

    return play
