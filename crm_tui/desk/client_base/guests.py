"""Guests: the persons and companies of the client base, their addresses, numbers and consents (SPEC §6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.record_search import facts_paused
from crm_tui.data.tables import Guest, GuestEmail
from crm_tui.desk.client_base import guest_consents, guest_contacts, guest_lists
from crm_tui.desk.client_base.guest_consents import consents_in
from crm_tui.desk.client_base.guest_fields import COMPANYS_OWN, LONGEST, PERSONS_OWN, checked
from crm_tui.desk.client_base.guest_gone import Gone, refuse_erased
from crm_tui.desk.client_base.guest_holds import check_reference, holding, newer_consents
from crm_tui.desk.client_base.guest_rows import rows_of, view_in
from crm_tui.desk.client_base.guest_views import GuestRow, GuestView
from crm_tui.desk.client_base.guest_words import alive, folded_name
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.versions import changed_since
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.groups import attributes
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests import holders
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.mail_addresses import spellings
from crm_tui.rules.vocabulary import GuestKind

_G = columns(Guest)
_E = columns(GuestEmail)

_BESIDE: tuple[str, ...] = ("consents", "tag", "untag")
"""What is noted in rows of its own and makes no new version of the guest."""


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
    """The guests that the list of guests finds by a text, in its order, the first of them; nobody by an empty one."""
    if not text.strip():
        return []
    with ctx.store.connect() as connection:
        return rows_of(connection, guest_lists.ids_in(connection, GuestCriteria(text=text), limit))


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
    query = (
        select(_E.guest_id).join(Guest, _G.id == _E.guest_id).where(_E.folded.in_(sorted(spellings(address))), *alive())
    )
    return list(dict.fromkeys(connection.execute(query.order_by(_E.guest_id)).scalars()))


def create(ctx: Context, values: Mapping[str, Any]) -> int:
    """Take a new guest into the client base; returns the number.

    Args:
        values: fields by name of :data:`crm_tui.desk.client_base.guest_fields.FIELDS`, as text or plain values; ``surname`` is the one
            required. ``emails`` and ``phones`` (or ``email``, ``phone`` for one) are text parted by commas, or entries:
            text, or ``{"address" | "number", "label"}``. ``contacts`` of a company: ``{"person": number, "role"}``, or
            ``{"name", "role"}`` of somebody new. ``consents`` by channel: ``{"given", "source", "day"}``. ``tag``:
            numbers of attributes.

    Raises:
        InvalidFields: a field is not usable.
    """
    with ctx.write() as tx:
        return create_in(tx, values)


def create_in(tx: Transaction, values: Mapping[str, Any]) -> int:
    """:func:`create` within a transaction that does more."""
    clean = checked(tx, values, None)
    check_reference(tx.connection, clean, 0)
    beside = {name: clean.pop(name) for name in _BESIDE if name in clean}
    given = {name: clean.pop(name) for name in guest_contacts.KINDS if name in clean}
    _only_of_kind(clean, given, clean.get("kind", GuestKind.PERSON.value))
    folded = folded_name(clean["surname"], clean.get("given", ""))
    row = {**clean, "folded": folded, "created_at": tx.now, "updated_at": tx.now}
    made = new_id(tx.connection.execute(insert(Guest).values(**row)))
    lists = _lists(tx, given, {name: [] for name in guest_contacts.KINDS})
    guest_contacts.store(tx, made, lists)
    after = {name: plain(value) for name, value in clean.items()}
    told = {"emails": [], "phones": []} | {name: value for name, value in lists.items() if name != "contacts" or value}
    tx.journal("guest", made, "create", None, after | told, undoable=True)
    _note_beside(tx, made, beside)
    return made


def set(ctx: Context, guest_id: int, version: int, values: Mapping[str, Any]) -> GuestView:  # noqa: A001
    """Change fields of a guest, all of them as one command. What others changed since in other fields stays.

    Args:
        values: as in :func:`create`; also ``untag``. A consent may say under ``seen`` what the agent saw of the channel
            (``(given, day, source)``): where something newer was said since, it clashes.

    Raises:
        InvalidFields: a field is not usable.
        StaleGuest: somebody changed one of these fields since; nothing was stored.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = require(tx.connection, guest_id, archived=True)
        clean = checked(tx, values, row)
        check_reference(tx.connection, clean, row.id)
        beside = {name: clean.pop(name) for name in _BESIDE if name in clean}
        before = {**row._mapping, **guest_contacts.of(tx.connection, row.id)}
        _change_kind(tx, row, clean)
        lists = _lists(tx, {name: clean.pop(name) for name in guest_contacts.KINDS if name in clean}, before)
        changed = {name: value for name, value in (clean | lists).items() if value != before[name]}
        _refuse_clashes(tx, row, guest_id, version, changed, newer_consents(tx.connection, row.id, values))
        if changed:
            _store(tx, row, changed, before)
            if "kind" in changed:
                holders.follow_kind(tx, row.id)
        _note_beside(tx, row.id, beside)
        return view_in(tx.connection, row.id, ctx.actor)


