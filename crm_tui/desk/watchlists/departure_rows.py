"""How the departure watchlist is read from the store: which flights it holds, and what it says of those that are shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import Connection

from crm_tui.data.bulk import chunks, placeholders
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.watchlists import airports
from crm_tui.desk.watchlists.departure_views import DepartureQuery, DepartureRow, JourneyLeg, Listed, Spine
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules import departures as rules
from crm_tui.rules.departures import Facts, Moment, Stamp
from crm_tui.rules.vocabulary import FlightState, ReservationStatus

_NEAR = timedelta(days=4)
"""Legs further apart than that do not belong to one journey; it spares looking at most of them."""

_NEVER = datetime.max.replace(tzinfo=UTC)
_RANK = {FlightState.AGAIN: "0", FlightState.TO_INFORM: "1", FlightState.INFORMED: "2"}


class StoredLeg(NamedTuple):
    """A leg as it is stored."""

    id: int
    reservation: int
    number: str
    from_airport: str
    to_airport: str
    departs: str
    arrives: str
    informed_at: str | None
    informed_departs: str
    informed_arrives: str
    informed_flight: str

    @property
    def now(self) -> Facts:
        """What there is to tell."""
        return Facts(self.departs, self.arrives, flight_words(self.number, self.from_airport, self.to_airport))

    @property
    def stamp(self) -> Stamp:
        """What was told, and what is true now."""
        at = datetime.fromisoformat(self.informed_at).replace(tzinfo=UTC) if self.informed_at else None
        return Stamp(at, Facts(self.informed_departs, self.informed_arrives, self.informed_flight), self.now)


class Flown(NamedTuple):
    """A journey of a period: its place in the list, and its legs."""

    listed: Listed
    legs: tuple[StoredLeg, ...]


_LEGS = (
    "SELECT f.id, f.reservation_id, f.number, f.from_airport, f.to_airport, f.departs, f.arrives, "
    "f.informed_at, f.informed_departs, f.informed_arrives, f.informed_flight "
    "FROM flight f WHERE f.reservation_id IN ({numbers}) AND f.removed_at IS NULL "
    "ORDER BY f.reservation_id, f.position, f.id"
)


def flight_words(number: str, from_airport: str, to_airport: str) -> str:
    """Which flight a leg is, as the stamp keeps it."""
    return f"{number} {from_airport}-{to_airport}"


@dataclass(frozen=True)
class Watch:
    """What the windows are computed with: the instant, the property's zone, and the days of the settings."""

    connection: Connection
    now: datetime
    zone: tzinfo
    days: int
    departures: dict[tuple[str, str], datetime] = field(default_factory=dict)
    around: dict[str, tuple[str, str]] = field(default_factory=dict)

    def zone_of(self, airport: str) -> tzinfo:
        """The zone of an airport's clock, or the property's."""
        return airports.zone_of(airport) or self.zone

    def moment(self, airport: str, local: str) -> Moment | None:
        """A stored local time as an instant; None: there is none."""
        read = rules.read_local(local)
        if read is None:
            return None
        try:
            return rules.moment(read, self.zone_of(airport))
        except OverflowError:
            return None

    def departure(self, leg: StoredLeg) -> datetime:
        """When a leg leaves; one that never does comes last."""
        known = (leg.from_airport, leg.departs)
        if known not in self.departures:
            read = rules.read_local(leg.departs)
            try:
                self.departures[known] = rules.instant(read, self.zone_of(leg.from_airport)) if read else _NEVER
            except OverflowError:
                self.departures[known] = _NEVER
        return self.departures[known]

    def near(self, day: str) -> tuple[str, str]:
        """Between which local times legs may belong to the same journey as one of that day."""
        if day not in self.around:
            flown = date.fromisoformat(day)
            self.around[day] = ((flown - _NEAR).isoformat(), (flown + _NEAR).isoformat())
        return self.around[day]

    def journeys(self, legs: Iterable[StoredLeg]) -> list[tuple[StoredLeg, ...]]:
        """The legs of one reservation as journeys."""
        return rules.journeys(legs, self.departure)

    def legs_of(self, reservations: Iterable[int]) -> dict[int, list[StoredLeg]]:
        """The legs of reservations."""
        found: dict[int, list[StoredLeg]] = {}
        for chunk in chunks(sorted(set(reservations))):
            query = _LEGS.format(numbers=placeholders(chunk))
            for row in self.connection.exec_driver_sql(query, tuple(chunk)).all():
                found.setdefault(row[1], []).append(StoredLeg(*row))
        return found


def spine(watch: Watch, query: DepartureQuery) -> Spine:
    """The keys of the whole list, in its order."""
    asked = _candidates(watch, query)
    legs = watch.legs_of(row.reservation for row in asked)
    text, place = fold_text(query.text).strip(), fold_text(query.destination).strip()
    listed = []
    for row in asked:
        journey = _journey(watch, row.flight, legs.get(row.reservation, ()))
        if not journey or not _fits(row, journey, text, place):
            continue
        state = rules.state([leg.stamp for leg in journey])
        if query.state in ("", state) or (query.state == "open" and state is not FlightState.INFORMED):
            listed.append(Listed(_key(watch, query.order, row, journey[0], state), row.flight, state))
    listed.sort()
    return Spine(listed)


