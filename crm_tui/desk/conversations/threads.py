"""Which conversation a message belongs to (SPEC §2).

In-Reply-To decides. References count with an equal canonical subject. An OTA relay address is one counterpart. Never the
subject alone. All of it joins messages of one counterpart only (:mod:`crm_tui.desk.conversations.counterparts`). A parent may arrive after its answers (the first sync goes newest first), so what was referred to is
remembered in ``thread_ref`` and looked up both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from crm_tui.data.bulk import chunks, insert_rows
from crm_tui.data.columns import columns
from crm_tui.data.tables import Message, MessageText, ThreadApart, ThreadRef
from crm_tui.desk.conversations.counterparts import Side, alike, may_join, side_of, stored_side
from crm_tui.desk.correspondence.prepare import REPLIES, Prepared, kept_references
from crm_tui.mail.threading import counterpart_key, relay_key
from crm_tui.rules.subjects import canonical_subject
from crm_tui.rules.vocabulary import Direction

_M = columns(Message)
_X = columns(MessageText)
_R = columns(ThreadRef)
_P = columns(ThreadApart)

REPLY, REFERENCE, RELAY = "reply", "reference", "relay"


class Threads:
    """What is known of threads around one batch: loaded in a few queries, then kept up as the batch is placed.

    Args:
        own: our own addresses, in lower case.
        sent: the batch comes from a Sent mailbox.
    """

    def __init__(
        self, connection: Connection, batch: Sequence[Prepared], *, own: Iterable[str] = (), sent: bool = False
    ) -> None:
        self._own = frozenset(map(counterpart_key, own))
        self._sent = sent
        self._parents: dict[str, list[tuple[int, str, frozenset[str]]]] = defaultdict(list)
        self._referring: dict[tuple[str, str], list[tuple[int, str, frozenset[str]]]] = defaultdict(list)
        self._sides: dict[bytes, Side] = {}
        self._merged: dict[int, int] = {}
        self._apart: dict[int, set[int]] = defaultdict(set)
        self.new_refs: set[tuple[str, int, str, str, str]] = set()
        self._load(connection, batch)

    def _load(self, connection: Connection, batch: Sequence[Prepared]) -> None:
        parents = {ref for item in batch for ref in (*item.replies_to, *item.references)}
        for chunk in chunks(sorted(parents)):
            query = (
                select(_M.message_id, _M.conversation_id, _M.subject, _M.sender_address, _M.direction, _X.details)
                .outerjoin(MessageText, _X.message_id == _M.id)
                .where(_M.message_id.in_(chunk))
            )
            for row in connection.execute(query):
                side = stored_side(
                    row.sender_address, row.details or {}, own=self._own, sent=row.direction == Direction.OUT
                )
                self._parents[row.message_id].append(
                    (row.conversation_id, canonical_subject(row.subject), side.parties)
                )
        known = (
            parents
            | {item.message_id for item in batch if item.message_id}
            | {item.relay for item in batch if item.relay}
        )
        for chunk in chunks(sorted(known)):
            query = select(_R.ref, _R.kind, _R.conversation_id, _R.subject, _R.counterparts).where(_R.ref.in_(chunk))
            for found in connection.execute(query):
                told = frozenset(found.counterparts.split(" "))
                self._referring[found.ref, found.kind].append((found.conversation_id, found.subject, told))
        known_places = {
            place[0] for places in (self._parents, self._referring) for one in places.values() for place in one
        }
        for one, other in pairs_apart(connection, known_places):
            self._apart[one].add(other)
            self._apart[other].add(one)

    def side(self, item: Prepared) -> Side:
        """Whom a message of the batch is written with."""
        found = self._sides.get(item.digest)
        if found is None:
            found = self._sides[item.digest] = side_of(
                counterpart_key(item.sender.address),
                item.answers_to,
                item.written_to,
                own=self._own,
                sent=self._sent,
                bounce=item.automatic == "bounce",
            )
        return found

    def candidates(self, item: Prepared) -> list[int]:
        """The conversations that a message belongs to, the deciding one first; more than one means they are the same thread.

        What an agent told apart is never brought together: then the nearest mail that is named decides.
        """
        found: dict[int, None] = {}
        side = self.side(item)
        for parent in item.replies_to:
            self._join(found, side, parent, REPLY)
        if item.message_id:
            self._adopt(found, side, item.message_id, REPLY)
        subject = item.canonical_subject
        for ref in reversed(item.references):  # the nearest first
            self._join(found, side, ref, REFERENCE, subject)
        if item.message_id:
            self._adopt(found, side, item.message_id, REFERENCE, subject)
        if item.relay and item.relay in side.counterparts:
            for conversation, _subject, _counterparts in self._referring.get((item.relay, RELAY), ()):
                found.setdefault(self.alive(conversation))
        return self._together(list(found))

    def _together(self, found: Sequence[int]) -> list[int]:
        """Those of the conversations that nobody told apart from the ones before."""
        kept: list[int] = []
        for conversation in found:
            if not self._apart[conversation].intersection(kept):
                kept.append(conversation)
        return kept

    def _join(self, found: dict[int, None], side: Side, ref: str, kind: str, subject: str | None = None) -> None:
        """The message's parent, and the others that refer to the same one."""
        for conversation, its_subject, parties in self._parents.get(ref, ()):
            if (subject is None or its_subject == subject) and side.joins(parties):
                found.setdefault(self.alive(conversation))
        for conversation, its_subject, counterparts in self._referring.get((ref, kind), ()):
            if (subject is None or its_subject == subject) and alike(side.counterparts, counterparts):
                found.setdefault(self.alive(conversation))

    def _adopt(
        self, found: dict[int, None], side: Side, message_id: str, kind: str, subject: str | None = None
    ) -> None:
        """Those that came before the message they refer to."""
        for conversation, its_subject, counterparts in self._referring.get((message_id, kind), ()):
            if (subject is None or its_subject == subject) and may_join(counterparts, side.parties):
                found.setdefault(self.alive(conversation))

    def alive(self, conversation: int) -> int:
        """The conversation that took this one over within the batch, or itself."""
        while conversation in self._merged:
            conversation = self._merged[conversation]
        return conversation

    def merge(self, survivor: int, other: int) -> None:
        """``other`` was found to be the same thread as ``survivor``."""
        self._merged[other] = survivor
        for one in self._apart.pop(other, ()):
            self._apart[one].add(survivor)
            self._apart[survivor].add(one)

    def place(self, item: Prepared, conversation: int) -> None:
        """Remember that a message stands in a conversation."""
        side, subject = self.side(item), item.canonical_subject
        if item.message_id:
            self._parents[item.message_id].append((conversation, subject, side.parties))
        told = " ".join(sorted(side.counterparts))
        for ref, kind in references_of(item.replies_to, item.references, item.relay, side):
            self._referring[ref, kind].append((conversation, subject, side.counterparts))
            self.new_refs.add((ref, conversation, kind, subject, told))

    def rows(self) -> list[dict[str, Any]]:
        """The ``thread_ref`` rows that the batch adds; duplicates of stored ones are ignored at insertion."""
        names = ("ref", "conversation_id", "kind", "subject", "counterparts")
        found = {(ref, self.alive(number), *rest) for ref, number, *rest in self.new_refs}
        return [dict(zip(names, row, strict=True)) for row in sorted(found)]

    @property
    def merged(self) -> dict[int, int]:
        """Conversations taken over within the batch: other to survivor."""
        return {other: self.alive(other) for other in self._merged}


