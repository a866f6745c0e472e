"""The list of airports, kept in memory once it was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def known() -> Mapping[str, Any]:
    """Airports by IATA code."""
    import airportsdata

    return airportsdata.load("IATA")
