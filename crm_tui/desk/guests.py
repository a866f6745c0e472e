"""Guests: the persons and companies of the client base, their addresses, numbers and consents (SPEC §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Consent, Guest, GuestEmail, GuestPhone
from crm_tui.desk.context import Context, Transaction
from crm_tui.desk.guest_fields import checked
from crm_tui.desk.guest_merging import survivor_in
from crm_tui.desk.guest_rows import rows_of, view_in
from crm_tui.desk.guest_words import alive, folded_name, matching
from crm_tui.desk.inquiry_rows import plain
from crm_tui.desk.inquiry_views import GuestRow, GuestView
from crm_tui.desk.undo_registry import Row as Step
from crm_tui.desk.undo_registry import special
from crm_tui.desk.versions import changed_since
from crm_tui.desk.writing import zone
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import ConsentChannel, GuestKind

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)
_N = columns(Consent)


class StaleGuest(Conflict):
    """Somebody else changed the same fields since; nothing was overwritten. ``theirs``: the guest as it stands now."""

    def __init__(self, message: str, theirs: GuestView, fields: tuple[str, ...]) -> None:
        super().__init__(message, _("Look at both and choose."))
        self.theirs = theirs
        self.fields = fields


def get(ctx: Context, guest_id: int) -> GuestView:
    """One guest, whole.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, guest_id, ctx.actor)


def find(ctx: Context, text: str, limit: int = 20) -> list[GuestRow]:
    """The guests that a text may mean: words that begin words of the name, an address, or digits of a number."""
    with ctx.store.connect() as connection:
        return rows_of(connection, matching(connection, text, limit))


def listed(ctx: Context, *, kind: str = "", after: int = 0, limit: int = 100) -> list[GuestRow]:
    """The guests in the order of their numbers, those after a number on; ``kind``: persons or companies only."""
    query = select(_G.id).where(_G.id > after, *alive()).order_by(_G.id).limit(limit)
    with ctx.store.connect() as connection:
        found = connection.execute(query.where(_G.kind == kind) if kind else query).scalars()
        return rows_of(connection, list(found))


def by_address(ctx: Context, address: str) -> list[GuestRow]:
    """The guests who have this mail address, the oldest first."""
    with ctx.store.connect() as connection:
        return rows_of(connection, by_address_in(connection, address))


def by_address_in(connection: Connection, address: str) -> list[int]:
    """:func:`by_address` on a connection that reads more: their numbers."""
    query = select(_E.guest_id).join(Guest, _G.id == _E.guest_id).where(_E.folded == address.strip().lower(), *alive())
    return list(dict.fromkeys(connection.execute(query.order_by(_E.guest_id)).scalars()))


def create(ctx: Context, values: Mapping[str, Any]) -> int:
    """Take a new guest into the client base; returns the number.

    Args:
        values: fields by name: ``surname`` (the one required), ``given``, ``kind``, ``language``, ``email``/``emails``,
            ``phone``/``phones`` and the other columns of a guest, as text or plain values.

    Raises:
        InvalidFields: a field is not usable.
    """
    with ctx.write() as tx:
        return create_in(tx, values)


def create_in(tx: Transaction, values: Mapping[str, Any]) -> int:
    """:func:`create` within a transaction that does more."""
    clean = checked(tx, values, None)
    mails, phones = clean.pop("emails", ()), clean.pop("phones", ())
    folded = folded_name(clean["surname"], clean.get("given", ""))
    row = {**clean, "folded": folded, "created_at": tx.now, "updated_at": tx.now}
    made = new_id(tx.connection.execute(insert(Guest).values(**row)))
    _set_emails(tx, made, mails)
    _set_phones(tx, made, phones)
    after = {name: plain(value) for name, value in clean.items()}
    tx.journal("guest", made, "create", None, after | {"emails": list(mails), "phones": list(phones)}, undoable=True)
    return made


