"""Money that came in a period, and what was given back (SPEC §7, §12). What was taken back by a reversal never came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from crm_tui.base.i18n import N_, _
from crm_tui.desk.money.money_views import METHODS, method_words
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.money import GROUPS, STAY, STAYS, Part, Stay, grouped, stay
from crm_tui.desk.reports.views import Found, Link
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Column, Kind, Record

AMOUNTS = (
    Column("received", N_("Received"), Kind.MONEY),
    Column("refunded", N_("Given back"), Kind.MONEY),
    Column("net", N_("Together"), Kind.MONEY),
)
EACH = (
    Column("day", N_("Day"), Kind.DAY),
    Column("reservation", N_("Code")),
    Column("holder", N_("Holder")),
    Column("operator", N_("Operator"), shown=False),
    Column("channel", N_("Channel"), shown=False),
    Column("method", N_("Method")),
    *AMOUNTS,
)
_NAMES = ("received", "refunded", "net")


class _Paid(NamedTuple):
    """A payment or a refund."""

    id: int
    day: date
    refund: bool
    amount: int
    method: str
    stay: Stay

    @property
    def amounts(self) -> dict[str, int]:
        """Minor units by column."""
        received, refunded = (0, self.amount) if self.refund else (self.amount, 0)
        return {"received": received, "refunded": refunded, "net": received - refunded}


def compute(asked: Asked) -> Found:
    """Payments and refunds whose day is in the period; those of cancelled reservations too: the money came."""
    found = list(_paid(asked))
    parts = [Part(one.day, one.stay, one.method, one.amounts) for one in found]
    by_day = charts.over_time(
        _("Received and given back by day"), ("received", "refunded"), asked.period, kind="grouped"
    )
    if asked.by == "payment":
        days = partial(grouped, parts, "day", "payments", _NAMES)
        chart = charts.of_records((GROUPS["day"][0], *AMOUNTS), days, by_day)
        links = [Link("reservation", one.stay.id) for one in found]
        return Found(EACH, [_record(one) for one in found], links, chart=chart)
    head = (GROUPS[asked.by][0], Column("payments", N_("Payments"), Kind.COUNT), *AMOUNTS)
    chart = by_day if asked.by == "day" else charts.rows(_("Received"), [asked.by], "received")
    return Found(head, grouped(parts, asked.by, "payments", _NAMES), chart=chart)


def _record(one: _Paid) -> Record:
    amounts = {name: Money(amount, one.stay.currency) for name, amount in one.amounts.items()}
    return {
        "day": one.day,
        "reservation": one.stay.code,
        "holder": one.stay.holder,
        "operator": one.stay.operator,
        "channel": one.stay.channel,
        "method": one.method,
        **amounts,
    }


def _paid(asked: Asked) -> Iterator[_Paid]:
    values: list[Any] = [asked.period.start.isoformat(), asked.period.end.isoformat()]
    statement = _PAYMENTS
    if asked.operator is not None:
        statement += " AND r.operator_id = ?"
        values.append(asked.operator)
    wanted = fold_text(asked.filters.get("method", ""))
    for row in asked.connection.exec_driver_sql(f"{statement} ORDER BY p.day, p.id", tuple(values)).mappings().all():
        words = display_text(method_words(row["method"]))
        if asked.counts_channel(row["channel"]) and _is_method(wanted, row["method"], words):
            day = date.fromisoformat(row["day"])
            yield _Paid(row["id"], day, row["kind"] == "refund", row["amount"], words, stay(row))


def _is_method(wanted: str, stored: str, words: str) -> bool:
    return not wanted or wanted in (fold_text(stored), fold_text(words), fold_text(METHODS.get(stored, "")))


_PAYMENTS = (
    f"SELECT {STAY}, p.id AS id, p.day AS day, p.kind AS kind, p.amount AS amount, p.method AS method "
    f"FROM payment p JOIN reservation r ON r.id = p.reservation_id {STAYS} "
    "WHERE p.day >= ? AND p.day <= ? AND p.reversed_at IS NULL AND r.removed_at IS NULL"
)
