"""``crm-tui timer pauses`` and what managers do to pauses of intake (SPEC §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.timers import hours, period_of
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.working.timer_views import PauseView


def list_pauses(run: Invocation) -> int:
    """When new tickets were paused."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.timer_corrections.pauses(ctx, period_of(run, ctx), run.options.of)
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_record(one))
        return 0
    if not found:
        run.out.line(_("Nobody paused new tickets then."))
        return 0
    titles = (_("ID"), _("Agent"), _("Began"), _("Ended"), _("Time"), _("By"), _("Reason"))
    rows = [
        (
            one.id,
            one.agent,
            moment(one.paused, zone),
            moment(one.resumed, zone) or _("lasts"),
            hours(one.seconds),
            one.made_by,
            one.note,
        )
        for one in found
    ]
    run.out.table(titles, rows, right=(0, 4))
    run.out.line(ngettext("{n} pause", "{n} pauses", len(found)).format(n=len(found)), "dim")
    return 0


def correct(run: Invocation) -> int:
    """Say when a pause really began and ended."""
    from crm_tui import desk

    options = run.options
    if not options.started and not options.stopped:
        raise UsageError(_("Nothing was said to change."), _("Say --started, --stopped or both."))
    with run.desk() as ctx:
        found = desk.pause_corrections.get(ctx, options.session)
        started, stopped = desk.timer_corrections.read_times(ctx, options.started, options.stopped, found)
        fixed = desk.pause_corrections.correct(ctx, found.id, found.version, started, stopped, options.reason)
        return _told(run, ctx, fixed, _("Pause of {name} corrected: {start} to {end}, {time}."))


def add(run: Invocation) -> int:
    """Write down a pause that nobody pressed a key for."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        started, stopped = desk.timer_corrections.read_times(ctx, options.started, options.stopped)
        assert stopped is not None, "the option is required"
        made = desk.pause_corrections.add(ctx, options.name, started, stopped, options.reason)
        return _told(run, ctx, made, _("Pause of {name} added: {start} to {end}, {time}."))


def remove(run: Invocation) -> int:
    """Take a pause out of the count."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.pause_corrections.get(ctx, run.options.session)
        desk.pause_corrections.remove(ctx, found.id, found.version, run.options.reason)
        return _told(run, ctx, found, _("Pause of {name} taken out: {start} to {end}, {time}."))


def _told(run: Invocation, ctx: Context, one: PauseView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_record(one))
        return 0
    zone = zone_of(ctx)
    end = moment(one.resumed, zone) or _("now")
    said = words.format(name=one.agent, start=moment(one.paused, zone), end=end, time=hours(one.seconds))
    run.out.line(said, "green")
    return 0


def _record(one: PauseView) -> dict[str, Any]:
    return {
        "id": one.id,
        "agent": one.agent,
        "paused": one.paused,
        "resumed": one.resumed,
        "seconds": one.seconds,
        "reason": one.note or None,
        "corrected_by": one.made_by or None,
    }
