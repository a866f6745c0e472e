"""``crm-tui ticket``: whose work it is to answer whom (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import moment, zone_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm_tui.desk.common.context import Context
    from crm_tui.desk.ticketing.ticket_views import TicketRow

_PAGE = 500
SHOWN = 100


def list_tickets(run: Invocation) -> int:
    """Print tickets: the open ones by age, or those of a state, an agent, a stage, a channel."""
    from crm_tui import desk
    from crm_tui.desk.ticketing.ticket_views import TicketQuery

    options = run.options
    query = TicketQuery(options.state, options.of, options.stage, options.channel, options.order)
    limit = options.limit if options.limit is not None else (0 if run.out.as_json else SHOWN)
    rows: list[TicketRow] = []
    with run.desk() as ctx:
        zone = zone_of(ctx)
        while True:
            wanted = min(_PAGE, limit - len(rows)) if limit else _PAGE
            page = desk.tickets.page(ctx, query, after=rows[-1].cursor if rows else None, limit=wanted)
            rows += page.rows
            if len(page.rows) < wanted or len(rows) == limit:
                break
    if run.out.as_json:
        for row in rows:
            run.out.record(record(row))
        return 0
    if not rows:
        run.out.line(_("There are no such tickets."))
        return 0
    _table(run, rows, zone)
    words = ngettext("{n} of {total} ticket", "{n} of {total} tickets", page.total)
    run.out.line(words.format(n=len(rows), total=page.total), "dim")
    return 0


def _table(run: Invocation, rows: list[TicketRow], zone: ZoneInfo) -> None:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.ticketing.ticket_views import STAGES, STATES

    titles = (_("ID"), _("Waits since"), _("State"), _("Agent"), _("Stage"), _("Channel"), _("Whom"), _("Subject"))
    cells = [
        (
            row.id,
            moment(row.created_at, zone),
            said(STATES, "flagged" if row.flagged and row.state != "pending" else row.state),
            row.agent,
            said(STAGES, row.stage),
            row.channel,
            row.counterpart,
            row.subject,
        )
        for row in rows
    ]
    run.out.table(titles, cells, right=(0,))


def show(run: Invocation) -> int:
    """Print one ticket, and why it is where it is."""
    from crm_tui import desk

    with run.desk() as ctx:
        row = desk.tickets.get(ctx, run.options.ticket)
        zone = zone_of(ctx)
    if run.out.as_json:
        run.out.record(record(row))
        return 0
    _table(run, [row], zone)
    run.out.line(row.why)
    if row.pending_at is not None:
        words = _("Waits for a manager since {when}, says {name}: {note}") if row.pending_note else ""
        words = words or _("Waits for a manager since {when}, says {name}.")
        said = words.format(when=moment(row.pending_at, zone), name=row.pending_by or "?", note=row.pending_note)
        run.out.line(said, "yellow")
    if row.done_at is not None:
        run.out.line(_("Done {when} by {name}.").format(when=moment(row.done_at, zone), name=row.done_by or "?"))
    return 0


def why(run: Invocation) -> int:
    """Print in one line why a ticket is where it is."""
    from crm_tui import desk

    with run.desk() as ctx:
        row = desk.tickets.get(ctx, run.options.ticket)
    if run.out.as_json:
        run.out.record({"id": row.id, "agent": row.agent or None, "state": row.state, "why": row.why})
    else:
        run.out.line(row.why)
    return 0


def loads(run: Invocation) -> int:
    """Print who has how much in hand, and how long the queue is."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.tickets.loads(ctx)
        queue = desk.tickets.counts(ctx).queue
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record({name: getattr(one, name) for name in one.__slots__})
        run.out.record({"queue": queue})
        return 0
    titles = (_("Agent"), _("Works since"), _("Intake"), _("Load"), _("Opened"), _("Pending"), _("Done today"))
    rows = [
        (
            one.agent,
            moment(one.working_since, zone) or "-",
            (_("on") if one.intake and one.takes else _("off")) if one.running else "-",
            one.load,
            one.opened,
            one.pending,
            one.done_today,
        )
        for one in found
    ]
    run.out.table(titles, rows, right=(3, 4, 5, 6))
    run.out.line(ngettext("{n} ticket in the queue", "{n} tickets in the queue", queue).format(n=queue))
    return 0


def take(run: Invocation) -> int:
    """Take tickets for oneself."""
    return _done(run, lambda tickets, ctx: tickets.take(ctx, run.options.tickets))


def give(run: Invocation) -> int:
    """Give tickets to an agent."""
    return _done(run, lambda tickets, ctx: tickets.give(ctx, run.options.tickets, run.options.to))


def release(run: Invocation) -> int:
    """Put tickets back into the queue."""
    return _done(run, lambda tickets, ctx: tickets.release(ctx, run.options.tickets))


def pending(run: Invocation) -> int:
    """Let tickets wait for a manager."""
    return _done(run, lambda tickets, ctx: tickets.set_pending(ctx, run.options.tickets, run.options.note))


def resume(run: Invocation) -> int:
    """Tickets wait for a manager no more."""
    return _done(run, lambda tickets, ctx: tickets.resume(ctx, run.options.tickets))


def _done(run: Invocation, work: Callable[[Any, Context], int]) -> int:
    """Do it, and tell how the tickets stand now."""
    from crm_tui import desk

    with run.desk() as ctx:
        changed = work(desk.tickets, ctx)
        rows = [desk.tickets.get(ctx, number) for number in dict.fromkeys(run.options.tickets)]
        zone = zone_of(ctx)
    if run.out.as_json:
        for row in rows:
            run.out.record(record(row))
        return 0
    _table(run, rows, zone)
    words = ngettext("{n} ticket was changed.", "{n} tickets were changed.", changed).format(n=changed)
    run.out.line(words, "green" if changed else "dim")
    return 0


def record(row: TicketRow) -> dict[str, Any]:
    """A ticket for programs."""
    return {
        "id": row.id,
        "conversation": row.conversation,
        "subject": row.subject,
        "counterpart": row.counterpart,
        "state": row.state,
        "agent": row.agent or None,
        "how": row.how or None,
        "pinned": row.pinned,
        "flagged": row.flagged,
        "stage": row.stage,
        "channel": row.channel,
        "created": row.created_at,
        "assigned": row.assigned_at,
        "opened": row.seen_at,
        "pending": row.pending_at,
        "pending_by": row.pending_by or None,
        "note": row.pending_note or None,
        "done": row.done_at,
        "done_by": row.done_by or None,
        "why": row.why or None,
    }
