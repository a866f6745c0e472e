"""Reservations as files hold them: the names of SPEC §15, nested, read and checked without a store.

Days are ``YYYY-MM-DD``, amounts decimal strings in the reservation's currency, flight times ``YYYY-MM-DDTHH:MM`` of the
airports' clocks. A payment below zero is a refund. What is wrong is told by field (``guests[1].birth_date``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crm_tui.rules.inquiry_checks import LONGEST, Checked, Fault
from crm_tui.rules.money import AmountFault, Money, currency_of
from crm_tui.rules.reservation_checks import DAYS, FIELDS, check, plain_amount
from crm_tui.rules.vocabulary import LineKind

GUEST_NAMES = ("reference", "surname", "given", "email", "phone", "birth_date", "passport_expiry", "holder")
COMPANY_NAMES = ("reference", "name", "tax_number")
LINE_NAMES = ("kind", "due", "amount")
PAYMENT_NAMES = ("reference", "date", "amount", "method")
FLIGHT_NAMES = ("number", "from", "to", "departs", "arrives")
NESTED: Mapping[str, tuple[str, ...]] = {
    "guests": GUEST_NAMES,
    "company": COMPANY_NAMES,
    "schedule": LINE_NAMES,
    "payments": PAYMENT_NAMES,
    "flights": FLIGHT_NAMES,
}
NAMES = tuple(name for name in FIELDS if name != "remarks")
"""The plain names; ``code`` stands for a reservation that has no reference."""
MOST = 500
"""Guests, lines, payments or flights of one reservation."""
_IATA = re.compile(r"[A-Z]{3}")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d)?")
_UNSTORABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_YES = {"1", "true", "yes", "y", "x", "t"}
_NO = {"", "0", "false", "no", "n", "f"}


@dataclass(frozen=True, slots=True)
class LineRecord:
    """A schedule line; ``amount`` in minor units."""

    kind: str
    due: date
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment, or a refund below zero; ``amount`` in minor units."""

    reference: str
    day: date
    amount: int
    method: str


@dataclass(frozen=True, slots=True)
class FlightRecord:
    """A leg; times as ``YYYY-MM-DDTHH:MM`` or empty."""

    number: str
    from_airport: str
    to_airport: str
    departs: str
    arrives: str


@dataclass(frozen=True, slots=True)
class GuestRecord:
    """A person; texts as given, days read."""

    reference: str
    surname: str
    given: str
    email: str
    phone: str
    birth_date: date | None
    passport_expiry: date | None
    holder: bool


@dataclass(slots=True)
class ReservationRecord:
    """One reservation as read; the lists are None where the file says nothing about them.

    Attributes:
        values: columns by name, as :func:`crm_tui.rules.reservation_checks.check` gives them; operator as a name.
        company: reference, name and tax number; None: nothing is said; all empty: none pays.
        faults: by field, the first of each.
        unknown: names that mean nothing here.
    """

    values: dict[str, Any] = field(default_factory=dict)
    guests: list[GuestRecord] | None = None
    company: dict[str, str] | None = None
    schedule: list[LineRecord] | None = None
    payments: list[PaymentRecord] | None = None
    flights: list[FlightRecord] | None = None
    faults: dict[str, Fault] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def fault(self, name: str, kind: str, given: object = "", limit: int = 0) -> None:
        """Note what is wrong with a field."""
        self.faults.setdefault(name, Fault(name, kind, str(given), limit))


def read_record(given: Mapping[str, Any], today: date) -> ReservationRecord:
    """Read one reservation; never raises."""
    found = ReservationRecord()
    found.unknown = [str(name) for name in given if name not in NAMES and name not in NESTED]
    _plain(found, given, today)
    currency = str(found.values.get("currency") or "")
    for name, names in NESTED.items():
        if name in given:
            _nested(found, name, names, given[name], currency)
    return found


def unknown_names(given: Mapping[str, Any]) -> list[str]:
    """Names in a row that mean nothing here."""
    found = [str(name) for name in given if name not in NAMES and name not in NESTED]
    for name, names in NESTED.items():
        value = given.get(name)
        for item in (value,) if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
            if isinstance(item, Mapping):
                found += [f"{name}.{key}" for key in item if key not in names]
    return found


def _plain(found: ReservationRecord, given: Mapping[str, Any], today: date) -> None:
    plain: dict[str, Any] = {}
    for name in NAMES:
        if name in given and _scalar(found, name, given[name]):
            plain[name] = given[name]
    for name in DAYS:
        if name in plain:
            plain[name] = _day(found, name, plain[name])
    _amount_of(found, plain)
    if not (str(plain.get("reference") or "").strip() or str(plain.get("code") or "").strip()):
        found.fault("reference", "reference")
    if "code" in plain and not str(plain["code"] or "").strip():
        del plain["code"]
    checked: Checked = check({k: v for k, v in plain.items() if k not in found.faults}, today)
    found.values = checked.values
    for fault in checked.faults.values():
        found.fault(fault.field, fault.kind, fault.given, fault.limit)


def _scalar(found: ReservationRecord, name: str, value: Any) -> bool:
    if isinstance(value, Mapping | list | tuple | bool):
        found.fault(name, "plain", value)
        return False
    return True


def _amount_of(found: ReservationRecord, plain: dict[str, Any]) -> None:
    """The value in minor units, as a program wrote it, before people's ways of writing are tried."""
    text = str(plain.get("value") if plain.get("value") is not None else "").strip()
    code = str(plain.get("currency") or "").strip()
    if not text or not code:
        return
    try:
        plain["value"] = Money(plain_amount(text, currency_of(code)), currency_of(code))
    except AmountFault as fault:
        found.fault("currency" if fault.kind == "currency" else "value", fault.kind, fault.given)
        del plain["value"]


