"""Which conversation a message belongs to (SPEC §2).

In-Reply-To decides. References count with an equal canonical subject. An OTA relay address is one counterpart. Never the
subject alone. A parent may arrive after its answers (the first sync goes newest first), so what was referred to is
remembered in ``thread_ref`` and looked up both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Message, ThreadRef
from crm_tui.desk.prepare import Prepared
from crm_tui.rules.subjects import canonical_subject

_M = columns(Message)
_R = columns(ThreadRef)

REPLY, REFERENCE, RELAY = "reply", "reference", "relay"


class Threads:
    """What is known of threads around one batch: loaded in a few queries, then kept up as the batch is placed."""

    def __init__(self, connection: Connection, batch: Sequence[Prepared]) -> None:
        self._by_message_id: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._by_ref: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        self._merged: dict[int, int] = {}
        self.new_refs: set[tuple[str, int, str, str]] = set()
        self._load(connection, batch)

    def _load(self, connection: Connection, batch: Sequence[Prepared]) -> None:
        parents = {ref for item in batch for ref in (*item.replies_to, *item.references)}
        for chunk in chunks(sorted(parents)):
            query = select(_M.message_id, _M.conversation_id, _M.subject).where(_M.message_id.in_(chunk))
            for row in connection.execute(query):
                self._by_message_id[row.message_id].append((row.conversation_id, canonical_subject(row.subject)))
        known = (
            parents
            | {item.message_id for item in batch if item.message_id}
            | {item.relay for item in batch if item.relay}
        )
        for chunk in chunks(sorted(known)):
            query = select(_R.ref, _R.kind, _R.conversation_id, _R.subject).where(_R.ref.in_(chunk))
            for row in connection.execute(query):
                self._by_ref[row.ref, row.kind].append((row.conversation_id, row.subject))

    def candidates(self, item: Prepared) -> list[int]:
        """The conversations that a message belongs to, the deciding one first; more than one means they are the same thread."""
        found: dict[int, None] = {}
        for parent in item.replies_to:
            self._add(found, self._by_message_id.get(parent, ()))
            self._add(found, self._by_ref.get((parent, REPLY), ()))
        if item.message_id:
            self._add(found, self._by_ref.get((item.message_id, REPLY), ()))
        subject = item.canonical_subject
        for ref in item.references:
            self._add(found, self._by_message_id.get(ref, ()), subject)
            self._add(found, self._by_ref.get((ref, REFERENCE), ()), subject)
        if item.message_id:
            self._add(found, self._by_ref.get((item.message_id, REFERENCE), ()), subject)
        if item.relay:
            self._add(found, self._by_ref.get((item.relay, RELAY), ()))
        return list(found)

    def _add(self, found: dict[int, None], pairs: Iterable[tuple[int, str]], subject: str | None = None) -> None:
        for conversation, its_subject in pairs:
            if subject is None or its_subject == subject:
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
        if item.message_id:
            self._by_message_id[item.message_id].append((conversation, item.canonical_subject))
        refs = [(ref, REPLY) for ref in item.replies_to] + [(ref, REFERENCE) for ref in item.references]
        if item.relay:
            refs.append((item.relay, RELAY))
        for ref, kind in refs:
            self._by_ref[ref, kind].append((conversation, item.canonical_subject))
            self.new_refs.add((ref, conversation, kind, item.canonical_subject))

    def rows(self) -> list[dict[str, Any]]:
        """The ``thread_ref`` rows that the batch adds; duplicates of stored ones are ignored at insertion."""
        return [
            {"ref": ref, "conversation_id": conversation, "kind": kind, "subject": subject}
            for ref, conversation, kind, subject in sorted(
                {(ref, self.alive(conversation), kind, subject) for ref, conversation, kind, subject in self.new_refs}
            )
        ]

    @property
    def merged(self) -> dict[int, int]:
        """Conversations taken over within the batch: other to survivor."""
        return {other: self.alive(other) for other in self._merged}
