"""vCards as a table and back: versions 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350).

A reader of our own, because the libraries keep whole files and pictures in memory and fail on a card that one line spoils: here
every card stands for itself, whatever is not text is passed over while it is read, and lines no standard knows are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from crm_tui.base.i18n import _
from crm_tui.files import encodings
from crm_tui.files.dialects import Dialect
from crm_tui.files.limits import USUAL, CellFault, FileFault, Limits
from crm_tui.files.lines import lines, too_big
from crm_tui.files.objects import labelled, quoted
from crm_tui.files.records import SHOWN, Row
from crm_tui.files.tables import Table
from crm_tui.files.vcard_lines import BINARY, Property, escaped, folded, parts, properties, split, unescaped

OWN = "X-CRM-TUI-"
"""Begins the names of what vCards have no word for, such as a passport."""
EXTRA = (
    *("nationality", "document", "passport", "passport_expiry", "tax_number", "number"),
    *(f"consent_{one}{part}" for one in ("mail", "sms", "phone", "newsletter") for part in ("", "_day", "_source")),
)
HEAD = (
    *("reference", "kind", "surname", "given", "name", "company", "emails", "phones", "street", "postcode"),
    *("city", "region", "country", "language", "birth_date", "remarks", "attributes", *EXTRA),
)
"""The columns of a table of cards: fields of a guest."""
_SAMPLE = 1024 * 1024
_MOST = 3_000
_PLAIN_TYPES = frozenset({"pref", "internet", "voice", "x-pref", "text", "x-internet", "msg"})
_BDAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:T.*)?")
_OWN_LABEL = re.compile(r"_\$!<(.*)>!\$_")


def read_vcards(path: Path, *, encoding: str = "", limits: Limits = USUAL) -> Table:
    """Begin to read a file of cards. Rows are numbered by card.

    Raises:
        FileFault: there is no card in it, or it is too big.
        OSError: it cannot be opened.
    """
    if path.stat().st_size > limits.octets:
        raise too_big(limits)
    stream = path.open("rb")
    try:
        sample = stream.read(_SAMPLE)
        if b"BEGIN:VCARD" not in sample.upper().replace(b"\0", b""):
            raise FileFault(_("There is no vCard in the file."))
        if encoding:
            found = encodings.with_mark(encodings.named(encoding), sample)
        else:
            found = encodings.detect(sample, whole=len(sample) < _SAMPLE)
    except BaseException:
        stream.close()
        raise
    table = Table(list(HEAD), 0, iter(()), Dialect(), found, stream)
    table.rows = _rows(properties(lines(stream, sample, found, limits), limits), limits)
    return table


def _rows(found: Iterator[Property], limits: Limits) -> Iterator[Row]:
    for number, (line, card, ended) in enumerate(_cards(found), 1):
        if number > limits.rows:
            raise FileFault(_("The file has more than {n} rows.").format(n=limits.rows))
        yield _row(number, line, card, ended)


def _row(number: int, line: int, card: list[Property], ended: bool) -> Row:
    fault = None
    if not ended:
        fault = CellFault(0, "", _("The card has no end (END:VCARD)."))
    elif len(card) > _MOST:
        fault = CellFault(0, "", _("The card has more than {n} lines.").format(n=_MOST))
    long = next((one.name for one in card if one.skipped and one.name not in BINARY), "")
    if long and fault is None:
        fault = CellFault(0, "", _("A line of the card is too long: {name}.").format(name=long))
    cells = _cells(card[:_MOST])
    for at, name in enumerate(HEAD, 1):
        text = cells.get(name, "")
        if "\0" in text:
            fault = fault or CellFault(at, text[:SHOWN], _("The value holds a NUL."))
    return Row(number, line, [cells.get(name, "") for name in HEAD], fault)


def _cards(found: Iterator[Property]) -> Iterator[tuple[int, list[Property], bool]]:
    """Cards with the line each begins on, and whether its end was found; what stands in a card of a card is left out."""
    card: list[Property] | None = None
    line, inner = 0, 0
    for one in found:
        marks = one.value.strip().upper() == "VCARD"
        if one.name == "BEGIN" and marks:
            # An agent's card stands within another; anything else that begins means that the end was forgotten.
            if card is not None and card and card[-1].name == "AGENT" and not card[-1].value.strip():
                inner += 1
                continue
            if card is not None:
                yield line, card, False
            card, line, inner = [], one.line, 0
        elif one.name == "END" and marks and card is not None:
            if inner:
                inner -= 1
                continue
            yield line, card, True
            card = None
        elif card is not None and not inner and len(card) <= _MOST:
            card.append(one)
    if card is not None:
        yield line, card, False


def _cells(card: Sequence[Property]) -> dict[str, str]:
    """The fields of a card."""
    cells: dict[str, str] = {}
    labels = {one.group: _label_text(one.value) for one in card if one.name == "X-ABLABEL" and one.group}
    emails, phones, notes, tags = [], [], [], []
    adr: Property | None = None
    for one in card:
        value = one.value.strip()
        if one.skipped or not value:
            continue
        if one.name == "EMAIL":
            emails.append(labelled(unescaped(value).removeprefix("mailto:"), _label(one, labels)))
        elif one.name == "TEL":
            number = unescaped(value).removeprefix("tel:")
            if "fax" not in one.types:
                phones.append(labelled(number, _label(one, labels)))
        elif one.name == "ADR" and (adr is None or "pref" in one.types):
            adr = one
        elif one.name == "NOTE":
            notes.append(unescaped(value))
        elif one.name == "CATEGORIES":
            tags += [quoted(tag.strip()) for tag in parts(value, ",") if tag.strip()]
        elif one.name.startswith(OWN):
            name = one.name.removeprefix(OWN).lower().replace("-", "_")
            if name in EXTRA:
                cells.setdefault(name, unescaped(value))
        else:
            _simple(cells, notes, one, value)
    if adr is not None:
        _address(cells, adr)
    _who(cells)
    several = {"emails": "; ".join(emails), "phones": "; ".join(phones), "attributes": "; ".join(tags)}
    return cells | several | {"remarks": "\n".join(notes)}


def _simple(cells: dict[str, str], notes: list[str], one: Property, value: str) -> None:
    """Properties that stand once."""
    if one.name == "N":
        names = [" ".join(parts(component, ",")) for component in (*split(value, ";"), "", "", "")]
        cells.setdefault("surname", names[0].strip())
        cells.setdefault("given", " ".join(f"{names[1]} {names[2]}".split()))
    elif one.name == "FN":
        cells.setdefault("name", unescaped(value))
    elif one.name == "ORG":
        cells.setdefault("company", parts(value, ";")[0].strip())
    elif one.name == "UID":
        cells.setdefault("reference", unescaped(value))
    elif one.name == "LANG":
        cells.setdefault("language", value)
    elif one.name == "BDAY":
        day = _BDAY.fullmatch(value)
        if day:
            cells.setdefault("birth_date", "-".join(day.groups()))
        elif re.search(r"\d", value):
            notes.append(_("Birthday: {day}").format(day=unescaped(value)))
    elif one.name == "KIND":
        cells.setdefault("kind", "company" if value.lower() in ("org", "organization") else "")
    elif one.name == "X-ABSHOWAS" and value.upper() == "COMPANY":
        cells["kind"] = "company"


def _who(cells: dict[str, str]) -> None:
    """A card without a person's name is that of its organisation."""
    unnamed = not cells.get("surname") and not cells.get("given")
    if unnamed and cells.get("company") and cells.get("name", "") in ("", cells["company"]):
        cells["kind"] = "company"
    if cells.get("kind") == "company":
        cells["surname"] = cells.get("company") or cells.get("name") or cells.get("surname", "")
        for name in ("given", "name", "company"):
            cells.pop(name, None)
    elif cells.get("surname"):
        cells.pop("name", None)
    elif cells.get("given") and not cells.get("name"):
        cells["surname"] = cells.pop("given")  # one name is a surname
    elif cells.get("name"):
        cells.pop("given", None)


