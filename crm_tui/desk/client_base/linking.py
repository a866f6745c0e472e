"""Whose conversation it is: senders are matched to guests by address, unless an agent said whose it is (SPEC §6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, ConversationGuest, Guest, Journal
from crm_tui.desk.client_base import guest_contacts, guests
from crm_tui.desk.client_base.guest_fields import LONGEST_SURNAME, home_region
from crm_tui.desk.client_base.guest_mail import archived_of, guest_of_conversation, linked_to
from crm_tui.desk.client_base.guest_rows import rows_of
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.views import Person
from crm_tui.desk.correspondence import reading, unfit_addresses
from crm_tui.desk.histories import history_words
from crm_tui.desk.texts.template_variables import split_name
from crm_tui.desk.undoing.undo_registry import Row as Step
from crm_tui.desk.undoing.undo_registry import special
from crm_tui.desk.undoing.undo_words import says
from crm_tui.mail.language import guess_language
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key, same_address
from crm_tui.rules.signatures import Signature, better_written, is_company, read_signature

_C = columns(Conversation)
_L = columns(ConversationGuest)
_G = columns(Guest)
_J = columns(Journal)


@dataclass(frozen=True, slots=True)
class WhoView:
    """Whose conversation it is, as far as is known.

    Attributes:
        guests: one; none for an unknown sender; several who share the address. One who was put away only if an agent said
            so, or nobody else has the address.
        linked: an agent said so; otherwise the address tells.
        name, address: of the counterpart, display-safe.
        archived: those of the guests who were put away.
        perhaps: those whose address the mail's Reply-To is, where a program or the hotel itself passed it on; nobody checked it.
        known: the address may be a guest's: it is no program's, no booking site's, and not the hotel's own.
    """

    conversation: int
    guests: tuple[GuestRow, ...] = ()
    linked: bool = False
    name: str = ""
    address: str = ""
    archived: tuple[GuestRow, ...] = ()
    perhaps: tuple[GuestRow, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class NewGuestView:
    """What is known of an unknown sender.

    Attributes:
        values: what the From header says, by field of the guest's form.
        proposed: what the signature states, by field, to be taken over or not; who the Reply-To names, where a program or the
            hotel itself passed the mail on.
        answers_to: the address of that Reply-To, which nobody checked; empty otherwise.
        known: the guests whose conversation it may be already.
    """

    conversation: int
    kind: str = "person"
    values: Mapping[str, Any] = field(default_factory=dict)
    proposed: Mapping[str, Any] = field(default_factory=dict)
    answers_to: str = ""
    known: tuple[int, ...] = ()


def who(ctx: Context, conversation_id: int) -> WhoView:
    """The guests of a conversation.

    Raises:
        NotFound: there is no such conversation that the agent may see.
    """
    with ctx.store.connect() as connection:
        row = _require(connection, ctx.actor.scopes, conversation_id)
        found = who_in(connection, row)
        passes_on = not found.guests and unfit_addresses.passes_on(connection, row.counterpart_address or "")
    answer = _to_answer(ctx, row.id) if passes_on else None
    return found if answer is None else replace(found, perhaps=tuple(guests.by_address(ctx, answer.address)))


def who_in(connection: Connection, row: Row[Any]) -> WhoView:
    """:func:`who` of a conversation's row, with its id and counterpart."""
    said = bool(linked_to(connection, row.id))
    found = rows_of(connection, guest_of_conversation(connection, row.id))
    name, address = display_text(row.counterpart_name or ""), display_text(row.counterpart_address or "")
    away = frozenset(archived_of(connection, [one.id for one in found]))
    archived = tuple(one for one in found if one.id in away)
    known = bool(address) and not unfit_addresses.reason(connection, row.counterpart_address)
    return WhoView(row.id, tuple(found), said, name, address, archived, known=known)


def _to_answer(ctx: Context, conversation_id: int) -> Person | None:
    """Whom the newest mail asks to answer, if it is not who sent it."""
    messages = [one for one in reading.conversation(ctx, conversation_id).messages if one.direction == "in"]
    for one in reversed(messages):
        if "reply-to-differs" in one.flags and one.reply_to and one.reply_to[0].address:
            return one.reply_to[0]
    return None


