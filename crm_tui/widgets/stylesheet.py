"""Styles parsed once a process.

Textual keeps the rules of 64 sources. The desk has more, each widget being one, so that every widget that is shown for the
first time had all of them parsed again.
"""

from __future__ import annotations

from typing import Any

from textual.cache import LRUCache
from textual.css.stylesheet import Stylesheet

_SOURCES = 1024
_parsed: dict[tuple[tuple[str, str], ...], LRUCache[Any, Any]] = {}


class DeskStylesheet(Stylesheet):
    """A stylesheet that shares what was parsed with every other one of the same colours."""

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        super().__init__(variables=variables)
        self._share()

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other colours over; rules parsed with the former ones stay for those who use them."""
        self._parse_cache = LRUCache(1)  # Textual empties it
        super().set_variables(variables)
        self._share()

    def reparse(self) -> None:
        """Make the rules anew, with the present colours; what cannot be parsed leaves the former rules."""
        self.parse()

    def copy(self) -> DeskStylesheet:
        """The same sources, not parsed yet."""
        copied = DeskStylesheet(variables=self._variables.copy())
        copied.source = self.source.copy()
        return copied

    def _share(self) -> None:
        self._parse_cache = _parsed.setdefault(tuple(sorted(self._variables.items())), LRUCache(_SOURCES))
