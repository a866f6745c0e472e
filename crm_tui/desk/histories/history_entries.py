"""Making the entries of a history from journal rows and messages: one statement a table, whatever the number of entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from crm_tui.base.i18n import _, ngettext
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Department, Journal, Message, OutboxItem, Property, Undone
from crm_tui.desk.histories import history_things
from crm_tui.desk.histories.history_things import Things
from crm_tui.desk.histories.history_views import HistoryEntry, HistoryKey
from crm_tui.desk.histories.history_words import Lookups, Sentence, Told, find, short
from crm_tui.desk.undoing.undo_registry import find_entity
from crm_tui.mail.text import display_text

_J = columns(Journal)
_M = columns(Message)
_O = columns(OutboxItem)
_U = columns(Undone)

_OUTBOX = (_O.id, _O.subject, _O.recipients, _O.error, _O.agent_id)


@dataclass(frozen=True, slots=True)
class _Page:
    """What the entries of a page are made of."""

    kind: str
    lookups: Lookups
    rows: Mapping[str, list[Any]]
    messages: Mapping[int, Any]
    undone: Mapping[str, Any]
    counts: Mapping[str, int]


def make(connection: Connection, kind: str, things: Things, places: Sequence[HistoryKey]) -> list[HistoryEntry]:
    """The entries at these places."""
    commands = [place.command for place in places if place.command]
    rows: dict[str, list[Any]] = defaultdict(list)
    for chunk in chunks(commands):
        for row in history_things.journal_rows(connection, things, chunk):
            rows[row.command].append(row)
    page = _Page(
        kind,
        _lookups(connection, [row for found in rows.values() for row in found]),
        rows,
        _messages(connection, [place.id for place in places if not place.command]),
        _undone(connection, commands),
        _counts(connection, commands),
    )
    found = (_command(page, place) if place.command else _mail(page, place) for place in places)
    return [entry for entry in found if entry is not None]


def told(connection: Connection, row: Any) -> str:
    """The sentence of one journal row, without its subject; ``row`` has entity, entity_id, action, before and after."""
    lookups = _lookups(connection, [row])
    return _sentence(_Page(row.entity, lookups, {}, {}, {}, {}), row)[0]


def told_all(connection: Connection, rows: Sequence[Any]) -> tuple[Lookups, list[str]]:
    """:func:`told` for many rows, with the names that they were told by."""
    lookups = _lookups(connection, rows)
    return lookups, [_sentence(_Page(row.entity, lookups, {}, {}, {}, {}), row)[0] for row in rows]


def zone_of(connection: Connection) -> ZoneInfo:
    """The property's zone; UTC before the desk is set up."""
    return ZoneInfo(connection.execute(select(columns(Property).timezone).limit(1)).scalar() or "UTC")


# Reading


def _lookups(connection: Connection, rows: Sequence[Any]) -> Lookups:
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.entity].add(row.entity_id)
    things: dict[tuple[str, int], Mapping[str, Any]] = {}
    for entity, ids in wanted.items():
        for chunk in chunks(sorted(ids)):
            query = _thing_query(entity)
            if query is not None:
                key = query.selected_columns.id
                for found in connection.execute(query.where(key.in_(chunk))).mappings():
                    things[entity, found["id"]] = dict(found)
    agents, departments = columns(Agent), columns(Department)
    return Lookups(
        {row.id: row.name for row in connection.execute(select(agents.id, agents.name))},
        {row.id: row.name for row in connection.execute(select(departments.id, departments.name))},
        things,
        zone_of(connection),
    )


def _thing_query(entity: str) -> Any:
    if entity == "outbox":
        return select(*_OUTBOX)
    kind = find_entity(entity)
    return select(table_of(kind.model)) if kind is not None else None


def _messages(connection: Connection, ids: Iterable[int]) -> dict[int, Any]:
    names = (_M.id, _M.conversation_id, _M.direction, _M.automatic, _M.sender_name, _M.sender_address, _M.subject)
    found: dict[int, Any] = {}
    for chunk in chunks(ids):
        query = select(*names, _O.agent_id, _O.recipients).outerjoin(OutboxItem, _O.id == _M.outbox_id)
        found.update((row.id, row) for row in connection.execute(query.where(_M.id.in_(chunk))))
    return found


def _undone(connection: Connection, commands: Iterable[str]) -> dict[str, Any]:
    """Command to who took it back and when."""
    found: dict[str, Any] = {}
    for chunk in chunks(commands):
        query = (
            select(_U.command, func.min(_J.actor).label("actor"), func.min(_J.at, type_=_J.at.type).label("at"))
            .outerjoin(Journal, _J.command == _U.by_command)
            .where(_U.command.in_(chunk), _U.by_command.not_in(("", "-")))
            .group_by(_U.command)
        )
        found.update((row.command, row) for row in connection.execute(query))
    return found