def link(ctx: Context, conversation_id: int, guest_id: int, *, add_address: bool = False) -> None:
    """Say whose conversation it is.

    Args:
        add_address: the counterpart's address is one of the guest's from now on; one command with it.

    Raises:
        NotFound: there is no such conversation or guest.
        InvalidInput: the address is nobody's own: a booking site's, a program's, the hotel's.
    """
    with ctx.write() as tx:
        row = _require(tx.connection, tx.actor.scopes, conversation_id)
        guest = guests.require(tx.connection, guest_id)
        if add_address:
            _add_address(tx, guest, row.counterpart_address or "")
        link_in(tx, row.id, guest.id)


def link_in(tx: Transaction, conversation_id: int, guest_id: int) -> None:
    """Note it within a transaction that does more; nothing happens if it is so already."""
    before = linked_to(tx.connection, conversation_id)
    if before == [guest_id]:
        return
    _say(tx, conversation_id, [guest_id])
    tx.journal("conversation", conversation_id, "guest", {"guests": before}, {"guests": [guest_id]}, undoable=True)


def unlink(ctx: Context, conversation_id: int) -> bool:
    """What was said about whose it is holds no more: the address tells again. False if nothing was said.

    Raises:
        NotFound: there is no such conversation.
    """
    with ctx.write() as tx:
        row = _require(tx.connection, tx.actor.scopes, conversation_id)
        before = linked_to(tx.connection, row.id)
        if not before:
            return False
        _say(tx, row.id, [])
        tx.journal("conversation", row.id, "guest", {"guests": before}, {"guests": []}, undoable=True)
        return True


class TakenIn(Conflict):
    """Somebody took the sender in meanwhile. ``guest``: who it is."""

    def __init__(self, message: str, guest: GuestRow) -> None:
        super().__init__(message, _("Open it, or make another one."))
        self.guest = guest


def make(ctx: Context, conversation_id: int, values: Mapping[str, Any], *, known: Collection[int] | None = ()) -> int:
    """Take an unknown sender into the client base; the conversation is the new guest's. Returns the number.

    Args:
        known: the guests whose conversation it may be, as far as the agent knows; None: make one whoever is there.

    Raises:
        TakenIn: it is the conversation of somebody else by now; nothing was stored.
        InvalidFields: a field is not usable; nothing was stored.
        NotFound: there is no such conversation.
    """
    with ctx.write() as tx:
        row = _require(tx.connection, tx.actor.scopes, conversation_id)
        if known is not None:
            _refuse_taken(tx.connection, row, known)
        made = guests.create_in(tx, values)
        link_in(tx, row.id, made)
        return made


def _refuse_taken(connection: Connection, row: Row[Any], known: Collection[int]) -> None:
    guest = next((one for one in who_in(connection, row).guests if one.id not in known), None)
    if guest is None:
        return
    query = select(_J.actor).where(_J.entity == "guest", _J.entity_id == guest.id, _J.action == "create")
    agent = display_text(connection.execute(query.order_by(_J.id.desc()).limit(1)).scalar() or "") or _("Somebody")
    words = _("{agent} took this sender in: guest {number}, {name}.")
    raise TakenIn(words.format(agent=agent, number=guest.id, name=guest.name), guest)


def propose(ctx: Context, conversation_id: int) -> NewGuestView:
    """What the counterpart's mail tells of a guest who is not in the client base yet.

    Raises:
        NotFound: there is no such conversation.
    """
    with ctx.store.connect() as connection:
        row = _require(connection, ctx.actor.scopes, conversation_id)
        region = home_region(connection)
        unfit = unfit_addresses.reason(connection, row.counterpart_address or "")
        passes_on = unfit_addresses.passes_on(connection, row.counterpart_address or "")
        known = tuple(one.id for one in who_in(connection, row).guests)
    answer = _to_answer(ctx, row.id) if passes_on else None
    name, address = display_text(row.counterpart_name or "").strip(), display_text(row.counterpart_address or "")
    messages = [one for one in reading.conversation(ctx, row.id).messages if one.direction == "in"]
    own = [one for one in messages if same_address(one.sender.address, address)] or messages
    read, language = Signature(), ""
    for one in reversed(own[-_READ:]):
        read = _together(
            read,
            read_signature(
                one.text,
                sender=answer.name if answer is not None else one.sender.name or name,
                address=answer.address if answer is not None else address,
                region=region,
                quoted=one.quoted,
                signature=one.signature,
            ),
        )
        language = language or guess_language(one.text)
    if answer is None:
        return replace(_new(row.id, name, "" if unfit else address, read, language), known=known)
    with ctx.store.connect() as connection:
        unfit = unfit_addresses.reason(connection, answer.address)
    found = _new(row.id, answer.name, "" if unfit else answer.address, read, language)
    return replace(_passed_on(found, answer.address), known=known)


