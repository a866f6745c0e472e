"""Who may see what (SPEC §4): an inquiry's scope hides it, and its conversations, from everybody else.

A scope is a word kept on the row: empty for everyone, ``a7`` for agent 7 alone, ``d2`` for department 2. What an agent may
not see is not there: it is in no list, count, search or export, and to name it is answered as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, literal_column, or_, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Inquiry

_C = columns(Conversation)
_I = columns(Inquiry)

BIND = "scopes"
"""The name of the parameter that :func:`visible` asks for; its value is ``ctx.actor.scopes``."""


def visible(column: Any) -> ColumnElement[bool]:
    """The condition that the actor may see a row, on its scope column; bind :data:`BIND` when it is executed."""
    scopes: Any = bindparam(BIND)
    within = scopes.like(literal_column("'%,'") + column + literal_column("',%'"))
    return or_(column == literal_column("''"), scopes == literal_column("'*'"), within)


def sees(scopes: str, scope: str) -> bool:
    """The same for one row in hand."""
    return not scope or scopes == "*" or f",{scope}," in scopes


def require_conversations(connection: Connection, scopes: str, ids: Iterable[int]) -> None:
    """Refuse to act on conversations that the actor may not see.

    Raises:
        NotFound: one is hidden; it is named as if there were none of that number.
    """
    _require(connection, scopes, ids, _C, _("There is no conversation {number}."))


def require_inquiries(connection: Connection, scopes: str, ids: Iterable[int]) -> None:
    """The same for inquiries."""
    _require(connection, scopes, ids, _I, _("There is no inquiry {number}."))


def _require(connection: Connection, scopes: str, ids: Iterable[int], names: Any, words: str) -> None:
    if scopes == "*":
        return
    for chunk in chunks(ids):
        query = select(names.id, names.scope).where(names.id.in_(chunk), names.scope != "")
        for row in connection.execute(query):
            if not sees(scopes, row.scope):
                raise NotFound(words.format(number=row.id))
