"""The journal as managers read it (SPEC §13): every change with who, when, before and after, newest first.

What is hidden from the reader by scope is not there, as everywhere. The filters that an index answers are agent, kind of thing,
thing and period; an action and words are looked for in what those leave, at most :data:`LOOK` rows a page, so that a page
never takes longer however large the journal is: its :attr:`JournalPage.further` says where to look on.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_
from sqlmodel import SQLModel

from crm_tui.base.i18n import N_, _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Inquiry, Journal, Message, Ticket, Turn
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_in
from crm_tui.desk.common.scope import EVERYTHING, sees
from crm_tui.desk.histories import history_entries, history_words
from crm_tui.desk.histories.history_inquiry import NAMES, NAMES_OF_OTHERS
from crm_tui.desk.histories.history_words import NOTHING, Lookups, agent_named, short, when
from crm_tui.desk.undoing.undo_registry import find_entity
from crm_tui.mail.text import display_text, fold_text

_J = columns(Journal)
_C = columns(Conversation)
_I = columns(Inquiry)
_M = columns(Message)
_NEWEST = (_J.at.desc(), _J.id.desc())
_MORE: Mapping[str, type[SQLModel]] = {"message": Message, "turn": Turn, "ticket": Ticket}
"""Tables of things that undo knows nothing of."""

LOOK = 600
"""Rows looked at for one page at most: so that looking for a rare word never holds anybody up; the reader looks further."""

AT_ONCE = 200
LONGEST = 200

ENTITIES: Mapping[str, str] = {
    "account": N_("account"), "agent": N_("agent"), "attribute": N_("attribute"), "conversation": N_("conversation"),
    "department": N_("department"), "draft": N_("draft"), "erasure": N_("erasure"), "event": N_("event"),
    "feedback": N_("feedback"), "flight": N_("flight"), "folio": N_("folio"), "guest": N_("guest"),
    "handover": N_("handover"), "inquiry": N_("inquiry"), "internal": N_("internal message"), "mailing": N_("mailing"),
    "memo": N_("memo"), "message": N_("message"), "operator": N_("operator"), "outbox": N_("outgoing mail"),
    "package": N_("package"), "payment": N_("payment"), "property": N_("property"), "reminder": N_("reminder"),
    "reservation": N_("reservation"), "retention_rule": N_("rule of retention"), "saved_view": N_("saved view"),
    "template": N_("template"), "term": N_("payment terms"), "ticket": N_("ticket"), "timer_session": N_("working time"),
}  # fmt: skip
"""What kinds of things are called."""


ACTIONS: Mapping[str, str] = {
    "add": N_("added"), "assign": N_("assigned"), "begin": N_("begun"), "change": N_("changed"), "chosen": N_("chosen or left out"),
    "complete": N_("fetched whole"), "copied": N_("copied to the sent mail"), "create": N_("added"),
    "discard": N_("discarded"), "drop": N_("dropped"), "export": N_("exported"), "expunged": N_("deleted on the server"),
    "flag": N_("marked on the server"), "flags": N_("marked on the server"), "found": N_("found on the server"),
    "gone": N_("gone from the server"), "import": N_("imported"), "imported": N_("imported"),
    "mailboxes": N_("mailboxes chosen"), "next": N_("the next one queued"), "postpone": N_("tried again later"),
    "move": N_("moved"), "open": N_("opened"), "queue": N_("queued"), "stage": N_("another stage"), "receive": N_("mail received"), "reckon": N_("reckoned anew"),
    "rematched": N_("matched with the server anew"), "remove": N_("removed"), "rename": N_("renamed"),
    "restore": N_("taken back"), "sending": N_("being sent"), "sent": N_("sent"), "state": N_("stands otherwise"),
    "uidvalidity": N_("numbered anew by the server"),
}  # fmt: skip
"""What is said of actions that no history tells of."""


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """What is shown of the journal.

    Attributes:
        agent: who did it, by name; ``engine`` for what nobody in particular did; empty: whoever.
        entity, number: the kind of thing as the journal calls it, and which one; empty and 0: all.
        action: part of the action's word.
        first, last: days of the property, both inclusive.
        words: that stand in what it was before or after, or in the name of who did it.
    """

    agent: str = ""
    entity: str = ""
    number: int = 0
    action: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changed: its name, what it was and what it became, display-safe."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One change.

    Attributes:
        cursor: its place in the journal.
        thing: what it happened to, with its name; ``entity`` and ``number`` as the journal calls it.
        said: what was done, in words.
    """

    id: int
    at: datetime
    who: str
    entity: str
    number: int
    action: str
    thing: str
    said: str
    differences: tuple[Difference, ...]
    command: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    cursor: tuple[str, int]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries, newest first.

    Attributes:
        further: where older ones are looked for; None if there are none.
    """

    entries: tuple[JournalEntry, ...]
    further: tuple[str, int] | None


def page(ctx: Context, query: JournalQuery, after: tuple[str, int] | None = None, limit: int = 50) -> JournalPage:
    """A page of the journal.

    Args:
        after: :attr:`JournalPage.further` of the page before, or the cursor of an entry.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no agent of that name.
    """
    history_words.load()
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.JOURNAL)
        zone = history_entries.zone_of(connection)
        wanted = _filtered(ctx, query, zone)
        found: list[Any] = []
        looked, further = 0, after
        while True:
            step = limit if not (query.words or query.action) else AT_ONCE
            rows = connection.execute(_from(wanted, further).limit(step)).all()
            looked += len(rows)
            visible = _visible(connection, ctx.actor.scopes, [row for row in rows if _fits(row, query)])
            room = limit - len(found)
            found += visible[:room]
            if len(visible) > room:
                further = _cursor(visible[room - 1])
                break
            further = _cursor(rows[-1]) if len(rows) == step else None
            if further is None or len(found) == limit or looked >= LOOK:
                break
        return JournalPage(_entries(connection, found, zone), further)


def entities(ctx: Context) -> list[tuple[str, str]]:
    """The kinds of things that the journal tells of, as it calls them and as people do; by the latter."""
    found: list[str] = []
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.JOURNAL)
        last = ""
        while True:  # each is one step in the index, however many rows it has
            query = select(_J.entity).where(_J.entity > last).order_by(_J.entity).limit(1)
            name = connection.execute(query).scalar()
            if name is None:
                break
            found.append(last := name)
    return sorted(((name, entity_word(name)) for name in found), key=lambda one: one[1].casefold())


def entity_word(name: str) -> str:
    """What a kind of thing is called."""
    return _(ENTITIES[name]) if name in ENTITIES else display_text(name.replace("_", " "))


def _action_word(name: str) -> str:
    return _(ACTIONS[name]) if name in ACTIONS else display_text(name.replace("-", " ").replace("_", " "))


# Finding


def _filtered(ctx: Context, query: JournalQuery, zone: tzinfo) -> Select[Any]:
    wanted = select(table_of(Journal)).order_by(*_NEWEST)
    if query.agent.strip().casefold() == "engine":
        wanted = wanted.where(_J.agent_id.is_(None))
    elif query.agent:
        from crm_tui.desk.staff import team

        wanted = wanted.where(_J.agent_id == team.find(ctx, query.agent).id)
    if query.entity:
        wanted = wanted.where(_J.entity == query.entity)
    if query.number:
        wanted = wanted.where(_J.entity_id == query.number)
    if query.first:
        wanted = wanted.where(_J.at >= _midnight(query.first, zone))
    if query.last:
        wanted = wanted.where(_J.at < _midnight(query.last + timedelta(days=1), zone))
    return wanted


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _from(wanted: Select[Any], cursor: tuple[str, int] | None) -> Select[Any]:
    if cursor is None:
        return wanted
    at = datetime.fromisoformat(cursor[0])
    return wanted.where(_J.at <= at, tuple_(_J.at, _J.id) < tuple_(at, cursor[1]))


def _cursor(row: Any) -> tuple[str, int]:
    return row.at.isoformat(), row.id


def _fits(row: Any, query: JournalQuery) -> bool:
    if query.action and fold_text(query.action) not in fold_text(row.action):
        return False
    if not query.words:
        return True
    sides = (json.dumps(side, ensure_ascii=False) for side in (row.before, row.after) if side)
    text = fold_text(" ".join((row.actor, row.action, *sides)))
    return all(word in text for word in fold_text(query.words).split())


# Scope


def _visible(connection: Connection, scopes: str, rows: Sequence[Any]) -> list[Any]:
    """Those that tell of nothing that is hidden from the reader; of a fetch, what it brought that is not."""
    if scopes == EVERYTHING or not rows:
        return list(rows)
    conversations, inquiries, concerned = _concerned(connection, rows)
    hidden = {("conversation", number) for number in _hidden(connection, scopes, _C, conversations)}
    hidden |= {("inquiry", number) for number in _hidden(connection, scopes, _I, inquiries)}
    told = (_without(row, concerned[row.id] & hidden) for row in rows)
    return [row for row in told if row is not None]


def _without(row: Any, hidden: set[tuple[str, int]]) -> Any | None:
    """A row without what is hidden; None if that is what it is about."""
    if not hidden:
        return row
    after = row.after or {}
    shown = [one for one in after.get("conversations", ()) if ("conversation", one) not in hidden]
    if row.entity != "mailbox" or not shown:
        return None
    rest = {name: value for name, value in after.items() if name not in ("messages", "turns")}
    turns = [one for one in after.get("turns", ()) if ("conversation", one["conversation"]) not in hidden]
    return SimpleNamespace(
        **{**row._mapping, "after": rest | {"conversations": shown} | ({"turns": turns} if turns else {})}
    )


def _hidden(connection: Connection, scopes: str, names: Any, ids: set[int]) -> list[int]:
    found: list[int] = []
    for chunk in chunks(sorted(ids)):
        query = select(names.id, names.scope).where(names.id.in_(chunk), names.scope != "")
        found += [row.id for row in connection.execute(query) if not sees(scopes, row.scope)]
    return found


def _concerned(
    connection: Connection, rows: Sequence[Any]
) -> tuple[set[int], set[int], dict[int, set[tuple[str, int]]]]:
    """The conversations and inquiries that rows are about or name, all together and by row."""
    by_row: dict[int, set[tuple[str, int]]] = {}
    things: dict[str, set[int]] = defaultdict(set)
    messages: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        named = {(row.entity, row.entity_id)} if row.entity in ("conversation", "inquiry") else set()
        for side in (row.before or {}, row.after or {}):
            named |= {(kind, one) for kind in ("conversation", "inquiry") for one in _numbers(side, kind)}
            messages[row.id].update(_numbers(side, "message"))
        by_row[row.id] = named
        things[row.entity].add(row.entity_id)
    parents = {name: _parents(connection, name, ids) for name, ids in things.items()}
    for row in rows:
        by_row[row.id] |= parents[row.entity].get(row.entity_id, set())
    wanted = {number for ids in messages.values() for number in ids}
    homes = _parents(connection, "message", wanted)
    for number, ids in messages.items():
        for message in ids:
            by_row[number] |= homes.get(message, set())
    everything = {one for found in by_row.values() for one in found}
    return (
        {number for kind, number in everything if kind == "conversation"},
        {number for kind, number in everything if kind == "inquiry"},
        by_row,
    )


def _numbers(side: Mapping[str, Any], kind: str) -> set[int]:
    """The things of a kind that one side of a row names: ``conversation_id``, ``conversations``, and split and merge's *into*."""
    plural = "inquiries" if kind == "inquiry" else f"{kind}s"
    several = side.get(plural)
    given = [side.get(f"{kind}_id"), side.get(kind), *(several if isinstance(several, list) else ())]
    if kind == "conversation":
        given.append(side.get("into"))
    return {one for one in given if isinstance(one, int) and not isinstance(one, bool)}


