"""What undo says: of a command before it is taken back, and of how things stand afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm_tui.base.i18n import _, ngettext
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent
from crm_tui.desk.undoing.undo_registry import Row, find_entity
from crm_tui.mail.text import display_text

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sentence about a command is made of.

    Attributes:
        what: the thing's name in quotes, or *12 conversations*.
        count: how many things.
        before, after: of the first row.
        mixed: names of the columns whose ``before`` differs between the rows.
        agent: an agent's name, by number.
        conversations: how many conversations the whole command touched.
        beside: what else the command did to things of this kind: action and ``before`` of each other row, the oldest first.
    """

    what: str
    count: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    mixed: frozenset[str]
    agent: Callable[[Any], str]
    conversations: int = 0
    beside: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def named(self) -> str:
        """What the journal calls the thing that was put on or taken away, in quotes."""
        name = self.after.get("attribute") or self.before.get("attribute") or ""
        return f"“{display_text(str(name))}”"


Says = Callable[[Facts], str]

_WOULD: dict[tuple[str, str], Says] = {}
_DID: dict[tuple[str, str], Says] = {}


def says(entity: str, action: str, *, would: Says | None = None, did: Says | None = None) -> None:
    """Words for taking an action back.

    Args:
        would: before: what the command did, and would be taken back.
        did: afterwards: how things stand again.
    """
    if would is not None:
        _WOULD[entity, action] = would
    if did is not None:
        _DID[entity, action] = did


def would(connection: Connection, rows: Sequence[Row]) -> str:
    """What would be taken back: what it is about, and what was done to it."""
    said = _sentence(_WOULD, connection, rows)
    if said:
        return said
    from crm_tui.desk.histories import history_words
    from crm_tui.desk.histories.history_entries import told

    history_words.load()
    words = _("{what}: {done}").format(what=_facts(connection, rows).what, done=told(connection, rows[-1]))
    return capital(words)


def did(connection: Connection, rows: Sequence[Row]) -> str:
    """How things stand after it was taken back."""
    said = _sentence(_DID, connection, rows)
    if said:
        return capital(said)
    facts = _facts(connection, rows)
    words = ngettext("{what} is as it was.", "{what} are as they were.", facts.count).format(what=facts.what)
    return capital(words)


def capital(sentence: str) -> str:
    """A sentence that may begin with a name such as *inquiry 5*, as sentences begin."""
    return sentence[:1].upper() + sentence[1:]


def _sentence(words: Mapping[tuple[str, str], Says], connection: Connection, rows: Sequence[Row]) -> str:
    """Of the command's main action: that of its first row for which there are words."""
    for row in reversed(rows):
        fn = words.get((row.entity, row.action))
        if fn is not None:
            alike = [one for one in rows if (one.entity, one.action) == (row.entity, row.action)]
            touched = {one.entity_id for one in rows if one.entity == "conversation"}
            others = [one for one in reversed(rows) if one.entity == row.entity and one.action != row.action]
            beside = tuple((one.action, one.before or {}) for one in others)
            return fn(replace(_facts(connection, alike), conversations=len(touched), beside=beside))
    return ""


def _facts(connection: Connection, rows: Sequence[Row]) -> Facts:
    first = rows[-1]
    ids = {row.entity_id for row in rows if row.entity == first.entity}
    return Facts(
        _named(connection, first.entity, ids),
        len(ids),
        first.before or {},
        first.after or {},
        frozenset(
            name
            for name in first.before or {}
            if any((row.before or {}).get(name) != (first.before or {})[name] for row in rows)
        ),
        lambda number: _agent(connection, number),
    )


def _agent(connection: Connection, number: Any) -> str:
    from crm_tui.desk.histories.history_words import Lookups, agent_named

    names = columns(Agent)
    found = connection.execute(select(names.id, names.name).where(names.id == number))
    return agent_named(Lookups({row.id: row.name for row in found}), number)


def _named(connection: Connection, entity: str, ids: set[int]) -> str:
    kind = find_entity(entity)
    if len(ids) == 1:
        name = kind.named(connection, min(ids)) if kind else ""
        if entity in ("inquiry", "reservation", "flight") and name:
            return name
        return f"“{name}”" if name else _("That")
    return _counted(entity, len(ids)).format(n=len(ids))


def _counted(entity: str, n: int) -> str:
    if entity == "conversation":
        return ngettext("{n} conversation", "{n} conversations", n)
    if entity == "inquiry":
        return ngettext("{n} inquiry", "{n} inquiries", n)
    if entity == "reservation":
        return ngettext("{n} reservation", "{n} reservations", n)
    if entity == "flight":
        return ngettext("{n} flight", "{n} flights", n)
    if entity == "ticket":
        return ngettext("{n} ticket", "{n} tickets", n)
    return ngettext("{n} guest", "{n} guests", n) if entity == "guest" else ngettext("{n} thing", "{n} things", n)
