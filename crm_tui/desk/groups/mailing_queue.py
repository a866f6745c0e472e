"""Mailings as the engine works them: the next mail is queued when the one before is sent or failed (SPEC §6, QUALITY R1).

A mail's outbox row, its place in a conversation and its item change in one transaction, under the engine's lease; whoever
kills the engine anywhere in between finds either all of it or nothing. Consent, erasure and address are asked again there,
and once more right before the mail goes out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, or_, select, update

from crm_tui.base.errors import CrmError
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import ConversationGuest, Guest, GuestEmail, Mailing, MailingItem, OutboxItem
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence import outgoing, writing
from crm_tui.desk.correspondence.outbox_rows import set_values
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.groups import mailing_texts
from crm_tui.desk.groups.mailing_choice import coming_in, consenting, deliverable, had_already
from crm_tui.desk.groups.mailing_outcomes import follow_in
from crm_tui.desk.groups.mailing_rows import account_fault, require
from crm_tui.desk.groups.mailing_texts import Filling, Person
from crm_tui.desk.groups.mailing_views import Letter, Reason
from crm_tui.desk.groups.package_search import survivors
from crm_tui.mail.address import Address
from crm_tui.mail.compose import Outgoing, build, new_message_id, recipients
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key
from crm_tui.rules.vocabulary import ConsentChannel, MailingItemState, MailingState, OutboxState

_L = columns(Mailing)
_I = columns(MailingItem)
_G = columns(Guest)
_E = columns(GuestEmail)
_O = columns(OutboxItem)

LOOKED_AT = 100
"""At most so many guests are left out one after the other in a transaction, before the next one is asked for anew."""


Fence = Callable[[Connection], bool]


class Reader(NamedTuple):
    """A guest who may be written to now."""

    person: Person
    guest: int


def running(ctx: Context) -> list[int]:
    """The mailings that go on, oldest first."""
    with ctx.store.connect() as connection:
        query = select(_L.id).where(_L.state == MailingState.RUNNING).order_by(_L.id)
        return list(connection.execute(query).scalars())


def queue_next(ctx: Context, mailing_id: int, fence: Fence) -> bool:
    """Queue the next mail of a mailing if it is its turn; whether one was. A mailing without any left is done.

    Args:
        fence: whether this engine still holds the lease, asked within the transaction.
    """
    with ctx.write() as tx:
        if not fence(tx.connection):
            return False
        row = require(tx.connection, mailing_id)
        if row.state != MailingState.RUNNING or _busy(tx, mailing_id) or account_fault(row):
            return False
        filling = _filling(ctx, tx.connection, row)
        query = select(*_I).where(_I.mailing_id == mailing_id, _I.state == MailingItemState.WAITING)
        items = tx.connection.execute(query.order_by(_I.position).limit(LOOKED_AT)).all()
        for item in items:
            if _queue(tx, row, item, filling):
                return True
        if not items and not _on_their_way(tx.connection, mailing_id):
            values = {"state": MailingState.DONE, "finished_at": tx.now, "version": _L.version + 1}
            tx.connection.execute(update(Mailing).where(_L.id == mailing_id).values(**values))
            tx.journal("mailing", mailing_id, "done", after={"state": MailingState.DONE})
        return False


def _filling(ctx: Context, connection: Connection, row: Row[Any]) -> Filling:
    from crm_tui.desk.groups.mailings import in_hands_of

    texts = mailing_texts.kept(row.texts)
    return Filling(in_hands_of(ctx, connection, row.agent_id), connection, texts, row.signature or "")


def _on_their_way(connection: Connection, mailing_id: int) -> list[Any]:
    """The items that were queued and not settled, with what the outbox says of them."""
    query = (
        select(_I.id, _I.outbox_id, _O.state, _O.refused, _O.token, _O.message_row_id, _O.conversation_id)
        .outerjoin(OutboxItem, _O.id == _I.outbox_id)
        .where(_I.mailing_id == mailing_id, _I.state == MailingItemState.QUEUED)
    )
    return list(connection.execute(query).all())


def _busy(tx: Transaction, mailing_id: int) -> bool:
    """Whether a mail is on its way. One whose reader a server put off for later holds nobody up: it waits on its own."""
    busy = False
    for one in _on_their_way(tx.connection, mailing_id):
        if one.state is None:  # its outbox row is gone: nobody knows
            lost = {"state": MailingItemState.FAILED, "reason": Reason.UNCERTAIN, "changed_at": tx.now}
            tx.connection.execute(update(MailingItem).where(_I.id == one.id).values(**lost))
        elif one.state not in (OutboxState.QUEUED, OutboxState.SENDING):
            follow_in(tx.connection, one.outbox_id, one.state, tx.now)
        elif one.state == OutboxState.SENDING or not one.refused:
            busy = True
    return busy


def _note_queued(tx: Transaction, item_id: int, outbox_id: int, reader: Reader) -> None:
    address = reader.person.address
    tx.connection.execute(
        update(MailingItem)
        .where(_I.id == item_id)
        .values(
            state=MailingItemState.QUEUED,
            outbox_id=outbox_id,
            guest_id=reader.guest,
            address=address,
            folded=address_key(address),
            changed_at=tx.now,
        )
    )


def _queue(tx: Transaction, row: Row[Any], item: Row[Any], filling: Filling) -> bool:
    """Queue an item's mail, or leave the guest out with the reason; whether it was queued."""
    reader = reader_of(tx.connection, item, row)
    if isinstance(reader, str):
        leave_out(tx, item.id, reader)
        return False
    letter = filling.letter(reader.person)
    if letter.error or letter.gaps:
        reason = f"{Reason.FAULT}: {letter.error}" if letter.error else f"{Reason.EMPTY}: {', '.join(letter.gaps)}"
        leave_out(tx, item.id, reason)
        return False
    try:
        message = _message(tx, row, reader.person, letter)
        wire, whom = build(message), recipients(message)
    except CrmError as error:
        leave_out(tx, item.id, f"{Reason.FAULT}: {error.message}")
        return False
    outbox = _insert(tx, row, message, wire, whom)
    _note_queued(tx, item.id, outbox, reader)
    shown, conversation = outgoing.show(
        tx, prepare(wire), conversation_id=None, account_id=row.account_id, outbox_id=outbox
    )
    tx.connection.execute(
        insert(ConversationGuest).values(conversation_id=conversation, guest_id=reader.guest, at=tx.now)
    )
    set_values(tx, outbox, message_row_id=shown, conversation_id=conversation)
    tx.journal("outbox", outbox, "queue", after={"conversation_id": conversation, "state": OutboxState.QUEUED})
    tx.journal(
        "conversation",
        conversation,
        "mailing",
        after={"mailing": row.id, "template": (row.texts or {}).get("name", "")},
    )
    tx.journal("mailing", row.id, "next", after={"item": item.id})
    return True


