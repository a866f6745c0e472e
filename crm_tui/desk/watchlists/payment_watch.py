"""The payment watchlist: who owes a deposit or a balance that is due now or soon (SPEC §8).

A reservation is listed when a line that is not covered is due on or before today and so many days (a setting); overdue ones
stay, first. It leaves when all of that is covered, or when it is cancelled.
"""

from __future__ import annotations

from sqlalchemy import Connection

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.watchlists.payment_watch_rows import STATES, DueList, rows_of
from crm_tui.desk.watchlists.payment_watch_views import ORDERS, PaymentPage, PaymentQuery, PaymentRow
from crm_tui.mail.text import display_text
from crm_tui.rules.payment_watch import last_day

__all__ = ["ORDERS", "STATES", "PaymentPage", "PaymentQuery", "PaymentRow"]

PAGE = 100


def page(
    ctx: Context,
    query: PaymentQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
    known: tuple[int, int] | None = None,
) -> PaymentPage:
    """A stretch of the list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on.
        known: how long the list is and how many of it are overdue, where that was asked before.

    Raises:
        InvalidInput: there is no such state or order.
    """
    backwards = before is not None or last
    with ctx.store.connect() as connection:
        listed = _list(ctx, connection, query)
        keys = listed.ids(before or after, backwards=backwards, limit=limit, offset=at or 0)
        total, overdue = known or listed.length
        return PaymentPage(rows_of(listed, keys), total, overdue)


def total(ctx: Context, query: PaymentQuery) -> int:
    """How long a list is."""
    with ctx.store.connect() as connection:
        return _list(ctx, connection, query).length[0]


def position(ctx: Context, query: PaymentQuery, cursor: Cursor) -> int:
    """How many rows stand before this one in the list."""
    with ctx.store.connect() as connection:
        return _list(ctx, connection, query).position(cursor)


def row_in_list(ctx: Context, query: PaymentQuery, reservation_id: int) -> PaymentRow | None:
    """One reservation as this list shows it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        listed = _list(ctx, connection, query)
        keys = listed.key_of(reservation_id)
        return next(iter(rows_of(listed, keys)), None)


def _list(ctx: Context, connection: Connection, query: PaymentQuery) -> DueList:
    if query.order not in ORDERS:
        raise InvalidInput(_("There is no such order: {order}.").format(order=display_text(query.order)), field="order")
    if query.state not in ("", *STATES):
        raise InvalidInput(
            _("There is no state called “{given}”; there are: {names}.").format(
                given=display_text(query.state), names=", ".join(STATES)
            ),
            field="state",
        )
    today = ctx.clock.now().astimezone(zone(connection)).date()
    return DueList(connection, query, today, last_day(today, ctx.settings.payment_days))
