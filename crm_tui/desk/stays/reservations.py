"""Reservations: booked stays and trips, made by hand or imported, changed, found by guest (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, union, update

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _, language
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Guest, Operator, Reservation, ReservationGuest
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.versions import changed_since
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.money import schedules
from crm_tui.desk.requests import holders
from crm_tui.desk.requests.holders import RESERVATIONS
from crm_tui.desk.requests.inquiry_faults import InvalidFields, words
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.requests.inquiry_rows import row_in as inquiry_in
from crm_tui.desk.stays.reservation_rows import by_code, row_in, rows_of, view_in
from crm_tui.desk.stays.reservation_views import ReservationRow, ReservationView
from crm_tui.desk.undoing.undo_columns import put_back
from crm_tui.desk.undoing.undo_refusal import refuse
from crm_tui.desk.undoing.undo_registry import Row as Done
from crm_tui.desk.undoing.undo_registry import entity, find_entity, special_many
from crm_tui.desk.undoing.undo_uses import refuse_paid
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.money import decimal_sign
from crm_tui.rules.reservation_checks import check
from crm_tui.rules.vocabulary import BOOKED, GuestKind

_R = columns(Reservation)
_H = columns(ReservationGuest)
_G = columns(Guest)
_O = columns(Operator)

LINKS = ("company", "inquiry")
"""Fields that hold the number of something else."""


class StaleReservation(Conflict):
    """Somebody else changed the same fields since; nothing was overwritten. ``theirs``: as it stands now."""

    def __init__(self, message: str, theirs: ReservationView, fields: tuple[str, ...]) -> None:
        super().__init__(message, _("Look at both and choose."))
        self.theirs = theirs
        self.fields = fields


def get(ctx: Context, reservation_id: int) -> ReservationView:
    """One reservation, whole.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, reservation_id, ctx.actor)


def find(ctx: Context, code: str) -> int | None:
    """The number of the reservation of that code or reference; None: there is none."""
    with ctx.store.connect() as connection:
        return by_code(connection, code)


def listed(ctx: Context, *, status: str = "", after: int = 0, limit: int = 100) -> list[ReservationRow]:
    """The reservations in the order of their numbers, those after a number on; ``status``: only those."""
    query = select(_R.id).where(_R.id > after, _R.removed_at.is_(None)).order_by(_R.id).limit(limit)
    with ctx.store.connect() as connection:
        found = connection.execute(query.where(_R.status == status) if status else query).scalars()
        return rows_of(connection, list(found))


def of_guest(ctx: Context, guest_id: int) -> list[ReservationRow]:
    """The reservations that a guest is in or pays for, cancelled ones too: the last arrival first.

    Raises:
        NotFound: there is no such guest.
    """
    with ctx.store.connect() as connection:
        return rows_of(connection, ids_of_guests(connection, [survivor_in(connection, guest_id)]))


def ids_of_guests(connection: Connection, guest_ids: Iterable[int]) -> list[int]:
    """:func:`of_guest` of several on a connection that reads more: the numbers of the reservations."""
    ids = list(guest_ids)
    both = union(
        select(_H.reservation_id.label("id")).where(_H.guest_id.in_(ids)),
        select(_R.id).where(_R.company_id.in_(ids)),
    ).subquery()
    query = select(_R.id).join(both, both.c.id == _R.id).where(_R.removed_at.is_(None))
    return list(connection.execute(query.order_by(_R.arrival.desc().nulls_last(), _R.id.desc())).scalars())


def create(ctx: Context, values: Mapping[str, Any], *, guests_of: Iterable[int] = (), holder: int | None = None) -> int:
    """Make a reservation; returns its number. Without a code it gets one of its number.

    Args:
        values: fields as :func:`crm_tui.rules.reservation_checks.check` takes them; ``company`` and ``inquiry`` as numbers.
        guests_of: the guests by number.
        holder: one of them; None: the first person.

    Raises:
        InvalidFields: a field is not usable, or a code or reference is taken; nothing was stored.
        InvalidInput: the holder is a company.
        NotFound: a guest is not there.
    """
    with ctx.write() as tx:
        made = create_in(tx, checked_in(tx, values, None))
        for guest in guests_of:
            holders.add_in(tx, RESERVATIONS, made, guest)
        if holder is not None:
            holders.set_holder_in(tx, RESERVATIONS, made, holder)
        schedule_in(tx, made)
        return made


