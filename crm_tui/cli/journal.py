"""``crm-tui journal``: who changed what when (SPEC §13)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError
from crm_tui.desk.histories.journal_view import JournalEntry, JournalQuery

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

LIMIT = 50
PAGE = 500


def journal(run: Invocation) -> int:
    """Print the journal, newest first."""
    from crm_tui import desk
    from crm_tui.desk.histories.history_entries import zone_of

    limit = LIMIT if run.options.limit is None else run.options.limit
    left = limit or None
    shown = 0
    with run.desk() as ctx:
        query = _query(run, ctx)
        with ctx.store.connect() as connection:
            zone = zone_of(connection)
        after = None
        while left is None or left > 0:
            page = desk.journal_view.page(ctx, query, after, limit=min(PAGE, left or PAGE))
            for one in page.entries:
                shown += 1
                if run.out.as_json:
                    run.out.record(_record(one))
                else:
                    run.out.line(f"{one.at.astimezone(zone):%Y-%m-%d %H:%M}  {one.who}  {one.thing}  {one.said}")
                    for each in one.differences:
                        run.out.line(f"    {each.name}: {each.before} → {each.after}", "dim")
            left = None if left is None else left - len(page.entries)
            after = page.further
            if after is None:
                break
    if not shown and not run.out.as_json:
        run.out.line(_("Nothing of that is in the journal."))
    return 0


def _query(run: Invocation, ctx: Context) -> JournalQuery:
    from crm_tui import desk

    options = run.options
    kind, _sep, number = options.thing.partition(":")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 16):
        raise UsageError(_("{text!r} is not a whole number").format(text=number) + ".", _("Say for example: guest:12"))
    first, last = _days(ctx, options.first, options.last)
    name = desk.journal_view.entity_named(kind)
    return JournalQuery(options.by, name, int(number or 0), options.action, first, last, options.words)


def _days(ctx: Context, first: str, last: str) -> tuple[date | None, date | None]:
    from crm_tui import desk

    if not first and not last:
        return None, None
    period = desk.periods.between(ctx, first or last, last or first)
    return period.start if first else None, period.end if last else None


def _record(one: JournalEntry) -> dict[str, object]:
    return {
        "id": one.id,
        "at": one.at,
        "agent": one.who,
        "kind": one.entity,
        "number": one.number,
        "thing": one.thing,
        "action": one.action,
        "text": one.said,
        "before": one.before,
        "after": one.after,
        "command": one.command,
    }
