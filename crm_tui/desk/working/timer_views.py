"""What the desk says about working time: frozen, display-safe; no database library (SPEC §10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import SessionEnd
from crm_tui.rules.working_time import Worked as Worked


@dataclass(frozen=True, slots=True)
class TimerView:
    """How an agent's own timer stands.

    Attributes:
        at: when that was so.
        running: at least one session runs, here or elsewhere.
        here: one of them is this desk's.
        intake: new tickets may come; False while they are paused, and while nothing runs.
        since: when the present stretch of working time began; None while nothing runs.
        paused_since: None while intake is not paused.
        working_seconds, invisible_seconds: of the property's today, up to ``at``.
        others: how many sessions run elsewhere.
        capped_at: this desk's last session was ended for it at that instant, as it gave no sign of life; None otherwise.
    """

    at: datetime
    running: bool = False
    here: bool = False
    intake: bool = False
    since: datetime | None = None
    paused_since: datetime | None = None
    working_seconds: int = 0
    invisible_seconds: int = 0
    others: int = 0
    capped_at: datetime | None = None


class Duty(NamedTuple):
    """An agent whose timer runs: since when, and whether new tickets may come."""

    since: datetime
    intake: bool
    paused_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session of a timer.

    Attributes:
        desk: which desk it belongs to; empty: a command, or a manager.
        started, stopped: in UTC; ``stopped`` is None while it runs, and its last sign of life for one that fell silent.
        ended: ``stopped``, ``capped``, ``corrected``; empty while it runs.
        seconds: its length up to now.
        note, made_by: why and by whom it was corrected; empty if it was not.
    """

    id: int
    agent_id: int
    agent: str
    desk: str
    started: datetime
    stopped: datetime | None
    ended: str
    seconds: int
    note: str
    made_by: str
    version: int


def ended_words(session: SessionView) -> str:
    """How a session ended, in the agent's language."""
    words = {
        SessionEnd.STOPPED: _("stopped"),
        SessionEnd.CAPPED: _("no sign of life"),
        SessionEnd.CORRECTED: _("by {name}").format(name=session.made_by or _("a manager")),
    }
    if not session.ended:
        return _("by {name}").format(name=session.made_by) if session.made_by else ""
    return words[SessionEnd(session.ended)]


@dataclass(frozen=True, slots=True)
class PauseView:
    """A pause of intake.

    Attributes:
        resumed: None while it lasts.
        seconds: its length up to now, whether the timer ran or not.
        note, made_by: why and by whom it was corrected; empty if it was not.
    """

    id: int
    agent_id: int
    agent: str
    paused: datetime
    resumed: datetime | None
    seconds: int = 0
    note: str = ""
    made_by: str = ""
    version: int = 1

    @property
    def started(self) -> datetime:
        """As of a session: when it began."""
        return self.paused

    @property
    def stopped(self) -> datetime | None:
        """As of a session: when it ended."""
        return self.resumed


class DayWorked(NamedTuple):
    """Working time of one day of the property, in seconds.

    Attributes:
        capped: a session of that day was ended for want of a sign of life.
        corrected: a session of that day was corrected or added by a manager.
    """

    day: date
    working_seconds: int
    invisible_seconds: int
    capped: bool = False
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Timesheet:
    """An agent's days of a period, each of them, and their sums."""

    agent_id: int
    agent: str
    days: tuple[DayWorked, ...]
    working_seconds: int
    invisible_seconds: int
    running: bool = False
    intake: bool = False
