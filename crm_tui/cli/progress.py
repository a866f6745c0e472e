"""How far long work is: a bar on a terminal, plain lines in a log or a mail from cron, both on standard error."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from crm_tui.base.progress import NullProgress, Progress
from crm_tui.cli.output import soften, tell
from crm_tui.mail.text import display_text

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

_LINE_SECONDS = 10.0
_BELATED = 0.5
"""Seconds: what takes less needs no bar."""


def command_progress(*, quiet: bool = False) -> Progress:
    """The right manner for where standard error goes; ``quiet``: no plain lines either."""
    if sys.stderr is None:
        return NullProgress()
    soften(sys.stderr)
    if sys.stderr.isatty():
        return BarProgress()
    return NullProgress() if quiet else LineProgress()


class Belated:
    """Shows work that goes on for a while, and nothing of what is over at once.

    Args:
        shown: how it is shown then.
        after: seconds from the first step on; None: as usual.
    """

    def __init__(self, shown: Progress, after: float | None = None) -> None:
        self._shown, self._after = shown, _BELATED if after is None else after
        self.begun = threading.Event()
        """Set once it is shown."""
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._over = False
        self._step: tuple[str, int | None] = ("", None)
        self._count: int | None = None

    def step(self, title: str, total: int | None = None) -> None:
        """A new step begins."""
        with self._lock:
            self._step, self._count = (title, total), None
            if self.begun.is_set():
                self._shown.step(title, total)
            elif self._timer is None:
                self._timer = threading.Timer(self._after, self._begin)
                self._timer.daemon = True
                self._timer.start()

    def _begin(self) -> None:
        with self._lock:
            if self._over:
                return
            self.begun.set()
            self._shown.step(*self._step)
            if self._count is not None:
                self._shown.count(self._count)

    def count(self, done: int) -> None:
        """``done`` items of the step are finished."""
        with self._lock:
            self._count = done
            if self.begun.is_set():
                self._shown.count(done)

    def error(self, message: str) -> None:
        """One item failed: that is told at once."""
        with self._lock:
            self._shown.error(message)

    def done(self) -> None:
        """The work is over; after that nothing is shown any more."""
        with self._lock:
            self._over = True
            if self._timer is not None:
                self._timer.cancel()
            self._shown.done()


class BarProgress:
    """A bar that goes away when the work is done."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def step(self, title: str, total: int | None = None) -> None:
        """A new step begins."""
        from rich.markup import escape

        bar = self._started()
        if self._task is not None:
            bar.remove_task(self._task)
        self._task = bar.add_task(escape(display_text(title)), total=total)

    def count(self, done: int) -> None:
        """``done`` items of the step are finished."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done)

    def error(self, message: str) -> None:
        """One item failed."""
        from rich.text import Text

        self._started().console.print(Text(display_text(message), "red"))

    def done(self) -> None:
        """The work is over."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _started(self) -> Bar:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as RichProgress

            self._bar = RichProgress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
        return self._bar


class LineProgress:
    """A line when a step begins, and one every ten seconds."""

    def __init__(self) -> None:
        self._title = ""
        self._total: int | None = None
        self._told = 0.0

    def step(self, title: str, total: int | None = None) -> None:
        """A new step begins."""
        self._title, self._total, self._told = title, total, time.monotonic()
        self._write(title if total is None else f"{title} ({total})")

    def count(self, done: int) -> None:
        """``done`` items of the step are finished."""
        if time.monotonic() - self._told >= _LINE_SECONDS:
            self._told = time.monotonic()
            self._write(f"{self._title}: {done}" + (f"/{self._total}" if self._total else ""))

    def error(self, message: str) -> None:
        """One item failed."""
        self._write(message)

    def done(self) -> None:
        """The work is over."""

    def _write(self, text: str) -> None:
        tell(display_text(text))
