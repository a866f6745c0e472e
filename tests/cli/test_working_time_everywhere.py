"""Working time is the same wherever it is told: on the screens, in reports, by command, among the figures (SPEC §10, §12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.working import metrics, timers
from crm_tui.desk.working.metrics_live import Live
from crm_tui.rules.periods import Period
from crm_tui.screens.tickets.calls import Followed
from crm_tui.screens.working.screen import read
from tests.cli.conftest import Crm
from tests.cli.shifts import STEPS, Shifts, Times, counted

MADRID = ZoneInfo("Europe/Madrid")


def total(times: Times, name: str, days: Iterable[date]) -> tuple[int, int]:
    """Of some days together."""
    found = [times[name, day] for day in days]
    return sum(one[0] for one in found), sum(one[1] for one in found)


def pair(one: Any) -> tuple[int, int]:
    """Working and invisible seconds, of a view or of a line of JSON."""
    if isinstance(one, dict):
        return one["working_seconds"], one["invisible_seconds"]
    return one.working_seconds, one.invisible_seconds


def on_screens(ctx: Context, period: Period, people: dict[str, int]) -> dict[str, Times]:
    """What the screens are made of: the timesheets, the table of figures, its days for each agent."""
    sheets = read(ctx, period).sheets
    points = {name: Followed().read(ctx, period, number).points for name, number in people.items()}
    return {
        "timesheet": {(one.agent, day.day): pair(day) for one in sheets for day in one.days},
        "figures": {(name, one.period.start): pair(one.figures) for name, found in points.items() for one in found},
    }


def by_command(crm: Crm, period: Period, people: Iterable[str]) -> dict[str, Times]:
    """What commands tell as JSON."""
    span = ("--from", str(period.start), "--to", str(period.end))
    sheet = crm("--json", "--agent", "Ana", "timer", "sheet", *span)
    assert sheet.code == 0, sheet.err
    report: Times = {}
    for name in people:
        told = crm("--json", "--agent", "Ana", "report", "productivity", "--by", "day", "--of", name, *span)
        assert told.code == 0, told.err
        report |= {(name, date.fromisoformat(one["day"])): pair(one) for one in told.lines if not one.get("total")}
    return {
        "timer sheet": {(one["agent"], date.fromisoformat(one["day"])): pair(one) for one in sheet.lines},
        "report by day": report,
    }


@pytest.mark.parametrize(("begin", "seed"), [(date(2026, 10, 22), 2), (date(2027, 3, 25), 2)])
def test_it_is_the_same_everywhere(
    desk: Crm, home: Path, monkeypatch: pytest.MonkeyPatch, begin: date, seed: int
) -> None:
    assert desk("agent", "set", "Ana", "--login", "").code == 0
    clock = FixedClock(datetime(begin.year, begin.month, begin.day, 7, 0, 0, 250_000, UTC))
    ctx = open_context(home_at(home), Settings(), clock=clock, agent="Ana", env={})
    shifts = Shifts(ctx, clock, seed)
    period = Period(begin + timedelta(days=1), begin + timedelta(days=4))
    live = Live(ctx, period)
    shifts.live(STEPS // 3)
    shifts.night(datetime(begin.year, begin.month, begin.day + 2, 23, 30, tzinfo=MADRID).astimezone(UTC))
    shifts.live()
    days = list(period.days())
    assert clock.now().astimezone(MADRID).date() > period.end, "the days that are counted are over"
    expected = counted(ctx, period, MADRID)
    people = {one.actor.name: one.actor.id or 0 for one in shifts.people}

    monkeypatch.setenv("CRM_TUI_NOW", clock.now().isoformat())
    told = on_screens(ctx, period, people) | by_command(desk, period, people)
    told["figures of a day"] = {
        (one.name, day): pair(one) for day in days for one in metrics.team(ctx, Period(day, day)).agents
    }
    for where, times in told.items():
        wrong = {key: (times.get(key), found) for key, found in expected.items() if times.get(key, (0, 0)) != found}
        assert not wrong, where

    live.step()
    whole = {name: total(expected, name, days) for name in people}
    assert {one.agent: pair(one) for one in read(ctx, period).sheets} == whole
    assert {one.name: pair(one) for one in metrics.team(ctx, period).agents} == whole
    assert {one.name: pair(one) for one in live.figures().agents} == whole
    rows = Followed().read(ctx, period, None).rows
    assert {one.figures.name: pair(one.figures) for one in rows if one.id in people.values()} == whole
    span = ("--from", str(period.start), "--to", str(period.end))
    lines = desk("--json", "--agent", "Ana", "report", "productivity", *span).lines
    assert {one["agent"]: pair(one) for one in lines if one.get("agent") in people} == whole
    (team,) = (one for one in lines if one.get("total"))
    assert pair(team) == pair(metrics.team(ctx, period).total) == tuple(map(sum, zip(*whole.values(), strict=True)))

    assert shifts.done >= {name for name in dir(shifts) if name.startswith("do_")}, "everything has happened"
    assert {one.ended for one in read(ctx, period).sessions} >= {"stopped", "capped"}
    assert sum(found[0] > 0 for found in expected.values()) > 6
    assert sum(found[1] > 0 for found in expected.values()) > 3
    _today_is_the_same(ctx, shifts, desk, monkeypatch)
    ctx.store.close()


def _today_is_the_same(ctx: Context, shifts: Shifts, crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The head line of the desk and ``timer show``: today, while timers run and once they stopped."""
    for who in shifts.people:
        timers.start(who, f"{who.actor.name}-1")
    shifts.clock.advance(timedelta(seconds=200.5))
    for stop in (False, True):
        today = shifts.clock.now().astimezone(MADRID).date()
        expected = counted(ctx, Period(today, today), MADRID)
        for who in shifts.people:
            name = who.actor.name
            if stop:
                timers.stop(who)
            assert pair(timers.state(who)) == pair(metrics.own(who, Period(today, today))) == expected[name, today], (
                name
            )
            if stop:
                monkeypatch.setenv("CRM_TUI_NOW", shifts.clock.now().isoformat())
                (shown,) = crm("--json", "--agent", name, "timer", "show").lines
                assert pair(shown) == expected[name, today]
