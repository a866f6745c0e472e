"""Blacking out what the journal says of a person (SPEC §6, §13): that something was done, by whom and when, stays.

The journal's lock lets only the words of a row be changed, and only while an erasure is under way
(:data:`crm_tui.data.ddl.TRIGGERS`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Draft,
    Event,
    Feedback,
    Folio,
    HandoverLine,
    Inquiry,
    InternalMessage,
    Journal,
    Memo,
    OutboxItem,
    Payment,
    Posting,
    QualityCost,
    Reminder,
    Reservation,
    Undone,
)
from crm_tui.desk.privacy.erasing_reach import Reach
from crm_tui.desk.privacy.erasing_strays import prefilter
from crm_tui.rules.mentions import BLACK, blackened

_J = columns(Journal)
_U = columns(Undone)

_NEAR = (
    *(("inquiry", Inquiry), ("reservation", Reservation), ("memo", Memo), ("event", Event), ("reminder", Reminder)),
    *(("feedback", Feedback), ("quality cost", QualityCost), ("handover line", HandoverLine)),
    *(("folio", Folio), ("posting", Posting)),
    *(("internal", InternalMessage), ("payment", Payment), ("draft", Draft), ("outbox", OutboxItem)),
)
ENTITIES: Mapping[str, str] = {
    "quality_cost": "quality cost",
    "handover_line": "handover line",
    "internal_message": "internal",
    "bank_line": "bank line",
    "payment_notice": "notice",
}
"""What the journal calls the rows of a table, where it is not the table's name."""

_WORDS = frozenset(
    {
        *("status", "state", "folder", "previous_folder", "scope", "channel", "kind", "snooze_for", "wake_reason"),
        *("currency", "budget_currency", "price_currency", "board", "after_send", "copy_state", "action", "reason"),
        *("removed_at", "archived_at", "closed_at", "snoozed_until", "woken_at", "listed_at", "waiting_since"),
        *(
            "done_at",
            "assigned_at",
            "seen_at",
            "flagged_at",
            "pending_at",
            "how",
            "by",
            "stage",
            "dropped_at",
            "read_at",
            "merged_into",
            "due",
            "planned_end",
            "valid_until",
            "day",
            "until",
        ),
        *("arrival", "departure", "period_from", "period_to", "booked", "at", "category"),
    }
)
"""Fields whose texts are words of this program, days or instants: they name nobody."""


def erase_journal(connection: Connection, found: Reach) -> int:
    """Black out the rows about the person and what names the person in the others; returns how many changed.

    Commands of which a row changed are not taken back any more.
    """
    commands: set[str] = set()
    changed = 0
    for entity, ids, blacken in _concerned(found):
        for chunk in chunks(sorted(ids)):
            query = select(_J.id, _J.command, _J.undoable, _J.before, _J.after)
            for row in connection.execute(query.where(_J.entity == entity, _J.entity_id.in_(chunk))).all():
                commands |= {row.command} if row.undoable else set()
                changed += rewrite(connection, row, blacken(row.before), blacken(row.after))
    changed += _merges(connection, found.person.guests, commands)
    changed += _strays(connection, found, commands)
    settle(connection, commands)
    return changed


def _concerned(found: Reach) -> list[tuple[str, Collection[int], Any]]:
    person = found.person
    partly = [
        ("conversation", found.conversations | found.shared),
        ("inquiry", found.inquiries),
        ("reservation", found.reservations),
        ("memo", found.memos),
        ("event", found.events),
        ("feedback", found.feedback),
        ("quality cost", found.given),
        ("handover line", found.handovers),
        ("reminder", found.reminders),
        ("internal", found.internal),
        ("payment", found.payments),
        ("notice", found.notices),
        ("notice stop", found.stops),
        ("folio", found.folios),
        ("posting", found.postings),
        ("draft", found.drafts),
        ("outbox", found.outbox),
        ("ticket", found.tickets),
        ("message", found.messages),
    ]
    near = [(name, found.near.get(model, set()), person.here.without_any) for name, model in _NEAR]
    merges: tuple[str, Collection[int], Any] = ("guest_merge", found.merges, blackened)
    return [("guest", person.guests, blackened), merges, *((name, ids, _said) for name, ids in partly), *near]


def _said(values: Mapping[str, Any] | None) -> Any:
    """One side of a row without its texts; numbers, yes and no, days and the words of this program stay."""
    if values is None:
        return None
    return {name: value if name in _WORDS else _quiet(value) for name, value in values.items()}


def _quiet(value: Any) -> Any:
    if isinstance(value, str):
        return BLACK if value else ""
    if isinstance(value, dict):
        return {name: one if name in _WORDS else _quiet(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_quiet(one) for one in value]
    return value


def rewrite(connection: Connection, row: Any, before: Any, after: Any) -> int:
    """Put other words into a row of the journal; returns 1 if they are others."""
    if before == row.before and after == row.after:
        return 0
    connection.execute(update(table_of(Journal)).where(_J.id == row.id).values(before=before, after=after))
    return 1


def _merges(connection: Connection, guests: Collection[int], commands: set[str]) -> int:
    """What a merge, or taking it apart, wrote of the person beside the other guest's name."""
    merging = select(_J.command).where(_J.entity == "guest", _J.entity_id.in_(guests))
    merging = merging.where(_J.action.in_(("merge", "unmerge")))
    changed = 0
    for chunk in chunks(sorted(set(connection.execute(merging).scalars()))):
        query = select(_J.id, _J.command, _J.undoable, _J.before, _J.after)
        for row in connection.execute(query.where(_J.command.in_(chunk), _J.entity == "guest")).all():
            commands |= {row.command} if row.undoable else set()
            changed += rewrite(connection, row, blackened(row.before), blackened(row.after))
    return changed


def _strays(connection: Connection, found: Reach, commands: set[str]) -> int:
    """Rows about something else that name the person nevertheless."""
    mentions = found.person.elsewhere
    condition = prefilter(mentions, _J.before, _J.after)
    if condition is None:
        return 0
    changed = 0
    query = select(_J.id, _J.command, _J.undoable, _J.before, _J.after).where(condition)
    for row in connection.execute(query).all():
        before, after = mentions.without_any(row.before), mentions.without_any(row.after)
        if rewrite(connection, row, before, after):
            changed += 1
            commands |= {row.command} if row.undoable else set()
    return changed


def settle(connection: Connection, commands: Collection[str]) -> None:
    """The commands are passed over by undo, for good."""
    for chunk in chunks(sorted(commands)):
        known = set(connection.execute(select(_U.command).where(_U.command.in_(chunk))).scalars())
        connection.execute(update(Undone).where(_U.command.in_(chunk), or_(_U.by_command == "-")).values(by_command=""))
        fresh = [{"command": one, "by_command": ""} for one in chunk if one not in known]
        if fresh:
            connection.execute(insert(Undone), fresh)
