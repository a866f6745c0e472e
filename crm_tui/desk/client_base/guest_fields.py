"""What a guest's fields may say: read from text, checked, as they are stored (SPEC §6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Property
from crm_tui.desk.client_base import countries, tax_numbers
from crm_tui.desk.client_base.guest_consents import Said
from crm_tui.desk.client_base.guest_consents import checked as consent
from crm_tui.desk.client_base.guest_contacts import Typed
from crm_tui.desk.client_base.guest_contacts import of as lists_of
from crm_tui.desk.client_base.phones import e164, extension, region_of
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.requests.inquiry_faults import InvalidFields, sentence
from crm_tui.mail.text import display_text
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.guest_checks import check_birth_date, read_birth_date
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.mail_addresses import address_key, read_mail_address
from crm_tui.rules.vocabulary import ConsentChannel, GuestKind

_PROPERTY = columns(Property)
_LINES = ("surname", "given", "document", "passport", "street", "city", "region", "reference")
_DAYS = ("birth_date", "passport_expiry")
_COUNTRIES = ("nationality", "country")
FIELDS = (
    *_LINES,
    *("postcode", "tax_number", "kind", "language"),
    *_DAYS,
    *_COUNTRIES,
    *("remarks", "emails", "phones", "contacts", "consents", "tag", "untag"),
)
"""Every field that a form or a command can set."""
PERSONS_OWN = ("given", "birth_date", "nationality", "document", "passport", "passport_expiry")
"""What only a person has."""
COMPANYS_OWN = ("tax_number", "contacts")
"""What only a company has."""
LONGEST = 200
LONGEST_SURNAME = 500
LONGEST_LABEL = 40
LONGEST_REMARKS = 100_000
MOST_CONTACTS = 20
_LABELLED = re.compile(r"\s*(?P<label>[^<>]*?)\s*<(?P<value>[^<>]*)>\s*")


def checked(tx: Transaction, values: Mapping[str, Any], before: Row[Any] | None) -> dict[str, Any]:
    """The columns to store; ``emails`` and ``phones`` as pairs of text and label, ``consents`` as :class:`Said`.

    Raises:
        InvalidFields: a field is not usable, or the surname is missing.
    """
    given = dict(values)
    for one, many in (("email", "emails"), ("phone", "phones")):
        if one in given:
            given.setdefault(many, given.pop(one))
            given.pop(one, None)
    today = tx.now.astimezone(zone(tx.connection)).date()
    clean: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in given.items():
        try:
            clean[name] = _value(tx, name, value, today, before)
        except DayFault as fault:
            errors[name] = day_fault(fault)
        except InvalidInput as error:
            # What is wrong with a consent is wrong with its source or its day.
            errors[error.field if name == "consents" and error.field in ("source", "day") else name] = str(error)
    try:
        _postcode(clean, before)
    except InvalidInput as error:
        errors.setdefault("postcode", str(error))
    if not errors.get("surname") and not clean.get("surname", before.surname if before is not None else ""):
        errors["surname"] = _("A guest needs a surname, a company its name.")
    if errors:
        raise InvalidFields(errors)
    return clean


def day_fault(fault: DayFault) -> str:
    """What is wrong with a day, one sentence."""
    texts = {
        "year": _("Write it with its year, like 14.8.1985."),
        "future": _("Nobody was born on a day that is still to come."),
        "early": _("That is before 1900."),
    }
    return texts.get(fault.kind) or sentence(Fault("", fault.kind, fault.given))


def home_region(connection: Connection) -> str:
    """The country of the property; empty if its zone does not tell."""
    zones = connection.execute(select(_PROPERTY.timezone).order_by(_PROPERTY.id).limit(1)).scalar()
    return region_of(zones or "")


def _value(tx: Transaction, name: str, value: Any, today: date, before: Row[Any] | None) -> Any:
    if name in ("emails", "phones"):
        there = len(lists_of(tx.connection, before.id)[name]) if before is not None else 0
        if name == "emails":
            return _several(value, lambda text: _no_own(tx, address(text)), lambda _text: "", there)
        region = home_region(tx.connection)
        return _several(value, lambda text: e164(text, region), lambda text: extension(text, region), there)
    if name == "consents":
        return _consents(value, today)
    if name in ("contacts", "tag", "untag"):
        return list(value or ())
    return plain_value(name, value, today)


def plain_value(name: str, value: Any, today: date) -> Any:
    """A field that stands in one column, as it is stored; needs no store.

    Raises:
        DayFault: it is no day that fits.
        InvalidInput: it is not usable.
    """
    if name in _LINES:
        return _line(value, LONGEST_SURNAME if name == "surname" else LONGEST)
    reader = _READERS.get(name)
    if reader is None:
        raise InvalidInput(_("There is no field called {given}.").format(given=display_text(name)), field=name)
    return reader(value, today)


def _line(value: Any, most: int) -> str:
    text = " ".join(display_text(str(value or "")).split())
    if len(text) > most:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=most))
    return text


def _remarks(value: Any, _today: date) -> str:
    text = display_text(str(value or ""), multiline=True).strip()
    if len(text) > LONGEST_REMARKS:
        raise InvalidInput(_("This is too long: at most {limit} letters fit here.").format(limit=LONGEST_REMARKS))
    return text


def _day(value: Any, today: date) -> date | None:
    if value is None or isinstance(value, date):
        return value
    text = str(value).strip()
    return read_day_words(text, today) if text else None


def _birth(value: Any, today: date) -> date | None:
    if isinstance(value, date):
        return check_birth_date(value, today)
    text = str(value or "").strip()
    return read_birth_date(text, today) if text else None


def _country(value: Any, _today: date) -> str:
    return countries.code_of(str(value or ""))


def _language(value: Any, _today: date) -> str:
    text = str(value or "").strip()
    if text and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise InvalidInput(_("Write it as {n} letters, like {example}.").format(n=2, example="es"))
    if text and text.lower() not in countries.languages():
        raise InvalidInput(_("There is no language with the code {given}.").format(given=text.lower()))
    return text.lower()


def _kind(value: Any, _today: date) -> str:
    if value not in {kind.value for kind in GuestKind}:
        raise InvalidInput(_("Use one of: {names}.").format(names=", ".join(GuestKind)))
    return str(value)


_READERS: dict[str, Callable[[Any, date], Any]] = {
    "remarks": _remarks,
    "birth_date": _birth,
    "passport_expiry": _day,
    **dict.fromkeys(_COUNTRIES, _country),
    "language": _language,
    "kind": _kind,
    "postcode": lambda value, _today: _line(value, 20),
    "tax_number": lambda value, _today: _line(tax_numbers.clean(str(value or "")), 40),
}


def _postcode(clean: dict[str, Any], before: Row[Any] | None) -> None:
    """A postcode as the country writes it; one that was kept before is not looked at again unless it or the country changes."""
    if not clean.keys() & {"postcode", "country"}:
        return
    old = (before.postcode, before.country) if before is not None else ("", "")
    code, country = clean.get("postcode", old[0]), clean.get("country", old[1])
    if (code, country) != old and code:
        written = countries.postcode(country, code)
        if "postcode" in clean or written != code:
            clean["postcode"] = written


def _several(value: Any, read: Callable[[str], str], beside: Callable[[str], str], there: int) -> list[Typed]:
    """Addresses or numbers with their labels: text parted by commas, ``label <value>``, pairs, or mappings.

    What stands ``beside`` one, such as the extension of a number, goes to its label. Where more of them are ``there`` than fit, they may stay, and none may come.
    """
    parts: Iterable[Any] = re.split(r"[,;\n]", value) if isinstance(value, str) else value or ()
    found: dict[str, Typed] = {}
    for part in parts:
        text, label = _pair(part)
        if text:
            clean, more = read(text), beside(text)
            if more and more not in (label or ""):
                label = _line(", ".join(one for one in (label, more) if one), LONGEST_LABEL)
            found.setdefault(address_key(clean), (clean, label))
    if len(found) > max(MOST_CONTACTS, there):
        raise InvalidInput(_("At most {n} fit here.").format(n=MOST_CONTACTS))
    return list(found.values())


def _pair(part: Any) -> Typed:
    if isinstance(part, Mapping):
        text, label = part.get("address") or part.get("number") or "", part.get("label")
    elif isinstance(part, tuple | list):
        text, label = part
    else:
        found = _LABELLED.fullmatch(str(part or ""))
        text, label = (found["value"], found["label"]) if found else (part, None)
    return str(text or "").strip(), None if label is None else _line(label, LONGEST_LABEL)


def _no_own(tx: Transaction, clean: str) -> str:
    """
    Raises:
        InvalidInput: it is the hotel's own: all that the desk sends would be the guest's.
    """
    from crm_tui.desk.correspondence.mailbox import own_keys

    if address_key(clean) in own_keys(tx.connection):
        raise InvalidInput(_("{address} is the hotel's own address.").format(address=clean[:80]), field="email")
    return clean


def address(text: str) -> str:
    """A mail address as it is kept: its domain in lower case.

    Raises:
        InvalidInput: it is none; ``field`` is ``email``.
    """
    clean = display_text(text).strip()
    found = read_mail_address(text)
    if found is None:
        raise InvalidInput(_("{address} is no mail address.").format(address=clean[:80]), field="email")
    return found


def _consents(value: Any, today: date) -> list[Said]:
    """By channel: ``{"given": True, "source": "form at the counter", "day": "14.8.2026"}``; a bare yes has no source."""
    found = []
    for channel, word in dict(value or {}).items():
        said = word if isinstance(word, Mapping) else {"given": word}
        day = _day(said.get("day"), today)
        found.append(consent(str(channel), bool(said.get("given")), str(said.get("source") or ""), day, today))
    order = [one.value for one in ConsentChannel]
    return sorted(found, key=lambda one: order.index(one.channel))