def _parents(connection: Connection, entity: str, ids: set[int]) -> dict[int, set[tuple[str, int]]]:
    """The conversation and the inquiry of each thing of a kind."""
    kind = find_entity(entity)
    model: type[SQLModel] | None = kind.model if kind is not None else _MORE.get(entity)
    if model is None or entity in ("conversation", "inquiry") or not ids:
        return {}
    table = table_of(model)
    keys = [name for name in ("conversation_id", "inquiry_id") if name in table.c]
    if not keys or "id" not in table.c:
        return {}
    found: dict[int, set[tuple[str, int]]] = {}
    for chunk in chunks(sorted(ids)):
        for row in connection.execute(select(table.c.id, *(table.c[key] for key in keys)).where(table.c.id.in_(chunk))):
            found[row.id] = {
                (key.removesuffix("_id"), getattr(row, key)) for key in keys if getattr(row, key) is not None
            }
    return found


# Telling


def _entries(connection: Connection, rows: Sequence[Any], zone: tzinfo) -> tuple[JournalEntry, ...]:
    lookups, said = history_entries.told_all(connection, rows)
    names: dict[tuple[str, int], str] = {}
    for row in rows:
        key = (row.entity, row.entity_id)
        if key not in names:
            names[key] = _thing(connection, *key)
    return tuple(
        JournalEntry(
            row.id,
            row.at,
            display_text(row.actor) or _("nobody"),
            row.entity,
            row.entity_id,
            row.action,
            names[row.entity, row.entity_id],
            _bare(row, lookups) if text in ("", display_text(row.action)) else text,
            _differences(row, lookups, zone),
            row.command,
            row.before,
            row.after,
            _cursor(row),
        )
        for row, text in zip(rows, said, strict=True)
    )


