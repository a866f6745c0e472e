"""Progress of long work as words on a line; told from a thread."""

from __future__ import annotations

import time
from collections.abc import Callable

from crm_tui.base.i18n import _
from crm_tui.base.sizes import grouped

_SECONDS = 0.1
"""Between two words: a slow line gets no more than it can show."""


class Words:
    """Says how far work is, on the event loop.

    Args:
        say: takes the words; called from the thread that works.
    """

    def __init__(self, say: Callable[[str], object]) -> None:
        self._say = say
        self._title = ""
        self._total: int | None = None
        self._at = 0.0

    def step(self, title: str, total: int | None = None) -> None:
        """Another step."""
        self._title, self._total = title, total
        self._say(_("{what}… · Esc stops").format(what=title))

    def count(self, done: int) -> None:
        """How far it is."""
        now = time.monotonic()
        if now - self._at < _SECONDS:
            return
        self._at = now
        if self._total:
            share = min(100, done * 100 // self._total)
            bar = "█" * (share // 10) + "░" * (10 - share // 10)
            far = f"{bar} {share} %"
        else:
            far = grouped(done)
        self._say(_("{what} {far} · Esc stops").format(what=self._title, far=far))

    def error(self, message: str) -> None:
        """Told in the result."""

    def done(self) -> None:
        """It is over."""
