"""Telephone numbers: what is told at a glance is what the whole of the rules say."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from crm_tui.base.errors import InvalidInput
from crm_tui.desk.client_base import phones


def by_the_rules(text: str) -> str:
    """A number as the library alone reads it; empty if it is none."""
    try:
        found = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return ""
    valid = phonenumbers.is_valid_number(found)
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164) if valid else ""


def read(text: str) -> str:
    try:
        return phones.e164(text)
    except InvalidInput:
        return ""


def written(code: int, chance: random.Random) -> str:
    """Digits behind a country code, some of them an example with a digit changed, some with punctuation."""
    region = chance.choice(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code])
    kind = chance.choice([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
    example = phonenumbers.example_number_for_type(region, kind)
    digits = [*(phonenumbers.national_significant_number(example) if example else str(chance.randrange(10**9)))]
    for _change in range(chance.randrange(4)):
        digits[chance.randrange(len(digits))] = chance.choice("0123456789")
    if chance.random() < 0.2:
        digits.insert(0, chance.choice("0189"))
    if chance.random() < 0.2:
        digits.insert(chance.randrange(len(digits)), chance.choice(" -.("))
    return f"+{code} {''.join(digits)}"


@pytest.mark.parametrize("seed", range(4))
def test_a_glance_says_what_the_rules_say(seed: int) -> None:
    chance = random.Random(seed)
    codes = [code for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items() if regions != ("001",)]
    quick = 0
    for number in range(3 * len(codes)):
        text = written(codes[number % len(codes)], chance)
        assert read(text) == by_the_rules(text), text
        quick += bool(phones._everyday(text))
    assert quick > len(codes)


def test_an_everyday_number_needs_no_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phonenumbers, "parse", None)
    assert [phones.e164(text) for text in ("+34 600 111 222", "0048 601-234-567")] == ["+34600111222", "+48601234567"]