def _address(cells: dict[str, str], adr: Property) -> None:
    found = [" ".join(one.split()) for one in [*parts(adr.value, ";"), *[""] * 7][:7]]
    street = ", ".join(one for one in (found[0] and f"P.O. Box {found[0]}", found[2], found[1]) if one)
    named = {"street": street, "city": found[3], "region": found[4], "postcode": found[5], "country": found[6]}
    cells.update({name: text for name, text in named.items() if text})


def _label_text(value: str) -> str:
    found = _OWN_LABEL.fullmatch(value.strip())
    return (found[1] if found else unescaped(value)).strip()


def _label(one: Property, labels: Mapping[str, str]) -> str:
    if one.group in labels:
        return labels[one.group]
    return " ".join(kind for kind in dict.fromkeys(one.types) if kind not in _PLAIN_TYPES)[:40]


# Writing


def write_vcards(stream: TextIO, cards: Iterable[Mapping[str, object]], *, version: str = "4.0") -> int:
    """Write guests as vCards; returns how many.

    Args:
        stream: opened as UTF-8 with ``newline=""``.
        cards: fields by name; ``emails`` and ``phones`` are pairs of text and label, ``attributes`` a list of names; display-safe.
        version: ``3.0`` or ``4.0``.
    """
    count = 0
    for card in cards:
        stream.write("".join(map(folded, _card(card, version))))
        count += 1
    return count


