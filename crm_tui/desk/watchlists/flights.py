"""The flights of a reservation: legs added, changed, taken away; airports and clocks looked at (SPEC §7, §8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Flight, Reservation
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories.history_words import Told, says
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.stays.reservation_rows import row_in
from crm_tui.desk.undoing.undo_registry import entity
from crm_tui.desk.watchlists import airports
from crm_tui.desk.watchlists.flight_views import DoubtfulFlight, FlightLook
from crm_tui.mail.text import display_text
from crm_tui.rules.days import DayFault
from crm_tui.rules.departures import LocalTime, moment
from crm_tui.rules.departures import read_local as read_stored
from crm_tui.rules.flight_times import Doubt, doubts, duration, read_local

FIELDS = ("number", "from_airport", "to_airport", "departs", "arrives")
SHORT = {"from": "from_airport", "to": "to_airport"}
"""The names of SPEC §15 for two of them."""
LONGEST_NUMBER = 20
_F = columns(Flight)
_R = columns(Reservation)
_IATA = re.compile(r"[A-Z]{3}")


def look(ctx: Context, reservation_id: int, values: Mapping[str, Any], flight_id: int | None = None) -> FlightLook:
    """What a leg would be with these values, without storing it: airports in words, what cannot be, what is odd.

    Args:
        flight_id: the leg that is changed; what is not given stays.

    Raises:
        NotFound: there is no such reservation or flight.
    """
    with ctx.store.connect() as connection:
        row_in(connection, reservation_id)
        row = _row(connection, flight_id) if flight_id is not None else None
        today = ctx.clock.now().astimezone(zone(connection)).date()
        return _looked(connection, reservation_id, values, row, today)


def add(ctx: Context, reservation_id: int, values: Mapping[str, Any], *, sure: bool = False) -> int:
    """Add a leg; returns its number. The legs stay in the order of their departures.

    Args:
        values: ``number``, ``from``, ``to``, ``departs``, ``arrives``; times as people type them, of the airports' clocks.
        sure: an odd leg is kept as it is: an airport that is not in the list, an arrival before the departure.

    Raises:
        InvalidFields: something cannot be; nothing was stored.
        DoubtfulFlight: something is odd, and nobody said that it is right.
        NotFound: there is no such reservation.
    """
    with ctx.write() as tx:
        row_in(tx.connection, reservation_id)
        leg = _checked(tx, reservation_id, values, None, sure)
        clean = {name: getattr(leg, name) for name in FIELDS}
        made = new_id(tx.connection.execute(insert(Flight).values(reservation_id=reservation_id, **clean)))
        tx.journal("flight", made, "create", None, {**clean, "reservation_id": reservation_id}, undoable=True)
        put_in_order(tx, reservation_id)
        return made


def set(  # noqa: A001
    ctx: Context, flight_id: int, version: int, values: Mapping[str, Any], *, sure: bool = False
) -> None:
    """Change a leg; what is not given stays. If its times change after the guests were told, it is to be told again.

    Raises:
        Conflict: it was changed since ``version``; nothing was overwritten.
        InvalidFields, DoubtfulFlight, NotFound: as :func:`add`.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, flight_id)
        leg = _checked(tx, row.reservation_id, values, row, sure)
        changed = {name: getattr(leg, name) for name in FIELDS if getattr(leg, name) != getattr(row, name)}
        if not changed:
            return
        if row.version != version:
            raise Conflict(_("This flight was changed meanwhile; nothing was overwritten."), _("Look at it again."))
        _write(tx, row, "change", changed)
        put_in_order(tx, row.reservation_id)


def remove(ctx: Context, flight_id: int) -> None:
    """Take a leg away.

    Raises:
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _write(tx, _row(tx.connection, flight_id), "remove", {"removed_at": tx.now})


def put_in_order(tx: Transaction, reservation_id: int) -> None:
    """Number the legs by their departures; those without one stay last. Not journaled: the times say it already."""
    query = select(_F.id, _F.position, _F.departs, _F.from_airport).where(
        _F.reservation_id == reservation_id, _F.removed_at.is_(None)
    )
    own = zone(tx.connection)
    rows = tx.connection.execute(query.order_by(_F.position, _F.id)).all()
    for place, row in enumerate(sorted(rows, key=lambda one: _when(one, own))):
        if row.position != place:
            tx.connection.execute(update(table_of(Flight)).where(_F.id == row.id).values(position=place))


def airport_words(code: str) -> str:
    """An airport's name with its city; empty if the code is not known."""
    found = airports.find(code)
    if found is None:
        return ""
    name = found.name.removesuffix(" Airport")
    named = not found.city or found.city.casefold() in name.casefold()
    return name if named else f"{name}, {found.city}"