def _nested(found: ReservationRecord, name: str, names: tuple[str, ...], value: Any, currency: str) -> None:
    if name == "company":
        _company(found, value)
        return
    if value is None:
        value = []
    if not isinstance(value, list | tuple):
        found.fault(name, "list", name)
        return
    if len(value) > MOST:
        found.fault(name, "many", len(value), MOST)
        return
    items: list[Any] = []
    for number, item in enumerate(value):
        where = f"{name}[{number}]"
        if not isinstance(item, Mapping):
            found.fault(where, "object", where)
            continue
        found.unknown += [f"{name}.{key}" for key in item if key not in names]
        items.append(_item(found, name, where, item, currency))
    setattr(found, name, items)
    if name == "guests":
        _one_holder(found, items)


def _item(found: ReservationRecord, name: str, where: str, item: Mapping[str, Any], currency: str) -> Any:
    if name == "guests":
        return _guest(found, where, item)
    if name == "flights":
        return _flight(found, where, item)
    amount = _amount(found, f"{where}.amount", item.get("amount"), currency)
    if name == "schedule":
        kind = _line(found, f"{where}.kind", item.get("kind")).casefold()
        if kind not in {str(one) for one in LineKind}:
            found.fault(f"{where}.kind", "line kind", kind)
        if amount <= 0:
            found.fault(f"{where}.amount", "nothing", item.get("amount"))
        return LineRecord(kind, _needed_day(found, f"{where}.due", item.get("due")), amount)
    if amount == 0:
        found.fault(f"{where}.amount", "nothing", item.get("amount"))
    day = _needed_day(found, f"{where}.date", item.get("date"))
    texts = [_line(found, f"{where}.{key}", item.get(key)) for key in ("reference", "method")]
    return PaymentRecord(texts[0], day, amount, texts[1])


def _guest(found: ReservationRecord, where: str, item: Mapping[str, Any]) -> GuestRecord:
    reference, surname, given, email, phone = (_line(found, f"{where}.{key}", item.get(key)) for key in GUEST_NAMES[:5])
    if not surname and not reference:
        found.fault(f"{where}.surname", "surname")
    birth, expiry = (_day(found, f"{where}.{key}", item.get(key)) for key in GUEST_NAMES[5:7])
    word = str(item.get("holder") if item.get("holder") is not None else "").strip().casefold()
    if word not in _YES | _NO:
        found.fault(f"{where}.holder", "yes or no", word)
    return GuestRecord(reference, surname, given, email, phone, birth, expiry, word in _YES)


def _one_holder(found: ReservationRecord, guests: list[GuestRecord]) -> None:
    holders = [number for number, guest in enumerate(guests) if guest.holder]
    if len(holders) > 1:
        found.fault(f"guests[{holders[1]}].holder", "holders")


def _flight(found: ReservationRecord, where: str, item: Mapping[str, Any]) -> FlightRecord:
    number = _line(found, f"{where}.number", item.get("number"))
    places = []
    for key in ("from", "to"):
        code = _line(found, f"{where}.{key}", item.get(key)).upper()
        if code and not _IATA.fullmatch(code):
            found.fault(f"{where}.{key}", "airport", code)
        places.append(code)
    times = [_time(found, f"{where}.{key}", item.get(key)) for key in ("departs", "arrives")]
    if not times[0]:
        found.fault(f"{where}.departs", "time", "")
    return FlightRecord(number, places[0], places[1], times[0], times[1])


def _company(found: ReservationRecord, value: Any) -> None:
    if value is None:
        value = {}
    if not isinstance(value, Mapping):
        found.fault("company", "object", "company")
        return
    found.unknown += [f"company.{key}" for key in value if key not in COMPANY_NAMES]
    company = {key: _line(found, f"company.{key}", value.get(key)) for key in COMPANY_NAMES}
    if company["tax_number"] and not company["name"] and not company["reference"]:
        found.fault("company.name", "surname")
    found.company = company


def _line(found: ReservationRecord, name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping | list | tuple | bool):
        found.fault(name, "plain", value)
        return ""
    text = " ".join(_UNSTORABLE.sub(" ", str(value)).split())
    if len(text) > LONGEST:
        found.fault(name, "long", limit=LONGEST)
        return ""
    return text


def _day(found: ReservationRecord, name: str, value: Any) -> date | None:
    text = _line(found, name, value)
    if not text:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        found.fault(name, "iso day", text)
        return None


def _needed_day(found: ReservationRecord, name: str, value: Any) -> date:
    day = _day(found, name, value)
    if day is None:
        found.fault(name, "iso day", "")
        return date.min
    return day


def _amount(found: ReservationRecord, name: str, value: Any, currency: str) -> int:
    text = _line(found, name, value)
    if not currency:
        found.fault(name, "no currency", text)
        return 0
    try:
        return plain_amount(text, currency)
    except AmountFault as fault:
        found.fault(name, fault.kind, fault.given)
        return 0


def _time(found: ReservationRecord, name: str, value: Any) -> str:
    text = _line(found, name, value)
    if not text:
        return ""
    parts = _TIME.fullmatch(text)
    try:
        if parts is None:
            raise ValueError(text)
        return datetime.fromisoformat(f"{parts[1]}T{parts[2]}").isoformat(timespec="minutes")
    except ValueError:
        found.fault(name, "time", text)
        return ""
