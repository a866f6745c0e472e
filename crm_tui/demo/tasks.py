"""The reminders of the sample hotel: overdue, for today and the days after, for a department, promised, coming back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Reminder, Reservation
from crm_tui.demo.people import AGENTS
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.shifts import reminders
from crm_tui.desk.staff import departments

_R = columns(Reservation)

# what, days from today, who (an agent's place in the team, or a department), about the how-many-th stay to come, more
_TASKS: tuple[tuple[str, int, int | str, int | None, dict[str, Any]], ...] = (
    ("Ask the ferry line for the invoice of October", -3, 0, None, {}),
    ("Send the voucher again, the guest cannot open it", -1, 1, 0, {}),
    ("Order linen for the weekend", 0, 0, None, {"rule": "every week"}),
    ("Confirm the late check-out", 0, 0, 1, {"promised": True}),
    ("Check the pool heating with the technician", 0, "Reception", None, {}),
    ("Tell the kitchen about the celiac child", 1, 0, 2, {}),
    ("Close the cash book", 1, "Reception", None, {"rule": "every workday"}),
    ("Prepare the welcome card, honeymoon", 1, 2, 3, {}),
    ("Ask how the flight is, then book the transfer", 2, 0, 4, {}),
    ("Send the price list to the agencies", 2, 1, None, {"rule": "on the last day of each month"}),
    ("Ask for the passport copies", 9, 0, 5, {}),
)


def add(ctx: Context) -> int:
    """Note them, once; returns how many there are."""
    with ctx.store.connect() as connection:
        if connection.execute(select(func.count()).where(columns(Reminder).rule != "")).scalar_one():
            return 0
        today = ctx.clock.now().astimezone(zone(connection)).date()
        stays = _coming(connection, today)
    rooms = {one.name for one in departments.listed(ctx)}
    for what, days, who, stay, more in _TASKS:
        named: dict[str, Any] = {"assignee": AGENTS[who]} if isinstance(who, int) else {"department": who}
        if named.get("department", "Reception") not in rooms:
            named = {}
        about = stays[stay] if stay is not None and stay < len(stays) else None
        reminders.add(ctx, what, today + timedelta(days=days), reservation=about, **named, **more)
    return len(_TASKS)


def _coming(connection: Any, today: date) -> list[int]:
    """The stays that are next."""
    query = select(_R.id).where(_R.arrival >= today, _R.removed_at.is_(None), _R.status == "confirmed")
    return list(connection.execute(query.order_by(_R.arrival, _R.id).limit(10)).scalars())
