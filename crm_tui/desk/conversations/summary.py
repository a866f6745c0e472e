"""Keeping a conversation's row and turns in step with its messages: one definition, run wherever messages change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select

from crm_tui.data.bulk import chunks, insert_rows, update_rows
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Message, MessageText, OutboxItem, Turn, TurnMark
from crm_tui.desk.ticketing.turn_stages import TurnStages
from crm_tui.rules.turns import Contribution, TurnSpan, open_since, turns_of
from crm_tui.rules.vocabulary import Folder, WokenBy

_M = columns(Message)
_C = columns(Conversation)
_T = columns(Turn)
_K = columns(TurnMark)

_MESSAGES = (
    select(
        _M.conversation_id,
        _M.id,
        _M.at,
        _M.direction,
        _M.automatic,
        _M.delivered,
        _M.seen,
        _M.attachment_count,
        _M.account_id,
        _M.subject,
        _M.sender_name,
        _M.sender_address,
    )
    .where(_M.conversation_id.in_(bindparam("ids", expanding=True)))
    .order_by(_M.conversation_id, _M.at, _M.id)
)


@dataclass(slots=True)
class _Standing:
    folder: str
    previous: str
    counterpart: tuple[str, str]
    snoozed: bool = False
    snoozed_until: datetime | None = None
    snooze_for: str = ""
    woken_at: datetime | None = None
    wake_reason: str = ""


def contributions(rows: Sequence[Any], marks: Iterable[tuple[int, datetime]] = ()) -> list[Contribution]:
    """What opens and closes turns among a conversation's message rows (SPEC §1: automatic mail and unsent replies do not)."""
    found = [
        Contribution(row.id, row.at, "reply" if row.direction == "out" else "customer")
        for row in rows
        if not row.automatic and (row.direction == "in" or row.delivered)
    ]
    found.extend(Contribution(0, at, "mark") for _agent, at in marks)
    return found


@dataclass(frozen=True, slots=True)
class TurnTold:
    """A turn that is new or other than before; ``gone``: it turned out to be none, such as part of an older one.

    Attributes:
        message: the one that opened it.
    """

    conversation: int
    message: int
    opened_at: datetime
    closed_at: datetime | None
    gone: bool = False


def refresh(
    connection: Connection,
    ids: Iterable[int],
    now: datetime,
    *,
    arrived: frozenset[int] = frozenset(),
    resting: frozenset[int] = frozenset(),
    previews: dict[int, str] | None = None,
    fresh: Mapping[int, dict[str, Any]] | None = None,
) -> list[TurnTold]:
    """Recompute the rows and turns of conversations from their messages; returns the turns that are new or other than before.

    Args:
        ids: the conversations.
        now: what wakes a conversation did so at this instant: it is listed from then on top; and as of now it is told at
            which stage its guest stands.
        arrived: message ids that came in just now; one of a customer wakes a snoozed conversation and brings a Done one
            back to where it stood.
        resting: message ids that came in just now from an archive: they leave in Done what only we had written in.
        previews: message id to preview, where known, so that texts need not be read again.
        fresh: rows of conversations that are not stored yet; they are inserted as they turn out.
    """
    turns: list[TurnTold] = []
    for chunk in chunks(sorted(set(ids))):
        turns += _refresh_chunk(connection, chunk, now, arrived, resting, previews or {}, fresh or {})
    return turns


def _refresh_chunk(
    connection: Connection,
    ids: list[int],
    now: datetime,
    arrived: frozenset[int],
    resting: frozenset[int],
    previews: dict[int, str],
    fresh: Mapping[int, dict[str, Any]],
) -> list[TurnTold]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(_MESSAGES, {"ids": ids}):
        rows[row.conversation_id].append(row)
    standing = _standing(connection, [number for number in ids if number not in fresh])
    standing |= {number: _made(fresh[number]) for number in fresh.keys() & set(ids)}
    marks = _marks(connection, ids)
    written_to = _recipients(connection, rows)
    updates, spans = [], {}
    missing: list[int] = []
    for conversation in ids:
        messages = rows.get(conversation)
        if not messages or conversation not in standing:
            continue
        spans[conversation] = turns_of(contributions(messages, marks[conversation]))
        if conversation in written_to:
            standing[conversation].counterpart = written_to[conversation]
        values = _summary(messages, standing[conversation], spans[conversation], arrived, resting, now)
        latest = messages[-1].id
        values |= {"id": conversation, "preview": previews.get(latest, "")}
        if latest not in previews:
            missing.append(latest)
        updates.append(values)
    _fill_previews(connection, updates, rows, missing)
    update_rows(connection, Conversation, [values for values in updates if values["id"] not in fresh])
    insert_rows(connection, Conversation, [values for values in updates if values["id"] in fresh])
    stages = TurnStages(connection, now, fresh.keys())
    stages.before_closing(ids, {span.opened_by for turns in spans.values() for span in turns if not span.closed_at})
    told = _store_turns(connection, ids, spans, marks, stages)
    stages.after_opening(ids)
    return told


