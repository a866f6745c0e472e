"""Which conversation a message belongs to (SPEC §2).

In-Reply-To decides. References count with an equal canonical subject. An OTA relay address is one counterpart. Never the
subject alone. All of it joins messages of one counterpart only (:mod:`crm_tui.desk.counterparts`). A parent may arrive after its answers (the first sync goes newest first), so what was referred to is
remembered in ``thread_ref`` and looked up both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Message, MessageText, ThreadRef
from crm_tui.desk.counterparts import Side, alike, may_join, side_of, stored_side
from crm_tui.desk.prepare import Prepared
from crm_tui.mail.threading import counterpart_key
from crm_tui.rules.subjects import canonical_subject
from crm_tui.rules.vocabulary import Direction

_M = columns(Message)
_X = columns(MessageText)
_R = columns(ThreadRef)

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
        """The conversations that a message belongs to, the deciding one first; more than one means they are the same thread."""
        found: dict[int, None] = {}
        side = self.side(item)
        for parent in item.replies_to:
            self._join(found, side, parent, REPLY)
        if item.message_id:
            self._adopt(found, side, item.message_id, REPLY)
        subject = item.canonical_subject
        for ref in item.references:
            self._join(found, side, ref, REFERENCE, subject)
        if item.message_id:
            self._adopt(found, side, item.message_id, REFERENCE, subject)
        if item.relay and item.relay in side.counterparts:
            for conversation, _subject, _counterparts in self._referring.get((item.relay, RELAY), ()):
                found.setdefault(self.alive(conversation))
        return list(found)

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

    def place(self, item: Prepared, conversation: int) -> None:
        """Remember that a message stands in a conversation."""
        side, subject = self.side(item), item.canonical_subject
        if item.message_id:
            self._parents[item.message_id].append((conversation, subject, side.parties))
        refs = [(ref, REPLY) for ref in item.replies_to] + [(ref, REFERENCE) for ref in item.references]
        if item.relay and item.relay in side.counterparts:
            refs.append((item.relay, RELAY))
        if not refs:
            return
        told = " ".join(sorted(side.counterparts))
        for ref, kind in refs:
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
