"""How far the search for duplicates is, in a few words on the title line."""

from __future__ import annotations

from collections.abc import Callable

from crm_tui.base.sizes import grouped


class SearchProgress:
    """Told by the thread that waits for the search.

    Args:
        changed: called when the words are new; from any thread.
    """

    def __init__(self, changed: Callable[[], object]) -> None:
        self._changed = changed
        self._title = ""
        self._total = 0
        self.words = "…"

    def step(self, title: str, total: int | None = None) -> None:
        """A new step begins."""
        self._title, self._total = title, total or 0
        self._say(title + "…")

    def count(self, done: int) -> None:
        """So many are done."""
        if self._total:
            self._say(f"{self._title} {min(99, done * 100 // self._total)} %")
        else:
            self._say(f"{self._title} {grouped(done)}")

    def error(self, message: str) -> None:
        pass

    def done(self) -> None:
        pass

    def _say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self._changed()
