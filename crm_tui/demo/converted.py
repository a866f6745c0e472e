"""What became of inquiries of the sample hotel: those that were booked have their reservation (SPEC §10, conversion)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from crm_tui.desk.money import payments
from crm_tui.desk.requests import inquiries
from crm_tui.desk.requests.inquiry_views import InquiryQuery, InquiryView
from crm_tui.desk.stays import reservation_links, reservations

_AHEAD, _NIGHTS = 60, 7
"""Where a guest named no days: so many days from now, and for so many nights."""


def add(ctx: Context) -> int:
    """Make the reservations that are missing, paid in full; returns how many."""
    rows = inquiries.page(ctx, InquiryQuery("booked"), limit=100).rows
    found = [inquiries.get(ctx, row.id) for row in rows]
    open_ones = [one for one in found if one.holder is not None and not reservation_links.of_inquiry(ctx, one.id)]
    for one in sorted(open_ones, key=lambda each: each.id):
        _book(ctx, one)
    return len(open_ones)


def _book(ctx: Context, one: InquiryView) -> None:
    now = ctx.clock.now()
    booked: datetime = min(now, one.updated_at)
    arrival = one.arrival or (now + timedelta(days=_AHEAD + one.id)).date()
    values = {
        "inquiry": one.id,
        "status": "confirmed",
        "channel": one.channel,
        "booked": booked.date(),
        "arrival": arrival,
        "departure": one.departure or arrival + timedelta(days=one.nights or _NIGHTS),
        "adults": one.adults or 2,
        "children": len(one.children),
        "room": one.room,
        "value": one.price.decimal if one.price else "",
        "currency": "EUR",
    }
    then = replace(ctx, clock=FixedClock(booked))
    holder = one.holder.id if one.holder is not None else None
    made = reservations.create(then, values, guests_of=[holder] if holder else [], holder=holder)
    if one.price is not None:
        payments.add(then, made, one.price.amount, method="transfer")
