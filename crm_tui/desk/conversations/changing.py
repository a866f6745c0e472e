"""Changing columns of conversations: which ones stand for the ids named, what differs, and the journal of it.

Every command of daily triage goes through here, so that permission, journal and undo are the same for all: a journal row
holds exactly the columns that changed, as JSON values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlmodel.sql.sqltypes import UTCDateTime

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.ticketing import ticket_hands

_C = columns(Conversation)

DECIDED = (
    "folder",
    "previous_folder",
    "assignee_id",
    "starred",
    "snoozed",
    "snoozed_until",
    "snooze_for",
    "woken_at",
    "wake_reason",
    "listed_at",
    "inquiry_id",
    "scope",
)
"""The columns that people decide, beside those that follow from the messages."""

_NAMES = ("id", "subject", "last_at", "waiting_since", "merged_into", *DECIDED)

AWAKE: Mapping[str, Any] = {"snoozed": False, "snoozed_until": None, "snooze_for": "", "wake_reason": ""}
"""Not snoozed, and nothing left of a snooze."""


def chosen(tx: Transaction, ids: Iterable[int]) -> list[Any]:
    """The conversations named, as they stand, in that order and once each; one merged away is its survivor.

    Raises:
        NotFound: there is no such conversation, or the actor may not see it.
    """
    wanted = list(dict.fromkeys(ids))
    found = rows_of(tx.connection, wanted)
    for number in [n for n in wanted if n in found and found[n].merged_into is not None]:
        from crm_tui.desk.correspondence.reading import survivor

        alive = survivor(tx.connection, number)
        found[number] = found.get(alive) or rows_of(tx.connection, [alive])[alive]
    for number in wanted:
        if number not in found:
            raise NotFound(_("There is no conversation {number}.").format(number=number))
    standing = {row.id: row for row in (found[number] for number in wanted)}
    scope.require_conversations(tx.connection, tx.actor.scopes, standing)
    return list(standing.values())


def rows_of(connection: Connection, ids: Iterable[int]) -> dict[int, Any]:
    """The conversations of these ids with :data:`DECIDED` and what sentences need."""
    found: dict[int, Any] = {}
    for chunk in chunks(ids):
        query = select(*(_C[name] for name in _NAMES)).where(_C.id.in_(chunk))
        found.update((row.id, row) for row in connection.execute(query))
    return found


def change(tx: Transaction, rows: Sequence[Any], action: str, values_of: Callable[[Any], Mapping[str, Any]]) -> int:
    """Give conversations other values, journal each that changes, and count them.

    Args:
        rows: from :func:`chosen` or :func:`rows_of`.
        action: the journal's word; undo takes it back column by column.
        values_of: the columns of a row and what they become; those that are so already do not count.
    """
    alike: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    hands: list[int] = []
    for row in rows:
        values = {name: value for name, value in values_of(row).items() if getattr(row, name) != value}
        if values:
            alike[tuple(sorted(values.items()))].append(row.id)
            before = {name: getattr(row, name) for name in values}
            tx.journal("conversation", row.id, action, plain(before), plain(values), undoable=True)
            hands += [row.id] if "assignee_id" in values else []
    tickets = ticket_hands.of_conversations(tx.connection, hands)
    for items, ids in alike.items():
        for chunk in chunks(ids):
            statement = update(Conversation).where(_C.id.in_(chunk)).values(**dict(items), version=_C.version + 1)
            tx.connection.execute(statement)
    ticket_hands.given_in(tx, tickets)
    return sum(map(len, alike.values()))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values as the journal keeps them: instants in ISO format."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def revived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Column values from the journal: what :func:`plain` made of them, the other way round."""
    return {
        name: datetime.fromisoformat(value) if value and isinstance(_C[name].type, UTCDateTime) else value
        for name, value in values.items()
    }


def in_sight(tx: Transaction, ids: Iterable[int]) -> None:
    """Refuse to take back what went out of the actor's sight since.

    Raises:
        Conflict: one of the conversations is hidden from the actor now.
    """
    try:
        scope.require_conversations(tx.connection, tx.actor.scopes, ids)
    except NotFound as error:
        raise Conflict(_("Some of what this touched is no longer there for you.")) from error
