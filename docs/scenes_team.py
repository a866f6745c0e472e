"""Pictures of the team at work."""

from __future__ import annotations

from datetime import timedelta

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.context import Context
from crm_tui.rules.periods import named_period


def worked(ctx: Context, _clock: FixedClock) -> None:
    """A manager corrected one shift and wrote another down; one desk was left without a word."""
    now = ctx.clock.now()
    week = named_period("week", now.date())
    shifts = [one for one in desk.timer_corrections.sessions(ctx, week, "Leo") if one.stopped is not None]
    late = shifts[-1]
    assert late.stopped is not None
    desk.timer_corrections.correct(
        ctx, late.id, late.version, late.started, late.stopped + timedelta(minutes=40), "Stayed for a late arrival"
    )
    fair = now.replace(hour=8, minute=30) - timedelta(days=3)
    desk.timer_corrections.add(ctx, "Łucja", fair, fair + timedelta(hours=4), "Trade fair in Palma, no desk there")
    left = ctx.acting_as(desk.context.Actor(desk.team.find(ctx, "Łucja").id, "Łucja"))
    clock = FixedClock(now - timedelta(days=1, hours=1))
    desk.timers.start(_at(left, clock), "left")
    clock.advance(timedelta(minutes=4))
    desk.timers.beat(_at(left, clock), "left")


def _at(ctx: Context, clock: FixedClock) -> Context:
    from dataclasses import replace

    return replace(ctx, clock=clock)
