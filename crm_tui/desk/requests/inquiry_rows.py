"""How inquiries are read from the store and written back, within a transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent, Conversation, Department, Guest, GuestEmail, GuestPhone, Inquiry, InquiryGuest
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Transaction
from crm_tui.desk.common.views import ConversationRow
from crm_tui.desk.conversations import folders
from crm_tui.desk.requests.inquiry_views import InquiryGuestView, InquiryView, ScopeView
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money

_I = columns(Inquiry)
_A = columns(Agent)
_D = columns(Department)
_G = columns(Guest)
_H = columns(InquiryGuest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_C = columns(Conversation)


def plain(value: Any) -> Any:
    """A value as the journal keeps it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def row_in(connection: Connection, inquiry_id: int, scopes: str) -> Row[Any]:
    """An inquiry's columns.

    Raises:
        NotFound: there is none that these scopes may see.
    """
    query = select(table_of(Inquiry)).where(_I.id == inquiry_id, _I.removed_at.is_(None), scope.visible(_I.scope))
    row = connection.execute(query, {scope.BIND: scopes}).first()
    if row is None:
        raise NotFound(_("There is no inquiry {number}.").format(number=inquiry_id))
    return row


def write(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any]) -> None:
    """Store columns that differ from the row's and journal them; the version goes up by one, a row of the journal each."""
    tx.connection.execute(
        update(Inquiry).where(_I.id == row.id).values(**changed, updated_at=tx.now, version=_I.version + 1)
    )
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("inquiry", row.id, action, before, after, undoable=True)


def conversations_of(connection: Connection, inquiry_id: int) -> list[int]:
    """The conversations of an inquiry, newest first."""
    query = select(_C.id).where(_C.inquiry_id == inquiry_id, _C.merged_into.is_(None))
    return list(connection.execute(query.order_by(_C.last_at.desc(), _C.id.desc())).scalars())


def view_in(connection: Connection, inquiry_id: int, actor: Actor) -> InquiryView:
    """An inquiry with all that its screen shows.

    Raises:
        NotFound: there is none that the actor may see.
    """
    row = row_in(connection, inquiry_id, actor.scopes)
    names: dict[int | None, str] = {row.id: row.name for row in connection.execute(select(_A.id, _A.name))}
    talks = [folders.row_in(connection, one, actor.scopes) for one in conversations_of(connection, inquiry_id)]
    known = tuple(one for one in talks if one is not None)
    guests = guests_in(connection, inquiry_id)
    return InquiryView(
        title=_title(row, guests, known),
        handler=display_text(names.get(row.handler_id, "")),
        scope=scope_view(connection, row.scope, actor),
        children=tuple(row.children or ()),
        budget=Money(row.budget, row.budget_currency) if row.budget is not None else None,
        price=Money(row.price, row.price_currency) if row.price is not None else None,
        preferences=display_text(row.preferences, multiline=True),
        proposed={name: display_text(str(source)) for name, source in (row.proposed or {}).items()},
        guests=guests,
        conversations=known,
        created_by=display_text(names.get(row.created_by, "")),
        **_values(row),
    )


_TEXTS = ("lost_reason", "channel", "room", "destination", "board", "airport")
_AS_STORED = (
    *("id", "status", "planned_end", "handler_id", "arrival", "departure", "period_from", "period_to", "nights"),
    *("adults", "valid_until", "created_at", "updated_at", "closed_at", "version"),
)


def _values(row: Row[Any]) -> dict[str, Any]:
    texts = {name: display_text(getattr(row, name)) for name in _TEXTS}
    return {name: getattr(row, name) for name in _AS_STORED} | texts


def _title(row: Row[Any], guests: tuple[InquiryGuestView, ...], talks: Iterable[ConversationRow]) -> str:
    named = next((one.name for one in guests if one.name), "")
    talked = next((one.counterpart.label for one in talks), "")
    return named or talked or _("Inquiry {number}").format(number=row.id)


def guests_in(connection: Connection, inquiry_id: int) -> tuple[InquiryGuestView, ...]:
    """The guests of an inquiry, the holder first."""
    query = (
        select(_G.id, _G.surname, _G.given, _G.kind, _G.version, _G.language, _G.archived_at, _H.holder)
        .join(InquiryGuest, _H.guest_id == _G.id)
        .where(_H.inquiry_id == inquiry_id)
        .order_by(_H.holder.desc(), _G.folded, _G.id)
    )
    return guest_views(connection, connection.execute(query).all())


def guest_views(connection: Connection, rows: Sequence[Any]) -> tuple[InquiryGuestView, ...]:
    """Guests with their first address and number, of rows with their columns and ``holder``."""
    numbers = [row.id for row in rows]
    mails = firsts(connection, _E, _E.address, numbers)
    phones = firsts(connection, _P, _P.number, numbers)
    return tuple(
        InquiryGuestView(
            row.id,
            display_text(f"{row.given} {row.surname}".strip()),
            display_text(mails.get(row.id, "")),
            international(phones.get(row.id, "")),
            bool(row.holder),
            row.kind,
            row.version,
            row.language,
            row.archived_at is not None,
        )
        for row in rows
    )


def firsts(connection: Connection, names: Any, column: Any, guests: Iterable[int]) -> dict[int, str]:
    """The first address or number of each guest."""
    found: dict[int, str] = {}
    query = select(names.guest_id, column).where(names.guest_id.in_(list(guests))).order_by(names.position, names.id)
    for guest, value in connection.execute(query):
        found.setdefault(guest, value)
    return found


def scope_view(connection: Connection, stored: str, actor: Actor) -> ScopeView:
    """A stored scope as the actor reads it."""
    if not stored:
        return ScopeView()
    number = int(stored[1:])
    if stored.startswith("a"):
        name = display_text(connection.execute(select(_A.name).where(_A.id == number)).scalar() or "")
        return ScopeView(stored, "me", name, "me") if number == actor.id else ScopeView(stored, "agent", name, name)
    name = display_text(connection.execute(select(_D.name).where(_D.id == number)).scalar() or "")
    if number == actor.department:
        return ScopeView(stored, "department", name, "department")
    return ScopeView(stored, "other department", name, name)
