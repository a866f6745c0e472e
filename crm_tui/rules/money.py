"""Amounts of money: whole minor units of an ISO 4217 currency, read from what people write (QUALITY: no floats)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

LARGEST = 10**13
"""Minor units; more than any stay costs, and well within a column of the store."""

_SIGNS = {"€": "EUR", "£": "GBP", "zł": "PLN", "zl": "PLN", "kč": "CZK", "₴": "UAH"}
_SPACES = re.compile(r"[\s\u00a0\u202f'’]+")
_PARTS = re.compile(r"(?P<before>[^\d+\-−.,]*)(?P<number>[+\-−]?[\d\s\u00a0\u202f'’.,]*\d)(?P<after>[^\d]*)")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_UNCERTAIN = re.compile(r"[+\-−]?[1-9]\d{0,2}([.,])\d{3}")


class AmountFault(ValueError):
    """What is wrong with an amount: ``kind`` is amount, negative, precise, large or currency."""

    def __init__(self, kind: str, given: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


class Money(NamedTuple):
    """An amount in minor units (cents) and its currency, ISO 4217."""

    amount: int
    currency: str

    @property
    def decimal(self) -> str:
        """The amount as a decimal string with the currency's digits: ``1200.50``."""
        digits = exponent(self.currency)
        return f"{Decimal(self.amount).scaleb(-digits):.{digits}f}"

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def written(self, language: str) -> str:
        """As one writes it in a letter of that language: ``1 200,50 €``."""
        from babel.localedata import exists
        from babel.numbers import format_currency

        locale = "en_GB" if language == "en" or not exists(language) else language
        return str(format_currency(Decimal(self.decimal), self.currency, locale=locale))


def exponent(currency: str) -> int:
    """How many digits of the currency stand behind the point: 2 for EUR, 0 for JPY, 3 for KWD."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(currency))


def currency_of(text: str) -> str:
    """The ISO code that a code or a sign stands for.

    Raises:
        AmountFault: it stands for none (a lone $ is of many countries).
    """
    from babel.core import get_global

    word = text.strip()
    if code := _SIGNS.get(word.casefold()):
        return code
    code = word.upper()
    if re.fullmatch(r"[A-Z]{3}", code) and code in get_global("all_currencies"):
        return code
    raise AmountFault("currency", word)


def read(text: str) -> tuple[str, str]:
    """The number and the currency (ISO code, or empty) of a text like ``1.200,50 EUR`` or ``€ 900``.

    Raises:
        AmountFault: there is no number, or the word beside it is no currency.
    """
    found = _PARTS.fullmatch(text.strip())
    if found is None:
        raise AmountFault("amount", text)
    words = f"{found['before']} {found['after']}".split()
    if len(words) > 1:
        raise AmountFault("amount", text)
    return found["number"], currency_of(words[0]) if words else ""


def minor_units(number: str, currency: str) -> int:
    """The minor units of a number as it is written in any of our languages.

    ``1.200,50``, ``1,200.50``, ``1 200,50`` and ``1200.5`` are the same. One sign with three digits behind it groups
    thousands, unless the currency itself has three digits behind the point.

    Raises:
        AmountFault: it is no number, below zero, too large, or has more digits than the currency.
    """
    plain = _SPACES.sub("", number)
    if plain[:1] in "-−" and plain:
        raise AmountFault("negative", number)
    plain = plain.removeprefix("+")
    digits = exponent(currency)
    whole, fraction = _split(plain, digits)
    if whole is None or not (whole + fraction).isascii() or not (whole or "0").isdigit():
        raise AmountFault("amount", number)
    if len(fraction) > digits:
        if fraction[digits:].strip("0"):
            raise AmountFault("precise", number)
        fraction = fraction[:digits]
    if len(whole) > 14:
        raise AmountFault("large", number)
    amount = int((whole or "0") + fraction.ljust(digits, "0"))
    if amount > LARGEST:
        raise AmountFault("large", number)
    return amount


def decimal_sign(language: str) -> str:
    """What stands before the cents where a language is written: ``.`` in English, ``,`` elsewhere."""
    return "." if language == "en" else ","


def plainly(money: Money, decimal: str) -> str:
    """An amount as one types it: no thousands, the agent's decimal sign, no currency; read back by :func:`typed_units`."""
    return money.decimal.replace(".", decimal)


def typed_units(number: str, currency: str, decimal: str) -> int:
    """As :func:`minor_units`, where one lone sign with three digits behind it is read by the agent's format.

    ``1.234`` is a thousand and more where ``,`` is the decimal sign; where ``.`` is, it has three decimals, which are too
    many but for the currencies that have three.

    Args:
        decimal: ``.`` or ``,``.

    Raises:
        AmountFault: as :func:`minor_units`.
    """
    plain = _SPACES.sub("", number)
    found = _UNCERTAIN.fullmatch(plain)
    if found is None or plain[:1] in "-−":
        return minor_units(number, currency)
    if found[1] != decimal:
        return minor_units(plain.replace(found[1], ""), currency)
    if exponent(currency) < 3:
        raise AmountFault("precise", number)
    return minor_units(plain, currency)


def _split(plain: str, digits: int) -> tuple[str | None, str]:
    """The digits before and behind the decimal sign; None if it is no number."""
    signs = [letter for letter in plain if letter in ".,"]
    kinds = set(signs)
    if not signs:
        return (plain if plain.isdigit() else None), ""
    last = signs[-1]
    head, _sign, tail = plain.rpartition(last)
    if not tail.isdigit():
        return None, ""
    if len(kinds) == 2:
        if last in head:
            return None, ""
        return (re.sub(r"[.,]", "", head) if _GROUPED.fullmatch(head) else None), tail
    if len(signs) > 1:
        return (re.sub(r"[.,]", "", plain) if _GROUPED.fullmatch(plain) else None), ""
    if len(tail) == 3 and digits != 3 and _GROUPED.fullmatch(plain):
        return head + tail, ""
    return (head if head.isdigit() or not head else None), tail
