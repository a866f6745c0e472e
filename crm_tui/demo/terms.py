"""The payment terms of the sample hotel and of the operators that it books with, and whom to ask there."""

from __future__ import annotations

from crm_tui.desk.common.context import Context
from crm_tui.desk.money import operators, terms
from crm_tui.rules.schedule import TermLine

_TERMS: dict[str, tuple[TermLine, ...]] = {
    "": (TermLine("deposit", 30_00, None, "booking", 7), TermLine("balance", 70_00, None, "arrival", -14)),
    "Rainbow Coast": (
        TermLine("deposit", 30_00, None, "booking", 3),
        TermLine("balance", 70_00, None, "departure", -42),
    ),
    "Deep Blue": (
        TermLine("deposit", None, 200_00, "booking", 0, "EUR"),
        TermLine("instalment", 50_00, None, "arrival", -60),
        TermLine("balance", 50_00, None, "arrival", -21),
    ),
}
_CONTACTS = {
    "Rainbow Coast": {"email": "booking@rainbowcoast.example", "phone": "+48 22 555 01 77", "watch_days": "3"},
    "Deep Blue": {"email": "desk@deepblue.example", "phone": "+44 20 7946 0321"},
}


def add(ctx: Context) -> None:
    """Set those that are missing. They hold for what is booked from now on: the schedules of the samples stand."""
    known = {one.name: one for one in operators.listed(ctx)}
    for name, lines in _TERMS.items():
        if name and name not in known:
            continue
        number = known[name].id if name else None
        if not terms.shown(ctx, number).lines:
            terms.set(ctx, number, lines)
        if name and not known[name].email:
            operators.set(ctx, known[name].id, known[name].version, _CONTACTS[name])
