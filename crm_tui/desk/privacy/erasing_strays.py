"""Finding where a person is named in what is about something else, and blacking out the name alone (SPEC §6)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Row, String, and_, cast, func, or_, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Attribute,
    BankLine,
    CompanyContact,
    Consent,
    Draft,
    DraftAttachment,
    Event,
    Feedback,
    Folio,
    Guest,
    GuestEmail,
    GuestMerge,
    GuestPhone,
    HandoverLine,
    ImportMapping,
    Inquiry,
    InternalMessage,
    Mailing,
    MailingItem,
    Memo,
    OutboxItem,
    Package,
    Payment,
    PaymentNotice,
    Posting,
    QualityCost,
    Reminder,
    Reservation,
    RetentionRule,
    SavedView,
    ScheduleLine,
    Ticket,
)
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.rules.folding import fold_text
from crm_tui.rules.guest_searches import is_of_guests, with_values
from crm_tui.rules.mentions import Mentions

_RUN = re.compile(r"[a-z0-9@._+-]{3,}", re.IGNORECASE)
_BASE = re.compile(r"[^\W_]+")

PLACES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Memo, ("text",)),
    (Event, ("text",)),
    (Feedback, ("comment", "resolution", "room", "code", "employee")),
    (QualityCost, ("occasion", "comment", "room", "code")),
    (HandoverLine, ("text", "note")),
    (Reminder, ("title",)),
    (InternalMessage, ("text",)),
    (Inquiry, ("board", "lost_reason", "room", "destination", "airport", "preferences", "proposed")),
    (Reservation, ("reference", "product", "destination", "room", "remarks")),
    (Payment, ("method", "note", "reference", "reversal")),
    (Folio, ("name",)),
    (Posting, ("text",)),
    (Ticket, ("pending_note",)),
    (ScheduleLine, ("reason",)),
    (PaymentNotice, ("text", "error")),
    (BankLine, ("text",)),
    (Draft, ("to", "cc", "bcc", "subject", "text")),
    (OutboxItem, ("recipients", "subject", "error", "copy_error", "refused")),
    (SavedView, ("name", "query")),
    (DraftAttachment, ("name",)),
    (Guest, ("surname", "given", "street", "remarks")),
    (GuestEmail, ("label",)),
    (GuestPhone, ("label",)),
    (CompanyContact, ("role",)),
    (Attribute, ("name",)),
    (MailingItem, ("reason",)),
    (ImportMapping, ("columns",)),
    (Consent, ("source",)),
    (GuestMerge, ("before", "after")),
    (Mailing, ("texts",)),
    (Package, ("name", "criteria")),
    (RetentionRule, ("name", "criteria")),
)
"""Every text that agents write and that may name somebody, wherever it belongs."""


def prefilter(mentions: Mentions, *places: Any) -> ColumnElement[bool] | None:
    """Rows that may name the person, so that few are read; the texts themselves tell. None: nobody is looked for."""
    needles = _needles(mentions)
    if not needles:
        return None
    found: list[ColumnElement[bool]] = []
    for place in places:
        text = cast(place, String)
        plain = [needle for needle in needles if needle.isascii()]
        found += [text.like(_like(needle), escape="\\") for needle in plain]
        # what is not plain ASCII is folded first: accents, other scripts, the escapes of JSON
        strange = or_(func.length(text) != func.length(cast(text, LargeBinary)), func.instr(text, "\\u") > 0)
        folded = func.crm_fold_json(text)
        found.append(and_(strange, or_(*(folded.like(_like(needle), escape="\\") for needle in needles))))
    return or_(*found)


def _like(needle: str) -> str:
    return "%" + needle.replace("\\", "\\\\").replace("_", "\\_") + "%"


def _needles(mentions: Mentions) -> list[str]:
    """For each that names the person, a folded part of it."""
    found: dict[str, None] = {}
    for address in mentions.addresses:
        found[_longest(_RUN, address) or address] = None
    for number in mentions.digits:
        found["%".join(number)] = None
    for one in mentions.phrases:
        found[_longest(_BASE, one) or one] = None
    return list(found)


def _longest(pattern: re.Pattern[str], word: str) -> str:
    return max((run for run in pattern.findall(word)), key=len, default="")


def erase_strays(connection: Connection, elsewhere: Mentions, here: Mentions, near: Mapping[Any, set[int]]) -> int:
    """Black the person out wherever agents wrote the name, the address or the number; returns in how many rows.

    Args:
        near: rows that are about the person among others: there either name alone counts too.
    """
    changed = 0
    for model, names in PLACES:
        own = columns(model)
        condition = prefilter(elsewhere, *(own[name] for name in names))
        seen = near.get(model, set())
        keys = [one for one in table_of(model).primary_key if one.name not in names]
        query = select(*keys, *(own[name] for name in names))
        rows = [] if condition is None else connection.execute(query.where(condition)).all()
        for row in rows:
            if not seen or row.id not in seen:
                changed += _rewritten(connection, model, names, row, elsewhere)
        for chunk in chunks(sorted(seen)):
            for row in connection.execute(query.where(own.id.in_(chunk))).all():
                changed += _rewritten(connection, model, names, row, here)
    return changed


def _rewritten(connection: Connection, model: Any, names: Iterable[str], row: Row[Any], mentions: Mentions) -> int:
    was, own = dict(row._mapping), columns(model)
    values = {name: _without(mentions, was[name], name) for name in names}
    values = {name: value for name, value in values.items() if value != was[name]}
    if not values:
        return 0
    values |= folded(model, was | values, values)
    this = [own[one.name] == was[one.name] for one in table_of(model).primary_key]
    connection.execute(update(table_of(model)).where(*this).values(**counted(own, values)))
    return 1


def folded(model: Any, row: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, str]:
    """What a name is found by goes with it; no two may be found by the same, those that were blacked out neither."""
    if model is Guest and not {"surname", "given"}.isdisjoint(changed):
        return {"folded": folded_name(row["surname"], row["given"])}
    if model in (Package, Attribute) and "name" in changed:
        return {"folded": f"{fold_text(row['name'])} #{row['id']}"}
    return {}


def _without(mentions: Mentions, value: Any, column: str) -> Any:
    if column in _LINES and isinstance(value, str):
        value = without_recipients(value, mentions.addresses)
    if column == "query" and is_of_guests(value):  # its numbers are amounts and ids
        return with_values(value, mentions.without_any)
    if column == "reference":  # a key in another system: unique, so it is whole or not there
        return "" if mentions.spans(value) else value
    return mentions.without(value) if isinstance(value, str) else mentions.without_any(value)


_LINES = frozenset({"to", "cc", "bcc"})


def without_recipients(line: str, addresses: Collection[str]) -> str:
    """A line of recipients as it was typed, without those at one of the addresses."""
    if not any(one in line.lower() for one in addresses):
        return line
    parts = re.findall(r'(?:"[^"]*"|[^,;"])+', line)
    kept = [part.strip() for part in parts if not any(one in part.lower() for one in addresses)]
    return ", ".join(part for part in kept if part)


def counted(own: Any, values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"version": own.version + 1} if "version" in own else {})
