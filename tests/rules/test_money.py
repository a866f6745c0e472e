"""Amounts as people write them (QUALITY: whole minor units, no floats)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.money import (
    AmountFault,
    Money,
    currency_of,
    decimal_sign,
    exponent,
    minor_units,
    plainly,
    read,
    typed_units,
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.200,50", 120050),
        ("1 200,50", 120050),
        ("1,200.50", 120050),
        ("1\u202f200,50", 120050),
        ("1'200.50", 120050),
        ("1200.5", 120050),
        ("1200", 120000),
        ("1.200", 120000),
        ("1,200", 120000),
        ("12.000.000", 1200000000),
        ("0,99", 99),
        (",50", 50),
        ("1200.500", 120050),
        ("+7", 700),
    ],
)
def test_ways_of_writing_an_amount(text: str, amount: int) -> None:
    assert minor_units(text, "EUR") == amount


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("-5", "negative"),
        ("−5", "negative"),
        ("1,20,50", "amount"),
        ("1.2.3,4", "amount"),
        ("1,200.5.0", "amount"),
        ("12,3456", "precise"),
        ("9" * 15, "large"),
        ("", "amount"),
        (".", "amount"),
        ("١٢", "amount"),
    ],
)
def test_what_is_no_amount_is_told(text: str, kind: str) -> None:
    with pytest.raises(AmountFault) as caught:
        minor_units(text, "EUR")
    assert caught.value.kind == kind


def test_each_currency_has_its_own_digits() -> None:
    assert (exponent("EUR"), exponent("JPY"), exponent("KWD")) == (2, 0, 3)
    assert minor_units("1.200", "JPY") == 1200
    assert minor_units("1.200", "KWD") == 1200
    assert Money(1200, "KWD").decimal == "1.200"
    assert Money(1200, "JPY").decimal == "1200"
    with pytest.raises(AmountFault, match="precise"):
        minor_units("10,5", "JPY")


@pytest.mark.parametrize(
    ("text", "found"),
    [("1.200 EUR", ("1.200", "EUR")), ("€ 900", ("900", "EUR")), ("900zł", ("900", "PLN")), ("1 000", ("1 000", ""))],
)
def test_the_currency_stands_before_or_behind(text: str, found: tuple[str, str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize("text", ["cheap", "10 to 20 EUR", "1 EUR 2", ""])
def test_a_text_without_one_number_is_no_amount(text: str) -> None:
    with pytest.raises(AmountFault):
        read(text)


@pytest.mark.parametrize("word", ["$", "XYZ", "EURO", "12"])
def test_a_word_that_is_no_currency(word: str) -> None:
    with pytest.raises(AmountFault, match="currency"):
        currency_of(word)


@given(st.integers(min_value=0, max_value=10**12), st.sampled_from(["EUR", "PLN", "JPY", "KWD"]))
def test_what_is_written_is_read_again(amount: int, currency: str) -> None:
    decimal = Money(amount, currency).decimal
    assert minor_units(decimal, currency) == amount
    if "." in decimal:
        whole, _point, rest = decimal.partition(".")
        assert minor_units(f"{int(whole):,}".replace(",", ".") + f",{rest}", currency) == amount


@given(st.text(max_size=30), st.sampled_from(["EUR", "JPY"]))
def test_nothing_else_than_a_fault_comes_of_a_text(text: str, currency: str) -> None:
    try:
        number, _written = read(text)
        assert minor_units(number, currency) >= 0
    except AmountFault:
        pass


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "amount"),
    [
        ("1.234", "EUR", ",", 1234_00),
        ("1,234", "EUR", ".", 1234_00),
        ("1.234,56", "EUR", ".", 1234_56),
        ("1,234.56", "EUR", ",", 1234_56),
        ("12.50", "EUR", ",", 12_50),
        ("1.234", "KWD", ".", 1_234),
        ("1.234", "KWD", ",", 1234_000),
        ("1,234", "KWD", ",", 1_234),
        ("1.234", "JPY", ",", 1234),
        ("1234", "JPY", ".", 1234),
    ],
)
def test_typed_by_the_agents_format(text: str, currency: str, decimal: str, amount: int) -> None:
    assert typed_units(text, currency, decimal) == amount


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "kind"),
    [
        ("1.234", "EUR", ".", "precise"),
        ("1,200", "EUR", ",", "precise"),
        ("1.234", "JPY", ".", "precise"),
        ("10,5", "JPY", ",", "precise"),
        ("-1.234", "EUR", ",", "negative"),
        ("−5", "EUR", ".", "negative"),
        ("1234.567", "EUR", ",", "precise"),
    ],
)
def test_three_decimals_are_not_guessed(text: str, currency: str, decimal: str, kind: str) -> None:
    with pytest.raises(AmountFault) as caught:
        typed_units(text, currency, decimal)
    assert caught.value.kind == kind


@given(st.integers(0, 10**12), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(["en", "es", "pl", "fr"]))
def test_what_is_filled_in_is_read_back(amount: int, currency: str, language: str) -> None:
    sign = decimal_sign(language)
    assert typed_units(plainly(Money(amount, currency), sign), currency, sign) == amount
