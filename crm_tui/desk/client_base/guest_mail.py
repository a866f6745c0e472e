"""Which conversations are a guest's, and whose a conversation is (SPEC §6).

An agent may have said whose it is; without that the counterpart's address does. Several guests may share an address: the
conversation is then in the history of each.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select, union

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, ConversationGuest, Guest, GuestEmail, Journal, Undone
from crm_tui.desk.client_base.guest_rows import rows_of
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context
from crm_tui.rules.mail_addresses import spellings

_C = columns(Conversation)
_G = columns(Guest)
_E = columns(GuestEmail)
_J = columns(Journal)
_T = columns(ConversationGuest)
_U = columns(Undone)

GUESTS: Any = bindparam("guests", expanding=True)
"""The guests that :data:`TALKS` asks for; bind it and :data:`crm_tui.desk.common.scope.BIND`."""


def _talks() -> Any:
    said = (
        select(_C.id)
        .join(ConversationGuest, _T.conversation_id == _C.id)
        .where(_T.guest_id.in_(GUESTS), _C.merged_into.is_(None), scope.visible(_C.scope))
    )
    # an expression on both sides: SQLite compares a column with one by its type, and then leaves the index aside
    own = select(func.lower(_E.folded).label("address")).where(_E.guest_id.in_(GUESTS))
    addresses = own.union_all(select(func.crm_spelling(_E.folded)).where(_E.guest_id.in_(GUESTS)))
    other = table_of(ConversationGuest).alias("said")
    by_address = select(_C.id).where(
        func.lower(_C.counterpart_address).in_(addresses),
        _C.merged_into.is_(None),
        scope.visible(_C.scope),
        ~exists().where(other.c.conversation_id == _C.id),
    )
    return union(said, by_address)


TALKS = _talks()
"""The conversations of guests that the actor may see, as a statement of their numbers."""


def conversations_of(connection: Connection, actor: Actor, guest_ids: Iterable[int]) -> list[int]:
    """The conversations of guests that the actor may see; those that were merged into another are not there any more."""
    found: dict[int, None] = {}
    for chunk in chunks(guest_ids):
        rows = connection.execute(TALKS, {"guests": chunk, scope.BIND: actor.scopes}).scalars()
        found |= dict.fromkeys(rows)
    return sorted(found)


def guest_of_conversation(connection: Connection, conversation_id: int) -> list[int]:
    """Whose a conversation is, the oldest guest first: whom an agent named, else those who have the counterpart's address.

    Those who were put away count where nobody else has the address, so that nobody is taken in twice.
    What the actor may see of the conversation is for the caller to ask.
    """
    found = linked_to(connection, conversation_id)
    if found:
        return found
    address = connection.execute(select(_C.counterpart_address).where(_C.id == conversation_id)).scalar() or ""
    query = (
        select(_E.guest_id, _G.archived_at)
        .join(Guest, _G.id == _E.guest_id)
        .where(
            _E.folded.in_(sorted(spellings(address))),
            _G.merged_into.is_(None),
            or_(_G.archived_at.is_(None), ~_never_was()),
        )
        .order_by(_E.guest_id)
    )
    rows = connection.execute(query).all()
    used = [row.guest_id for row in rows if row.archived_at is None]
    return list(dict.fromkeys(used or [row.guest_id for row in rows]))


def _never_was() -> Any:
    """Of a guest: who took them in took it back."""
    query = exists().where(_J.entity == "guest", _J.entity_id == _G.id, _J.action == "create")
    return query.where(_U.command == _J.command).correlate(table_of(Guest))


def linked_to(connection: Connection, conversation_id: int) -> list[int]:
    """Whom an agent named as the one whose conversation it is; empty if nobody did."""
    query = select(_T.guest_id).join(Guest, _G.id == _T.guest_id)
    query = query.where(_T.conversation_id == conversation_id, _G.merged_into.is_(None))
    return list(connection.execute(query.order_by(_T.guest_id)).scalars())


def archived_of(connection: Connection, guest_ids: Iterable[int]) -> list[int]:
    """Those of these guests who were put away."""
    query = select(_G.id).where(_G.id.in_(list(guest_ids)), _G.archived_at.is_not(None))
    return list(connection.execute(query.order_by(_G.id)).scalars())


def guests_of(ctx: Context, conversation_id: int) -> list[GuestRow]:
    """The guests whose conversation it is; empty for a sender whom nobody knows.

    Raises:
        NotFound: there is no conversation of that number that the actor may see.
    """
    with ctx.store.connect() as connection:
        scope.require_conversations(connection, ctx.actor.scopes, [conversation_id])
        return rows_of(connection, guest_of_conversation(connection, conversation_id))
