"""The departure watchlist: whose flights leave soon, and whether they were told the times (SPEC §8)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Flight, Reservation, ReservationGuest
from crm_tui.desk.client_base import events
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories.history_words import Told, says
from crm_tui.desk.requests.inquiry_rows import plain
from crm_tui.desk.undoing.undo_words import Says
from crm_tui.desk.undoing.undo_words import says as undo_says
from crm_tui.desk.watchlists import flights
from crm_tui.desk.watchlists.departure_rows import StoredLeg, Watch, rows_of, shown, spine
from crm_tui.desk.watchlists.departure_views import ORDERS, DeparturePage, DepartureQuery, DepartureRow, Listed, Spine
from crm_tui.mail.text import display_text
from crm_tui.rules import departures as rules
from crm_tui.rules.vocabulary import EventKind, FlightState

__all__ = ["ORDERS", "STATES", "DeparturePage", "DepartureQuery", "DepartureRow", "Spine"]

PAGE = 100
STATES = {
    FlightState.TO_INFORM.value: N_("to inform"),
    FlightState.INFORMED.value: N_("informed"),
    FlightState.AGAIN.value: N_("inform again"),
}
"""Each state in words, to be translated."""

_F = columns(Flight)
_R = columns(Reservation)
_H = columns(ReservationGuest)


def whole(ctx: Context, query: DepartureQuery) -> Spine:
    """The keys of the whole list: what :func:`page` can be handed as ``known``, so that it is not read for every page.

    Raises:
        InvalidInput: there is no such state or order.
    """
    with ctx.store.connect() as connection:
        return _spine(ctx, connection, query)


def page(
    ctx: Context,
    query: DepartureQuery,
    *,
    after: Cursor | None = None,
    before: Cursor | None = None,
    last: bool = False,
    at: int | None = None,
    limit: int = PAGE,
    known: Spine | None = None,
) -> DeparturePage:
    """A stretch of the list, in its order.

    Args:
        after, before: the rows following or preceding this one; neither: the first rows.
        last: the last rows of the list.
        at: the rows from this position on.
        known: the list, where it was read before.

    Raises:
        InvalidInput: there is no such state or order.
    """
    with ctx.store.connect() as connection:
        found = known or _spine(ctx, connection, query)
        listed = found.listed
        if before is not None or last:
            end = len(listed) if before is None else bisect_left(listed, before, key=_cursor)
            chosen = listed[max(0, end - limit) : end]
        else:
            start = at if at is not None else 0 if after is None else bisect_right(listed, after, key=_cursor)
            chosen = listed[start : start + limit]
        return DeparturePage(rows_of(_watch(ctx, connection), chosen), len(listed), found.to_inform)


def total(ctx: Context, query: DepartureQuery) -> int:
    """How long a list is."""
    return len(whole(ctx, query).listed)


def to_inform(ctx: Context) -> int:
    """How many watched departures are to be told still, or again."""
    return whole(ctx, DepartureQuery()).to_inform


def position(ctx: Context, query: DepartureQuery, cursor: Cursor, *, known: Spine | None = None) -> int:
    """How many rows stand before this one in the list."""
    return bisect_left((known or whole(ctx, query)).listed, cursor, key=_cursor)


def row_in_list(
    ctx: Context, query: DepartureQuery, flight_id: int, *, known: Spine | None = None
) -> DepartureRow | None:
    """One flight as this list shows it; None if it is not in the list (any more)."""
    with ctx.store.connect() as connection:
        found = known or _spine(ctx, connection, query)
        one = [listed for listed in found.listed if listed.flight == flight_id]
        return next(iter(rows_of(_watch(ctx, connection), one)), None)


def row_of(ctx: Context, flight_id: int) -> DepartureRow | None:
    """A watched flight, whatever its state; None: it is not on the list."""
    return row_in_list(ctx, DepartureQuery(), flight_id)


def _cursor(listed: Listed) -> Cursor:
    return listed.key, listed.flight


def _watch(ctx: Context, connection: Connection) -> Watch:
    return Watch(connection, ctx.clock.now(), zone(connection), ctx.settings.flight_days)


def _spine(ctx: Context, connection: Connection, query: DepartureQuery) -> Spine:
    if query.order not in ORDERS:
        raise InvalidInput(_("There is no such order: {order}.").format(order=display_text(query.order)), field="order")
    if query.state not in ("", "open", *STATES):
        raise InvalidInput(
            _("There is no state called “{given}”; there are: {names}.").format(
                given=display_text(query.state), names=", ".join(("open", *STATES))
            ),
            field="state",
        )
    return spine(_watch(ctx, connection), query)


# What is done about it


def inform(ctx: Context, flight_ids: Iterable[int], seen: Iterable[DepartureRow] | None = None) -> int:
    """Note that the guests of these flights were told the times as they are now, those of their connections too.

    Who told them, when, and what, is stamped on every leg of the journey, and is an event in the holder's history. Returns
    for how many journeys that was news; those whose guests know already stay as they are.

    Args:
        seen: the rows from which they were told; None: they were told what stands there now.

    Raises:
        Conflict: a leg is not as in ``seen`` any more: they were told something else. Nothing was stored.
        InvalidInput: a flight has no departure that could be told.
        NotFound: there is no such flight.
    """
    with ctx.write() as tx:
        news = [one for one in _journeys(tx, ctx, flight_ids) if rules.state(_stamps(one)) is not FlightState.INFORMED]
        if seen is not None:
            _require_seen(news, seen)
        for journey in news:
            for leg in journey:
                told = leg.now
                stamp = {"informed_at": tx.now, "informed_by": tx.actor.id, "informed_departs": told.departs}
                stamp |= {"informed_arrives": told.arrives, "informed_flight": told.flight}
                _write(tx, leg.id, "inform", stamp)
            holder = _holder(tx.connection, journey[0].reservation)
            if holder is not None:
                words = "\n".join(_told(leg) for leg in journey)
                events.add_in(tx, holder, EventKind.FLIGHT_INFO, words, reservation=journey[0].reservation)
        return len(news)


def _require_seen(news: Iterable[Sequence[StoredLeg]], seen: Iterable[DepartureRow]) -> None:
    known = {leg.flight: leg for row in seen for leg in row.legs}
    for journey in news:
        for leg in journey:
            if known.get(leg.id) != shown(leg):
                raise Conflict(
                    _("{flight} was changed meanwhile: nobody was noted as informed.").format(flight=_told(leg)),
                    _("Tell them, then mark it again."),
                )


def uninform(ctx: Context, flight_ids: Iterable[int]) -> int:
    """Take the stamp off these flights and their connections: nobody was told. Returns how many journeys had one.

    Raises:
        InvalidInput, NotFound: as :func:`inform`.
    """
    empty: dict[str, Any] = dict.fromkeys(("informed_departs", "informed_arrives", "informed_flight"), "")
    with ctx.write() as tx:
        stamped = [one for one in _journeys(tx, ctx, flight_ids) if any(leg.informed_at for leg in one)]
        for journey in stamped:
            for leg in journey:
                _write(tx, leg.id, "uninform", {"informed_at": None, "informed_by": None, **empty})
        return len(stamped)


def set_times(
    ctx: Context, flight_id: int, version: int, departs: str | None = None, arrives: str | None = None
) -> None:
    """Change when a leg leaves and lands; what is None stays. Guests who were told other times are to be told again.

    Args:
        version: the one the agent started from.
        departs, arrives: as typed, on the clocks of the airports; ``9:50`` alone is of the day that the leg leaves on.

    Raises:
        Conflict: somebody changed the leg since ``version``, or the times are odd; nothing was stored.
        InvalidFields: there is no such time; ``field`` says which.
        NotFound: there is no such flight.
    """
    given = {"departs": departs, "arrives": arrives}
    with ctx.store.connect() as connection:
        before = _leg(connection, flight_id)
    values = {name: _with_day(text, getattr(before, name) or before.departs) for name, text in given.items() if text}
    flights.set(ctx, flight_id, version, values)


def version_of(ctx: Context, flight_id: int) -> int:
    """The version at which a leg stands.

    Raises:
        NotFound: there is no such flight.
    """
    with ctx.store.connect() as connection:
        return int(_leg(connection, flight_id).version)


def _with_day(text: str, before: str) -> str:
    """An hour alone keeps the day that the time had."""
    words = text.strip()
    alone = len(words) <= len("00:00") and words[-2:].isdecimal() and words.rstrip("0123456789")[-1:] in (":", ".", "h")
    return f"{before[:10]} {words}" if alone and before else words


def _leg(connection: Connection, flight_id: int) -> Row[Any]:
    query = select(table_of(Flight)).join(Reservation, _R.id == _F.reservation_id)
    row = connection.execute(query.where(_F.id == flight_id, _F.removed_at.is_(None), _R.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no flight {number}.").format(number=flight_id))
    return row


def _journeys(tx: Transaction, ctx: Context, flight_ids: Iterable[int]) -> list[tuple[StoredLeg, ...]]:
    """The journeys of flights, each once."""
    wanted = list(dict.fromkeys(flight_ids))
    rows = [_leg(tx.connection, number) for number in wanted]
    watch = _watch(ctx, tx.connection)
    legs = watch.legs_of(row.reservation_id for row in rows)
    found: dict[int, tuple[StoredLeg, ...]] = {}
    for row in rows:
        own = [one for one in watch.journeys(legs[row.reservation_id]) if any(leg.id == row.id for leg in one)]
        if not own:
            raise InvalidInput(
                _("Flight {number} has no departure yet: there is nothing to tell.").format(
                    number=display_text(row.number or str(row.id))
                ),
                _("Write its times first."),
            )
        found[own[0][0].id] = own[0]
    return list(found.values())


def _stamps(journey: Sequence[StoredLeg]) -> list[rules.Stamp]:
    return [leg.stamp for leg in journey]


def _holder(connection: Connection, reservation: int) -> int | None:
    query = select(_H.guest_id).where(_H.reservation_id == reservation, _H.holder)
    number = connection.execute(query).scalar()
    return int(number) if number is not None else None


def _told(leg: StoredLeg) -> str:
    """A leg as it is told: ``LO 351 WAW → MUC, 2026-07-10 06:00 – 07:40``."""
    ways = " → ".join(code for code in (leg.from_airport, leg.to_airport) if code)
    departs, arrives = leg.departs.replace("T", " "), leg.arrives.replace("T", " ")
    lands = arrives[11:] if arrives[:10] == departs[:10] else arrives
    times = " – ".join(part for part in (departs, lands) if part)
    return display_text(f"{leg.number} {ways}, {times}".strip())


def _write(tx: Transaction, flight_id: int, action: str, changed: Mapping[str, Any]) -> None:
    row = tx.connection.execute(select(table_of(Flight)).where(_F.id == flight_id)).one()
    tx.connection.execute(update(Flight).where(_F.id == flight_id).values(**changed, version=_F.version + 1))
    before = {name: plain(getattr(row, name)) for name in changed}
    after = {name: plain(value) for name, value in changed.items()}
    tx.journal("flight", flight_id, action, before, after, undoable=True)


# In words


def _called(told: Told) -> str:
    ways = " → ".join(str(told.now.get(name)) for name in ("from_airport", "to_airport") if told.now.get(name))
    return display_text(f"{told.now.get('number') or ''} {ways}".strip())


def _informed(_before: Told, after: Told) -> str:
    time = display_text(str(after.get("informed_departs") or "")).replace("T", " ")
    return _("told the times of {flight}: {time}").format(flight=_called(after), time=time)


says("flight", "inform", _informed)
says("flight", "uninform", lambda _before, after: _("took back that {flight} was told").format(flight=_called(after)))


def _again(words: str) -> Says:
    return lambda facts: _(words).format(what=facts.what)


undo_says("flight", "inform", did=_again(N_("{what}: the guests are to be told still.")))
undo_says("flight", "uninform", did=_again(N_("{what}: the guests were told.")))
undo_says("flight", "change", did=_again(N_("{what} leaves as before.")))
