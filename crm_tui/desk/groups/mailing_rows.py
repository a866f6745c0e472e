"""Mailings and their items as they are read, within a transaction (SPEC §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Account, Agent, Guest, Mailing, MailingItem, OutboxItem, Package
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.outbox_rows import told_error
from crm_tui.desk.groups.mailing_views import MailingItemRow, MailingView, Reason, reason_words
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import AccountState, MailingItemState, MailingState, OutboxState

_L = columns(Mailing)
_I = columns(MailingItem)
_P = columns(Package)
_A = columns(Account)
_W = columns(Agent)
_G = columns(Guest)
_O = columns(OutboxItem)

_SELECT: Any = (
    select(
        *_L,
        _P.name.label("package"),
        _A.address.label("sender"),
        _A.name.label("sender_name"),
        _A.signature,
        _A.active,
        _A.state.label("account_state"),
        _A.state_text,
        _W.name.label("agent"),
    )
    .join(Package, _P.id == _L.package_id)
    .outerjoin(Account, _A.id == _L.account_id)
    .outerjoin(Agent, _W.id == _L.agent_id)
)


def require(connection: Connection, mailing_id: int) -> Row[Any]:
    """A mailing's row with the names beside it.

    Raises:
        NotFound: there is none.
    """
    row: Row[Any] | None = connection.execute(_SELECT.where(_L.id == mailing_id)).first()
    if row is None:
        raise NotFound(_("There is no mailing {number}.").format(number=mailing_id))
    return row


def views(
    connection: Connection, now: datetime, *, package: int | None = None, under_way: bool = False
) -> list[MailingView]:
    """The mailings, newest first."""
    query = _SELECT.order_by(_L.id.desc())
    if package is not None:
        query = query.where(_L.package_id == package)
    if under_way:
        query = query.where(_L.state.in_((MailingState.RUNNING, MailingState.PAUSED)))
    return [_view(connection, row, now) for row in connection.execute(query).all()]


def view_in(connection: Connection, mailing_id: int, now: datetime) -> MailingView:
    """One mailing as it stands.

    Raises:
        NotFound: there is none.
    """
    return _view(connection, require(connection, mailing_id), now)


def counts(connection: Connection, mailing_id: int) -> dict[str, int]:
    """How many items stand in each state."""
    query = select(_I.state, func.count()).where(_I.mailing_id == mailing_id).group_by(_I.state)
    found = {str(state): int(number) for state, number in connection.execute(query)}
    return {state.value: found.get(state.value, 0) for state in MailingItemState}


def _left_out(connection: Connection, mailing_id: int) -> dict[str, int]:
    """How many are left out for each reason, by its word."""
    query = select(_I.reason, func.count()).where(_I.mailing_id == mailing_id, _I.state == MailingItemState.LEFT_OUT)
    return {str(reason): int(number) for reason, number in connection.execute(query.group_by(_I.reason))}


def _view(connection: Connection, row: Row[Any], now: datetime) -> MailingView:
    number, out = counts(connection, row.id), _left_out(connection, row.id)
    return MailingView(
        id=row.id,
        package=row.package_id,
        package_name=display_text(row.package),
        template_name=display_text(str((row.texts or {}).get("name", ""))),
        channel=row.channel,
        sender=display_text(row.sender or ""),
        state=row.state,
        agent=display_text(row.agent or ""),
        sent=number[MailingItemState.SENT],
        failed=number[MailingItemState.FAILED],
        waiting=number[MailingItemState.WAITING],
        under_way=number[MailingItemState.QUEUED],
        left_out=number[MailingItemState.LEFT_OUT],
        stopped=out.get(Reason.STOPPED, 0),
        no_consent=out.get(Reason.NO_CONSENT, 0),
        next_name=_next_name(connection, row),
        holdup=_holdup(connection, row, now),
        created_at=row.created_at,
        finished_at=row.finished_at,
        version=row.version,
    )


def _next_name(connection: Connection, row: Row[Any]) -> str:
    if row.state not in (MailingState.RUNNING, MailingState.PAUSED):
        return ""
    query = (
        select(_G.given, _G.surname)
        .join(MailingItem, _I.guest_id == _G.id)
        .where(_I.mailing_id == row.id, _I.state == MailingItemState.WAITING)
        .order_by(_I.position)
        .limit(1)
    )
    found = connection.execute(query).first()
    return display_text(f"{found.given} {found.surname}".strip()) if found is not None else ""


def account_fault(row: Row[Any]) -> str:
    """Why nothing can go out from a mailing's account, in words; empty if it can."""
    if row.sender is None:
        return _("The account it goes out from is no longer linked.")
    if not row.active:
        return _("The account {address} is switched off.").format(address=display_text(row.sender))
    if row.account_state == AccountState.SENDING_FAILED:
        return _("{address} cannot send: {words}").format(
            address=display_text(row.sender), words=display_text(row.state_text or "")
        )
    return ""


