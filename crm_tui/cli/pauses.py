"""``crm-tui timer pauses`` and what managers do to pauses of intake (SPEC §10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.cli import time_corrections
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.time_corrections import Kind
from crm_tui.cli.timers import period_of
from crm_tui.cli.times import zone_of

if TYPE_CHECKING:
    from crm_tui.desk.working.timer_views import PauseView


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


def _corrections() -> Any:
    from crm_tui import desk

    return desk.pause_corrections


PAUSES: Kind[PauseView] = Kind(
    _corrections,
    _record,
    (N_("By"), lambda one: one.made_by),
    N_("lasts"),
    N_("Pause of {name} corrected: {start} to {end}, {time}."),
    N_("Pause of {name} added: {start} to {end}, {time}."),
    N_("Pause of {name} taken out: {start} to {end}, {time}."),
)


def list_pauses(run: Invocation) -> int:
    """When new tickets were paused."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.timer_corrections.pauses(ctx, period_of(run, ctx), run.options.of)
        zone = zone_of(ctx)
    count = ngettext("{n} pause", "{n} pauses", len(found)).format(n=len(found))
    return time_corrections.write(run, PAUSES, found, zone, _("Nobody paused new tickets then."), count)


def correct(run: Invocation) -> int:
    """Say when a pause really began and ended."""
    return time_corrections.correct(run, PAUSES)


def add(run: Invocation) -> int:
    """Write down a pause that nobody pressed a key for."""
    return time_corrections.add(run, PAUSES)


def remove(run: Invocation) -> int:
    """Take a pause out of the count."""
    return time_corrections.remove(run, PAUSES)
