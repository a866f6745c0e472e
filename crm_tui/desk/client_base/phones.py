"""Telephone numbers: kept as E.164, read in the national way of the property's country too (SPEC §6)."""

from __future__ import annotations

import re
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
    shown = display_text(text).strip()
    clean = f"+{shown[2:]}" if shown.startswith("00") else shown
    if plain := _everyday(clean):
        return plain
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

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


def _everyday(text: str) -> str:
    """A number with its country code that is beyond doubt: the landline or mobile of a country that has its code for itself,
    with nothing to leave out. Empty for any other, which the whole of the rules have to tell.
    """
    if not _WITH_COUNTRY.fullmatch(text):
        return ""
    digits = text.translate(_NO_PUNCTUATION)
    for length in (1, 2, 3):
        found = _plan(digits[1 : 1 + length])
        if found is not None:
            rest = digits[1 + length :]
            prefix, kinds = found
            if rest.startswith("0") or ((begun := prefix.match(rest)) and begun.end()):
                return ""
            fits = any(len(rest) in lengths and pattern.fullmatch(rest) for lengths, pattern in kinds)
            return digits if fits else ""
    return ""


_WITH_COUNTRY = re.compile(r"\+[0-9][0-9 ().-]{6,24}")
_NO_PUNCTUATION = str.maketrans("", "", " ().-")
_Plan = tuple[re.Pattern[str], tuple[tuple[tuple[int, ...], re.Pattern[str]], ...]]


@cache
def _plan(code: str) -> _Plan | None:
    """What a national number may begin with to no effect, and its lengths and patterns; None if that is no country code."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if regions is None:
        return None
    metadata = PhoneMetadata.metadata_for_region(regions[0], None) if len(regions) == 1 else None
    if metadata is None:
        return re.compile(""), ()
    kinds = [one for one in (metadata.mobile, metadata.fixed_line) if one and one.national_number_pattern]
    return (
        re.compile(metadata.national_prefix_for_parsing or ""),
        tuple((tuple(one.possible_length), re.compile(one.national_number_pattern or "")) for one in kinds),
    )


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
