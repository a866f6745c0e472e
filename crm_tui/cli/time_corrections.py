"""What the commands on sessions and on pauses share: how they are listed, corrected, added and taken out (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm_tui.desk.common.context import Context
    from crm_tui.desk.working.timer_views import PauseView, SessionView

Stretch = TypeVar("Stretch", "SessionView", "PauseView")


@dataclass(frozen=True, slots=True)
class Kind(Generic[Stretch]):
    """Sessions or pauses.

    Attributes:
        desk: gives the module of the desk that has ``get``, ``correct``, ``add`` and ``remove``.
        record: one of them for JSON.
        how: the title of a column, and what stands there.
        lasts: what stands instead of the end of one that has none.
        corrected, added, removed: what is said, with ``{name}``, ``{start}``, ``{end}`` and ``{time}``; marked with ``N_``.
    """

    desk: Callable[[], Any]
    record: Callable[[Stretch], dict[str, Any]]
    how: tuple[str, Callable[[Stretch], str]]
    lasts: str
    corrected: str
    added: str
    removed: str


def write(
    run: Invocation, kind: Kind[Stretch], found: Sequence[Stretch], zone: ZoneInfo, none: str, sum_up: str
) -> int:
    """Print a list; ``none`` is said of an empty one, ``sum_up`` below the others."""
    if run.out.as_json:
        for one in found:
            run.out.record(kind.record(one))
        return 0
    if not found:
        run.out.line(none)
        return 0
    title, how = kind.how
    titles = (_("ID"), _("Agent"), _("Began"), _("Ended"), _("Time"), _(title), _("Reason"))
    rows = [
        (
            one.id,
            one.agent,
            moment(one.started, zone),
            moment(one.stopped, zone) or _(kind.lasts),
            hours(one.seconds),
            how(one),
            one.note,
        )
        for one in found
    ]
    run.out.table(titles, rows, right=(0, 4))
    run.out.line(sum_up, "dim")
    return 0


def correct(run: Invocation, kind: Kind[Stretch]) -> int:
    """Say when one really began and ended."""
    from crm_tui import desk

    options = run.options
    if not options.started and not options.stopped:
        raise UsageError(_("Nothing was said to change."), _("Say --started, --stopped or both."))
    with run.desk() as ctx:
        found = kind.desk().get(ctx, options.session)
        started, stopped = desk.timer_corrections.read_times(ctx, options.started, options.stopped, found)
        fixed = kind.desk().correct(ctx, found.id, found.version, started, stopped, options.reason)
        return _told(run, ctx, kind, fixed, kind.corrected)


def add(run: Invocation, kind: Kind[Stretch]) -> int:
    """Write one down that nothing counted."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        started, stopped = desk.timer_corrections.read_times(ctx, options.started, options.stopped)
        assert stopped is not None, "the option is required"
        made = kind.desk().add(ctx, options.name, started, stopped, options.reason)
        return _told(run, ctx, kind, made, kind.added)


def remove(run: Invocation, kind: Kind[Stretch]) -> int:
    """Take one out of the count."""
    with run.desk() as ctx:
        found = kind.desk().get(ctx, run.options.session)
        kind.desk().remove(ctx, found.id, found.version, run.options.reason)
        return _told(run, ctx, kind, found, kind.removed)


def _told(run: Invocation, ctx: Context, kind: Kind[Stretch], one: Stretch, words: str) -> int:
    if run.out.as_json:
        run.out.record(kind.record(one))
        return 0
    zone = zone_of(ctx)
    end = moment(one.stopped, zone) or _("now")
    said = _(words).format(name=one.agent, start=moment(one.started, zone), end=end, time=hours(one.seconds))
    run.out.line(said, "green")
    return 0


def hours(seconds: int) -> str:
    """As timesheets write it: ``3:12``."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}"