def set_in(tx: Transaction, row: Row[Any], lists: Mapping[str, Sequence[Any]]) -> None:
    """Let a guest have other addresses or numbers, as the journal tells them, within a transaction that does more."""
    before = guest_contacts.of(tx.connection, row.id)
    _store(tx, row, {name: list(value) for name, value in lists.items()}, before)


def _store(tx: Transaction, row: Row[Any], changed: dict[str, Any], before: Mapping[str, Any]) -> None:
    if "surname" in changed or "given" in changed:
        changed["folded"] = folded_name(changed.get("surname", row.surname), changed.get("given", row.given))
    lists = {name: changed.pop(name) for name in guest_contacts.KINDS if name in changed}
    tx.connection.execute(
        update(Guest).where(_G.id == row.id).values(**changed, updated_at=tx.now, version=_G.version + 1)
    )
    if changed:
        was = {name: plain(before[name]) for name in changed}
        tx.journal("guest", row.id, "change", was, {k: plain(v) for k, v in changed.items()}, undoable=True)
    if lists:
        guest_contacts.store(tx, row.id, lists)
        tx.journal("guest", row.id, "contacts", {name: before[name] for name in lists}, lists, undoable=True)


def _lists(tx: Transaction, given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The addresses, numbers and contact persons to store; somebody new at a company becomes a guest."""
    found: dict[str, list[Any]] = {
        name: list(guest_contacts.entries(name, given[name], before[name]))
        for name in ("emails", "phones")
        if name in given
    }
    if "contacts" in given:
        found["contacts"] = [_contact(tx, one) for one in given["contacts"]]
        people = [one["person"] for one in found["contacts"]]
        if len(people) != len(dict.fromkeys(people)):
            raise InvalidFields({"contacts": _("Somebody is among the contacts twice.")})
    return found


def _contact(tx: Transaction, one: Mapping[str, Any]) -> dict[str, Any]:
    role = " ".join(display_text(str(one.get("role") or "")).split())[:LONGEST]
    name = " ".join(display_text(str(one.get("name") or "")).split())
    if one.get("person") is None:
        *given, surname = name.split() or [""]
        if not surname:
            raise InvalidFields({"contacts": _("Say who the contact is.")})
        return {"person": create_in(tx, {"surname": surname, "given": " ".join(given)}), "role": role}
    person = require(tx.connection, int(one["person"]), archived=True)
    if person.kind != GuestKind.PERSON:
        raise InvalidFields({"contacts": _("{name} is a company; a contact is a person.").format(name=_shown(person))})
    return {"person": person.id, "role": role}


def _note_beside(tx: Transaction, guest_id: int, beside: Mapping[str, Any]) -> None:
    """Consents and attributes: rows of their own, and no new version of the guest."""
    for said in beside.get("consents", ()):
        guest_consents.note(tx, guest_id, said)
    for number in beside.get("tag", ()):
        attributes.tag_in(tx, guest_id, int(number))
    for number in beside.get("untag", ()):
        attributes.untag_in(tx, guest_id, int(number))


def _only_of_kind(clean: dict[str, Any], lists: dict[str, Any], kind: str) -> None:
    """What the other kind of guest has is not kept."""
    for name in COMPANYS_OWN if kind == GuestKind.PERSON else PERSONS_OWN:
        clean.pop(name, None)
        lists.pop(name, None)


def _change_kind(tx: Transaction, row: Row[Any], clean: dict[str, Any]) -> None:
    """A person becomes a company or the other way round: what only the other kind has goes.

    Raises:
        InvalidFields: the person is a holder, or a contact of a company.
    """
    kind = clean.get("kind", row.kind)
    if kind == row.kind:
        _only_of_kind(clean, clean, kind)
        return
    if kind == GuestKind.COMPANY:
        reason = holding(tx, row)
        if reason:
            raise InvalidFields({"kind": reason})
    gone = PERSONS_OWN if kind == GuestKind.COMPANY else COMPANYS_OWN
    empty: dict[str, Any] = {"birth_date": None, "passport_expiry": None, "contacts": []}
    clean |= {name: empty.get(name, "") for name in gone}


def archive(ctx: Context, ids: Sequence[int]) -> int:
    """Put guests away; they are found among the archived and can be taken back. Returns how many were put away now.

    Raises:
        NotFound: one is not there.
    """
    return _put(ctx, ids, away=True)


def unarchive(ctx: Context, ids: Sequence[int]) -> int:
    """Take guests back into the client base; returns how many were archived.

    Raises:
        NotFound: one is not there.
    """
    return _put(ctx, ids, away=False)


def _put(ctx: Context, ids: Sequence[int], *, away: bool) -> int:
    with ctx.write() as tx:
        was_put = _archived(tx.connection, ids)
        refuse_erased(tx.connection, was_put)
        change = {number: at for number, at in was_put.items() if (at is not None) != away}
        at = tx.now if away else None
        values = {"archived_at": at, "updated_at": tx.now, "version": _G.version + 1}
        with facts_paused(tx.connection, change):
            for chunk in chunks(change):
                tx.connection.execute(update(Guest).where(_G.id.in_(chunk)).values(**values))
        after = {"archived_at": plain(at)}
        for number, was in change.items():
            before = {"archived_at": plain(was)}
            tx.journal("guest", number, "archive" if away else "unarchive", before, after, undoable=True)
        return len(change)


def _archived(connection: Connection, ids: Sequence[int]) -> dict[int, datetime | None]:
    """Since when each of the guests is archived; a merged one is the survivor.

    Raises:
        NotFound: one is not there.
    """
    found: dict[int, Row[Any]] = {}
    for chunk in chunks(dict.fromkeys(ids)):
        query = select(_G.id, _G.archived_at, _G.merged_into).where(_G.id.in_(chunk))
        found |= {row.id: row for row in connection.execute(query)}
    here = (found.get(one) for one in ids)
    rows = (
        row if row is not None and row.merged_into is None else require(connection, one, archived=True)
        for one, row in zip(ids, here, strict=True)
    )
    return {row.id: row.archived_at for row in rows}


def _refuse_clashes(
    tx: Transaction, row: Row[Any], asked: int, version: int, changed: Mapping[str, Any], consents: Sequence[str]
) -> None:
    """A merge leaves the survivor with a version above that of both: what began from either of them is older."""
    if row.version == version and not consents:
        return
    if row.id != asked and changed and row.version != version:
        message = _("This guest was merged with guest {number} meanwhile; nothing was overwritten.")
        raise StaleGuest(message.format(number=row.id), view_in(tx.connection, row.id, tx.actor), tuple(changed))
    since = changed_since(tx.connection, "guest", row.id, version, row.version) if row.version != version else None
    both = tuple(name for name in changed if since is not None and since.touches(name))
    if both or consents:
        said = consents_in(tx.connection, row.id)
        who = since.who(both) if since is not None else ""
        who = who or next((said[one].agent for one in consents if said[one].agent), "")
        raise StaleGuest(
            _("{agent} changed this guest meanwhile; nothing was overwritten.").format(agent=who or _("Somebody")),
            view_in(tx.connection, row.id, tx.actor),
            (*both, *(["consents"] if consents else [])),
        )


def set_consent(ctx: Context, guest_id: int, channel: str, given: bool, source: str, day: date | None = None) -> None:
    """Note what a guest said about being written to or called; what was said last holds, nothing said is a no.

    Raises:
        InvalidInput: there is no such channel, or consent is given without its source, or on a day to come.
    """
    with ctx.write() as tx:
        guest_id = require(tx.connection, guest_id).id
        today = tx.now.astimezone(zone(tx.connection)).date()
        said = guest_consents.checked(channel, given, source, day, today)
        guest_consents.note(tx, guest_id, said)


def require(connection: Connection, guest_id: int, *, archived: bool = False, erased: bool = False) -> Row[Any]:
    """A guest's columns; of an archived one only if so wished, of an erased one only to read.

    A merged one's are those of the guest who took it over, whose ``id`` they bear.

    Raises:
        NotFound: there is none that is in use.
        Gone: the guest was erased.
    """
    row = connection.execute(select(table_of(Guest)).where(_G.id == survivor_in(connection, guest_id))).first()
    if row is not None and row.erased_at is not None and not erased:
        raise Gone(connection, row.id, row.erased_at)
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    if row.archived_at is not None and not archived:
        raise NotFound(
            _("{name} (guest {number}) is archived.").format(
                name=display_text(f"{row.given} {row.surname}".strip()), number=row.id
            ),
            _("Take them back into use first: A on the profile, or crm-tui guest unarchive {number}.").format(
                number=row.id
            ),
        )
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


def _shown(row: Row[Any]) -> str:
    return display_text(f"{row.given} {row.surname}".strip())