def _holdup(connection: Connection, row: Row[Any], now: datetime) -> str:
    if row.state != MailingState.RUNNING:
        return ""
    fault = account_fault(row)
    if fault:
        return fault
    query = (
        select(_O.error)
        .join(MailingItem, _I.outbox_id == _O.id)
        .where(_I.mailing_id == row.id, _I.state == MailingItemState.QUEUED)
        .where(_O.state == OutboxState.QUEUED, _O.error != "", _O.not_before > now)
        .order_by(_I.position)
        .limit(1)
    )
    return display_text(connection.execute(query).scalar() or "")


class Items:
    """The guests of a mailing in the order of their turn, read in pages by key.

    Args:
        states: only those in one of these states; empty: all.
    """

    def __init__(self, mailing_id: int, states: Sequence[str] = ()) -> None:
        self.mailing_id = mailing_id
        self.states = tuple(states)

    def total(self, ctx: Context) -> int:
        """How many there are."""
        with ctx.store.connect() as connection:
            query = select(func.count()).select_from(MailingItem).where(*self._where())
            return int(connection.execute(query).scalar_one())

    def page(
        self,
        ctx: Context,
        *,
        after: MailingItemRow | None = None,
        before: MailingItemRow | None = None,
        last: bool = False,
        at: int = 0,
        limit: int = 100,
    ) -> list[MailingItemRow]:
        """The rows that follow one, come before one, end the list, or begin at a position."""
        query = self._query()
        if after is not None:
            query = query.where(_I.position > after.position)
        if before is not None:
            query = query.where(_I.position < before.position)
        backwards = last or before is not None
        query = query.order_by(_I.position.desc() if backwards else _I.position).limit(limit).offset(at)
        with ctx.store.connect() as connection:
            rows = [_item(row) for row in connection.execute(query)]
        return rows[::-1] if backwards else rows

    def position(self, ctx: Context, row: MailingItemRow) -> int:
        """How many stand before a row."""
        with ctx.store.connect() as connection:
            query = select(func.count()).select_from(MailingItem)
            return int(connection.execute(query.where(*self._where(), _I.position < row.position)).scalar_one())

    def find(self, ctx: Context, item_id: int) -> MailingItemRow | None:
        """A row as it is now, if it is still in the list."""
        with ctx.store.connect() as connection:
            row = connection.execute(self._query().where(_I.id == item_id)).first()
            return _item(row) if row is not None else None

    def _query(self) -> Any:
        names = ("id", "guest_id", "address", "state", "reason", "position", "outbox_id", "changed_at")
        return (
            select(*(_I[name] for name in names), _G.given, _G.surname, _O.error, _O.conversation_id)
            .join(Guest, _G.id == _I.guest_id)
            .outerjoin(OutboxItem, _O.id == _I.outbox_id)
            .where(*self._where())
        )

    def _where(self) -> tuple[Any, ...]:
        return (_I.mailing_id == self.mailing_id, *((_I.state.in_(self.states),) if self.states else ()))


def _item(row: Row[Any]) -> MailingItemRow:
    words = reason_words(display_text(row.reason))
    if not words and row.state in (MailingItemState.FAILED, MailingItemState.QUEUED):
        words = told_error(row.error or "")
    return MailingItemRow(
        row.id,
        row.guest_id,
        display_text(f"{row.given} {row.surname}".strip()),
        display_text(row.address),
        row.state,
        words,
        row.position,
        row.outbox_id,
        row.conversation_id,
        row.changed_at,
    )