def _passed_on(new: NewGuestView, address: str) -> NewGuestView:
    """Nobody checked who a Reply-To names: all of it is only proposed."""
    return replace(new, values={}, proposed={**new.values, **new.proposed}, answers_to=address)


_READ = 5
"""So many of the newest messages are read; what the newest does not state an earlier may."""


def _together(newer: Signature, older: Signature) -> Signature:
    values = {name: getattr(newer, name) or getattr(older, name) for name in ("company", "phones", "domain")}
    for group in (("surname", "given"), ("street", "postcode", "city", "country")):
        better = newer if any(getattr(newer, name) for name in group) else older
        values |= {name: getattr(better, name) for name in group}
    return Signature(**values)


def _new(conversation: int, name: str, address: str, read: Signature, language: str) -> NewGuestView:
    values: dict[str, Any] = {}
    proposed: dict[str, Any] = {}
    company = is_company(name)
    given, surname = ("", name) if company else split_name("" if "@" in name else name)
    if surname:
        values |= {"surname": surname[:LONGEST_SURNAME], "given": given[:200]}
    if address:
        values["emails"] = ((address, ""),)
    if company and read.surname:
        proposed["contacts"] = ((f"{read.given} {read.surname}".strip(), ""),)
    elif read.surname:
        stated = {
            name: better_written(value, str(values.get(name, "")))
            for name, value in (("surname", read.surname), ("given", read.given))
        }
        proposed |= {one: value for one, value in stated.items() if value and value != values.get(one, "")}
    if read.phones:
        words = {"mobile": _("mobile"), "work": _("work")}
        proposed["phones"] = tuple((international(one.number), words.get(one.label, "")) for one in read.phones)
    for field_name in ("street", "postcode", "city", "country"):
        if value := getattr(read, field_name):
            proposed[field_name] = value
    if language:
        proposed["language"] = language
    notes = [
        "" if read.company.casefold() == name.casefold() else read.company,
        *([f"www.{read.domain}"] if read.domain else []),
    ]
    if any(notes):
        proposed["remarks"] = "\n".join(one for one in notes if one)
    return NewGuestView(conversation, "company" if company else "person", values, proposed)


def _require(connection: Connection, scopes: str, conversation_id: int) -> Row[Any]:
    """A conversation's counterpart; a merged one stands for the one it was merged into.

    Raises:
        NotFound: there is none that the agent may see.
    """
    scope.require_conversations(connection, scopes, [conversation_id])
    number = reading.survivor(connection, conversation_id)
    scope.require_conversations(connection, scopes, [number])
    query = select(_C.id, _C.counterpart_name, _C.counterpart_address)
    row = connection.execute(query.where(_C.id == number, _C.merged_into.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no conversation {number}.").format(number=conversation_id))
    return row


def _say(tx: Transaction, conversation_id: int, guest_ids: Sequence[int]) -> None:
    tx.connection.execute(delete(ConversationGuest).where(_L.conversation_id == conversation_id))
    for one in guest_ids:
        row = {"conversation_id": conversation_id, "guest_id": one, "at": tx.now}
        tx.connection.execute(insert(ConversationGuest).values(**row))


def _add_address(tx: Transaction, guest: Row[Any], address: str) -> None:
    unfit = unfit_addresses.reason(tx.connection, address) if address else _("This mail has no address.")
    if unfit:
        raise InvalidInput(unfit, field="emails")
    before = guest_contacts.of(tx.connection, guest.id)["emails"]
    known = {address_key(one if isinstance(one, str) else one["address"]) for one in before}
    if address_key(address) in known:
        return
    guests.set_in(tx, guest, {"emails": [*before, address]})


def _undo(tx: Transaction, step: Step) -> None:
    """Whose conversation it was before.

    Raises:
        Conflict: somebody said otherwise since.
    """
    if linked_to(tx.connection, step.entity_id) != list((step.after or {}).get("guests", ())):
        raise Conflict(_("Somebody said since whose conversation it is."))
    _say(tx, step.entity_id, [int(one) for one in (step.before or {}).get("guests", ())])


def _told(_before: history_words.Told, after: history_words.Told) -> str:
    return _("said whose it is") if after.get("guests") else _("let the address tell whose it is")


special("conversation", "guest", _undo)
history_words.says("conversation", "guest", _told)
says("conversation", "guest", did=lambda facts: _("Whose {what} is stands as before.").format(what=facts.what))
