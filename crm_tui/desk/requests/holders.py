"""The guests of an inquiry or a reservation and their holder: exactly one, a person (SPEC §1).

The database holds to it as well (:mod:`crm_tui.data.holders`); here it is kept in such a way that the database never has to
refuse, and what cannot be is said in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import SQLModel

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.bulk import chunks, placeholders
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, Inquiry, InquiryGuest, Reservation, ReservationGuest
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.undoing.undo_registry import Row as Step
from crm_tui.desk.undoing.undo_registry import special
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import GuestKind

_G = columns(Guest)

State = dict[int, bool]
"""The guests by number, and whether each is the holder."""


@dataclass(frozen=True)
class Owner:
    """What has guests: inquiries or reservations.

    Attributes:
        entity: the journal's word.
        model, link: its table and the table of its guests.
        missing, changed, leads: sentences about one of them.
    """

    entity: str
    model: type[SQLModel]
    link: type[SQLModel]
    missing: str
    changed: str
    leads: str

    @property
    def key(self) -> Any:
        """The link's column that names the owner."""
        return columns(self.link)[f"{self.entity}_id"]


INQUIRIES = Owner(
    "inquiry",
    Inquiry,
    InquiryGuest,
    N_("Guest {number} is not in this inquiry."),
    N_("The guests of inquiry {number} were changed since."),
    N_("{name} is the holder of inquiry {number}; a company cannot be."),
)
RESERVATIONS = Owner(
    "reservation",
    Reservation,
    ReservationGuest,
    N_("Guest {number} is not in this reservation."),
    N_("The guests of reservation {number} were changed since."),
    N_("{name} is the holder of reservation {number}; a company cannot be."),
)
OWNERS = (INQUIRIES, RESERVATIONS)


def state(connection: Connection, owner: Owner, number: int) -> State:
    """The guests of one, and whether each is the holder."""
    link = columns(owner.link)
    query = select(link.guest_id, link.holder).where(owner.key == number).order_by(link.guest_id)
    return {guest: bool(holder) for guest, holder in connection.execute(query)}


def put_in(tx: Transaction, owner: Owner, number: int, wanted: Mapping[int, bool]) -> None:
    """Make the guests of one exactly these."""
    tx.connection.execute(delete(owner.link).where(owner.key == number))
    rows = [{f"{owner.entity}_id": number, "guest_id": guest, "holder": holder} for guest, holder in wanted.items()]
    if rows:
        tx.connection.execute(insert(owner.link), rows)


def add_in(tx: Transaction, owner: Owner, number: int, guest_id: int) -> None:
    """Add a guest; the first person becomes the holder. One who is there already stays as they are.

    Raises:
        NotFound: there is no such guest.
    """
    from crm_tui.desk.client_base import guests

    guest = guests.require(tx.connection, guest_id)
    before = state(tx.connection, owner, number)
    if guest.id not in before:
        first = not any(before.values()) and guest.kind == GuestKind.PERSON
        store(tx, owner, number, "add guest", before, {**before, guest.id: first})


def remove_in(tx: Transaction, owner: Owner, number: int, guest_id: int, new_holder: int | None) -> None:
    """Take a guest out; the client base keeps them.

    Args:
        new_holder: who is the holder instead, if it was the holder who goes. Where only companies stay nobody can be. Where
            the only persons who stay are archived or erased, one of them stands for the holder: nobody can be asked for.

    Raises:
        InvalidInput: the holder goes and persons stay, so say who follows; ``field`` is ``holder``.
        NotFound: the guest is not there.
    """
    from crm_tui.desk.client_base import guests

    before = state(tx.connection, owner, number)
    gone = _present(tx.connection, owner, before, guest_id)
    after = {guest: holder for guest, holder in before.items() if guest != gone}
    if before[gone] and new_holder is None:
        after |= dict.fromkeys(_put_away(tx.connection, after), True)
    if before[gone] and not any(after.values()) and _persons_in(tx.connection, after):
        if new_holder is None:
            raise InvalidInput(
                _("The holder goes: say who is the holder now."), _("Choose one of the other guests."), "holder"
            )
        follows = _present(tx.connection, owner, after, new_holder)
        guests.require_person(tx.connection, follows)
        after = {guest: guest == follows for guest in after}
    store(tx, owner, number, "remove guest", before, after)


def set_holder_in(tx: Transaction, owner: Owner, number: int, guest_id: int) -> None:
    """Make a guest the holder.

    Raises:
        InvalidInput: it is a company.
        NotFound: the guest is not there.
    """
    from crm_tui.desk.client_base import guests

    before = state(tx.connection, owner, number)
    chosen = _present(tx.connection, owner, before, guest_id)
    guests.require_person(tx.connection, chosen)
    store(tx, owner, number, "holder", before, {guest: guest == chosen for guest in before})


def store(
    tx: Transaction, owner: Owner, number: int, action: str, before: Mapping[int, bool], after: Mapping[int, bool]
) -> None:
    """Write and journal the guests of one, if they differ; its version goes up by one."""
    if before == after:
        return
    put_in(tx, owner, number, after)
    _touch(tx, owner, number)
    told = {"guests": written(before)}, {"guests": written(after)}
    tx.journal(owner.entity, number, action, *told, undoable=True)


def written(guests_of: Mapping[int, bool]) -> list[list[int]]:
    """As the journal keeps it: the number of each guest, and 1 for the holder."""
    return [[number, int(holder)] for number, holder in sorted(guests_of.items())]


