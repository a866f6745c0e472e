"""Who may see what (SPEC §4): an inquiry's scope hides it, and its conversations, from everybody else.

A scope is a word kept on the row: empty for everyone, ``a7`` for agent 7 alone, ``d2`` for department 2
(:mod:`crm_tui.rules.scopes`). What an agent may not see is not there: it is in no list, count, search or export, and to name
it is answered as if it did not exist. It holds for every role, managers and administrators too; only what was for an agent
who left, or for a department that nobody is in any more, is seen by them.

Two things stay outside. What an agent wrote remains the agent's own: a draft or a queued message whose conversation became
hidden can be read, called back and dropped by its author, without anything new of that conversation. And guests are
everybody's: the client base has no scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, or_, select, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Department, Inquiry, Message
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.mail.text import display_text
from crm_tui.rules import scopes as words
from crm_tui.rules.scopes import ScopeKind

_C = columns(Conversation)
_I = columns(Inquiry)
_M = columns(Message)
_A = columns(Agent)
_D = columns(Department)
_SHELL = table_of(Conversation).alias(
    "scoped"
)  # under a name of its own: the query around it may list conversations too
_LETTER = table_of(Message).alias("scoped_message")

BIND = "scopes"
"""The name of the parameter that :func:`visible` asks for; its value is ``ctx.actor.scopes``."""

EVERYTHING = "*"
"""The scopes of the engine."""


def visible(column: Any) -> ColumnElement[bool]:
    """The condition that the actor may see a row, on its scope column; bind :data:`BIND` when it is executed."""
    scopes: Any = bindparam(BIND)
    within = scopes.like(literal_column("'%,'") + column + literal_column("',%'"))
    return or_(column == literal_column("''"), scopes == literal_column("'*'"), within)


def of_visible(conversation: Any) -> ColumnElement[bool]:
    """The same for a row that names its conversation, on that column; a row that names none is seen by everyone."""
    inside = select(literal_column("1")).where(_SHELL.c.id == conversation, visible(_SHELL.c.scope)).exists()
    return or_(conversation.is_(None), inside)


def of_visible_message(message: Any) -> ColumnElement[bool]:
    """The same for a row that names a message."""
    inside = (
        select(literal_column("1"))
        .select_from(_LETTER.join(_SHELL, _SHELL.c.id == _LETTER.c.conversation_id))
        .where(_LETTER.c.id == message, visible(_SHELL.c.scope))
        .exists()
    )
    return or_(message.is_(None), inside)


def in_sql(scopes: str, conversation: str) -> tuple[str, tuple[str, ...]]:
    """The condition for a statement written by hand, and its values; ``conversation`` names the column with the id.

    It looks a conversation up by its key, so it costs as much as the rows it is asked for, however large the store is.
    """
    if scopes == EVERYTHING:
        return "1", ()
    hidden = "scoped.scope <> '' AND ? NOT LIKE '%,' || scoped.scope || ',%'"
    text = f"NOT EXISTS (SELECT 1 FROM conversation scoped WHERE scoped.id = {conversation} AND {hidden})"  # noqa: S608
    return text, (scopes,)


def sees(scopes: str, scope: str) -> bool:
    """The same for one row in hand."""
    return not scope or scopes == EVERYTHING or f",{scope}," in scopes


def require_conversations(connection: Connection, scopes: str, ids: Iterable[int]) -> None:
    """Refuse to act on conversations that are hidden or not there; which of both is not told.

    Raises:
        NotFound: for one of them.
    """
    _require(
        connection, scopes, ids, select(_C.id).where(visible(_C.scope)), _C.id, _("There is no conversation {number}.")
    )


def require_inquiries(connection: Connection, scopes: str, ids: Iterable[int]) -> None:
    """The same for inquiries."""
    _require(connection, scopes, ids, select(_I.id).where(visible(_I.scope)), _I.id, _("There is no inquiry {number}."))


def require_messages(connection: Connection, scopes: str, ids: Iterable[int]) -> None:
    """The same for messages, whose conversation decides."""
    seen = select(_M.id).where(of_visible(_M.conversation_id))
    _require(connection, scopes, ids, seen, _M.id, _("There is no message {number}."))


def _require(connection: Connection, scopes: str, ids: Iterable[int], seen: Any, key: Any, sentence: str) -> None:
    if scopes == EVERYTHING:
        return
    for chunk in chunks(ids):
        found = set(connection.execute(seen.where(key.in_(chunk)), {BIND: scopes}).scalars())
        for number in chunk:
            if number not in found:
                raise NotFound(sentence.format(number=number))


def seen_messages(connection: Connection, scopes: str, ids: Iterable[int]) -> list[int]:
    """Those of the messages that the actor may see."""
    seen = select(_M.id).where(of_visible(_M.conversation_id))
    return [
        number
        for chunk in chunks(ids)
        for number in connection.execute(seen.where(_M.id.in_(chunk)), {BIND: scopes}).scalars()
    ]


def sees_conversation(connection: Connection, scopes: str, conversation_id: int) -> bool:
    """Whether there is a conversation of that number for the actor."""
    query = select(_C.id).where(_C.id == conversation_id, visible(_C.scope))
    return connection.execute(query, {BIND: scopes}).first() is not None


def apply_in(tx: Transaction, inquiry_id: int, scope: str) -> int:
    """Give an inquiry and all its conversations a scope; returns how many conversations changed.

    Also to be called after a conversation was linked, with the inquiry's own scope. What was merged into one of them follows.
    The rows of the conversations are journaled here, undoable; that of the inquiry is for the command that calls.
    """
    words.parse(scope)
    tx.connection.execute(update(table_of(Inquiry)).where(_I.id == inquiry_id).values(scope=scope))
    linked = tx.connection.execute(select(_C.id).where(_C.inquiry_id == inquiry_id)).scalars().all()
    return follow_in(tx, linked, scope)


def follow_in(tx: Transaction, conversation_ids: Iterable[int], scope: str) -> int:
    """Give conversations, and all that was merged into them, a scope; journaled, undoable. Returns how many changed."""
    changed = 0
    for chunk in chunks(with_merged(tx.connection, conversation_ids)):
        query = select(_C.id, _C.scope).where(_C.id.in_(chunk), _C.scope != scope).order_by(_C.id)
        rows = tx.connection.execute(query).all()
        values = {"scope": scope, "version": _C.version + 1}
        tx.connection.execute(
            update(table_of(Conversation)).where(_C.id.in_([row.id for row in rows])).values(**values)
        )
        for row in rows:
            tx.journal("conversation", row.id, "scope", {"scope": row.scope}, {"scope": scope}, undoable=True)
        changed += len(rows)
    return changed


def with_merged(connection: Connection, conversation_ids: Iterable[int]) -> list[int]:
    """Conversations and those that were merged into them, however often: what holds for one half holds for the whole."""
    fresh = list(conversation_ids)
    found = set(fresh)
    while fresh:
        into = [
            number
            for chunk in chunks(fresh)
            for number in connection.execute(select(_C.id).where(_C.merged_into.in_(chunk))).scalars()
        ]
        fresh = [number for number in into if number not in found]
        found.update(fresh)
    return sorted(found)


def named(ctx: Context, words_of_it: str) -> str:
    """The scope that an agent names: ``everyone``, ``me``, ``department`` (one's own), another agent's or a department's name.

    Raises:
        InvalidInput: there is no such agent or department, nobody is in it, or one's own department is none.
    """
    name = display_text(words_of_it).strip().casefold()
    actor: Actor = ctx.actor
    if name in {"", ScopeKind.EVERYONE}:
        return words.EVERYONE
    if name == ScopeKind.ME and actor.id is not None:
        return words.scope_of(ScopeKind.ME, actor.id)
    if name == ScopeKind.DEPARTMENT:
        if actor.department is None:
            raise InvalidInput(
                _("You are in no department."), _("An administrator puts you in one: g, then u."), "scope"
            )
        return words.scope_of(ScopeKind.DEPARTMENT, department_id=actor.department)
    with ctx.store.connect() as connection:
        agents, departments = names_in(connection)
        active = set(connection.execute(select(_A.id).where(_A.active)).scalars())
        staffed = set(connection.execute(select(_A.department_id).where(_A.active)).scalars())
    for number, one in agents.items():
        if number in active and one.casefold() == name:
            return words.scope_of(ScopeKind.AGENT, number)
    for number, one in departments.items():
        if one.casefold() == name:
            if number not in staffed:
                raise InvalidInput(
                    _("Nobody is in the department {name}.").format(name=one),
                    _("Choose another, or let an administrator put somebody into it: g, then u."),
                    "scope",
                )
            return words.scope_of(ScopeKind.DEPARTMENT, department_id=number)
    known = ", ".join(("everyone", "me", "department", *(agents[one] for one in agents if one in active)))
    raise InvalidInput(
        _("There is no agent or department called {name}.").format(name=display_text(words_of_it)),
        _("Use one of: {names}.").format(
            names=", ".join((known, *(one for number, one in departments.items() if number in staffed)))
        ),
        "scope",
    )


def in_words(scope: str, agents: Mapping[int, str], departments: Mapping[int, str]) -> str:
    """A scope in words: *everyone*, *only Leo*, *department Reservations*; the names must be safe to show."""
    kind, number = words.parse(scope)
    if kind is ScopeKind.EVERYONE:
        return _("everyone")
    if kind is ScopeKind.DEPARTMENT:
        return _("department {name}").format(name=departments.get(number, f"#{number}"))
    return _("only {name}").format(name=agents.get(number, f"#{number}"))


def described(ctx: Context, scope: str) -> str:
    """A scope in words, with the names as they are now."""
    with ctx.store.connect() as connection:
        return in_words(scope, *names_in(connection))


def names_in(connection: Connection) -> tuple[dict[int, str], dict[int, str]]:
    """The names of all agents, those who left too, and of the departments, by id, safe to show."""
    agents = connection.execute(select(_A.id, _A.name).order_by(_A.id)).all()
    departments = connection.execute(select(_D.id, _D.name).order_by(_D.id)).all()
    return (
        {row.id: display_text(row.name) for row in agents},
        {row.id: display_text(row.name) for row in departments},
    )