def schedule_in(tx: Transaction, reservation_id: int) -> None:
    """Make the schedule of a new reservation from the terms of its operator or of the property."""
    schedules.generate_in(tx, reservation_id)


def create_in(tx: Transaction, clean: Mapping[str, Any], *, undoable: bool = True) -> int:
    """Store checked columns as a new reservation."""
    row = {**clean, "created_by": tx.actor.id, "created_at": tx.now, "updated_at": tx.now}
    row["folded_destination"] = fold_text(row.get("destination", ""))
    if not row.get("code"):
        row["code"] = f"~{tx.command}"  # its number is not known yet
    made = new_id(tx.connection.execute(insert(Reservation).values(**row)))
    if not clean.get("code"):
        row["code"] = _free_code(tx.connection, clean.get("reference") or f"R{made:05d}")
        tx.connection.execute(update(Reservation).where(_R.id == made).values(code=row["code"]))
    told = {name: plain(row[name]) for name in ("code", *clean) if row[name] not in (None, "")}
    tx.journal("reservation", made, "create", None, told, undoable=undoable)
    return made


def set(ctx: Context, reservation_id: int, version: int, values: Mapping[str, Any]) -> ReservationView:  # noqa: A001
    """Change fields of a reservation. What others changed since in other fields stays as they left it.

    Args:
        version: the one the agent started from.

    Raises:
        InvalidFields: a field is not usable; nothing was stored.
        StaleReservation: somebody changed one of these fields since; nothing was stored.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        set_in(tx, row_in(tx.connection, reservation_id), version, values)
        return view_in(tx.connection, reservation_id, tx.actor)


def set_in(tx: Transaction, row: Row[Any], version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """:func:`set` within a transaction that does more; returns the columns that changed."""
    clean = checked_in(tx, values, row)
    changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
    if changed:
        _refuse_clashes(tx, row, version, changed)
        write(tx, row, "change", changed)
        follow_currency_in(tx, row, changed, "value")
    return changed


def follow_currency_in(
    tx: Transaction, row: Row[Any], changed: Mapping[str, Any], field: str, *, named: bool = False
) -> None:
    """After a reservation got another currency: its schedule follows, or nothing does.

    Args:
        row: the reservation as it stood.
        field: what the refusal names.
        named: the caller sets a schedule in the new currency.

    Raises:
        InvalidFields: money came in the old one, or amounts in it were agreed on.
    """
    from crm_tui.desk.stays.reservation_parts import has_payments

    if changed.get("currency", row.currency) == row.currency:
        return
    facts = {"before": row.currency or "–", "after": changed["currency"] or "–"}
    if has_payments(tx, row.id):
        text = _("The reservation has payments in {before}; its currency cannot become {after}.")
        raise InvalidFields({field: text.format(**facts)})
    if not named and not schedules.follow_currency_in(tx, row.id):
        text = _("The reservation has a schedule in {before}; take its lines out before its currency becomes {after}.")
        raise InvalidFields({field: text.format(**facts)})


def write(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any], *, undoable: bool = True) -> None:
    """Store columns that differ from the row's and journal them; the version goes up by one."""
    stored = dict(changed)
    if "destination" in changed:
        stored["folded_destination"] = fold_text(changed["destination"])
    change = update(Reservation).where(_R.id == row.id)
    tx.connection.execute(change.values(**stored, updated_at=tx.now, version=_R.version + 1))
    before = {name: plain(getattr(row, name)) for name in stored}
    after = {name: plain(value) for name, value in stored.items()}
    tx.journal("reservation", row.id, action, before, after, undoable=undoable)


def checked_in(tx: Transaction, values: Mapping[str, Any], before: Row[Any] | None) -> dict[str, Any]:
    """The columns to store.

    Raises:
        InvalidFields: one is not usable.
        NotFound: the company or the inquiry is not there.
    """
    plain_values = {name: value for name, value in values.items() if name not in LINKS}
    today = tx.now.astimezone(zone(tx.connection)).date()
    known = dict(before._mapping) if before is not None else None
    found = check(plain_values, today, known, decimal=decimal_sign(language()))
    clean, errors = dict(found.values), words(found.faults.values())
    if "operator" in clean:
        clean["operator_id"] = operator_named(tx, clean.pop("operator"))
    if "inquiry" in values:
        number = values["inquiry"]
        clean["inquiry_id"] = inquiry_in(tx.connection, int(number), tx.actor.scopes).id if number else None
    if "company" in values:
        clean["company_id"] = _payer(tx, values["company"], errors)
    own = before.id if before is not None else 0
    errors |= {name: text for name, text in _taken(tx.connection, clean, own).items() if name not in errors}
    if errors:
        raise InvalidFields(errors)
    return clean