def refuse_company(tx: Transaction, guest_id: int) -> None:
    """Before a person becomes a company: whoever is a holder has to hand that over first.

    Raises:
        InvalidInput: the guest is a holder; ``field`` is ``kind``. What the actor may not see is not named.
    """
    from crm_tui.desk.common.scope import sees

    for owner in OWNERS:
        link, things = columns(owner.link), columns(owner.model)
        names = [things.id, *([things.scope] if "scope" in things else [])]
        query = select(*names).join(owner.link, owner.key == things.id).where(link.guest_id == guest_id, link.holder)
        for row in tx.connection.execute(query.order_by(things.removed_at, things.id).limit(1)):
            name = tx.connection.execute(select(_G.surname).where(_G.id == guest_id)).scalar() or ""
            known = sees(tx.actor.scopes, getattr(row, "scope", ""))
            text = _(owner.leads) if known else _("{name} is the holder of an inquiry; a company cannot be.")
            raise InvalidInput(
                text.format(name=display_text(name), number=row.id), _("Make another guest the holder first."), "kind"
            )


def follow_kind(tx: Transaction, guest_id: int) -> None:
    """After a company became a person: where there was no holder among the guests, the person is it now.

    To be called in the transaction that changed the kind, after the change.
    """
    kind = tx.connection.execute(select(_G.kind).where(_G.id == guest_id)).scalar()
    if kind != GuestKind.PERSON:
        return
    for owner in OWNERS:
        query = select(owner.key).where(columns(owner.link).guest_id == guest_id).order_by(owner.key)
        for number in tx.connection.execute(query).scalars().all():
            before = state(tx.connection, owner, number)
            if not any(before.values()):
                store(tx, owner, number, "holder", before, {**before, guest_id: True})


def without_holder(connection: Connection, owner: Owner) -> list[int]:
    """Those that have a person among their guests and not exactly one person as the holder; for the check of a store."""
    link = f"{owner.entity}_guest"
    query = (
        f"SELECT l.{owner.entity}_id FROM {link} l JOIN guest g ON g.id = l.guest_id GROUP BY l.{owner.entity}_id "  # noqa: S608
        f"HAVING sum(g.kind = 'person') > 0 AND (sum(l.holder) <> 1 OR sum(l.holder AND g.kind = 'person') <> 1) "
        f"OR sum(l.holder AND g.kind <> 'person') > 0 ORDER BY 1"
    )
    return list(connection.exec_driver_sql(query).scalars())


def _present(connection: Connection, owner: Owner, there: Mapping[int, bool], guest_id: int) -> int:
    from crm_tui.desk.merges.guest_merging import survivor_in

    for number in (guest_id, survivor_in(connection, guest_id)):
        if number in there:
            return number
    raise NotFound(_(owner.missing).format(number=guest_id))


def _put_away(connection: Connection, there: Mapping[int, bool]) -> list[int]:
    """Where the only persons are archived or erased: the one of them who stands for the holder; else nobody."""
    found = _persons_in(connection, there)
    if any(row.archived_at is None and row.erased_at is None for row in found):
        return []
    return [row.id for row in sorted(found, key=lambda row: (row.erased_at is not None, row.id))][:1]


def _persons_in(connection: Connection, there: Mapping[int, bool]) -> list[Any]:
    """The persons among the guests, and whether they are archived or erased."""
    found: list[Any] = []
    for chunk in chunks(there):
        query = select(_G.id, _G.archived_at, _G.erased_at).where(_G.id.in_(chunk))
        found += connection.execute(query.where(_G.kind == GuestKind.PERSON.value)).all()
    return found


def _touch(tx: Transaction, owner: Owner, number: int) -> None:
    things = columns(owner.model)
    change = update(owner.model).where(things.id == number)
    tx.connection.execute(change.values(updated_at=tx.now, version=things.version + 1))


def undo_of(owner: Owner) -> Any:
    """What takes a change of the guests back: they are as they were."""

    def undo(tx: Transaction, step: Step) -> None:
        now = written(state(tx.connection, owner, step.entity_id))
        if now != (step.after or {}).get("guests"):
            raise Conflict(_(owner.changed).format(number=step.entity_id))
        put_in(tx, owner, step.entity_id, {number: bool(holder) for number, holder in (step.before or {})["guests"]})
        _touch(tx, owner, step.entity_id)

    return undo


def settle_kinds(tx: Transaction, guest_ids: Sequence[int]) -> None:
    """After undo gave guests their kind back."""
    unled: set[int] = set()
    for owner in OWNERS:
        link, key = f"{owner.entity}_guest", f"{owner.entity}_id"
        for chunk in chunks(guest_ids):
            query = (
                f"SELECT l.guest_id FROM {link} l WHERE l.guest_id IN ({placeholders(chunk)}) "  # noqa: S608
                f"AND NOT EXISTS (SELECT 1 FROM {link} h WHERE h.{key} = l.{key} AND h.holder)"
            )
            unled |= set(tx.connection.exec_driver_sql(query, tuple(chunk)).scalars())
    for number in guest_ids:
        if number in unled:
            follow_kind(tx, number)


for _owner in OWNERS:
    for _action in ("add guest", "remove guest", "holder"):
        special(_owner.entity, _action, undo_of(_owner))