def _message(tx: Transaction, row: Row[Any], person: Person, letter: Letter) -> Outgoing:
    return Outgoing(
        sender=Address(row.sender_name, row.sender),
        to=(Address(person.name, person.address),),
        subject=letter.subject,
        text=letter.text,
        message_id=new_message_id(row.sender.rpartition("@")[2]),
        date=tx.now.astimezone(writing.zone(tx.connection)),
        unsubscribe=row.sender if row.channel == ConsentChannel.NEWSLETTER else "",
        language=letter.language,
    )


def _insert(tx: Transaction, row: Row[Any], message: Outgoing, wire: bytes, whom: Sequence[str]) -> int:
    values = {
        "agent_id": row.agent_id,
        "account_id": row.account_id,
        "rfc_message_id": message.message_id,
        "sender": message.sender.address,
        "recipients": list(whom),
        "subject": message.subject,
        "source": wire,
        "after_send": "stay",
        "not_before": tx.now,
        "queued_at": tx.now,
        "state": OutboxState.QUEUED,
        "refused": {},
    }
    return new_id(tx.connection.execute(insert(OutboxItem).values(**values)))


def reader_of(connection: Connection, item: Row[Any], mailing: Row[Any]) -> Reader | str:
    """Who gets an item's mail as things stand now, or the reason why nobody does.

    A guest who was merged is written to as the one who took them over, unless that one gets the mailing anyway.
    """
    guest = next(iter(survivors(connection, [item.guest_id])), None)
    if guest is None:
        return Reason.ERASED
    names = ("id", "given", "surname", "language", "archived_at", "erased_at")
    row = connection.execute(select(*(_G[name] for name in names)).where(_G.id == guest)).one()
    name = display_text(f"{row.given} {row.surname}".strip())
    others = (_I.mailing_id == item.mailing_id, _I.id != item.id, _I.state != MailingItemState.LEFT_OUT)
    before = or_(_I.id < item.id, _I.state != MailingItemState.WAITING)
    if connection.execute(select(_I.id).where(*others, before, _I.guest_id == guest)).first():
        return f"{Reason.MERGED}: {name}"
    if row.erased_at is not None:
        return Reason.ERASED
    if row.archived_at is not None:
        return Reason.ARCHIVED
    if not consenting(connection, [guest], mailing.channel):
        return Reason.NO_CONSENT
    mails = select(_E.address).where(_E.guest_id == guest).order_by(_E.position, _E.id)
    own = [one for one in connection.execute(mails).scalars() if deliverable(one)]
    address = next((one for one in own if address_key(one) == address_key(item.folded)), own[0] if own else "")
    if not address:
        return Reason.NO_ADDRESS
    twice = connection.execute(select(_I.guest_id).where(*others, _I.folded == address_key(address))).scalar()
    if twice is not None:
        return f"{Reason.SAME_ADDRESS}: {_name(connection, twice)}"
    reason = written_besides(connection, mailing, guest, address, waiting=False)
    if reason:
        return reason
    return Reader(mailing_texts.person_of(row, address), guest)