def _card(card: Mapping[str, object], version: str) -> Iterator[str]:
    def text(name: str) -> str:
        return str(card.get(name) or "")

    company = text("kind") == "company"
    yield from ("BEGIN:VCARD", f"VERSION:{version}", "PRODID:-//crm_tui//EN")
    if version == "4.0":
        yield f"KIND:{'org' if company else 'individual'}"
    elif company:
        yield "X-ABShowAs:COMPANY"
    yield "FN:" + escaped(" ".join(one for one in (text("given"), text("surname")) if one))
    names = ("", "") if company else (text("surname"), text("given"))
    yield f"N:{escaped(names[0])};{escaped(names[1])};;;"
    if company:
        yield "ORG:" + escaped(text("surname"))
    if text("reference"):
        yield ("UID;VALUE=text:" if version == "4.0" else "UID:") + escaped(text("reference"))
    yield from _contacts(card)
    where = [text(name) for name in ("street", "city", "region", "postcode", "country")]
    if any(where):
        yield "ADR:;;" + ";".join(map(escaped, where))
    if text("birth_date"):
        yield "BDAY:" + (text("birth_date").replace("-", "") if version == "4.0" else text("birth_date"))
    if text("language"):
        yield "LANG:" + text("language")
    if text("remarks"):
        yield "NOTE:" + escaped(text("remarks"))
    tags = card.get("attributes")
    if isinstance(tags, list | tuple) and tags:
        yield "CATEGORIES:" + ",".join(escaped(str(one)) for one in tags)
    for name in EXTRA:
        if text(name):
            yield f"{OWN}{name.upper().replace('_', '-')}:{escaped(text(name))}"
    yield "END:VCARD"


def _contacts(card: Mapping[str, object]) -> Iterator[str]:
    """Addresses and numbers; a label stands in a group, where any text may be one."""
    number = 0
    for field, name in (("emails", "EMAIL"), ("phones", "TEL")):
        pairs = card.get(field)
        for text, label in pairs if isinstance(pairs, list | tuple) else ():
            number += 1
            group = f"item{number}." if label else ""
            yield f"{group}{name}:{escaped(str(text))}"
            if label:
                yield f"{group}X-ABLabel:{escaped(str(label))}"
