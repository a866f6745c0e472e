"""How far an erasure of several is, as words beside the title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crm_tui.base.i18n import _


class Told:
    """Progress as words beside the title; told from a thread."""

    def __init__(self, say: Callable[[str], Any]) -> None:
        self._say = say
        self._title = ""
        self._total: int | None = None
        self.errors: list[str] = []

    def step(self, title: str, total: int | None = None) -> None:
        """Another step."""
        self._title, self._total = title, total
        self._say(title + " …")

    def count(self, done: int) -> None:
        """How far it is."""
        of = f"/{self._total}" if self._total else ""
        self._say(_("{what} {done} · Esc stops").format(what=self._title, done=f"{done}{of}"))

    def error(self, message: str) -> None:
        """One failed."""
        self.errors.append(message)

    def done(self) -> None:
        """It is over."""
        self._say("")