def _counts(connection: Connection, commands: Iterable[str]) -> dict[str, int]:
    """Command to the number of conversations that it touched, here and elsewhere."""
    found: dict[str, int] = {}
    for chunk in chunks(commands):
        query = (
            select(_J.command, func.count(_J.entity_id.distinct()).label("touched"))
            .where(_J.command.in_(chunk), _J.entity == "conversation")
            .group_by(_J.command)
        )
        found.update((row.command, row.touched) for row in connection.execute(query))
    return found


# Telling


def _command(page: _Page, place: HistoryKey) -> HistoryEntry | None:
    rows = page.rows.get(place.command)
    if not rows:
        return None
    told: dict[str, int] = {}
    wholes: list[str] = []
    kinds: list[str] = []
    for row in rows:
        text, whole, kind = _sentence(page, row)
        if text:
            told[text] = told.get(text, 0) + 1
            kinds.append(kind)
            if whole and whole not in wholes:
                wholes.append(whole)
    text = "; ".join(_times(text, count) for text, count in told.items()) or short(rows[0].action)
    others = page.counts.get(place.command, 0) - len({row.entity_id for row in rows if row.entity == "conversation"})
    if others > 0 and any(row.entity == "conversation" for row in rows):
        text = ngettext("{text}, with {n} other", "{text}, with {n} others", others).format(text=text, n=others)
    first, undone = rows[0], page.undone.get(place.command)
    return HistoryEntry(
        key=place,
        at=first.at,
        who="" if first.agent_id is None else display_text(first.actor),
        text=text,
        kind=next((kind for kind in kinds if kind != "change"), "change"),
        whole="\n".join(wholes) or text,
        undone=undone is not None,
        undone_by=display_text(undone.actor or "") if undone is not None else "",
        undone_at=undone.at if undone is not None else None,
    )


def _times(text: str, count: int) -> str:
    return text if count == 1 else ngettext("{text} ({n} time)", "{text} ({n} times)", count).format(text=text, n=count)


def _sentence(page: _Page, row: Any) -> tuple[str, str, str]:
    """Text, whole text and kind of one journal row."""
    now = page.lookups.things.get((row.entity, row.entity_id), {})
    before, after = Told(row.before, now, page.lookups), Told(row.after, now, page.lookups)
    sentence = find(row.entity, row.action) or Sentence(lambda was, became: plainly(row.action, was, became))
    text = sentence.fn(before, after)
    name = _name(row.entity, now) if row.entity != page.kind and sentence.kind == "change" else ""
    if name and text:
        text = _("“{name}”: {text}").format(name=name, text=text)
    return text, sentence.whole(before, after) if sentence.whole else text, sentence.kind


def _name(entity: str, now: Mapping[str, Any]) -> str:
    """What a thing is called beside the one whose history it is."""
    if entity == "conversation":
        return short(now.get("subject") or now.get("counterpart_name") or "", 30)
    if entity == "guest":
        return short(f"{now.get('given') or ''} {now.get('surname') or ''}", 30)
    return ""


def plainly(action: str, before: Told, after: Told) -> str:
    """An action that no sentence is known for: its word, and the columns that changed as far as people have a word for them."""
    from crm_tui.desk.histories.history_inquiry import NAMES, NAMES_OF_OTHERS

    known = {**NAMES, **NAMES_OF_OTHERS}
    parts = [
        _("{name}: {old} → {new}").format(name=_(known[name]), old=_plain(before, name), new=_plain(after, name))
        for name in after
        if name in before and name in known
    ]
    words = short(action, 40)
    return f"{words}: {', '.join(parts[:3])}" if parts else words


def _plain(side: Told, name: str) -> str:
    """A value in words: instants as the property's clock has them."""
    from crm_tui.desk.histories.history_inquiry import value

    found = side.get(name)
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, str) and name.endswith(("_at", "_until")) and len(found) > 10:
        return side.instant(name)
    return value(side, name, 30)


def _mail(page: _Page, place: HistoryKey) -> HistoryEntry | None:
    row = page.messages.get(place.id)
    if row is None:
        return None
    subject = short(row.subject or "") or _("(no subject)")
    if row.direction == "in":
        who = short(row.sender_name or "", 40) or short(row.sender_address or "", 40) or _("(no sender)")
        words = _("automatic mail: “{subject}”") if row.automatic else _("wrote: “{subject}”")
    else:
        who = page.lookups.agents.get(row.agent_id or 0, "")
        who = display_text(who) if who else short(row.sender_address or "", 40)
        words = _("sent: “{subject}”")
    text = words.format(subject=subject)
    return HistoryEntry(place, place.at, who, text, "mail", text, message=row.id, conversation=row.conversation_id)