def flown(watch: Watch, first: date, last: date, operator: int | None = None) -> list[Flown]:
    """The journeys that begin on one of these days of their airports, in the order of their departure, with their legs.

    Unlike :func:`spine` it asks for no window: also what left long ago.
    """
    values: list[Any] = [first.isoformat(), (last + timedelta(days=1)).isoformat(), ReservationStatus.CANCELLED.value]
    statement = _FLOWN
    if operator is not None:
        statement += " AND r.operator_id = ?"
        values.append(operator)
    flights = watch.connection.exec_driver_sql(statement, tuple(values)).all()
    legs = watch.legs_of(row[1] for row in flights)
    found = []
    for flight, reservation in flights:
        journey = _journey(watch, flight, legs.get(reservation, ()))
        if journey and rules.read_local(journey[0].departs) is not None:
            key = watch.departure(journey[0]).isoformat()
            found.append(Flown(Listed(key, flight, rules.state([leg.stamp for leg in journey])), journey))
    return sorted(found, key=lambda one: one.listed)


_FLOWN = (
    "SELECT f.id, f.reservation_id FROM flight f CROSS JOIN reservation r ON r.id = f.reservation_id "
    "WHERE f.removed_at IS NULL AND f.departs >= ? AND f.departs < ? AND r.removed_at IS NULL AND r.status <> ?"
)


class _Candidate(NamedTuple):
    """A flight within its window."""

    flight: int
    reservation: int
    days: int
    airport: str
    departs: str
    code: str
    name: str
    operator: str
    destination: str


def _candidates(watch: Watch, query: DepartureQuery) -> list[_Candidate]:
    """The flights that are within their windows; of connecting ones all."""
    connection = watch.connection
    days = connection.exec_driver_sql("SELECT max(watch_days) FROM operator WHERE removed_at IS NULL").scalar()
    today = watch.now.astimezone(UTC).date()
    low, high = today - timedelta(days=1), today + timedelta(days=max(watch.days, days or 0) + 2)
    statement = _CANDIDATES.format(name=_NAME if query.text.strip() or query.order == "name" else "''")
    values: list[Any] = [watch.days, low.isoformat(), high.isoformat(), today.isoformat(), watch.days]
    values.append(ReservationStatus.CANCELLED.value)
    if query.operator.strip():
        statement += " AND o.folded = ?"
        values.append(" ".join(fold_text(query.operator).split()))
    windows: dict[tuple[str, str, int], bool] = {}
    found = []
    for row in connection.exec_driver_sql(statement, tuple(values)).all():
        one = _Candidate(*row)
        window = (one.airport, one.departs[:10], one.days)
        if window not in windows:
            windows[window] = _watched(watch, *window)
        if windows[window] and rules.read_local(one.departs) is not None:
            found.append(one)
    return found


_CANDIDATES = (
    "SELECT f.id, f.reservation_id, coalesce(o.watch_days, ?), f.from_airport, f.departs, r.code, "
    "{name}, coalesce(o.folded, ''), r.folded_destination "
    "FROM flight f CROSS JOIN reservation r ON r.id = f.reservation_id "
    "LEFT JOIN operator o ON o.id = r.operator_id "
    "WHERE f.removed_at IS NULL AND f.departs >= ? AND f.departs < ? "
    "AND f.departs < date(?, '+' || (coalesce(o.watch_days, ?) + 2) || ' days') "
    "AND r.removed_at IS NULL AND r.status <> ?"
)


_NAME = (
    "coalesce((SELECT g.folded FROM reservation_guest h JOIN guest g ON g.id = h.guest_id "
    "WHERE h.reservation_id = r.id AND h.holder), (SELECT c.folded FROM guest c WHERE c.id = r.company_id), '')"
)


def _watched(watch: Watch, airport: str, day: str, days: int) -> bool:
    try:
        flown = date.fromisoformat(day)
    except ValueError:
        return False
    return rules.watched(flown, watch.now, watch.zone_of(airport), days)


def _journey(watch: Watch, flight: int, legs: Sequence[StoredLeg]) -> tuple[StoredLeg, ...]:
    """The journey that begins with a flight; empty: it is a connection of another."""
    own = next((leg for leg in legs if leg.id == flight), None)
    if own is None or len(legs) == 1:
        return (own,) if own is not None else ()
    low, high = watch.near(own.departs[:10])
    near = [leg for leg in legs if low <= leg.departs <= high]
    if len(near) == 1:
        return (own,)
    return next((one for one in watch.journeys(near) if one[0].id == flight), ())


