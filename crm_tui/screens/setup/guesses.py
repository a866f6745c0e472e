"""What this machine tells about the property: its zone, its currency, its user. Only proposals."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from zoneinfo import available_timezones

from crm_tui.base import person
from crm_tui.base.i18n import language
from crm_tui.widgets.forms import Choice

_CURRENCIES = {
    "Europe/Warsaw": "PLN",
    "Europe/London": "GBP",
    "Europe/Zurich": "CHF",
    "Europe/Prague": "CZK",
    "Europe/Budapest": "HUF",
    "Europe/Bucharest": "RON",
    "Europe/Stockholm": "SEK",
    "Europe/Oslo": "NOK",
    "Europe/Copenhagen": "DKK",
    "Europe/Istanbul": "TRY",
    "America/Mexico_City": "MXN",
    "America/Sao_Paulo": "BRL",
    "America/Bogota": "COP",
    "America/Lima": "PEN",
    "America/Toronto": "CAD",
    "Africa/Casablanca": "MAD",
    "Africa/Tunis": "TND",
}


def guess_zone(env: Mapping[str, str], etc: Path = Path("/etc")) -> str:
    """The IANA zone of this machine (``TZ``, ``/etc/timezone``, ``/etc/localtime``), or "" if it does not say."""
    known = zones()
    candidates = [env.get("TZ", "").lstrip(":")]
    try:
        candidates.append((etc / "timezone").read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        candidates.append("")
    try:
        candidates.append(os.readlink(etc / "localtime").partition("zoneinfo/")[2])
    except OSError:
        candidates.append("")
    return next((zone for zone in candidates if "/" in zone and not zone.startswith("Etc/") and zone in known), "")


def guess_currency(zone: str) -> str:
    """The currency most used in a zone, as a proposal; "" where that is not plain."""
    if zone in _CURRENCIES:
        return _CURRENCIES[zone]
    return "EUR" if zone.startswith(("Europe/", "Atlantic/")) else ""


def guess_agent(env: Mapping[str, str]) -> str:
    """The user of this machine, with a capital letter; "" for root or nobody."""
    login = env.get("SUDO_USER") or system_user(env)
    return "" if login in ("", "root", "nobody") else login[:1].upper() + login[1:]


def system_user(env: Mapping[str, str]) -> str:
    """The operating-system user; ``env`` is believed only where it is not the process's own (tests)."""
    return person.system_user(None if env is os.environ else env)


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """All IANA zones."""
    return frozenset(available_timezones())


def zone_choices() -> Sequence[Choice]:
    """Every IANA zone that names a place, for the pick list; Europe first, where most properties are."""
    named = [zone for zone in zones() if "/" in zone and not zone.startswith("Etc/")]
    named.sort(key=lambda zone: (not zone.startswith("Europe/"), zone))
    return [Choice(zone, zone) for zone in [*named, "UTC"]]


def currency_choices() -> Sequence[Choice]:
    """Every present ISO 4217 currency with its name in the agent's language; the usual ones first."""
    return _currencies(language())


@lru_cache(maxsize=4)
def _currencies(code: str) -> Sequence[Choice]:
    from babel import Locale
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    names = Locale.parse(code).currencies
    usual = ["EUR", "PLN", "GBP", "USD", "CHF", "CZK", "HUF", "SEK", "NOK", "DKK", "RON", "MXN"]
    present = {known for place in get_global("territory_currencies") for known in get_territory_currencies(place)}
    rest = sorted(known for known in present if known not in usual)
    return [Choice(known, known, str(names.get(known, ""))) for known in [*usual, *rest]]