def written_besides(connection: Connection, mailing: Row[Any], guest: int, address: str, *, waiting: bool) -> str:
    """Why a guest gets nothing from this mailing: another one wrote them the same, or is about to; empty if not.

    A mailing that was meant for those who had it minds only what became of the others' mails since it began.

    Args:
        waiting: also where the guest only waits for their turn in another mailing.
    """
    kept = mailing.texts or {}
    templates = [*kept.get("templates", ()), *((mailing.template_id,) if mailing.template_id else ())]
    since = mailing.created_at if kept.get("again") else None
    who = (guest, address)
    if coming_in(connection, templates, besides=mailing.id, waiting=waiting, who=who).has(guest, address):
        return str(Reason.COMING)
    had = had_already(connection, templates, besides=mailing.id, since=since, who=who)
    return str(Reason.HAD_IT) if had.has(guest, address) else ""


def _name(connection: Connection, guest: int) -> str:
    row = connection.execute(select(_G.given, _G.surname).where(_G.id == guest)).one()
    return display_text(f"{row.given} {row.surname}".strip())


def leave_out(tx: Transaction, item_id: int, reason: str) -> None:
    """Write to a guest no more, for a stored reason."""
    values = {"state": MailingItemState.LEFT_OUT, "reason": str(reason), "changed_at": tx.now}
    tx.connection.execute(update(MailingItem).where(_I.id == item_id).values(**values))


def unwanted_in(tx: Transaction, outbox: Row[Any]) -> bool:
    """Take a mailing's mail back right before it goes out if its guest does not want it any more; whether it was.

    Other mail is never touched.
    """
    item = tx.connection.execute(select(*_I).where(_I.outbox_id == outbox.id)).first()
    if item is None:
        return False
    mailing = tx.connection.execute(select(*_L).where(_L.id == item.mailing_id)).one()
    reader = reader_of(tx.connection, item, mailing)
    if isinstance(reader, str):
        reason = reader
    elif address_key(reader.person.address) != address_key(item.folded):
        reason = str(Reason.NO_ADDRESS)
    else:
        return False
    _take_back(tx, outbox.id, outbox.message_row_id, outbox.conversation_id)
    leave_out(tx, item.id, reason)
    return True


def withdraw_in(tx: Transaction, mailing_id: int) -> None:
    """Take out of the outbox what is queued there and was not begun: those guests wait again."""
    for one in _on_their_way(tx.connection, mailing_id):
        if one.state == OutboxState.QUEUED and not one.token:
            _take_back(tx, one.outbox_id, one.message_row_id, one.conversation_id)
            again: dict[str, Any] = {"state": MailingItemState.WAITING, "reason": "", "outbox_id": None}
            tx.connection.execute(update(MailingItem).where(_I.id == one.id).values(**again, changed_at=tx.now))


def _take_back(tx: Transaction, outbox_id: int, message: int | None, conversation: int | None) -> None:
    if message is not None:
        outgoing.remove(tx, message)
    set_values(tx, outbox_id, state=OutboxState.RECALLED, message_row_id=None)
    tx.journal("outbox", outbox_id, "recall", {"state": OutboxState.QUEUED}, {"conversation_id": conversation})
