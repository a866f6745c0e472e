"""What a reservation's fields may say (SPEC §7): read from text or plain values, and checked against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import LONGEST, MOST_ADULTS, MOST_NIGHTS, Checked
from crm_tui.rules.money import LARGEST, AmountFault, Money, currency_of, exponent, minor_units, read, typed_units
from crm_tui.rules.vocabulary import Channel, ReservationStatus

DAYS = ("booked", "arrival", "departure")
TEXTS = ("code", "reference", "product", "destination", "room")
COUNTS = ("adults", "children")
WORDS = ("operator",)
"""Names that the desk resolves."""
FIELDS = ("status", *TEXTS, "channel", *WORDS, *DAYS, *COUNTS, "value", "currency", "remarks")
"""Every field of a reservation itself; its guests, schedule, payments and flights have functions of their own."""

LONGEST_REMARKS = 20_000
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_UNSTORABLE_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,15})?")


def check(
    given: Mapping[str, Any], today: date, before: Mapping[str, Any] | None = None, *, decimal: str = ""
) -> Checked:
    """Read and check the fields that are given.

    Args:
        given: by name of :data:`FIELDS`: text as typed, or plain values; empty text or None clears a field.
        today: a day of the property's zone.
        before: the reservation's columns as they stand; a clash is told only where a field of it is given.
        decimal: the decimal sign of whoever typed an amount; empty: a program wrote it.
    """
    found = Checked()
    for name, value in given.items():
        reader = _READERS.get(name)
        if reader is None:
            found.fault(name, "unknown", name)
        elif name not in ("value", "currency"):
            reader(found, name, value, today)
    old = dict(before or {})
    if "value" in given or "currency" in given:
        _value(found, given, old, decimal)
    _clashes(found, old | found.values, set(given))
    return found


def plain_amount(text: str, currency: str) -> int:
    """The minor units of a decimal string as programs write it: ``1200.50``, ``-3``; else as people write it.

    In a file of a program ``1.200`` is one and a fifth; what only people write, such as ``1.200,50``, is read as they do.

    Raises:
        AmountFault: it is no number, too large, or has more digits than the currency.
    """
    word = text.strip()
    if not _PLAIN_NUMBER.fullmatch(word):
        return minor_units(word, currency)
    try:
        amount = Decimal(word).scaleb(exponent(currency))
    except InvalidOperation:
        raise AmountFault("amount", text) from None
    if amount != amount.to_integral_value():
        raise AmountFault("precise", text)
    if abs(amount) > LARGEST:
        raise AmountFault("large", text)
    return int(amount)


def _day(found: Checked, name: str, value: Any, today: date) -> None:
    if value is None or (isinstance(value, str) and not value.strip()):
        found.values[name] = None
    elif isinstance(value, date):
        found.values[name] = value
    else:
        try:
            found.values[name] = read_day_words(str(value), today)
        except DayFault as fault:
            found.fault(name, fault.kind, fault.given)


def _text(found: Checked, name: str, value: Any, _today: date) -> None:
    if name == "remarks":
        text, most = _UNSTORABLE_LINES.sub("", str(value or "")).strip(), LONGEST_REMARKS
    else:
        text, most = " ".join(_UNSTORABLE.sub(" ", str(value or "")).split()), LONGEST
    if len(text) > most:
        found.fault(name, "long", limit=most)
    elif name == "code" and not text:
        found.fault(name, "code")
    else:
        found.values[name] = text


def _count(found: Checked, name: str, value: Any, _today: date) -> None:
    if value is None or (isinstance(value, str) and not value.strip()):
        found.values[name] = None
        return
    word = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[+-]?[0-9]{1,9}", word):
        found.fault(name, "number", value)
    elif int(word) < 0:
        found.fault(name, "negative", value)
    elif int(word) > MOST_ADULTS:
        found.fault(name, "many", value, MOST_ADULTS)
    else:
        found.values[name] = int(word)


def _status(found: Checked, name: str, value: Any, _today: date) -> None:
    _one_of(found, name, value or ReservationStatus.CONFIRMED, list(ReservationStatus), "reservation status")


def _channel(found: Checked, name: str, value: Any, _today: date) -> None:
    _one_of(found, name, value or Channel.DIRECT, list(Channel), "channel")


def _one_of(found: Checked, name: str, value: Any, known: list[Any], kind: str) -> None:
    word = re.sub(r"[\s_-]+", " ", str(value)).strip().casefold()
    chosen = next((str(one) for one in known if str(one).casefold().replace("-", " ") == word), "")
    if chosen:
        found.values[name] = chosen
    else:
        found.fault(name, kind, value)


def _value(found: Checked, given: Mapping[str, Any], old: Mapping[str, Any], decimal: str) -> None:
    value: Any = given["value"] if "value" in given else old.get("value")
    if isinstance(value, Money):
        value, currency = value.amount, value.currency
    else:
        currency = str(given.get("currency", old.get("currency", "")) or "").strip()
    try:
        if isinstance(value, str) and value.strip():
            number, written = read(value)
            currency = written or currency
            value = _units(number, currency_of(currency), decimal) if currency else number
        elif isinstance(value, str):
            value = None
        currency = currency_of(currency) if currency else ""
    except AmountFault as fault:
        found.fault("currency" if fault.kind == "currency" else "value", fault.kind, fault.given)
        return
    if value is not None and not currency:
        found.fault("value", "no currency", value)
    elif value is not None and value < 0:
        found.fault("value", "negative", Money(value, currency).decimal)
    elif value is not None and value > LARGEST:
        found.fault("value", "large", value)
    else:
        found.values |= {"value": value, "currency": currency}


def _units(number: str, currency: str, decimal: str) -> int:
    return typed_units(number, currency, decimal) if decimal else minor_units(number, currency)


def _clashes(found: Checked, whole: Mapping[str, Any], given: set[str]) -> None:
    arrival, departure = whole.get("arrival"), whole.get("departure")
    if arrival and departure and given & {"arrival", "departure"}:
        name = "departure" if "departure" in given else "arrival"
        if departure < arrival:
            found.fault(name, "before arrival", departure)
        elif (departure - arrival).days > MOST_NIGHTS:
            found.fault(name, "many", f"{arrival} – {departure}", MOST_NIGHTS)


_Reader = Callable[[Checked, str, Any, date], None]
_READERS: dict[str, _Reader] = {
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys((*TEXTS, *WORDS, "remarks", "value", "currency"), _text),
    **dict.fromkeys(COUNTS, _count),
    "status": _status,
    "channel": _channel,
}