_BARE: Mapping[tuple[str, str], str] = {
    ("ticket", "assign"): N_("given to {agent}"), ("ticket", "move"): N_("moved to {agent}"),
    ("ticket", "queue"): N_("back in the queue"), ("ticket", "open"): N_("opened by its agent"),
    ("ticket", "stage"): N_("stage and channel found out"), ("ticket", "done"): N_("answered"),
    ("account", "add"): N_("linked"), ("account", "state"): N_("state changed"),
    ("mailbox", "receive"): N_("mail came in"), ("mailbox", "found"): N_("found on the server"),
    ("mailbox", "uidvalidity"): N_("numbered anew by the server"),
}  # fmt: skip
"""What histories leave to the row beside it, or never tell."""


def _bare(row: Any, lookups: Lookups) -> str:
    """What was done, in the words that the action has by itself."""
    words = _BARE.get((row.entity, row.action))
    if words is None:
        return _action_word(row.action)
    agent = (row.after or {}).get("agent_id")
    if row.entity == "ticket" and row.action in ("assign", "move") and agent is None:
        words = _BARE["ticket", "queue"]
    return _(words).format(agent=agent_named(lookups, agent) if agent is not None else "")


def _thing(connection: Connection, entity: str, number: int) -> str:
    kind = find_entity(entity)
    name = short(kind.named(connection, number), 60) if kind is not None and number else ""
    word = entity_word(entity)
    label = f"{word} {number}" if number else word
    return label if not name or name.casefold() == label.casefold() else f"{label} · {name}"


def _differences(row: Any, lookups: Lookups, zone: tzinfo) -> tuple[Difference, ...]:
    before, after = row.before or {}, row.after or {}
    names = [name for name in dict.fromkeys((*before, *after)) if before.get(name) != after.get(name)]
    return tuple(
        Difference(
            _label(name), _value(name, before.get(name), lookups, zone), _value(name, after.get(name), lookups, zone)
        )
        for name in names
    )


def _label(name: str) -> str:
    plain = name.removesuffix("_id") if name not in NAMES and name not in NAMES_OF_OTHERS else name
    known = NAMES.get(name) or NAMES_OF_OTHERS.get(name)
    return _(known) if known else display_text(plain.replace("_", " "))


_AGENTS = frozenset(
    {"agent_id", "assignee_id", "handler_id", "author_id", "created_by", "pending_by", "done_by", "made_by"}
)


def _value(name: str, value: Any, lookups: Lookups, zone: tzinfo) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in _AGENTS and isinstance(value, int):
        return agent_named(lookups, value)
    if isinstance(value, str) and name.endswith("_at"):
        try:
            return when(datetime.fromisoformat(value), zone)
        except ValueError:
            pass
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return short(text, LONGEST)
