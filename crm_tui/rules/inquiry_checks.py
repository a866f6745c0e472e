"""What an inquiry's fields may say (SPEC §4): read from text or plain values, and checked against each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.money import LARGEST, AmountFault, Money, currency_of, minor_units, read
from crm_tui.rules.vocabulary import Channel, InquiryStatus

DAYS = ("planned_end", "arrival", "departure", "period_from", "period_to", "valid_until")
TEXTS = ("lost_reason", "room", "destination", "board", "airport", "preferences")
AMOUNTS = {"budget": "budget_currency", "price": "price_currency"}
"""Amounts, and the column of each one's currency."""
WORDS = ("handler", "scope")
"""Who handles it and who may see it: words that the desk resolves."""
FIELDS = (
    "status",
    *TEXTS[:1],
    "planned_end",
    *WORDS,
    "channel",
    *DAYS[1:5],
    "nights",
    "adults",
    "children",
    *TEXTS[1:],
    "budget",
    "budget_currency",
    "price",
    "price_currency",
    "valid_until",
)
"""Every field that a form or a command can set."""

MOST_CHILDREN = 20
OLDEST_CHILD = 17
MOST_ADULTS = 500
MOST_NIGHTS = 730
LONGEST = 400
LONGEST_PREFERENCES = 20_000
_UNKNOWN_AGE = frozenset({"?", "-", ""})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, and the halves of characters that stand for broken bytes of a command line."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: a kind, what was given, and what it was compared with.

    Kinds: ``unknown``, ``date``, ``day``, ``past``, ``departure``, ``period``, ``number``, ``negative``, ``many``, ``age``,
    ``nobody``, ``nights``, ``amount``, ``precise``, ``large``, ``currency``, ``no currency``, ``status``, ``channel``,
    ``reason``, ``long``.
    """

    field: str
    kind: str
    given: str = ""
    limit: int = 0


@dataclass(slots=True)
class Checked:
    """The columns to store, and what is wrong: one fault a field, the first found."""

    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)

    def fault(self, name: str, kind: str, given: object = "", limit: int = 0) -> None:
        """Note what is wrong with a field."""
        self.faults.setdefault(name, Fault(name, kind, str(given), limit))


def check(given: Mapping[str, Any], today: date, before: Mapping[str, Any] | None = None) -> Checked:
    """Read and check the fields that are given.

    Args:
        given: by name of :data:`FIELDS`: text as typed, or plain values (``date``, ``int``, ``list``, :class:`Money`);
            empty text or None clears a field.
        today: a day of the property's zone.
        before: the inquiry's columns as they stand; a clash is told only where a field of it is given.

    Of arrival, departure and nights the one that is not given follows the others, where nobody vouches for it: it is empty,
    only proposed, or it came of the days as they stood.
    """
    found = Checked()
    old = dict(before or {})
    for name, value in given.items():
        reader = _READERS.get(name)
        if reader is None:
            found.fault(name, "unknown", name)
        elif name not in AMOUNTS and name not in AMOUNTS.values():
            reader(found, name, value, today)
    for name, code in AMOUNTS.items():
        if name in given or code in given:
            _amount(found, name, given, old)
    _follow(found, {name for name in given if name not in found.faults}, old)
    whole = old | found.values
    _clashes(found, whole, set(given), today, old)
    return found


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
    text = _UNSTORABLE.sub("", str(value or "")).strip()
    most = LONGEST_PREFERENCES if name == "preferences" else LONGEST
    if len(text) > most:
        found.fault(name, "long", limit=most)
    else:
        found.values[name] = text


def _word(found: Checked, name: str, value: Any, _today: date) -> None:
    found.values[name] = str(value or "").strip()


def _count(found: Checked, name: str, value: Any, _today: date) -> None:
    most = MOST_NIGHTS if name == "nights" else MOST_ADULTS
    if value is None or (isinstance(value, str) and not value.strip()):
        found.values[name] = None
        return
    number = _whole(value)
    if number is None:
        found.fault(name, "number", value)
    elif number < 0:
        found.fault(name, "negative", value)
    elif number == 0 and name == "nights":
        found.fault(name, "number", value)
    elif number > most:
        found.fault(name, "many", value, most)
    else:
        found.values[name] = number


def _children(found: Checked, name: str, value: Any, _today: date) -> None:
    """Ages as a list or as text (``7, 3, ?``); a plain number of Python is so many children of unknown age."""
    parts = _parts(value)
    if parts is None:
        found.fault(name, "negative" if isinstance(value, int) and value < 0 else "number", value)
        return
    if len(parts) > MOST_CHILDREN:
        found.fault(name, "many", len(parts), MOST_CHILDREN)
        return
    ages: list[int | None] = []
    for part in parts:
        if part is None or (isinstance(part, str) and part in _UNKNOWN_AGE):
            ages.append(None)
            continue
        age = _whole(part)
        if age is None:
            found.fault(name, "number", part)
        elif age < 0:
            found.fault(name, "negative", part)
        elif age > OLDEST_CHILD:
            found.fault(name, "age", part, OLDEST_CHILD)
        else:
            ages.append(age)
    if name not in found.faults:
        found.values[name] = ages


def _parts(value: Any) -> list[Any] | None:
    """The ages one by one, as they were given; None if it cannot be a list of ages."""
    if isinstance(value, int):
        return [None] * min(value, MOST_CHILDREN + 1) if value >= 0 else None
    if isinstance(value, str):
        return value.replace(";", ",").replace(",", " ").split()
    return list(value) if isinstance(value, list | tuple) else ([] if value is None else None)


def _status(found: Checked, name: str, value: Any, _today: date) -> None:
    known = {one.value.casefold(): one.value for one in InquiryStatus}
    _one_of(found, name, value, known)


def _channel(found: Checked, name: str, value: Any, _today: date) -> None:
    known = {one.value.casefold(): one.value for one in Channel}
    _one_of(found, name, value or Channel.DIRECT.value, known)


def _one_of(found: Checked, name: str, value: Any, known: Mapping[str, str]) -> None:
    word = " ".join(str(value or "").split()).casefold()
    if word in known:
        found.values[name] = known[word]
    else:
        found.fault(name, name, value)


def _amount(found: Checked, name: str, given: Mapping[str, Any], old: Mapping[str, Any]) -> None:
    """An amount with its currency: from :class:`Money`, text with or without a currency, or whole minor units."""
    code = AMOUNTS[name]
    value: Any = given[name] if name in given else old.get(name)
    if isinstance(value, Money):
        value, currency = value.amount, value.currency
    else:
        currency = str(given.get(code, old.get(code, "")) or "").strip()
    number = ""
    try:
        if isinstance(value, str) and value.strip():
            number, written = read(value)
            currency = written or currency
        currency = currency_of(currency) if currency else ""
    except AmountFault as fault:
        found.fault(code if fault.kind == "currency" and fault.given == currency else name, fault.kind, fault.given)
        return
    if value is None or (isinstance(value, str) and not number):
        found.values |= {name: None, code: ""}
    elif not currency:
        found.fault(name, "no currency", value)
    else:
        _units(found, name, value, number, currency)


def _units(found: Checked, name: str, value: Any, number: str, currency: str) -> None:
    try:
        amount = minor_units(number, currency) if number else int(value)
        if amount < 0:
            raise AmountFault("negative", str(value))
        if amount > LARGEST:
            raise AmountFault("large", str(value))
        found.values |= {name: amount, AMOUNTS[name]: currency}
    except AmountFault as fault:
        found.fault(name, fault.kind, fault.given)


def _follow(found: Checked, given: set[str], old: Mapping[str, Any]) -> None:
    """Work out the one of arrival, departure and nights that is not given from the others."""
    arrival, departure, nights = (found.values.get(name, old.get(name)) for name in _STAY)
    told = given & set(_STAY)
    told -= {name for name in told if found.values.get(name) is None and old.get(name) is None}
    loose = {name for name in _STAY if name not in told and _follows(name, old)}
    if "nights" in loose and told and arrival and departure and old.get("nights") is not None:
        if 0 < (departure - arrival).days <= MOST_NIGHTS:
            found.values["nights"] = (departure - arrival).days
    elif "nights" in told and nights:
        try:
            if arrival and "departure" in loose and ("arrival" in told or not departure):
                found.values["departure"] = arrival + timedelta(days=nights)
            elif departure and "arrival" in loose and ("departure" in told or not arrival):
                found.values["arrival"] = departure - timedelta(days=nights)
        except OverflowError:
            return  # beyond the calendar


_STAY = ("arrival", "departure", "nights")


def _follows(name: str, old: Mapping[str, Any]) -> bool:
    """Whether a field may be worked out anew: nobody wrote it, or it came of the other two."""
    arrival, departure, nights = (old.get(one) for one in _STAY)
    if old.get(name) is None or name in (old.get("proposed") or {}):
        return True
    return bool(arrival and departure and nights and (departure - arrival).days == nights)


def _clashes(found: Checked, whole: Mapping[str, Any], given: set[str], today: date, old: Mapping[str, Any]) -> None:
    arrival, departure, nights = (whole.get(name) for name in ("arrival", "departure", "nights"))
    start, end = whole.get("period_from"), whole.get("period_to")
    if arrival and departure and given & {"arrival", "departure"} and departure <= arrival:
        found.fault("departure" if "departure" in given else "arrival", "departure", departure)
    elif arrival and departure and nights and given & {"arrival", "departure", "nights"}:
        _agree(found, given, nights, (departure - arrival).days)
    if start and end and given & {"period_from", "period_to"} and end < start:
        found.fault("period_to" if "period_to" in given else "period_from", "period", end)
    elif start and end and nights and given & {"period_from", "period_to", "nights"} and (end - start).days < nights:
        found.fault(_blamed(given, "nights", "period_to", "period_from"), "nights", nights, (end - start).days)
    planned = found.values.get("planned_end")
    if planned is not None and planned != old.get("planned_end") and planned < today:
        found.fault("planned_end", "past", planned)
    if given & {"adults", "children"} and whole.get("adults") == 0 and not whole.get("children"):
        found.fault(_blamed(given, "adults", "children"), "nobody")
    if given & {"status", "lost_reason"} and whole.get("status") == InquiryStatus.LOST and not whole.get("lost_reason"):
        found.fault("lost_reason", "reason")


def _agree(found: Checked, given: set[str], nights: int, left: int) -> None:
    if nights != left:
        found.fault(_blamed(given, "nights", "departure", "arrival"), "nights", nights, left)


def _blamed(given: set[str], *names: str) -> str:
    """The first of the fields that was given: there the message stands."""
    return next(name for name in names if name in given)


def _whole(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = str(value).strip()
    sign = text[1:] if text[:1] in "+-−" else text
    if not (sign.isascii() and sign.isdecimal() and len(sign) <= 9):
        return None
    return -int(sign) if text[0] in "-−" else int(sign)


_Reader = Callable[[Checked, str, Any, date], None]
_READERS: dict[str, _Reader] = {
    **dict.fromkeys(DAYS, _day),
    **dict.fromkeys(TEXTS, _text),
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(("nights", "adults"), _count),
    **dict.fromkeys((*AMOUNTS, *AMOUNTS.values()), _text),
    "children": _children,
    "status": _status,
    "channel": _channel,
}
