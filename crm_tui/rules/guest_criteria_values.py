"""How the values of a search of guests are read from JSON. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_DAY_OF_YEAR = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_CODES = {"nationality": 2, "country": 2, "language": 2, "currency": 3}
KINDS = ("", "person", "company")
CHANNELS = ("mail", "sms", "phone", "newsletter")


class CriteriaFault(ValueError):
    """A value that cannot be asked for: ``field`` and what was given."""

    def __init__(self, field: str, given: object) -> None:
        super().__init__(f"{field}: {given!r}")
        self.field = field
        self.given = str(given)


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise CriteriaFault(name, value)
    return value


def _code(name: str, value: Any) -> str:
    code = _text(name, value)
    if code and not (len(code) == _CODES[name] and code.isascii() and code.isalpha()):
        raise CriteriaFault(name, value)
    return code.lower() if name == "language" else code.upper()


def _word(*known: str) -> Any:
    def read(name: str, value: Any) -> str:
        if value not in known:
            raise CriteriaFault(name, value)
        return str(value)

    return read


def _day_of_year(name: str, value: Any) -> str:
    said = _text(name, value)
    if said:
        try:
            if _DAY_OF_YEAR.fullmatch(said) is None:
                raise ValueError
            date.fromisoformat(f"2000-{said}")
        except ValueError:
            raise CriteriaFault(name, value) from None
    return said


def _day(name: str, value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_text(name, value))
    except ValueError:
        raise CriteriaFault(name, value) from None


def _number(name: str, value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**62):
        raise CriteriaFault(name, value)
    return value


def _numbers(name: str, value: Any) -> tuple[int, ...]:
    if not isinstance(value, (list, tuple)):
        raise CriteriaFault(name, value)
    found = [_number(name, one) for one in value]
    if None in found:
        raise CriteriaFault(name, value)
    return tuple(one for one in found if one is not None)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise CriteriaFault(name, value)
    return value


_CHANNEL = _word("", *CHANNELS)
READERS: Mapping[str, Any] = {
    **dict.fromkeys(("text", "city", "destination"), _text),
    **dict.fromkeys(_CODES, _code),
    **dict.fromkeys(("consent", "no_consent"), _CHANNEL),
    **dict.fromkeys(("passport_by", "departure_from", "departure_to", "arrival_from", "arrival_to"), _day),
    **dict.fromkeys(("value_from", "value_to", "package"), _number),
    **dict.fromkeys(("born_from", "born_to"), _day_of_year),
    **dict.fromkeys(("never_booked", "archived"), _flag),
    "kind": _word(*KINDS),
    "attributes": _numbers,
}
"""What reads a field's value; called with the name and the value, raises :class:`CriteriaFault`."""