def _when(row: Any, own: tzinfo) -> tuple[bool, float]:
    local = read_stored(row.departs)
    if local is None:
        return True, 0.0
    return False, moment(local, airports.zone_of(row.from_airport) or own).at.timestamp()


def _row(connection: Connection, flight_id: int) -> Row[Any]:
    query = select(table_of(Flight)).join(Reservation, _R.id == _F.reservation_id)
    kept = (_F.removed_at.is_(None), _R.removed_at.is_(None))
    row = connection.execute(query.where(_F.id == flight_id, *kept)).first()
    if row is None:
        raise NotFound(_("There is no flight {number}.").format(number=flight_id))
    return row


def _checked(tx: Transaction, reservation_id: int, values: Mapping[str, Any], row: Any, sure: bool) -> FlightLook:
    today = tx.now.astimezone(zone(tx.connection)).date()
    leg = _looked(tx.connection, reservation_id, values, row, today)
    if leg.errors:
        raise InvalidFields(dict(leg.errors))
    if leg.doubts and not sure:
        raise DoubtfulFlight(leg.doubts)
    return leg


def _looked(connection: Connection, reservation_id: int, given: Mapping[str, Any], row: Any, today: date) -> FlightLook:
    values = {SHORT.get(name, name): str(value or "") for name, value in given.items()}
    whole = {name: values.get(name, getattr(row, name) if row is not None else "") for name in FIELDS}
    errors: dict[str, str] = {SHORT.get(n, n): _("There is no field called {given}.").format(given=display_text(n))
                              for n in values if n not in FIELDS}  # fmt: skip
    clean = _read(whole, errors, _near(connection, reservation_id, today), row.departs if row is not None else "")
    zones = (airports.zone_of(clean["from_airport"]), airports.zone_of(clean["to_airport"]))
    notes = _clocks(clean, zones, errors, row)
    odd = [] if errors else _odd(connection, reservation_id, clean, zones, row)
    return FlightLook(
        **clean,
        from_name=airport_words(clean["from_airport"]),
        to_name=airport_words(clean["to_airport"]),
        errors=tuple(errors.items()),
        doubts=tuple(odd),
        notes=tuple(notes),
        takes=None if errors else duration(clean["departs"], clean["arrives"], zones),
    )


def _near(connection: Connection, reservation_id: int, today: date) -> date:
    """From which day on a day without a year is looked for: the arrival where that is past, else today."""
    arrival = connection.execute(select(_R.arrival).where(_R.id == reservation_id)).scalar()
    return min(arrival, today) if arrival is not None else today


def _read(whole: Mapping[str, str], errors: dict[str, str], today: date, before: str) -> dict[str, str]:
    clean = {"number": " ".join(display_text(whole["number"]).upper().split())}
    if not clean["number"]:
        errors["number"] = _("Write the number of the flight, like LO123.")
    elif len(clean["number"]) > LONGEST_NUMBER:
        errors["number"] = _("This is too long: at most {limit} letters fit here.").format(limit=LONGEST_NUMBER)
    for name in ("from_airport", "to_airport"):
        clean[name] = code = display_text(whole[name]).strip().upper()
        if not code and name == "from_airport":
            errors[name] = _("Say from which airport: its clock tells when it departs.")
        elif code and not _IATA.fullmatch(code):
            errors[name] = _("“{given}” is no airport code; it has three letters, like WAW.").format(given=code[:40])
    for name in ("departs", "arrives"):
        near = clean["departs"] if name == "arrives" else ""
        try:
            clean[name] = read_local(whole[name], today, near, "" if name == "arrives" else before)
        except DayFault as fault:
            clean[name] = ""
            errors[name] = _time_fault(fault)
    if not clean["departs"] and "departs" not in errors:
        errors["departs"] = _("Say when it departs, like 14 Aug 6:35.")
    return clean


def _time_fault(fault: DayFault) -> str:
    given = display_text(fault.given)[:40]
    if fault.kind == "day":
        return _("There is no such day: “{given}”.").format(given=given)
    if fault.kind == "hour":
        return _("“{given}” has no hour of a clock; write it like 14 Aug 6:35.").format(given=given)
    return _("“{given}” is no day and hour; write it like 14 Aug 6:35.").format(given=given)