def _fits(row: _Candidate, journey: Sequence[StoredLeg], text: str, place: str) -> bool:
    if place and place not in row.destination and place.upper() not in {leg.to_airport for leg in journey}:
        return False
    texts = [row.name, fold_text(row.code), *(fold_text(leg.number) for leg in journey)]
    texts += [one.replace(" ", "") for one in texts[1:]]
    return text.replace(" ", "") in texts or all(any(word in one for one in texts) for word in text.split())


def _key(watch: Watch, order: str, row: _Candidate, leg: StoredLeg, state: FlightState) -> str:
    """What a row is sorted by; the instant stands behind anything else."""
    at = watch.departure(leg).isoformat()
    before = {"state": _RANK[state], "name": f"{row.name}\n", "operator": f"{row.operator}\n"}
    return before.get(order, "") + at


def rows_of(watch: Watch, listed: Sequence[Listed]) -> list[DepartureRow]:
    """The rows of keys, in their order."""
    details = _details(watch.connection, [one.flight for one in listed])
    legs = watch.legs_of(row["reservation"] for row in details.values())
    found = []
    for one in listed:
        row = details.get(one.flight)
        journey = _journey(watch, one.flight, legs.get(row["reservation"], ())) if row is not None else ()
        if row is not None and journey:
            found.append(_row(watch, one, row, journey))
    return found


def rows_of_flown(watch: Watch, flights: Sequence[Flown]) -> list[DepartureRow]:
    """The same of journeys whose legs are at hand."""
    details = _details(watch.connection, [one.listed.flight for one in flights])
    known = ((one, details.get(one.listed.flight)) for one in flights)
    return [_row(watch, one.listed, row, one.legs) for one, row in known if row is not None]


def _details(connection: Connection, flights: Sequence[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for chunk in chunks(flights):
        query = _DETAILS.format(numbers=placeholders(chunk))
        found |= {row["id"]: row for row in connection.exec_driver_sql(query, tuple(chunk)).mappings()}
    return found


_DETAILS = (
    "SELECT f.id AS id, f.reservation_id AS reservation, f.version AS version, a.name AS agent, r.code AS code, "
    "r.destination AS destination, o.name AS operator, h.guest_id AS guest, "
    "coalesce(g.given, '') AS given, coalesce(g.surname, c.surname, '') AS surname, "
    "(SELECT count(*) FROM reservation_guest m WHERE m.reservation_id = r.id) AS guests, "
    "(SELECT p.number FROM guest_phone p WHERE p.guest_id = coalesce(g.id, c.id) ORDER BY p.position, p.id LIMIT 1) "
    "AS phone, "
    "(SELECT e.address FROM guest_email e WHERE e.guest_id = coalesce(g.id, c.id) ORDER BY e.position, e.id LIMIT 1) "
    "AS email "
    "FROM flight f JOIN reservation r ON r.id = f.reservation_id "
    "LEFT JOIN agent a ON a.id = f.informed_by LEFT JOIN operator o ON o.id = r.operator_id "
    "LEFT JOIN reservation_guest h ON h.reservation_id = r.id AND h.holder "
    "LEFT JOIN guest g ON g.id = h.guest_id LEFT JOIN guest c ON c.id = r.company_id "
    "WHERE f.id IN ({numbers})"
)


def _row(watch: Watch, one: Listed, row: Any, journey: Sequence[StoredLeg]) -> DepartureRow:
    leg = journey[0]
    leaves = watch.moment(leg.from_airport, leg.departs)
    at, clock = leaves if leaves is not None else (watch.now, rules.LocalTime.PLAIN)
    views = [shown(part) for part in journey]
    return DepartureRow(
        id=leg.id,
        reservation=leg.reservation,
        code=display_text(row["code"]),
        holder=display_text(f"{row['given']} {row['surname']}".strip()),
        guest_id=row["guest"],
        phone=international(row["phone"] or ""),
        email=display_text(row["email"] or ""),
        guests=row["guests"],
        number=views[0].number,
        from_airport=views[0].from_airport,
        to_airport=views[0].to_airport,
        departs=at.astimezone(watch.zone_of(leg.from_airport)),
        arrives=leg.arrives,
        zone_known=airports.zone_of(leg.from_airport) is not None,
        clock=clock,
        state=one.state,
        informed_by=display_text(row["agent"] or ""),
        informed_at=leg.stamp.informed_at,
        told=leg.informed_departs,
        told_arrives=leg.informed_arrives,
        connections=tuple(views[1:]),
        operator=display_text(row["operator"] or ""),
        destination=display_text(row["destination"]),
        local=leg.departs,
        version=row["version"],
        cursor=(one.key, leg.id),
    )


def shown(leg: StoredLeg) -> JourneyLeg:
    """A leg as a row names it, display-safe."""
    number, start, end = (display_text(text) for text in (leg.number, leg.from_airport, leg.to_airport))
    return JourneyLeg(leg.id, number, start, end, leg.departs, leg.arrives)