def operator_named(tx: Transaction, name: str) -> int | None:
    """The tour operator of that name, whatever its case and accents; made if there is none."""
    folded = " ".join(fold_text(name).split())
    if not folded:
        return None
    query = select(_O.id).where(_O.folded == folded, _O.removed_at.is_(None))
    found = tx.connection.execute(query).scalar()
    if found is None:
        found = new_id(tx.connection.execute(insert(Operator).values(name=name, folded=folded, created_at=tx.now)))
        tx.journal("operator", found, "create", None, {"name": name})
    return int(found)


def _payer(tx: Transaction, number: Any, errors: dict[str, str]) -> int | None:
    if not number:
        return None
    row = guests.require(tx.connection, int(number))
    if row.kind != GuestKind.COMPANY:
        errors["company"] = _("{name} is a person; a company pays here.").format(name=display_text(row.surname))
    return int(row.id)


def _taken(connection: Connection, clean: Mapping[str, Any], own: int) -> dict[str, str]:
    errors = {}
    code, reference = clean.get("code"), clean.get("reference")
    query = select(_R.id).where(_R.id != own).limit(1)
    if code and connection.execute(query.where(_R.code == code, _R.removed_at.is_(None))).first() is not None:
        errors["code"] = _("There is a reservation with the code {code} already.").format(code=code)
    if reference and connection.execute(query.where(_R.reference == reference, _R.reference != "")).first() is not None:
        errors["reference"] = _("There is a reservation with the reference {reference} already.").format(
            reference=reference
        )
    return errors


def _free_code(connection: Connection, wanted: str) -> str:
    """The code itself, else with a number behind it."""
    code, number = wanted, 1
    while connection.execute(select(_R.id).where(_R.code == code, _R.removed_at.is_(None))).first() is not None:
        number += 1
        code = f"{wanted}-{number}"
    return code


def _refuse_clashes(tx: Transaction, row: Row[Any], version: int, changed: Mapping[str, Any]) -> None:
    if row.version == version:
        return
    since = changed_since(tx.connection, "reservation", row.id, version, row.version)
    both = tuple(name for name in changed if since.touches(name))
    if both:
        raise StaleReservation(
            _("{agent} changed this reservation meanwhile; nothing was overwritten.").format(
                agent=since.who(both) or _("Somebody")
            ),
            view_in(tx.connection, row.id, tx.actor),
            both,
        )


def _called(connection: Connection, number: int) -> str:
    code = connection.execute(select(_R.code).where(_R.id == number)).scalar()
    return _("reservation {code}").format(code=display_text(code or str(number)))


def _put_back(tx: Transaction, rows: Sequence[Done]) -> None:
    """Columns as they were; never the currency under money that came, or lines that were agreed on, in it since."""
    kind = find_entity("reservation")
    assert kind is not None
    for done in rows:
        if "currency" in (done.before or {}):
            refuse_paid(tx, kind, [done.entity_id], rows)
            if schedules.newest_change(tx.connection, done.entity_id, after=done.id, but=done.command) is not None:
                refuse(tx, kind, done.entity_id, ("schedule",), rows)
    put_back(tx, kind, rows)
    _never_confirmed(tx, rows)


def _never_confirmed(tx: Transaction, rows: Sequence[Done]) -> None:
    """A confirmation that is taken back never was: nobody counts it as a booking that was confirmed once."""
    for done in rows:
        if "status" in (done.before or {}):
            first = (_R.id == done.entity_id, _R.confirmed_at == done.at, _R.status.not_in(BOOKED))
            tx.connection.execute(update(Reservation).where(*first).values(confirmed_at=None))


entity("reservation", Reservation, named=_called)
special_many("reservation", "change", _put_back)
special_many("reservation", "status", _put_back)
