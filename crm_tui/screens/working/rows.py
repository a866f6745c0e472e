"""How weeks and sessions of working time look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from crm_tui.base.i18n import N_, _
from crm_tui.desk.working.timer_views import DayWorked, PauseView, SessionView, Timesheet, ended_words
from crm_tui.rules.vocabulary import SessionEnd
from crm_tui.widgets.cells import fit
from crm_tui.widgets.days import day, weekday
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import hours_minutes

TOTAL, INVISIBLE = 8, 9
LEAST_DAY, MOST_DAY, LEAST_NAME, MOST_NAME = 7, 11, 14, 28
CAPPED, CORRECTED = "!", "✎"

SIGNS = {
    "▶": N_("the timer runs"),
    "‖": N_("new tickets are paused; what stands behind it counts as invisible"),
    CAPPED: N_("a timer gave no sign of life and was ended"),
    CORRECTED: N_("a manager corrected it"),
}


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A line of the team."""

    id: int
    sheet: Timesheet


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A line of an agent's sessions: a session, or a pause of new tickets (whose number is negative)."""

    id: int
    session: SessionView | None = None
    pause: PauseView | None = None

    @property
    def span(self) -> SessionView | PauseView:
        """Which of the two."""
        one = self.session or self.pause
        assert one is not None
        return one


def span_rows(sessions: Sequence[SessionView], pauses: Sequence[PauseView], agent_id: int) -> list[SpanRow]:
    """The sessions and pauses of an agent, the newest first."""
    rows = [SpanRow(one.id, session=one) for one in sessions if one.agent_id == agent_id]
    rows += [SpanRow(-one.id, pause=one) for one in pauses if one.agent_id == agent_id]
    return sorted(rows, key=lambda row: (row.span.started, row.id), reverse=True)


def _widths(width: int) -> tuple[int, int]:
    """Cells of the name and of a day."""
    room = width - TOTAL - INVISIBLE - 1
    each = max(LEAST_DAY, min(MOST_DAY, (room - LEAST_NAME) // 7))
    return max(6, min(MOST_NAME, room - 7 * each)), each


def head(days: Sequence[date], today: date, width: int) -> list[Part]:
    """The line over the team."""
    name, each = _widths(width)
    parts: list[Part] = [(" " + fit("", name), "")]
    for one in days:
        parts.append(
            (fit(f"{weekday(one)} {one.day}", each - 1, right=True) + " ", "accent" if one == today else "muted")
        )
    parts.append((fit(_("total"), TOTAL - 1, right=True) + " ", "muted"))
    return [*parts, (fit("‖ " + _("paused"), INVISIBLE - 1, right=True), "muted")]


class WeekRowView:
    """Draws the team: a line an agent."""

    def parts(self, row: WeekRow, width: int) -> Sequence[Part]:
        """Name, seven days, the week, invisible time."""
        name, each = _widths(width)
        sheet = row.sheet
        sign, style = ("▶ ", "good") if sheet.intake else ("‖ ", "warn") if sheet.running else ("  ", "")
        parts: list[Part] = [(" " + sign, style), (fit(sheet.agent, name - 2), "strong")]
        for one in sheet.days:
            parts += _day(one, each)
        parts.append((fit(hours_minutes(sheet.working_seconds), TOTAL - 1, right=True) + " ", "strong"))
        time = hours_minutes(sheet.invisible_seconds) if sheet.invisible_seconds else "–"
        blank = " " * max(0, width - name - 7 * each - TOTAL - INVISIBLE)
        return [*parts, (fit(time, INVISIBLE - 1, right=True), "muted"), (blank, "")]

    def empty(self) -> Sequence[Part]:
        """Nobody is in the team."""
        return [(_("Nobody worked in this week."), "muted")]


def _day(one: DayWorked, width: int) -> list[Part]:
    time = hours_minutes(one.working_seconds) if one.working_seconds else "–"
    mark, style = (CAPPED, "warn") if one.capped else (CORRECTED, "accent") if one.corrected else (" ", "")
    return [(fit(time, width - 1, right=True), "" if one.working_seconds else "faint"), (mark, style)]


class SpanRowView:
    """Draws an agent's sessions and pauses."""

    def __init__(self, zone: Callable[[], tzinfo], today: Callable[[], date]) -> None:
        self._zone, self._today = zone, today

    def parts(self, row: SpanRow, width: int) -> Sequence[Part]:
        """Day, from when to when, how long, how it ended, why it was corrected."""
        if row.pause is not None:
            return self._pause(row.pause, width)
        one = row.session
        assert one is not None
        capped = one.ended == SessionEnd.CAPPED
        sign, style = ("▶", "good") if not one.ended else (CAPPED, "warn") if capped else (" ", "")
        if one.made_by:
            sign, style = CORRECTED, "accent"
        how = ended_words(one) or _("runs")
        parts: list[Part] = [(f" {sign} ", style), (fit(self._day(one.started), 13), "")]
        parts.append((fit(self._times(one.started, one.stopped), 20), ""))
        parts.append((fit(hours_minutes(one.seconds), 6, right=True) + "  ", "strong"))
        parts.append((fit(how, 18), "warn" if capped else "muted"))
        return [*parts, (fit(one.note, max(0, width - 62)), "")]

    def _pause(self, one: PauseView, width: int) -> Sequence[Part]:
        sign, style = (CORRECTED, "accent") if one.made_by else ("‖", "warn")
        parts: list[Part] = [(f" {sign} ", style), (fit(self._day(one.paused), 13), "muted")]
        parts.append((fit(self._times(one.paused, one.resumed), 20), "muted"))
        parts.append((fit(hours_minutes(one.seconds), 6, right=True) + "  ", "muted"))
        parts.append((fit(_("new tickets paused"), 18 if one.note else max(0, width - 44)), "muted"))
        return [*parts, (fit(" " + one.note, max(0, width - 62)), "")] if one.note else parts

    def _day(self, at: datetime) -> str:
        on = at.astimezone(self._zone()).date()
        return f"{weekday(on)} {day(on, self._today())}"

    def _times(self, start: datetime, end: datetime | None) -> str:
        zone = self._zone()
        first = start.astimezone(zone)
        if end is None:
            return f"{first:%H:%M} – …"
        last = end.astimezone(zone)
        later = f" {weekday(last.date())}" if last.date() != first.date() else ""
        return f"{first:%H:%M} – {last:%H:%M}{later}"

    def empty(self) -> Sequence[Part]:
        """No timer ran."""
        return [
            (_("No timer ran in this week."), "muted"),
            (_("^o starts yours on any screen; ^n takes no new tickets for a while."), "key"),
        ]
