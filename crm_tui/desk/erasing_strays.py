"""Finding where a person is named in what is about something else, and blacking out the name alone (SPEC §6)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, String, and_, cast, func, or_, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Consent,
    Draft,
    Event,
    Guest,
    GuestMerge,
    Inquiry,
    InternalMessage,
    Mailing,
    Memo,
    OutboxItem,
    Package,
    Payment,
    Reminder,
    Reservation,
    RetentionRule,
    SavedView,
    ScheduleLine,
)
from crm_tui.rules.mentions import Mentions

_RUN = re.compile(r"[a-z0-9@._+-]{3,}", re.IGNORECASE)
_BASE = re.compile(r"[^\W_]+")

PLACES: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Memo, ("text",)),
    (Event, ("text",)),
    (Reminder, ("title",)),
    (InternalMessage, ("text",)),
    (Inquiry, ("lost_reason", "room", "destination", "airport", "preferences", "proposed")),
    (Reservation, ("product", "destination", "room", "remarks")),
    (Payment, ("method", "note")),
    (ScheduleLine, ("reason",)),
    (Draft, ("to", "cc", "bcc", "subject", "text")),
    (OutboxItem, ("recipients", "subject", "error", "copy_error", "refused")),
    (SavedView, ("name", "query")),
    (Guest, ("remarks",)),
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


def erase_strays(connection: Connection, mentions: Mentions) -> int:
    """Black the person out wherever agents wrote the name, the address or the number; returns in how many rows."""
    changed = 0
    for model, names in PLACES:
        own = columns(model)
        condition = prefilter(mentions, *(own[name] for name in names))
        if condition is None:
            return 0
        rows = connection.execute(select(own.id, *(own[name] for name in names)).where(condition)).all()
        for row in rows:
            was = dict(row._mapping)
            values = {name: _without(mentions, was[name]) for name in names}
            values = {name: value for name, value in values.items() if value != was[name]}
            if values:
                changed += 1
                connection.execute(update(table_of(model)).where(own.id == row.id).values(**_counted(own, values)))
    return changed


def _without(mentions: Mentions, value: Any) -> Any:
    return mentions.without(value) if isinstance(value, str) else mentions.without_any(value)


def _counted(own: Any, values: dict[str, Any]) -> dict[str, Any]:
    return values | ({"version": own.version + 1} if "version" in own else {})