def references_of(
    replies_to: Iterable[str], references: Iterable[str], relay: str, side: Side
) -> list[tuple[str, str]]:
    """What is remembered of a message in ``thread_ref``: the reference and its kind."""
    refs = [(ref, REPLY) for ref in replies_to] + [(ref, REFERENCE) for ref in references]
    return refs + ([(relay, RELAY)] if relay and relay in side.counterparts else [])


def pairs_apart(connection: Connection, conversations: Iterable[int]) -> set[tuple[int, int]]:
    """The pairs that an agent told apart, of which one is among these."""
    found: set[tuple[int, int]] = set()
    for chunk in chunks(conversations):
        query = select(_P.conversation_id, _P.other_id).where(_P.conversation_id.in_(chunk) | _P.other_id.in_(chunk))
        found.update((row.conversation_id, row.other_id) for row in connection.execute(query))
    return found


def rebuild(connection: Connection, conversations: Iterable[int], *, own: Iterable[str]) -> None:
    """Make the references of conversations anew from their messages, after messages went from one to another."""
    keys = frozenset(map(counterpart_key, own))
    for conversation in conversations:
        rows: set[tuple[str, str, str, str]] = set()
        query = (
            select(_M.sender_address, _M.direction, _M.automatic, _M.subject, _X.details)
            .outerjoin(MessageText, _X.message_id == _M.id)
            .where(_M.conversation_id == conversation)
        )
        for row in connection.execute(query):
            rows |= _stored_references(row, keys)
        connection.execute(delete(ThreadRef).where(_R.conversation_id == conversation))
        names = ("ref", "kind", "subject", "counterparts")
        fresh = [{**dict(zip(names, one, strict=True)), "conversation_id": conversation} for one in sorted(rows)]
        insert_rows(connection, ThreadRef, fresh, ignore=True)


def _stored_references(row: Any, own: frozenset[str]) -> set[tuple[str, str, str, str]]:
    """The same that :meth:`Threads.place` remembers when the message comes in."""
    details = row.details or {}
    side = stored_side(
        row.sender_address, details, own=own, sent=row.direction == Direction.OUT, bounce=row.automatic == "bounce"
    )
    receivers = (relay_key(address) for _name, address in details.get("to", ()))
    relay = relay_key(row.sender_address) or next((key for key in receivers if key), "")
    told = " ".join(sorted(side.counterparts))
    subject = details.get("canonical_subject", "")
    replies, references = details.get("in_reply_to", ())[:REPLIES], kept_references(details.get("references", ()))
    return {(ref, kind, subject, told) for ref, kind in references_of(replies, references, relay, side)}
