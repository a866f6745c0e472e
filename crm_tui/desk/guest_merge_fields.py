"""Which profile each field of merged guests is taken from, and what speaks against their being one (SPEC §6).

Fields that make sense together only are chosen together: a passport with its expiry, an address whole. What is not chosen is
the main profile's where it says anything, else the first other's that does. Remarks are not chosen between but put one under
the other, unless one is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.mail.text import display_text, fold_text

FIELDS: Mapping[str, tuple[str, ...]] = {
    "surname": ("surname",),
    "given": ("given",),
    "birth_date": ("birth_date",),
    "nationality": ("nationality",),
    "language": ("language",),
    "passport": ("passport", "passport_expiry"),
    "document": ("document",),
    "tax_number": ("tax_number",),
    "address": ("street", "postcode", "city", "region", "country"),
    "remarks": ("remarks",),
    "reference": ("reference",),
}
"""What is chosen, and the columns that go with it."""

ORDERS = ("emails", "phones")
"""What is united; a choice says whose come first."""

TITLES: Mapping[str, str] = {
    "surname": N_("surname"),
    "given": N_("given names"),
    "birth_date": N_("birth date"),
    "nationality": N_("nationality"),
    "language": N_("language"),
    "passport": N_("passport"),
    "document": N_("document"),
    "tax_number": N_("tax number"),
    "address": N_("address"),
    "remarks": N_("remarks"),
    "reference": N_("reference"),
    "emails": N_("e-mail"),
    "phones": N_("phone"),
}

COLUMNS = tuple(name for names in FIELDS.values() for name in names)
"""All columns that a merge may change on the main profile, but for the number it is found by."""

CAUTIOUS = ("birth_date", "passport")
"""Two different ones need an explicit yes."""

LONGEST_REMARKS = 100_000
"""Remarks that together were longer are not put one under the other: the main profile's stay."""

JOINED = 0
"""The choice of remarks that puts them one under the other."""


def check_choices(choices: Mapping[str, int], ids: Sequence[int]) -> None:
    """Refuse a choice of what cannot be chosen.

    Raises:
        InvalidInput: there is no such field, or the guest is not among those that are merged.
    """
    for name, number in choices.items():
        if name not in FIELDS and name not in ORDERS:
            known = ", ".join((*FIELDS, *ORDERS))
            raise InvalidInput(
                _("There is no field called {given}.").format(given=display_text(name)),
                _("Known are: {names}.").format(names=known),
                "take",
            )
        if number not in ids and not (name == "remarks" and number == JOINED):
            raise InvalidInput(
                _("Guest {number} is not among those that are merged.").format(number=number),
                _("Take a field from one of: {names}.").format(names=", ".join(map(str, ids))),
                "take",
            )


def says(row: Any, name: str) -> bool:
    """Whether a profile says anything in a field. A country alone is no address."""
    if name == "address":
        return any(getattr(row, column) for column in ("street", "postcode", "city")) or bool(row.country)
    return bool(getattr(row, FIELDS[name][0]))


def sources(rows: Sequence[Any], choices: Mapping[str, int]) -> dict[str, int]:
    """Field to the guest whose value holds; for remarks that are put together :data:`JOINED`.

    Args:
        rows: the guests' columns, the main profile first.
    """
    found = {}
    for name in FIELDS:
        default = next((row.id for row in rows if says(row, name)), rows[0].id)
        if name == "remarks" and joined(rows) != rows[0].remarks:
            default = JOINED
        found[name] = choices.get(name, default)
    return found


def joined(rows: Sequence[Any]) -> str:
    """Different remarks one under the other; the first ones alone where that were too long."""
    parts = list(dict.fromkeys(row.remarks.strip() for row in rows if row.remarks.strip()))
    if not rows[0].remarks and len(parts) == 1:
        return str(parts[0])
    if len(parts) <= 1:
        return str(rows[0].remarks)
    text = "\n\n".join(parts)
    return text if len(text) <= LONGEST_REMARKS else str(rows[0].remarks or parts[0])


def taken(main: Any, other: Any, chosen: Mapping[str, int]) -> dict[str, Any]:
    """The columns that change on the main profile when this one is merged into it, without the reference."""
    values: dict[str, Any] = {}
    for name, names in FIELDS.items():
        if name == "reference":
            continue
        if chosen[name] == other.id:
            values |= {column: getattr(other, column) for column in names}
        elif name == "remarks" and chosen[name] == JOINED:
            values["remarks"] = joined([main, other])
    return {name: value for name, value in values.items() if value != getattr(main, name)}


def differences(rows: Sequence[Any]) -> list[tuple[str, Any, Any]]:
    """What speaks against their being one person: the field and the two rows, once a field and pair of values."""
    found: dict[tuple[str, Any, Any], tuple[str, Any, Any]] = {}
    for name in CAUTIOUS:
        for one, other in combinations(rows, 2):
            first, second = _compared(one, name), _compared(other, name)
            if first and second and first != second:
                found.setdefault((name, first, second), (name, one, other))
    return list(found.values())


def _compared(row: Any, name: str) -> Any:
    value = getattr(row, name)
    return "".join(fold_text(value).split()) if isinstance(value, str) else value
