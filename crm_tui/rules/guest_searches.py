"""A search of the list of guests as a saved view keeps it (SPEC §3, §6): one text beside the searches of mail. Pure.

The text begins with :data:`SIGN`, with which no search of mail can begin, as there is no field of that name; JSON follows:
the criteria and the order.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria, checked

SIGN = "guests:"
ORDERS = ("name", "newest")


@dataclass(frozen=True, slots=True)
class GuestQuery:
    """Which guests a list shows, and in which order: ``name`` (surname, then given names) or ``newest``."""

    criteria: GuestCriteria = field(default_factory=GuestCriteria)
    order: str = "name"

    @property
    def empty(self) -> bool:
        """Whether it is the list that one sees without asking for anything."""
        return self.criteria.empty and self.order == ORDERS[0]


def is_of_guests(stored: str) -> bool:
    """Whether a stored search is one of guests."""
    return stored.startswith(SIGN)


def written(search: GuestQuery) -> str:
    """The search as it is stored.

    Raises:
        CriteriaFault: a value cannot be asked for, or there is no such order.
    """
    criteria = checked(search.criteria)
    text, city, destination = (" ".join(one.split()) for one in (criteria.text, criteria.city, criteria.destination))
    values = replace(criteria, text=text, city=city, destination=destination).to_json()
    if search.order != ORDERS[0]:
        values["order"] = _order(search.order)
    return SIGN + json.dumps(values, ensure_ascii=False, sort_keys=True)


def read(stored: str) -> GuestQuery:
    """The search that :func:`written` gave; what it does not know is left out.

    Raises:
        CriteriaFault: it cannot be read, or asks for what cannot be asked for.
    """
    values = _values(stored)
    return GuestQuery(checked(GuestCriteria.from_json(values)), _order(values.get("order", ORDERS[0])))


def with_values(stored: str, change: Callable[[Any], Any]) -> str:
    """The same search with its JSON value changed; one that cannot be read is changed as the text that it is."""
    try:
        values = _values(stored)
    except CriteriaFault:
        return str(change(stored))
    changed = change(values)
    return stored if changed == values else SIGN + json.dumps(changed, ensure_ascii=False, sort_keys=True)


def _values(stored: str) -> dict[str, Any]:
    try:
        values = json.loads(stored.removeprefix(SIGN))
    except (ValueError, RecursionError):
        raise CriteriaFault("query", stored) from None
    if not stored.startswith(SIGN) or not isinstance(values, dict):
        raise CriteriaFault("query", stored)
    return values


def _order(value: Any) -> str:
    if value not in ORDERS:
        raise CriteriaFault("order", value)
    return str(value)
