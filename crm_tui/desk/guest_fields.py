"""What a guest's fields may say: read from text, checked, as they are stored (SPEC §6)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Property
from crm_tui.desk.context import Transaction
from crm_tui.desk.inquiry_faults import InvalidFields, words
from crm_tui.desk.phones import e164, region_of
from crm_tui.desk.writing import zone
from crm_tui.mail.text import display_text
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.vocabulary import GuestKind

_PROPERTY = columns(Property)
_LINES = ("surname", "given", "document", "passport", "street", "postcode", "city", "tax_number", "reference")
_DAYS = ("birth_date", "passport_expiry")
_COUNTRIES = ("nationality", "country")
FIELDS = (*_LINES, "kind", "language", *_DAYS, *_COUNTRIES, "remarks", "emails", "phones")
LONGEST = 200
LONGEST_REMARKS = 100_000
MOST_CONTACTS = 20
_ADDRESS = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]{1,250}")


def checked(tx: Transaction, values: Mapping[str, Any], before: Row[Any] | None) -> dict[str, Any]:
    """The columns to store, and ``emails`` and ``phones`` as lists.

    Raises:
        InvalidFields: a field is not usable, or the surname is missing.
    """
    given = dict(values)
    for one, many in (("email", "emails"), ("phone", "phones")):
        if one in given:
            given.setdefault(many, [given.pop(one)])
            given.pop(one, None)
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in given.items():
        try:
            clean[name] = _value(tx, name, value)
        except DayFault as fault:
            errors |= words([Fault(name, fault.kind, fault.given)])
        except InvalidInput as error:
            errors[name] = str(error)
    if not errors.get("surname") and not clean.get("surname", before.surname if before is not None else ""):
        errors["surname"] = _("A guest needs a surname, a company its name.")
    if errors:
        raise InvalidFields(errors)
    return clean


def _value(tx: Transaction, name: str, value: Any) -> Any:
    if name in _LINES:
        return _line(value, LONGEST)
    if name == "remarks":
        return _remarks(value)
    if name in _DAYS:
        return _day(tx, value)
    if name in _COUNTRIES:
        return _code(value, 2).upper()
    if name == "language":
        return _code(value, 2).lower()
    if name == "kind":
        return _kind(value)
    if name == "emails":
        return _several(value, _address)
    if name == "phones":
        zones = tx.connection.execute(select(_PROPERTY.timezone).order_by(_PROPERTY.id).limit(1)).scalar()
        return _several(value, lambda text: e164(text, region_of(zones or "")))
    raise InvalidInput(_("There is no field called {given}.").format(given=display_text(name)), field=name)


def _line(value: Any, most: int) -> str:
    text = " ".join(display_text(str(value or "")).split())
    if len(text) > most:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=most))
    return text


def _remarks(value: Any) -> str:
    text = display_text(str(value or ""), multiline=True).strip()
    if len(text) > LONGEST_REMARKS:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=LONGEST_REMARKS))
    return text


def _day(tx: Transaction, value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    return read_day_words(text, tx.now.astimezone(zone(tx.connection)).date()) if text else None


def _code(value: Any, letters: int) -> str:
    text = str(value or "").strip()
    if text and not (len(text) == letters and text.isascii() and text.isalpha()):
        raise InvalidInput(_("Write it as {n} letters, like ES.").format(n=letters))
    return text


def _kind(value: Any) -> str:
    if value not in {kind.value for kind in GuestKind}:
        raise InvalidInput(_("Use one of: {names}.").format(names=", ".join(GuestKind)))
    return str(value)


def _several(value: Any, read: Any) -> list[str]:
    parts: Iterable[Any] = re.split(r"[,;\n]", value) if isinstance(value, str) else value or ()
    found = dict.fromkeys(read(str(part).strip()) for part in parts if str(part or "").strip())
    if len(found) > MOST_CONTACTS:
        raise InvalidInput(_("At most {n} fit here.").format(n=MOST_CONTACTS))
    return list(found)


def _address(text: str) -> str:
    clean = display_text(text).strip()
    if not _ADDRESS.fullmatch(clean):
        raise InvalidInput(_("{address} is no mail address.").format(address=clean), field="email")
    local, _at, domain = clean.rpartition("@")
    return f"{local}@{domain.lower()}"
