"""The things whose columns undo puts back: one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Conversation,
    Guest,
    Inquiry,
    InternalMessage,
    Memo,
    Reminder,
    Template,
)
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.undoing.undo_registry import Named, entity
from crm_tui.mail.text import display_text

LONGEST = 40
"""A name that is longer is cut."""


def short(text: str) -> str:
    """Foreign text as a name in a sentence: one line, cut."""
    line = " ".join(display_text(text[: 4 * LONGEST]).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def conversation_name(connection: Connection, number: int) -> str:
    """A conversation's subject, else its counterpart."""
    names = columns(Conversation)
    query = select(names.subject, names.counterpart_name, names.counterpart_address).where(names.id == number)
    row = connection.execute(query).first()
    if row is None:
        return _("conversation {number}").format(number=number)
    return short(row.subject) or short(row.counterpart_name) or short(row.counterpart_address) or _("(no subject)")


def inquiry_name(_connection: Connection, number: int) -> str:
    """An inquiry's number: everybody calls it by that."""
    return _("inquiry {number}").format(number=number)


def guest_name(connection: Connection, number: int) -> str:
    """A guest's name."""
    names = columns(Guest)
    row = connection.execute(select(names.given, names.surname).where(names.id == number)).first()
    return short(f"{row.given} {row.surname}") if row else _("guest {number}").format(number=number)


def _by_text(model: type[SQLModel], column: str) -> Named:
    table = table_of(model)

    def named(connection: Connection, number: int) -> str:
        text = connection.execute(select(table.c[column]).where(table.c.id == number)).scalar()
        return short(text or "")

    return named


def _holders(tx: Transaction, numbers: Sequence[int]) -> None:
    """A guest who is a person again may be the only one among the guests of something."""
    from crm_tui.desk.requests.holders import settle_kinds

    settle_kinds(tx, numbers)


def _author(tx: Transaction) -> Mapping[str, Any]:
    return {"agent_id": tx.actor.id}


def _tickets(tx: Transaction, numbers: Sequence[int]) -> None:
    """Tickets follow the assignee who is put back."""
    from crm_tui.desk.ticketing import ticket_hands

    ticket_hands.settle(tx, numbers)


entity("conversation", Conversation, named=conversation_name, settle=_tickets)
entity("inquiry", Inquiry, named=inquiry_name)
entity("guest", Guest, named=guest_name, settle=_holders)
entity("memo", Memo, named=_by_text(Memo, "text"))
entity("internal", InternalMessage, named=_by_text(InternalMessage, "text"))
entity("reminder", Reminder, named=_by_text(Reminder, "title"))
entity("template", Template, named=_by_text(Template, "name"), touched=_author)