def _standing(connection: Connection, ids: list[int]) -> dict[int, _Standing]:
    decided = (
        _C.folder,
        _C.previous_folder,
        _C.snoozed,
        _C.snoozed_until,
        _C.snooze_for,
        _C.woken_at,
        _C.wake_reason,
    )
    query = select(_C.id, *decided, _C.counterpart_name, _C.counterpart_address).where(_C.id.in_(ids))
    return {
        row.id: _Standing(
            row.folder,
            row.previous_folder,
            (row.counterpart_name, row.counterpart_address),
            row.snoozed,
            row.snoozed_until,
            row.snooze_for,
            row.woken_at,
            row.wake_reason,
        )
        for row in connection.execute(query)
    }


def _recipients(connection: Connection, rows: dict[int, list[Any]]) -> dict[int, tuple[str, str]]:
    """Whom we wrote to first, for conversations in which nobody else has written."""
    first = {found[0].id: number for number, found in rows.items() if all(m.direction == "out" for m in found)}
    texts = columns(MessageText)
    recipients: dict[int, tuple[str, str]] = {}
    for chunk in chunks(first):
        query = select(texts.message_id, texts.details).where(texts.message_id.in_(chunk))
        for row in connection.execute(query):
            if to := (row.details or {}).get("to"):
                recipients[first[row.message_id]] = (to[0][0], to[0][1])
    return recipients


def _summary(
    messages: list[Any],
    was: _Standing,
    spans: list[TurnSpan],
    arrived: frozenset[int],
    resting: frozenset[int],
    now: datetime,
) -> dict[str, Any]:
    incoming = [m for m in messages if m.direction == "in"]
    outgoing = [m for m in messages if m.direction == "out" and m.delivered]
    latest = messages[-1]
    new_customer_mail = any(m.id in arrived and not m.automatic for m in incoming)
    if was.folder == Folder.DONE and not was.previous and incoming:  # only we had written so far: no agent put it there
        rests = all(m.id in resting for m in incoming)
        folder, previous = (was.folder, Folder.INBOX.value) if rests else (Folder.INBOX.value, was.previous)
    elif was.folder == Folder.DONE and new_customer_mail and open_since(spans):
        folder, previous = was.previous if was.previous not in ("", Folder.SPAM) else Folder.INBOX.value, ""
    else:
        folder, previous = was.folder, was.previous
    first_in = next((m for m in incoming if not m.automatic), incoming[0] if incoming else None)
    name, address = (first_in.sender_name, first_in.sender_address) if first_in is not None else was.counterpart
    values: dict[str, Any] = {
        "folder": folder,
        "previous_folder": previous,
        "subject": messages[0].subject,
        "counterpart_name": name,
        "counterpart_address": address,
        "account_id": next((m.account_id for m in reversed(messages) if m.account_id), None),
        "message_count": len(messages),
        "unread_count": sum(1 for m in incoming if not m.seen),
        "attachment_count": sum(m.attachment_count for m in messages),
        "first_at": messages[0].at,
        "last_at": latest.at,
        "last_in_at": incoming[-1].at if incoming else None,
        "last_out_at": outgoing[-1].at if outgoing else None,
        "waiting_since": open_since(spans),
        "listed_at": latest.at if was.woken_at is None else max(latest.at, was.woken_at),
    }
    return values | _sleep(was, outgoing, latest.at, now, new_customer_mail)


def _sleep(
    was: _Standing, outgoing: list[Any], latest: datetime, now: datetime, new_customer_mail: bool
) -> dict[str, Any]:
    """What becomes of a snooze: a guest's mail ends it; a human reply deals with the reason that it left."""
    values: dict[str, Any] = {
        "snoozed": was.snoozed,
        "snoozed_until": was.snoozed_until,
        "snooze_for": was.snooze_for,
        "wake_reason": was.wake_reason,
        "woken_at": was.woken_at,
    }
    if was.snoozed and new_customer_mail:
        values |= {"snoozed": False, "snoozed_until": None, "wake_reason": WokenBy.REPLY.value}
        values |= {"woken_at": now, "listed_at": max(latest, now)}
    elif was.wake_reason and was.woken_at and any(m.at >= was.woken_at and not m.automatic for m in outgoing):
        values |= {"wake_reason": "", "snooze_for": ""}
    return values


