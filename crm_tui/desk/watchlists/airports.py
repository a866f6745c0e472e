"""Airports by IATA code: their names and their zones, from a kept data package (SPEC §8).

The package holds a table of 28,000 landing places; only the lines of those with a code are looked at, once, and only when
the first flight is shown. A line is taken apart when its airport is asked for.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from crm_tui.mail.text import display_text

_LINE = re.compile(rb'^"[^"\n]*","([A-Z]{3})",[^\n]*', re.MULTILINE)
_NAME, _CITY, _COUNTRY, _ZONE = 2, 3, 5, 9


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport. ``zone``: its IANA zone; empty where the table has none."""

    code: str
    name: str
    city: str
    country: str
    zone: str


def find(code: str) -> Airport | None:
    """The airport of an IATA code, in any case; None: there is none."""
    clean = code.strip().upper()
    return _airport(clean) if len(clean) == 3 and clean.isascii() else None


def zone_of(code: str) -> tzinfo | None:
    """The zone of an airport's clock; None: it is not known, and the property's is what one has."""
    return _zone(code.strip().upper())


def known(code: str) -> bool:
    """Whether there is an airport of that code."""
    return find(code) is not None


@cache
def _zone(code: str) -> tzinfo | None:
    airport = find(code)
    if airport is None or not airport.zone:
        return None
    try:
        return ZoneInfo(airport.zone)
    except (KeyError, ValueError, OSError):  # a zone that this machine's data does not know yet
        return None


@cache
def _airport(code: str) -> Airport | None:
    line = _lines().get(code.encode("ascii"))
    if line is None:
        return None
    cells = next(csv.reader([line.decode("utf-8")]))
    name, city, country, zone = (display_text(cells[place]) for place in (_NAME, _CITY, _COUNTRY, _ZONE))
    return Airport(code, name, city, country, zone)


@cache
def _lines() -> dict[bytes, bytes]:
    """The lines of all airports with a code."""
    spec = find_spec("airportsdata")  # importing it would cost more than reading the table
    if spec is None or spec.origin is None:
        return {}
    table = Path(spec.origin).with_name("airports.csv").read_bytes()
    return {found[1]: found[0] for found in _LINE.finditer(table)}
