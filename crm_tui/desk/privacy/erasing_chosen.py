"""Blacking out the places that an agent chose, wherever their words are kept too: index, outbox, journal (SPEC §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Draft, Guest, Journal, Message, OutboxItem
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.privacy.erasing_journal import ENTITIES, rewrite, settle
from crm_tui.desk.privacy.erasing_mail import black_letters
from crm_tui.desk.privacy.erasing_places import JOURNAL, MESSAGE, Thing, Walk, Words, black_row, rewritten
from crm_tui.desk.privacy.erasing_reach import UNSENT, Reach
from crm_tui.desk.privacy.erasing_records import call_back, require_nothing_under_way

_J = columns(Journal)
_M = columns(Message)
_O = columns(OutboxItem)

_ALL = range(1, 1 << 40)
"""Every place, whatever its number."""


def black_out(
    tx: Transaction, found: Reach, things: Sequence[Thing], picked: Mapping[str, Collection[int]], words: Words
) -> tuple[int, list[Thing]]:
    """Black the chosen places out; returns how many, and the things of which something was chosen.

    Raises:
        Conflict: a message with a chosen place is being sent just now.
    """
    wanted = {name: set(numbers) for name, numbers in picked.items() if numbers}
    letters = [one for one in things if one.kind == MESSAGE and one.name in wanted]
    gone = _outbox(tx, found, letters, things, wanted)
    made = {}
    for one in letters:
        if one.id not in gone:
            walk = Walk(words, linked=one.linked, chosen=wanted[one.name])
            values, raw = rewritten(one, walk)
            made[one.id] = (values["subject"], values["text"], raw)
    black_letters(tx.connection, made, found, Walk(words, linked=True, chosen=_ALL).value)
    for one in things:
        if one.name in wanted and one.kind not in (MESSAGE, JOURNAL):
            black_row(tx.connection, one, words, wanted[one.name])
    return sum(len(numbers) for numbers in wanted.values()), [one for one in things if one.name in wanted]


def _outbox(
    tx: Transaction, found: Reach, letters: Iterable[Thing], things: Sequence[Thing], wanted: dict[str, set[int]]
) -> set[int]:
    """What has not gone out is called back, its draft without the chosen words; returns the mails that are gone with it."""
    near = Reach(found.person)
    sent = {one.id for one in letters}
    gone: set[int] = set()
    for chunk in chunks(sorted(sent)):
        query = select(_O.id, _O.state, _O.draft_id, _O.message_row_id).where(_O.message_row_id.in_(chunk))
        for row in tx.connection.execute(query).all():
            near.near_by(OutboxItem, {row.id})
            if row.state in UNSENT:
                near.called_back.add(row.id)
                gone.add(row.message_row_id)
                drafts = [one for one in things if one.model is Draft and one.id == row.draft_id]
                wanted |= {one.name: {place.number for place in one.places} for one in drafts}
    require_nothing_under_way(tx.connection, near)
    call_back(tx, near)
    left: set[int] = set()
    for chunk in chunks(sorted(gone)):
        left.update(tx.connection.execute(select(_M.id).where(_M.id.in_(chunk))).scalars())
    return gone - left


def black_journal(
    tx: Transaction, picked: Sequence[Thing], numbers: Mapping[str, Collection[int]], words: Words
) -> int:
    """Black the surname out of the journal's rows about what was chosen; returns how many changed.

    Their commands are not taken back any more.
    """
    connection = tx.connection
    commands: set[str] = set()
    changed = 0
    for one in picked:
        query = select(_J.id, _J.command, _J.undoable, _J.before, _J.after)
        if one.kind == JOURNAL:
            query, chosen = query.where(_J.id == one.id), numbers[one.name]
        else:
            entity = ENTITIES.get(one.kind, one.kind)
            query, chosen = query.where(_J.entity == entity, _J.entity_id == one.id), _ALL
        for row in connection.execute(query).all():
            walk = Walk(words, linked=one.linked, chosen=chosen)
            if rewrite(connection, row, _side(one, walk, row.before), _side(one, walk, row.after)):
                changed += 1
                commands |= {row.command} if row.undoable else set()
    settle(connection, commands)
    return changed


def _side(thing: Thing, walk: Walk, values: Any) -> Any:
    """One side of a row; of another guest's only what is read there, for the guest's own name is no place."""
    if thing.model is not Guest or not isinstance(values, dict):
        return walk.value(values)
    return {name: walk.value(value) if name in thing.values else value for name, value in values.items()}