def _clocks(clean: Mapping[str, str], zones: tuple[Any, Any], errors: dict[str, str], row: Any) -> list[str]:
    """Refuse times that an airport's clock skips, unless they were there before; tell of those that come twice."""
    notes = []
    for name, place, found in (("departs", "from_airport", zones[0]), ("arrives", "to_airport", zones[1])):
        local = read_stored(clean[name])
        if found is None or local is None:
            continue
        state = moment(local, found).clock
        told = {"time": clean[name][11:], "day": clean[name][:10], "airport": clean[place]}
        if state == LocalTime.SKIPPED and (row is None or clean[name] != getattr(row, name)):
            words = _("There is no {time} on {day} at {airport}: the clocks are put forward over it.")
            errors[name] = words.format(**told)
        elif state == LocalTime.TWICE:
            words = _("{time} comes twice on {day} at {airport}: the clocks are put back; the first is meant.")
            notes.append(words.format(**told))
    return notes


def _odd(
    connection: Connection, reservation_id: int, clean: Mapping[str, str], zones: tuple[Any, Any], row: Any
) -> list[str]:
    """What may be wrong, of what is new."""
    found = []
    for name in ("from_airport", "to_airport"):
        if clean[name] and not airports.known(clean[name]) and (row is None or clean[name] != getattr(row, name)):
            words = _(
                "There is no airport {code} in the list, so its clock is not known; the property's counts instead."
            )
            found.append((Doubt.AIRPORT, words.format(code=clean[name])))
    same = all(clean[name] == getattr(row, name) for name in FIELDS[1:]) if row is not None else False
    if not same:
        for doubt in doubts(clean["departs"], clean["arrives"], zones):
            backwards = _("It would arrive before it departs, by the clocks of both airports.")
            found.append((doubt, backwards if doubt == Doubt.BACKWARDS else _("It would be in the air for more than a day and a half.")))  # fmt: skip
        if clean["from_airport"] == clean["to_airport"]:
            found.append((Doubt.CIRCLE, _("It would land where it departs.")))
    if _again(connection, reservation_id, clean, row):
        found.append((Doubt.AGAIN, _("The reservation has flight {number} at that time already.").format(number=clean["number"])))  # fmt: skip
    return [text for _kind, text in found]


def _again(connection: Connection, reservation_id: int, clean: Mapping[str, str], row: Any) -> bool:
    query = select(_F.id).where(_F.reservation_id == reservation_id, _F.removed_at.is_(None))
    query = query.where(_F.number == clean["number"], _F.departs == clean["departs"])
    return connection.execute(query.where(_F.id != (row.id if row is not None else 0))).first() is not None


def _write(tx: Transaction, row: Any, action: str, changed: Mapping[str, Any]) -> None:
    tx.connection.execute(update(table_of(Flight)).where(_F.id == row.id).values(**changed, version=_F.version + 1))
    before = {name: _plain(getattr(row, name)) for name in changed}
    after = {name: _plain(value) for name, value in changed.items()}
    tx.journal("flight", row.id, action, before, after, undoable=True)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


# In words


def _leg(told: Told) -> str:
    def of(name: str) -> str:
        return display_text(str(told.get(name) or told.now.get(name) or ""))

    ways = " → ".join(code for code in (of("from_airport"), of("to_airport")) if code)
    return " ".join(part for part in (of("number"), ways) if part)


def _at(told: Told, name: str) -> str:
    return display_text(str(told.get(name) or "–")).replace("T", " ")


def _changed(before: Told, after: Told) -> str:
    parts = [f"{_at(before, name)} → {_at(after, name)}" for name in FIELDS if name in after]
    return _("flight {leg}: {changes}").format(leg=_leg(after), changes=", ".join(parts))


def _made(_before: Told, after: Told) -> str:
    return _("added flight {leg}, {time}").format(leg=_leg(after), time=_at(after, "departs"))


says("flight", "create", _made)
says("flight", "change", _changed)
says("flight", "remove", lambda _b, after: _("took flight {leg} away").format(leg=_leg(after)))


def _called(connection: Connection, number: int) -> str:
    row = connection.execute(select(_F.number).where(_F.id == number)).scalar()
    return _("flight {number}").format(number=display_text(row or str(number)))


entity("flight", Flight, named=_called)
