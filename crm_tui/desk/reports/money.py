"""What reports about money share: whose a reservation is, and rows of days, operators and channels, a currency each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.words import said
from crm_tui.desk.requests.inquiry_views import CHANNELS
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Column, Kind, Record

STAY = (
    "r.id AS reservation, r.code AS code, r.channel AS channel, r.currency AS currency, r.operator_id AS operator_id, "
    "coalesce(o.name, '') AS operator, coalesce(g.given, '') AS given, coalesce(g.surname, c.surname, '') AS surname"
)
"""The columns of a reservation that reports name."""
STAYS = (
    "LEFT JOIN operator o ON o.id = r.operator_id "
    "LEFT JOIN reservation_guest h ON h.reservation_id = r.id AND h.holder "
    "LEFT JOIN guest g ON g.id = h.guest_id LEFT JOIN guest c ON c.id = r.company_id"
)
"""The tables that they come from, beside ``reservation r``."""


class Stay(NamedTuple):
    """A reservation as reports name it, display-safe."""

    id: int
    code: str
    holder: str
    operator: str
    channel: str
    currency: str


def stay(row: Any) -> Stay:
    """The reservation of a row that was read with :data:`STAY`."""
    holder = display_text(f"{row['given']} {row['surname']}".strip())
    return Stay(
        row["reservation"],
        display_text(row["code"]),
        holder,
        display_text(row["operator"]),
        display_text(said(CHANNELS, row["channel"])),
        row["currency"],
    )


class Part(NamedTuple):
    """Something with amounts in one currency: its day, its reservation, the word it is grouped by, minor units by column."""

    day: date
    stay: Stay
    word: str
    amounts: dict[str, int]


GROUPS: dict[str, tuple[Column, Callable[[Part], str | date]]] = {
    "day": (Column("day", N_("Day"), Kind.DAY), lambda part: part.day),
    "operator": (Column("operator", N_("Operator")), lambda part: part.stay.operator or _("(none)")),
    "channel": (Column("channel", N_("Channel")), lambda part: part.stay.channel),
    "method": (Column("method", N_("Method")), lambda part: part.word or _("(not said)")),
}


def grouped(parts: Iterable[Part], by: str, count: str, names: Sequence[str]) -> list[Record]:
    """A row for each day or word and currency; days in order, else the largest first."""
    key = GROUPS[by][1]
    sums: dict[tuple[str | date, str], dict[str, int]] = {}
    for part in parts:
        row = sums.setdefault((key(part), part.stay.currency), dict.fromkeys((count, *names), 0))
        row[count] += 1
        for name in names:
            row[name] += part.amounts.get(name, 0)
    if by == "day":
        ordered = sorted(sums.items(), key=lambda item: (str(item[0][0]), item[0][1]))
    else:
        ordered = sorted(sums.items(), key=lambda item: (item[0][1], -item[1][names[0]], str(item[0][0])))
    return [
        {by: word, count: row[count]} | {name: Money(row[name], currency) for name in names}
        for (word, currency), row in ordered
    ]