def _fill_previews(
    connection: Connection, updates: list[dict[str, Any]], rows: dict[int, list[Any]], missing: list[int]
) -> None:
    if not missing:
        return
    from crm_tui.desk.correspondence.prepare import preview_of

    texts = columns(MessageText)
    found = {
        row.message_id: preview_of(row.head or "")
        for row in connection.execute(
            select(texts.message_id, func.substr(texts.text, 1, 1000).label("head")).where(
                texts.message_id.in_(missing)
            )
        )
    }
    for values in updates:
        latest = rows[values["id"]][-1].id
        values["preview"] = values["preview"] or found.get(latest, "")


def _made(new: Mapping[str, Any]) -> _Standing:
    """How a conversation stands that is made with these messages."""
    return _Standing(new["folder"], new["previous_folder"], (new["counterpart_name"], new["counterpart_address"]))


def _marks(connection: Connection, ids: list[int]) -> dict[int, list[tuple[int, datetime]]]:
    """When agents said that no answer is needed, and who, by conversation."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for row in connection.execute(select(_K.conversation_id, _K.agent_id, _K.at).where(_K.conversation_id.in_(ids))):
        found[row.conversation_id].append((row.agent_id or 0, row.at))
    return found


_DECIDED = ("opened_at", "closed_at", "closed_by", "reason", "first")
"""The columns of a turn that its messages decide."""


def _stored_turns(connection: Connection, ids: list[int]) -> dict[tuple[int, int], Any]:
    """Turns as they are stored, by conversation and the message that opened them."""
    shown = (_T.id, _T.conversation_id, _T.opened_by, *(_T[name] for name in _DECIDED))
    rows = connection.execute(select(*shown).where(_T.conversation_id.in_(ids)))
    return {(row.conversation_id, row.opened_by): row for row in rows}


def _store_turns(
    connection: Connection,
    ids: list[int],
    spans: dict[int, list[TurnSpan]],
    marks: dict[int, list[tuple[int, datetime]]],
    stages: TurnStages,
) -> list[TurnTold]:
    """Write the difference only, and return it: turns keep their ids while they stay the same turn (opened by the same message)."""
    told: list[TurnTold] = []
    stored = _stored_turns(connection, ids)
    senders = _senders(connection, spans)
    added, changed = [], []
    for conversation, turns in spans.items():
        for place, span in enumerate(turns):
            old = stored.pop((conversation, span.opened_by), None)
            values = {
                "opened_at": span.opened_at,
                "closed_at": span.closed_at,
                "closed_by": span.closed_by,
                "reason": span.reason,
                "agent_id": _closer(span, senders, marks[conversation]),
                "first": place == 0,
            }
            if old is None:
                added.append({"conversation_id": conversation, "opened_by": span.opened_by, **values})
            elif any(getattr(old, name) != values[name] for name in _DECIDED):
                changed.append({"id": old.id, **values})
            else:
                continue
            told.append(TurnTold(conversation, span.opened_by, span.opened_at, span.closed_at))
    stages.of_closed(added)
    insert_rows(connection, Turn, added)
    update_rows(connection, Turn, changed)
    left = [row for (conversation, _opened), row in stored.items() if conversation in spans]
    told += [TurnTold(row.conversation_id, row.opened_by, row.opened_at, None, gone=True) for row in left]
    gone = [row.id for row in left]
    for chunk in chunks(gone):
        connection.execute(delete(Turn).where(_T.id.in_(chunk)))
    return told


def _senders(connection: Connection, spans: dict[int, list[TurnSpan]]) -> dict[int, int | None]:
    """Message id to the agent who sent it from this desk; a reply from another mail program is not in it."""
    replies = [span.closed_by for turns in spans.values() for span in turns if span.closed_by]
    items = columns(OutboxItem)
    found: dict[int, int | None] = {}
    for chunk in chunks(replies):
        query = select(items.message_row_id, items.agent_id).where(items.message_row_id.in_(chunk))
        found.update((row.message_row_id, row.agent_id) for row in connection.execute(query))
    return found


def _closer(span: TurnSpan, senders: dict[int, int | None], marks: list[tuple[int, datetime]]) -> int | None:
    """Who closed the turn: the agent who sent the reply or set the mark; None if unknown."""
    if span.reason == "mark":
        return next((agent or None for agent, at in marks if at == span.closed_at), None)
    return senders.get(span.closed_by) if span.closed_by else None
