"""Who wants no reminders of payments, or cannot get them: opt-outs and addresses that bounced (SPEC §8)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Guest, NoticeStop
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_base.phones import e164
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.addresses import is_address
from crm_tui.desk.histories import history_words
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.watchlists.notice_views import StopView
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key

_S = columns(NoticeStop)
_G = columns(Guest)
_A = columns(Agent)


def stop(ctx: Context, *, guest: int | None = None, address: str = "") -> int:
    """Send no reminders to a guest any more, or to an address; returns the number of the stop. Undoable.

    Raises:
        InvalidInput: neither was given, or the address is neither a mail address nor a number.
        NotFound: there is no such guest.
    """
    with ctx.write() as tx:
        key = _address(address) if address else ""
        number = guests.require(tx.connection, guest).id if guest is not None else None
        if number is None and not key:
            raise InvalidInput(_("Say which guest, or which address."), field="address")
        same = [_S.removed_at.is_(None), _S.address == key]
        if not key:
            same.append(_S.guest_id == number)
        known = tx.connection.execute(select(_S.id).where(*same)).scalar()
        if known is not None:
            return int(known)
        values = {"address": key, "reason": "opt-out", "guest_id": number, "at": tx.now, "created_by": tx.actor.id}
        made = new_id(tx.connection.execute(insert(NoticeStop).values(**values)))
        tx.journal("notice stop", made, "create", None, {"address": key, "guest_id": number}, undoable=True)
        return made


def start(ctx: Context, *, guest: int | None = None, address: str = "") -> int:
    """Send reminders again; returns how many stops were lifted. Undoable.

    Raises:
        InvalidInput, NotFound: as :func:`stop`.
    """
    with ctx.write() as tx:
        which = []
        if address:
            which.append(_S.address == _address(address))
        if guest is not None:
            which.append(_S.guest_id == guests.require(tx.connection, guest).id)
        if not which:
            raise InvalidInput(_("Say which guest, or which address."), field="address")
        rows = tx.connection.execute(select(table_of(NoticeStop)).where(or_(*which), _S.removed_at.is_(None))).all()
        for row in rows:
            change = update(NoticeStop).where(_S.id == row.id)
            tx.connection.execute(change.values(removed_at=tx.now, version=_S.version + 1))
            after = {"removed_at": tx.now.isoformat()}
            tx.journal("notice stop", row.id, "remove", {"removed_at": None}, after, undoable=True)
        return len(rows)


def stops(ctx: Context) -> list[StopView]:
    """Who gets no reminders, the newest first."""
    query = (
        select(table_of(NoticeStop), _G.given, _G.surname, _A.name.label("agent"))
        .outerjoin(Guest, _G.id == _S.guest_id)
        .outerjoin(Agent, _A.id == _S.created_by)
        .where(_S.removed_at.is_(None))
        .order_by(_S.id.desc())
    )
    with ctx.store.connect() as connection:
        return [
            StopView(
                id=row.id,
                address=display_text(row.address),
                guest=row.guest_id,
                name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
                reason=row.reason,
                agent=display_text(row.agent or ""),
                at=row.at,
            )
            for row in connection.execute(query)
        ]


def is_stopped(ctx: Context, guest_id: int) -> bool:
    """Whether a guest gets no reminders at all."""
    query = select(_S.id).where(_S.guest_id == guest_id, _S.address == "", _S.removed_at.is_(None)).limit(1)
    with ctx.store.connect() as connection:
        return connection.execute(query).first() is not None


def _address(text: str) -> str:
    """A mail address or a number as stops keep it."""
    clean = display_text(text).strip()
    if "@" in clean:
        if not is_address(clean):
            raise InvalidInput(_("{text} is no mail address.").format(text=clean), field="address")
        return address_key(clean)
    return e164(clean)


def _called(connection: Connection, number: int) -> str:
    row = connection.execute(
        select(_S.address, _G.given, _G.surname).outerjoin(Guest, _G.id == _S.guest_id).where(_S.id == number)
    ).first()
    if row is None:
        return ""
    return display_text(row.address or f"{row.given or ''} {row.surname or ''}".strip())


undo_registry.entity("notice stop", NoticeStop, named=_called)


def _said(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("notice stop", "create", did=_said(N_("{what} gets reminders again.")))
undo_words.says("notice stop", "remove", did=_said(N_("{what} gets no reminders again.")))


def _history(words: str) -> Any:
    return lambda _before, _after: _(words)


history_words.says("notice stop", "create", _history(N_("no payment reminders any more")))
history_words.says("notice stop", "remove", _history(N_("payment reminders again")))
history_words.says("notice stop", "bounce", _history(N_("no payment reminders any more: mail came back")))
