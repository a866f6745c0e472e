"""What a shift handover is made of: everything open that the next shift must know of (SPEC §9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from crm_tui.base.i18n import _, language
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.common.words import OUTBOX_STATES, said
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence import outbox
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories.history_words import day, short, when
from crm_tui.desk.quality import feedback
from crm_tui.desk.shifts import reminder_board
from crm_tui.desk.shifts.handover_standing import Now, standings
from crm_tui.desk.shifts.handover_views import Item, Sheet
from crm_tui.desk.shifts.reminder_views import BoardQuery
from crm_tui.desk.ticketing import tickets
from crm_tui.desk.ticketing.ticket_views import TicketQuery
from crm_tui.desk.watchlists import departures, payment_watch
from crm_tui.desk.watchlists.departure_views import DepartureQuery
from crm_tui.desk.watchlists.payment_watch_views import PaymentQuery
from crm_tui.rules.vocabulary import FlightState, HandoverKind, OutboxState, TicketState

MOST = 200
"""So many lines of one kind are on a page; of the others it only says how many there are."""
LONGEST = 300
"""Letters of a line."""

_Part = tuple[list[Item], int]
"""Lines, at most :data:`MOST` of them, and how many there are."""
_STUCK = (OutboxState.HELD, OutboxState.FAILED, OutboxState.UNCERTAIN)


def gather(ctx: Context) -> Sheet:
    """What is open now, in the order of the page. What only the agent may see stays with the agent."""
    items: list[Item] = []
    more: dict[str, int] = {}
    for kind, read in _PARTS.items():
        found, total = read(ctx)
        items += found[:MOST]
        if total > MOST:
            more[kind] = total - MOST
    with ctx.store.connect() as connection:
        stand = standings(connection, [(one.kind, one.thing) for one in items], now_of(ctx, zone(connection)))
    kept = [one for one in items if one.thing is None or not stand[one.kind, one.thing].private_to(ctx.actor)]
    return Sheet(tuple(kept), len(items) - len(kept), more)


def now_of(ctx: Context, place: ZoneInfo) -> Now:
    """The day of the property, and until when payments count as due."""
    at = ctx.clock.now()
    today = at.astimezone(place).date()
    return Now(today, today + timedelta(days=ctx.settings.payment_days), at, place)


def _line(*parts: str) -> str:
    return short(" · ".join(part for part in parts if part), LONGEST)


def _waitlist(ctx: Context) -> _Part:
    query = ListQuery("Waitlist", "unanswered", "waiting")
    rows = folders.page(ctx, query, limit=MOST).rows
    place = _zone(ctx)
    found = []
    for row in rows:
        since = _("waits since {at}").format(at=when(row.waiting_since, place)) if row.waiting_since else ""
        who = row.counterpart.name or row.counterpart.address
        text = _line(who, row.subject or _("(no subject)"), since, row.assignee)
        found.append(Item(HandoverKind.WAITLIST, row.id, text))
    return found, folders.total(ctx, query) if len(rows) == MOST else len(rows)


def _pending(ctx: Context) -> _Part:
    page = tickets.page(ctx, TicketQuery(TicketState.PENDING), limit=MOST)
    place = _zone(ctx)
    found = []
    for row in page.rows:
        since = _("since {at}").format(at=when(row.pending_at, place)) if row.pending_at else ""
        text = _line(row.counterpart, row.subject or _("(no subject)"), row.pending_note, row.agent, since)
        found.append(Item(HandoverKind.PENDING, row.id, text))
    return found, page.total


def _complaints(ctx: Context) -> _Part:
    found = [
        Item(HandoverKind.COMPLAINT, one.id, _line(one.title, one.code, one.comment, one.employee))
        for one in feedback.open_page(ctx, limit=MOST)
    ]
    return found, feedback.open_count(ctx) if len(found) == MOST else len(found)


def _held(ctx: Context) -> _Part:
    found = [
        Item(
            HandoverKind.HELD,
            one.id,
            _line(", ".join(one.recipients), one.subject, said(OUTBOX_STATES, one.state), one.error),
        )
        for one in outbox.items(ctx)
        if one.state in _STUCK
    ]
    return found, len(found)


def _departures(ctx: Context) -> _Part:
    page = departures.page(ctx, DepartureQuery(state="open"), limit=MOST)
    found = []
    for row in page.rows:
        when = f"{day(row.departs.date().isoformat())} {row.departs:%H:%M}"
        again = _("inform again") if row.state == FlightState.AGAIN else ""
        text = _line(row.holder or row.code, row.number, "→".join(row.airports), when, row.phone, again)
        found.append(Item(HandoverKind.DEPARTURE, row.id, text))
    return found, page.total


def _payments(ctx: Context) -> _Part:
    page = payment_watch.page(ctx, PaymentQuery(), limit=MOST)
    found = []
    for row in page.rows:
        due = day(row.due.isoformat())
        since = _("overdue since {day}").format(day=due) if row.overdue else _("due {day}").format(day=due)
        amount = f"{row.letters} {row.missing_now.written(language())}"
        found.append(Item(HandoverKind.PAYMENT, row.id, _line(row.holder, row.code, amount, since, row.phone)))
    return found, page.total


def _reminders(ctx: Context) -> _Part:
    found: list[Item] = []
    total = 0
    for bucket in ("overdue", "today"):
        page = reminder_board.page(ctx, BoardQuery("all", "reminder", bucket), limit=max(1, MOST - len(found)))
        total += page.total
        for row in page.rows:
            late = _("overdue since {day}").format(day=day(row.due.isoformat())) if bucket == "overdue" else ""
            about = ", ".join(link.title for link in row.links if link.title)
            found.append(Item(HandoverKind.REMINDER, row.number, _line(row.title, about, late, row.who)))
    return found[:MOST], total


def _zone(ctx: Context) -> ZoneInfo:
    with ctx.store.connect() as connection:
        return zone(connection)


_PARTS: dict[str, Callable[[Context], _Part]] = {
    HandoverKind.WAITLIST: _waitlist,
    HandoverKind.PENDING: _pending,
    HandoverKind.DEPARTURE: _departures,
    HandoverKind.PAYMENT: _payments,
    HandoverKind.COMPLAINT: _complaints,
    HandoverKind.HELD: _held,
    HandoverKind.REMINDER: _reminders,
}
"""How the lines of each kind are read, in the order of the page."""
