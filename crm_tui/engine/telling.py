"""What a background thread is doing, for whoever asks: a progress that is looked at instead of shown."""

from __future__ import annotations

import threading


class Telling:
    """Implements :class:`crm_tui.base.progress.Progress`; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._title, self._count, self._total = "", 0, None  # type: str, int, int | None

    def step(self, title: str, total: int | None = None) -> None:
        with self._lock:
            self._title, self._count, self._total = title, 0, total

    def count(self, done: int) -> None:
        with self._lock:
            self._count = done

    def error(self, message: str) -> None:
        """Errors are the account's state, told elsewhere."""

    def done(self) -> None:
        with self._lock:
            self._title, self._count, self._total = "", 0, None

    def now(self) -> tuple[str, int, int | None]:
        """Title (empty: nothing is going on), items done, items in all if known."""
        with self._lock:
            return self._title, self._count, self._total
