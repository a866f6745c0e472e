"""What waits in the morning: the panels of the start screen, read at once (SPEC §8, §9; UX, start screen)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders
from crm_tui.desk.quality import feedback
from crm_tui.desk.shifts import handover, reminder_board
from crm_tui.desk.shifts.reminder_views import BoardQuery
from crm_tui.desk.ticketing import tickets
from crm_tui.desk.ticketing.ticket_views import TicketQuery
from crm_tui.desk.watchlists import departures, payment_watch
from crm_tui.desk.watchlists.departure_views import DepartureQuery
from crm_tui.desk.watchlists.payment_watch_views import PaymentQuery
from crm_tui.rules.vocabulary import TicketState

FIRST = 40
"""So many rows of each panel are read at once; the rest as one scrolls."""

UNANSWERED = ListQuery("All", "unanswered", "waiting")
WAITLIST = ListQuery("Waitlist", "unanswered", "waiting")
ARRIVALS = ListQuery("Inbox")
DEPARTURES = DepartureQuery()
PAYMENTS = PaymentQuery()
REMINDERS = BoardQuery()
PENDING = TicketQuery(TicketState.PENDING)
OVERDUE = BoardQuery(bucket="overdue")


@dataclass(frozen=True, slots=True)
class Stretch:
    """The first rows of a panel.

    Attributes:
        total: how many there are.
        urgent: how many of them are to be told still (departures) or overdue (payments, reminders).
    """

    rows: Sequence[Any] = ()
    total: int = 0
    urgent: int = 0


@dataclass(frozen=True, slots=True)
class Morning:
    """All panels.

    Attributes:
        pages, lines: open handovers, and how many of their lines nobody took over.
        pending: tickets that need a manager, for those who are.
    """

    unanswered: Stretch
    waitlist: Stretch
    departures: Stretch
    payments: Stretch
    reminders: Stretch
    complaints: Stretch
    arrivals: Stretch
    pages: int = 0
    lines: int = 0
    pending: int = 0

    def of(self, panel: str) -> Stretch:
        """The stretch of a panel, by its name."""
        found: Stretch = getattr(self, panel)
        return found


def read(ctx: Context, *, limit: int = FIRST, arrivals: bool = True) -> Morning:
    """Read every panel: its count and its first rows.

    Args:
        arrivals: new mail too, which has a place only on wide screens.
    """
    flights = departures.page(ctx, DEPARTURES, limit=limit)
    due = payment_watch.page(ctx, PAYMENTS, limit=limit)
    board = reminder_board.page(ctx, REMINDERS, limit=limit)
    overdue = reminder_board.total(ctx, OVERDUE) if board.rows and board.rows[0].bucket == "overdue" else 0
    with ctx.store.connect() as connection:
        complaints = feedback.open_in(connection, ctx.actor, limit=limit)
        count = len(complaints) if len(complaints) < limit else feedback.open_count_in(connection, ctx.actor)
        pages, lines = handover.open_counts_in(connection, ctx)
    return Morning(
        unanswered=_mail(ctx, UNANSWERED, limit),
        waitlist=_mail(ctx, WAITLIST, limit),
        departures=Stretch(flights.rows, flights.total, flights.to_inform),
        payments=Stretch(due.rows, due.total, due.overdue),
        reminders=Stretch(board.rows, board.total, overdue),
        complaints=Stretch(complaints, count),
        arrivals=_mail(ctx, ARRIVALS, limit) if arrivals else Stretch(),
        pages=pages,
        lines=lines,
        pending=tickets.total(ctx, PENDING) if may(ctx.actor, Permission.REASSIGN) else 0,
    )


def _mail(ctx: Context, query: ListQuery, limit: int) -> Stretch:
    rows = folders.page(ctx, query, limit=limit).rows
    return Stretch(rows, len(rows) if len(rows) < limit else folders.total(ctx, query))
