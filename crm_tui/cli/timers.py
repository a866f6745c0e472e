"""``crm-tui timer``: one's own working time, and what managers do to it (SPEC §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.cli import time_corrections
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.time_corrections import Kind, hours
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.working.timer_views import SessionView, TimerView
    from crm_tui.rules.periods import Period


def start(run: Invocation) -> int:
    """Start one's own timer."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.timers.start(ctx)
        view = desk.timers.state(ctx)
        return _stands(run, ctx, view)


def stop(run: Invocation) -> int:
    """Stop all of one's own timers."""
    from crm_tui import desk

    with run.desk() as ctx:
        stopped = desk.timers.stop(ctx)
        view = desk.timers.state(ctx)
        if not stopped and not run.out.as_json:
            run.out.line(_("Your timer did not run."), "yellow")
        return _stands(run, ctx, view)


def pause(run: Invocation) -> int:
    """Take no new tickets for a while."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.timers.pause(ctx)
        return _stands(run, ctx, desk.timers.state(ctx))


def resume(run: Invocation) -> int:
    """Take new tickets again."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.timers.resume(ctx)
        return _stands(run, ctx, desk.timers.state(ctx))


def show(run: Invocation) -> int:
    """How one's own timer stands."""
    from crm_tui import desk

    with run.desk() as ctx:
        return _stands(run, ctx, desk.timers.state(ctx))


def _stands(run: Invocation, ctx: Context, view: TimerView) -> int:
    if run.out.as_json:
        run.out.record(
            {
                "agent": ctx.actor.name if ctx.actor.id is not None else None,
                "running": view.running,
                "intake": view.intake,
                "since": view.since,
                "paused_since": view.paused_since,
                "sessions": view.others + view.here,
                "working_seconds": view.working_seconds,
                "invisible_seconds": view.invisible_seconds,
            }
        )
        return 0
    zone = zone_of(ctx)
    if not view.running:
        run.out.line(_("Your timer does not run. Today: {time}.").format(time=hours(view.working_seconds)))
        return 0
    words = _("Your timer runs since {since}. Today: {time}.")
    run.out.line(words.format(since=moment(view.since, zone), time=hours(view.working_seconds)), "green")
    if view.paused_since is not None:
        words = _("New tickets are paused since {since}; {time} of today were invisible.")
        run.out.line(words.format(since=moment(view.paused_since, zone), time=hours(view.invisible_seconds)), "yellow")
    else:
        run.out.line(_("New tickets may come to you."))
    return 0


def sheet(run: Invocation) -> int:
    """Working time day by day."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.timer_corrections.timesheets(ctx, period_of(run, ctx), run.options.of)
    if run.out.as_json:
        for one in found:
            for day in one.days:
                run.out.record({"agent": one.agent, **day._asdict()})
        return 0
    rows: list[tuple[Any, ...]] = []
    for one in found:
        for day in one.days:
            if day.working_seconds or day.capped or day.corrected:
                marks = [_("capped")] * day.capped + [_("corrected")] * day.corrected
                times = (hours(day.working_seconds), hours(day.invisible_seconds))
                rows.append((one.agent, day.day.isoformat(), *times, ", ".join(marks)))
        rows.append((one.agent, _("total"), hours(one.working_seconds), hours(one.invisible_seconds), ""))
    run.out.table((_("Agent"), _("Day"), _("Working"), _("Invisible"), ""), rows, right=(2, 3))
    return 0


def period_of(run: Invocation, ctx: Context) -> Period:
    """What was asked for; without a word, this week."""
    from crm_tui import desk

    options = run.options
    if options.period and (options.start or options.end):
        raise UsageError(_("Say either a period or --from and --to."))
    if options.end and not options.start:
        raise UsageError(_("Say --from as well."))
    if options.start:
        found: Period = desk.periods.between(ctx, options.start, options.end)
        return found
    named: Period = desk.periods.read(ctx, options.period or "week")
    return named


def _record(one: SessionView) -> dict[str, Any]:
    return {
        "id": one.id,
        "agent": one.agent,
        "started": one.started,
        "stopped": one.stopped,
        "ended": one.ended or None,
        "seconds": one.seconds,
        "at_desk": bool(one.desk),
        "reason": one.note or None,
        "corrected_by": one.made_by or None,
    }


def _ended(one: SessionView) -> str:
    from crm_tui.desk.working.timer_views import ended_words

    return ended_words(one)


def _corrections() -> Any:
    from crm_tui import desk

    return desk.timer_corrections


SESSIONS: Kind[SessionView] = Kind(
    _corrections,
    _record,
    (N_("How"), _ended),
    N_("runs"),
    N_("Working time of {name} corrected: {start} to {end}, {time}."),
    N_("Working time of {name} added: {start} to {end}, {time}."),
    N_("Working time of {name} taken out: {start} to {end}, {time}."),
)


def list_sessions(run: Invocation) -> int:
    """When timers ran."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.timer_corrections.sessions(ctx, period_of(run, ctx), run.options.of)
        zone = zone_of(ctx)
    count = ngettext("{n} session", "{n} sessions", len(found)).format(n=len(found))
    return time_corrections.write(run, SESSIONS, found, zone, _("No timer ran then."), count)


def correct(run: Invocation) -> int:
    """Say when a session really began and ended."""
    return time_corrections.correct(run, SESSIONS)


def add(run: Invocation) -> int:
    """Write down a session that no timer counted."""
    return time_corrections.add(run, SESSIONS)


def remove(run: Invocation) -> int:
    """Take a session out of the count."""
    return time_corrections.remove(run, SESSIONS)
