"""Reports (SPEC §12): one module a report, all asked for in the same way and given in the same shape.

A figure has one definition, wherever it appears: what a screen shows as well comes from the same query or rule as there.
Inquiries, and what came by conversations, count as far as the one who asks may see them (SPEC §4); reservations, payments,
flights and guests are everybody's. Others' productivity is for managers.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.desk.common import permissions
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.reports.asking import NOBODY, Asked, agent_of
from crm_tui.desk.reports.offering import offers
from crm_tui.desk.reports.registry import FILTERS, REPORTS
from crm_tui.desk.reports.views import Found, Link, Report, ReportData
from crm_tui.mail.text import display_text
from crm_tui.rules.periods import Period
from crm_tui.rules.reporting import table

__all__ = ["FILTERS", "REPORTS", "Link", "Report", "ReportData", "choices", "get", "listed", "own_only", "run"]

_STEPS = 20_000
"""How many steps of the database lie between two looks at whether it is wanted still."""


def listed(ctx: Context) -> list[Report]:
    """The reports there are, in their order, with the filters that the one who asks may use."""
    return [_own(ctx, report) for report in REPORTS.values()]


def _own(ctx: Context, report: Report) -> Report:
    """An agent's own figures have no department, and rows that compare people are for managers."""
    if permissions.may(ctx, Permission.FIGURES):
        return report
    by = {name: words for name, words in report.by.items() if name not in report.people_by}
    if not _tells_of_people(report):
        return replace(report, by=by)
    return replace(report, by=by, filters=tuple(one for one in report.filters if one != "department"))


def _tells_of_people(report: Report) -> bool:
    """Whether narrowing it to an agent tells how that one works."""
    return report.people or "agent" in report.people_by


def own_only(ctx: Context, report: Report) -> dict[str, str]:
    """The filters that an agent cannot take away: of a report that compares people, their own figures."""
    if report.people and not permissions.may(ctx, Permission.FIGURES):
        return {"agent": ctx.actor.name}
    return {}


def choices(ctx: Context, report: Report) -> dict[str, list[tuple[str, str]]]:
    """What each filter of a report can be narrowed to: values with their words, display-safe."""
    own = own_only(ctx, report)
    found = {name: offers(ctx, report, name) for name in report.filters}
    if "agent" in found and _tells_of_people(report) and not permissions.may(ctx, Permission.FIGURES):
        found["agent"] = [pair for pair in found["agent"] if pair[0] in (ctx.actor.name, NOBODY)]
    return found | {name: [(value, value)] for name, value in own.items() if name in found}


def get(name: str) -> Report:
    """The report of that name.

    Raises:
        InvalidInput: there is none.
    """
    report = REPORTS.get(name)
    if report is None:
        raise InvalidInput(
            _("There is no report called {name}.").format(name=display_text(name)),
            _("Use one of: {names}.").format(names=", ".join(REPORTS)),
            "name",
        )
    return report


def run(
    ctx: Context,
    name: str,
    period: Period,
    filters: Mapping[str, str] | None = None,
    *,
    by: str = "",
    drawn: bool = True,
    cancel: CancelEvent | None = None,
    progress: Progress | None = None,
) -> ReportData:
    """Work a report out.

    Args:
        filters: by name, as typed; empty ones are none.
        by: what a row stands for; empty: the usual.
        drawn: with its chart, where there is one.
        cancel: asked now and then whether it is wanted still.
        progress: told how far it is.

    Raises:
        InvalidInput: there is no such report, filter or value; ``field`` names it.
        Forbidden: these are the figures of other people, and the agent is no manager.
        Cancelled: it is not wanted any more.
    """
    report = get(name)
    given = _checked(report, filters or {})
    by = _by(report, by)
    _require_own(ctx, report, given, by)
    with ctx.store.connect() as connection, _cancellable(connection, cancel):
        here = zone(connection)
        today = ctx.clock.now().astimezone(here).date()
        asked = Asked(ctx, connection, period, given, by, here, today, cancel, progress or NullProgress())
        asked.progress.step(_("Reading"))
        asked.resolve()
        found = _compute(report.name, asked)
        asked.check()
    asked.progress.step(_("Adding up"))
    made = table(found.columns, found.records, found.sums)
    links = tuple(found.links) or (None,) * len(made.rows)
    chart = found.chart(made) if drawn and found.chart is not None and made.rows else None
    return ReportData(report, period, given, by, made, links, chart, found.note)


def _compute(name: str, asked: Asked) -> Found:
    module = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    found: Found = module.compute(asked)
    return found


def _checked(report: Report, filters: Mapping[str, str]) -> dict[str, str]:
    """The filters that narrow it; a status as it is stored."""
    given = {name: " ".join(text.split()) for name, text in filters.items() if text.strip()}
    for name in given:
        if name not in report.filters:
            title = _(FILTERS[name]) if name in FILTERS else display_text(name)
            raise InvalidInput(
                _("The report “{report}” cannot be narrowed by: {filter}.").format(
                    report=_(report.title), filter=title
                ),
                _filters_there_are(report),
                name,
            )
    if "status" in given:
        given["status"] = _status(report, given["status"])
    return given


def _filters_there_are(report: Report) -> str:
    if not report.filters:
        return _("It has a period only.")
    return _("Use one of: {names}.").format(names=", ".join(report.filters))


def _status(report: Report, given: str) -> str:
    wanted = given.casefold()
    for value, words in report.statuses.items():
        if wanted in (value.casefold(), _(words).casefold()):
            return value
    raise InvalidInput(
        _("There is no status called {name}.").format(name=display_text(given)),
        _("Use one of: {names}.").format(names=", ".join(report.statuses)),
        "status",
    )


def _by(report: Report, by: str) -> str:
    """What a row stands for, as the report calls it."""
    if not by.strip():
        return next(iter(report.by), "")
    if by not in report.by:
        hint = _("Use one of: {names}.").format(names=", ".join(report.by))
        raise InvalidInput(
            _("The report “{report}” has no rows by: {by}.").format(report=_(report.title), by=display_text(by)),
            hint if report.by else "",
            "by",
        )
    return by


def _require_own(ctx: Context, report: Report, filters: Mapping[str, str], by: str) -> None:
    """Others' productivity is for managers (SPEC §13)."""
    asked = agent_of(ctx, filters.get("agent", ""))
    mine = ctx.actor.id is not None and asked == ctx.actor.id
    if by in report.people_by and not mine:
        permissions.require_ctx(ctx, Permission.FIGURES)
    if not report.people and not (_tells_of_people(report) and filters.keys() & {"agent", "department"}):
        return
    if mine or (asked == 0 and not report.people):
        return
    try:
        permissions.require_ctx(ctx, Permission.FIGURES)
    except Forbidden as error:
        own = _("Your own are there: choose {name} as the agent, or say --of me.").format(
            name=display_text(ctx.actor.name)
        )
        raise Forbidden(error.message, f"{own} {error.hint}".strip()) from None


@contextmanager
def _cancellable(connection: Connection, cancel: CancelEvent | None) -> Iterator[None]:
    """Have the database look now and then whether the answer is wanted still, within a long query too."""
    driver = connection.connection.driver_connection
    if cancel is None or not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.set_progress_handler(lambda: int(cancel.is_set()), _STEPS)
    try:
        yield
    except OperationalError:
        cancel.check()
        raise
    finally:
        driver.set_progress_handler(None, 0)
