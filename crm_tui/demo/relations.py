"""Guest relations of the sample hotel: its codes and items, what guests said last month, what they were given (SPEC §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns
from crm_tui.data.tables import Property, Reservation
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.quality import feedback, quality_codes, quality_costs, quality_items
from crm_tui.rules.vocabulary import FeedbackKind

CODES = ("bathroom", "breakfast", "cleaning", "noise", "room", "service", "birthday", "honeymoon", "VIP")
ITEMS: tuple[tuple[str, int], ...] = (
    ("bottle of wine", 1850),
    ("fruit basket", 1200),
    ("dinner for two", 6400),
    ("late check-out", 3000),
    ("spa voucher", 4500),
    ("night in a better room", 9000),
)
"""What is given, and the value of one in cents."""

_Given = Sequence[tuple[str, int]]

_SETTLED: tuple[tuple[int, str, Mapping[str, Any], str, int, _Given], ...] = (
    (27, "M-26290", {"code": "cleaning", "employee": "Leo", "comment": "The room was not ready at four"},
     "Apologised; a drink at the bar while they waited", 4, [("bottle of wine", 1)]),
    (19, "M-26291", {"code": "noise", "comment": "Building works next door from seven on"},
     "Moved to the quiet side", 5, [("night in a better room", 2), ("fruit basket", 1)]),
    (11, "M-25210", {"code": "breakfast", "emoji": "🙁", "comment": "Cold coffee, twice"},
     "Dinner on the house", 3, [("dinner for two", 1)]),
    (2, "M-26301", {"code": "service", "employee": "Ana", "emoji": "😠", "comment": "Waited half an hour to check in"},
     "The manager called them", 4, []),
)  # fmt: skip
"""Days ago, stay, what was said, what was done, how the guest took it, what was given."""

_PRAISED: tuple[tuple[int, str, Mapping[str, Any]], ...] = (
    (
        17,
        "M-26291",
        {"code": "service", "employee": "Łucja", "emoji": "😀", "comment": "Łucja found our lost passport"},
    ),
    (9, "M-25210", {"code": "breakfast", "emoji": "🙂", "comment": "The best ensaïmadas on the island"}),
)

_COSTS: tuple[tuple[int, str, str, str, _Given], ...] = (
    (25, "M-26290", "honeymoon", "Honeymoon", [("bottle of wine", 1), ("fruit basket", 1)]),
    (18, "M-26291", "birthday", "40th birthday", [("dinner for two", 1)]),
    (2, "M-26301", "VIP", "Tenth stay with us", [("spa voucher", 2)]),
)
"""Days ago, stay, code, occasion, what was given."""


def add(ctx: Context) -> None:
    """Fill the lists as the administrator would, and write down what happened since."""
    admin = ctx.acting_as(ENGINE)
    names, home = columns(Reservation), columns(Property)
    with ctx.store.connect() as connection:
        stays = {row.code: row.id for row in connection.execute(select(names.code, names.id))}
        currency = str(connection.execute(select(home.currency).order_by(home.id)).scalar() or "EUR")
    for name in CODES:
        quality_codes.add(admin, name)
    for name, value in ITEMS:
        quality_items.add(admin, name, value, currency)

    def ago(days: int, hours: int = 0) -> Context:
        return replace(ctx, clock=FixedClock(ctx.clock.now() - timedelta(days=days, hours=-hours)))

    for days, code, texts, done, mark, given in _SETTLED:
        if code in stays:
            number = feedback.add(ago(days), FeedbackKind.NEGATIVE, reservation=stays[code], **texts)
            feedback.resolve(ago(days, 5), number, resolution=done, satisfaction=mark, items=list(given))
    for days, code, texts in _PRAISED:
        if code in stays:
            feedback.add(ago(days), FeedbackKind.POSITIVE, reservation=stays[code], **texts)
    for days, code, kind, occasion, given in _COSTS:
        if code in stays:
            quality_costs.add(ago(days), list(given), reservation=stays[code], code=kind, occasion=occasion)
