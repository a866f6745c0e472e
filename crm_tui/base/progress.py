"""How long work tells how far it is, and how it is asked to stop."""

from __future__ import annotations

import threading
from typing import Protocol

from crm_tui.base.errors import Cancelled
from crm_tui.base.i18n import _


class Progress(Protocol):
    """Told by long work; shown as a bar in the desk, another on the command line, plain lines in cron."""

    def step(self, title: str, total: int | None = None) -> None:
        """A new step begins; ``total`` items if known."""
        ...

    def count(self, done: int) -> None:
        """``done`` items of the present step are finished, counted from its start."""
        ...

    def error(self, message: str) -> None:
        """One item failed; the work goes on. ``message`` is a sentence, safe to show."""
        ...

    def done(self) -> None:
        """The work is over, whichever way; called in ``finally``."""
        ...


class NullProgress:
    """Nobody looks."""

    def step(self, title: str, total: int | None = None) -> None:
        pass

    def count(self, done: int) -> None:
        pass

    def error(self, message: str) -> None:
        pass

    def done(self) -> None:
        pass


class CancelEvent(threading.Event):
    """Set by a person (or at exit) to stop long work at its next safe point."""

    def check(self) -> None:
        """Raise :class:`Cancelled` if the event is set."""
        if self.is_set():
            raise Cancelled(_("Cancelled; what was finished stays."))
