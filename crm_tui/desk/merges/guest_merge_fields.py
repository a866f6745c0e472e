"""Which profile each field of merged guests is taken from, and what speaks against their being one (SPEC §6).

Fields that make sense together only are chosen together: a passport with its expiry, an address whole. What is not chosen is
the main profile's where it says anything, else the first other's that does; one who says the same and more goes before (a
passport with its expiry before the number alone, an address before its country). Remarks are not chosen between but put one
under the other, unless one is named.
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


_PLACE = ("street", "postcode", "city")


def _weight(row: Any, name: str) -> int:
    """How much a profile says in a field: 0 nothing, 1 something, 2 what the field is for. A country alone is no address."""
    said = {column for column in FIELDS[name] if getattr(row, column)}
    if name == "address" and said:
        return 2 if said.intersection(_PLACE) else 1
    return 2 if FIELDS[name][0] in said else 1 if said else 0


def _best(rows: Sequence[Any], name: str) -> int:
    """The guest whose value holds where nobody chose."""
    best = rows[0]
    for row in rows[1:]:
        if _weight(row, name) > _weight(best, name) or _says_more(row, best, name):
            best = row
    return int(best.id)


def _says_more(row: Any, best: Any, name: str) -> bool:
    """Whether a profile says all that another one does, and something that it does not."""
    both = [(_compared(best, column), _compared(row, column)) for column in FIELDS[name]]
    return all(not ours or ours == theirs for ours, theirs in both) and any(
        not ours and theirs for ours, theirs in both
    )


def sources(rows: Sequence[Any], choices: Mapping[str, int]) -> dict[str, int]:
    """Field to the guest whose value holds; for remarks that are put together :data:`JOINED`.

    Args:
        rows: the guests' columns, the main profile first.
    """
    found = {}
    for name in FIELDS:
        default = _best(rows, name)
        if name == "remarks" and joined(rows) != rows[0].remarks:
            default = JOINED
        found[name] = choices.get(name, default)
    return found


def joined(rows: Sequence[Any]) -> str:
    """Different remarks one under the other, as they are put together when the guests are merged one after the other."""
    text = str(rows[0].remarks)
    for row in rows[1:]:
        text = _under(text, row.remarks)
    return text


def _under(text: str, more: str) -> str:
    """A remark under others, unless it stands there already or all were too long."""
    first, more = text.strip(), more.strip()
    if not more or f"\n\n{more}\n\n" in f"\n\n{first}\n\n":
        return text
    both = f"{first}\n\n{more}" if first else more
    return both if not first or len(both) <= LONGEST_REMARKS else text


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
