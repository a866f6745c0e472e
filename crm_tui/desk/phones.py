"""Telephone numbers: kept as E.164, read in the national way of the property's country too (SPEC §6)."""

from __future__ import annotations

from functools import cache

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.text import display_text


def e164(text: str, region: str = "") -> str:
    """A number as it is kept: ``+34600111222``.

    Args:
        region: ISO 3166-1 alpha-2 code of the country whose national way of writing is accepted; empty for none.

    Raises:
        InvalidInput: it is no telephone number; ``field`` is ``phone``.
    """
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    shown = display_text(text).strip()
    clean = f"+{shown[2:]}" if shown.startswith("00") else shown
    try:
        found = parse(clean, region or None)
    except NumberParseException:
        found = None
    if found is None or not is_valid_number(found):
        raise InvalidInput(
            _("{number} is no telephone number.").format(number=shown),
            _("Write it with its country, like +34 971 000 111."),
            "phone",
        )
    return format_number(found, PhoneNumberFormat.E164)


def extension(text: str, region: str = "") -> str:
    """The extension that a number is written with, like ``ext. 5``; empty if it has none. A kept number has none."""
    from phonenumbers import NumberParseException, parse

    try:
        found = parse(display_text(text).strip(), region or None)
    except NumberParseException:
        return ""
    return f"ext. {found.extension}" if found.extension else ""


@cache
def international(number: str) -> str:
    """A kept number as one reads it: ``+34 600 11 12 22``."""
    if not number:
        return ""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

    try:
        return str(format_number(parse(number, None), PhoneNumberFormat.INTERNATIONAL))
    except NumberParseException:
        return display_text(number)


@cache
def region_of(timezone: str) -> str:
    """The country of an IANA zone, as far as it has just one; empty otherwise."""
    from babel.core import get_global

    found = get_global("zone_territories").get(timezone, "")
    return found if found != "001" else ""
