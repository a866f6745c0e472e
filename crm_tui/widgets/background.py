"""Blocking work beside the event loop: store queries and commands run in threads, their answers come back as callbacks.

The answer of an older question of the same topic is dropped when a newer one was asked, so that fast typing or a held
key never shows stale rows. Nothing here touches a widget from a thread.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Deliverer(Protocol):
    """What a background job reports to; every Textual message pump fits. Safe to call from any thread."""

    def call_later(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        """Run ``callback`` on the event loop soon; False when it is shutting down."""
        ...


class Background:
    """A few threads for queries and commands.

    Args:
        threads: how many run at once; SQLite lets readers run beside one writer.
    """

    def __init__(self, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="desk")
        self._line = ThreadPoolExecutor(1, thread_name_prefix="desk-commands")
        self._generations: dict[tuple[int, str], int] = {}
        self._lock = threading.Lock()
        self._pending = 0
        self._closed = False

    @property
    def idle(self) -> bool:
        """No work is under way and all answers were handed over."""
        return self._pending == 0

    def submit(
        self,
        owner: Deliverer,
        work: Callable[[], T],
        done: Callable[[T], None] | None,
        failed: Callable[[Exception], None],
        topic: str = "",
        *,
        in_order: bool = False,
    ) -> None:
        """Run ``work`` in a thread and hand its result to ``done``, or its exception to ``failed``, on the event loop.

        With a ``topic``, only the answer to the newest question of that owner and topic is delivered. What is submitted
        ``in_order`` runs one after the other: a command never overtakes the one of the key before.
        """
        key = (id(owner), topic)
        with self._lock:
            if self._closed:
                return
            generation = self._generations.get(key, 0) + 1
            self._generations[key] = generation
            self._pending += 1

        def stale() -> bool:
            return bool(topic) and self._generations.get(key) != generation

        def deliver(callback: Callable[[Any], None] | None, value: Any) -> None:
            self._finished()
            if callback is not None and not stale():
                callback(value)

        def run() -> None:
            if stale():
                self._finished()
                return
            try:
                value: Any = work()
                callback: Callable[[Any], None] | None = done
            except Exception as error:
                value, callback = error, failed
            if not owner.call_later(deliver, callback, value):
                self._finished()

        with contextlib.suppress(RuntimeError):  # closed meanwhile
            (self._line if in_order else self._pool).submit(run)

    def forget(self, owner: Deliverer, topic: str) -> None:
        """Drop the answer to the owner's present question of that topic, if one is under way."""
        with self._lock:
            key = (id(owner), topic)
            self._generations[key] = self._generations.get(key, 0) + 1

    def close(self) -> None:
        """Take no more work; what has not begun is dropped, what runs ends by itself."""
        with self._lock:
            self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._line.shutdown(wait=False)  # a command whose effect was shown is carried out

    def _finished(self) -> None:
        with self._lock:
            self._pending -= 1