def set(ctx: Context, guest_id: int, version: int, values: Mapping[str, Any]) -> GuestView:  # noqa: A001
    """Change fields of a guest. What others changed since in other fields stays.

    Raises:
        InvalidFields: a field is not usable.
        StaleGuest: somebody changed one of these fields since; nothing was stored.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = require(tx.connection, guest_id)
        clean = checked(tx, values, row)
        before = {**row._mapping, **_contacts(tx.connection, row.id)}
        changed = {name: value for name, value in clean.items() if value != before[name]}
        if changed:
            _refuse_clashes(tx, row, guest_id, version, changed)
            _store(tx, row, changed, before)
        return view_in(tx.connection, row.id, ctx.actor)


def _store(tx: Transaction, row: Row[Any], changed: dict[str, Any], before: Mapping[str, Any]) -> None:
    if "surname" in changed or "given" in changed:
        changed["folded"] = folded_name(changed.get("surname", row.surname), changed.get("given", row.given))
    contacts = {name: changed.pop(name) for name in _CONTACTS if name in changed}
    tx.connection.execute(
        update(Guest).where(_G.id == row.id).values(**changed, updated_at=tx.now, version=_G.version + 1)
    )
    if changed:
        was = {name: plain(before[name]) for name in changed}
        tx.journal("guest", row.id, "change", was, {k: plain(v) for k, v in changed.items()}, undoable=True)
    if contacts:
        _set_contacts(tx, row.id, contacts)
        tx.journal("guest", row.id, "contacts", {name: before[name] for name in contacts}, contacts, undoable=True)


_CONTACTS = ("emails", "phones")


def _set_contacts(tx: Transaction, guest_id: int, contacts: Mapping[str, Sequence[str]]) -> None:
    if "emails" in contacts:
        _set_emails(tx, guest_id, contacts["emails"])
    if "phones" in contacts:
        _set_phones(tx, guest_id, contacts["phones"])


def _undo_contacts(tx: Transaction, step: Step) -> None:
    """The addresses and numbers as they were.

    Raises:
        Conflict: they are not as the command left them.
    """
    now = _contacts(tx.connection, step.entity_id)
    if any(now[name] != value for name, value in (step.after or {}).items()):
        raise _not_so_any_more(tx, step.entity_id)
    _set_contacts(tx, step.entity_id, step.before or {})
    tx.connection.execute(update(Guest).where(_G.id == step.entity_id).values(version=_G.version + 1))


def _undo_consent(tx: Transaction, step: Step) -> None:
    """What was said about a channel is unsaid.

    Raises:
        Conflict: something newer was said since.
    """
    said = step.after or {}
    query = select(_N.id).where(_N.guest_id == step.entity_id, _N.channel == said["channel"])
    newest = tx.connection.execute(query.order_by(_N.id.desc()).limit(1)).scalar()
    if newest != said["consent"]:
        raise _not_so_any_more(tx, step.entity_id)
    tx.connection.execute(delete(Consent).where(_N.id == newest))


def _not_so_any_more(tx: Transaction, guest_id: int) -> Conflict:
    row = tx.connection.execute(select(_G.given, _G.surname).where(_G.id == guest_id)).one()
    name = display_text(f"{row.given} {row.surname}".strip())
    return Conflict(_("“{name}” was changed since.").format(name=name))


special("guest", "contacts", _undo_contacts)
special("guest", "consent", _undo_consent)


def _contacts(connection: Connection, guest_id: int) -> dict[str, list[str]]:
    mails = select(_E.address).where(_E.guest_id == guest_id).order_by(_E.position, _E.id)
    phones = select(_P.number).where(_P.guest_id == guest_id).order_by(_P.position, _P.id)
    return {
        "emails": list(connection.execute(mails).scalars()),
        "phones": list(connection.execute(phones).scalars()),
    }


def _set_emails(tx: Transaction, guest_id: int, addresses: Sequence[str]) -> None:
    tx.connection.execute(delete(GuestEmail).where(_E.guest_id == guest_id))
    for position, address in enumerate(addresses):
        tx.connection.execute(
            insert(GuestEmail).values(guest_id=guest_id, position=position, address=address, folded=address.lower())
        )


def _set_phones(tx: Transaction, guest_id: int, numbers: Sequence[str]) -> None:
    tx.connection.execute(delete(GuestPhone).where(_P.guest_id == guest_id))
    for position, number in enumerate(numbers):
        tx.connection.execute(insert(GuestPhone).values(guest_id=guest_id, position=position, number=number))


def _refuse_clashes(tx: Transaction, row: Row[Any], asked: int, version: int, changed: Mapping[str, Any]) -> None:
    """A merge leaves the survivor with a version above that of both: what began from either of them is older."""
    if row.version == version:
        return
    if row.id != asked:
        message = _("This guest was merged with guest {number} meanwhile; nothing was overwritten.")
        raise StaleGuest(message.format(number=row.id), view_in(tx.connection, row.id, tx.actor), tuple(changed))
    since = changed_since(tx.connection, "guest", row.id, version, row.version)
    both = tuple(name for name in changed if since.touches(name))
    if both:
        raise StaleGuest(
            _("{agent} changed this guest meanwhile; nothing was overwritten.").format(
                agent=since.who(both) or _("Somebody")
            ),
            view_in(tx.connection, row.id, tx.actor),
            both,
        )


def set_consent(ctx: Context, guest_id: int, channel: str, given: bool, source: str, day: date | None = None) -> None:
    """Note what a guest said about being written to or called; what was said last holds, nothing said is a no.

    Raises:
        InvalidInput: there is no such channel, or consent is given without its source.
    """
    if channel not in {one.value for one in ConsentChannel}:
        raise InvalidInput(
            _("Consent is for one of: {names}.").format(names=", ".join(ConsentChannel)), field="channel"
        )
    said = " ".join(display_text(source).split())[:200]
    if given and not said:
        raise InvalidInput(_("Say how the consent was given, like “form at the counter”."), field="source")
    with ctx.write() as tx:
        guest_id = require(tx.connection, guest_id).id
        today = tx.now.astimezone(zone(tx.connection)).date()
        row = {"guest_id": guest_id, "channel": channel, "given": given, "day": day or today, "source": said}
        made = new_id(tx.connection.execute(insert(Consent).values(**row, agent_id=tx.actor.id, at=tx.now)))
        after = {"consent": made, "channel": channel, "given": given, "source": said}
        tx.journal("guest", guest_id, "consent", {"channel": channel}, after, undoable=True)


def require(connection: Connection, guest_id: int) -> Row[Any]:
    """A guest's columns; a merged one's are those of the guest who took it over, whose ``id`` they bear.

    Raises:
        NotFound: there is none that is in use.
    """
    query = select(table_of(Guest)).where(_G.id == survivor_in(connection, guest_id), *alive())
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    return row


def require_person(connection: Connection, guest_id: int) -> Row[Any]:
    """The same for a holder.

    Raises:
        InvalidInput: it is a company; ``field`` is ``holder``.
    """
    row = require(connection, guest_id)
    if row.kind != GuestKind.PERSON:
        raise InvalidInput(
            _("{name} is a company; the holder is a person.").format(name=display_text(row.surname)),
            _("Choose one of the guests."),
            "holder",
        )
    return row
