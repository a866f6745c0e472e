"""What a guest must fit, in SQL: the criteria of SPEC §6, each answered from an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crm_tui.mail.text import fold_text
from crm_tui.rules.guest_criteria import GuestCriteria

_HOLDS = "(SELECT c.given FROM consent c WHERE c.guest_id = g.id AND c.channel = ? ORDER BY c.id DESC LIMIT 1)"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something asked of a guest ``g``, with its values."""

    sql: str
    values: tuple[Any, ...] = ()


def conditions(asked: GuestCriteria) -> list[Condition]:
    """All that is asked, except for the text."""
    return [*_alive(asked), *_own(asked), *_of_others(asked)]


def _alive(asked: GuestCriteria) -> Iterator[Condition]:
    yield Condition("g.merged_into IS NULL")
    yield Condition("g.archived_at IS NOT NULL" if asked.archived else "g.archived_at IS NULL")


def _own(asked: GuestCriteria) -> Iterator[Condition]:
    for name in ("kind", "nationality", "language", "country"):
        if value := getattr(asked, name):
            yield Condition(f"g.{name} = ?", (value,))
    if city := fold_text(asked.city).split():
        yield Condition("crm_fold(g.city) = ?", (" ".join(city),))
    if asked.passport_by is not None:
        yield Condition("g.passport_expiry <= ?", (asked.passport_by.isoformat(),))
    if asked.born_from or asked.born_to:
        begin, end = asked.born_from or "01-01", asked.born_to or "12-31"
        both = "AND" if begin <= end else "OR"
        day = "substr(g.birth_date, 6)"
        yield Condition(f"g.birth_date IS NOT NULL AND ({day} >= ? {both} {day} <= ?)", (begin, end))


def _of_others(asked: GuestCriteria) -> Iterator[Condition]:
    for one in asked.attributes:
        yield Condition("g.id IN (SELECT guest_id FROM guest_attribute WHERE attribute_id = ?)", (one,))
    if asked.package is not None:
        yield Condition("g.id IN (SELECT guest_id FROM package_guest WHERE package_id = ?)", (asked.package,))
    if asked.consent:
        yield Condition(f"{_HOLDS} = 1", (asked.consent,))
    if asked.no_consent:
        yield Condition(f"{_HOLDS} IS NOT 1", (asked.no_consent,))
    if asked.never_booked:
        taken = "SELECT r.id FROM reservation r WHERE r.id = x.reservation_id AND r.removed_at IS NULL"
        yield Condition(f"NOT EXISTS (SELECT 1 FROM reservation_guest x WHERE x.guest_id = g.id AND EXISTS ({taken}))")
    if asked.about_reservations:
        wanted = list(_of_reservation(asked))
        rows = (
            "SELECT x.guest_id FROM reservation r CROSS JOIN reservation_guest x ON x.reservation_id = r.id "
            f"WHERE r.removed_at IS NULL AND r.status <> 'cancelled' AND {' AND '.join(one.sql for one in wanted)}"
        )
        yield Condition(f"g.id IN ({rows})", tuple(value for one in wanted for value in one.values))


def _of_reservation(asked: GuestCriteria) -> Iterator[Condition]:
    for name in ("arrival", "departure"):
        for end, sign in (("from", ">="), ("to", "<=")):
            day = getattr(asked, f"{name}_{end}")
            if day is not None:
                yield Condition(f"r.{name} {sign} ?", (day.isoformat(),))
    for word in fold_text(asked.destination).split():
        # The index narrows where a whole destination begins so; else any of its words may.
        yield Condition("' ' || r.folded_destination LIKE ? ESCAPE '\\'", (f"% {_escaped(word)}%",))
    if asked.value_from is not None:
        yield Condition("r.value >= ?", (asked.value_from,))
    if asked.value_to is not None:
        yield Condition("r.value <= ?", (asked.value_to,))
    if asked.currency and (asked.value_from is not None or asked.value_to is not None):
        yield Condition("r.currency = ?", (asked.currency,))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
