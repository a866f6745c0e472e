"""What there is to say of a watched flight: who to call, the journey, what they were told, what is odd."""

from __future__ import annotations

from datetime import datetime, tzinfo

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.watchlists import airports
from crm_tui.desk.watchlists.departure_views import DepartureRow
from crm_tui.rules.departures import LocalTime
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.departures.rows import LOOKS, UNSURE, local_time, until
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import moment


def details(row: DepartureRow, now: datetime, zone: tzinfo) -> list[list[Part]]:
    """Lines below the list."""
    return [_who(row), _journey(row, now), _connections(row), _state(row, now, zone), _odd(row)]


def _who(row: DepartureRow) -> list[Part]:
    count = ngettext("{n} guest", "{n} guests", row.guests).format(n=row.guests) if row.guests > 1 else ""
    rest = [row.code, count, row.destination, row.operator, row.email]
    more = " · ".join(part for part in rest if part)
    phone = row.phone or _("no telephone number")
    return [
        (" " + (row.holder or _("(no guest)")), "strong"),
        (f"  {phone}", "accent" if row.phone else "muted"),
        (f"  {more}", "muted"),
    ]


def _journey(row: DepartureRow, now: datetime) -> list[Part]:
    lands = _clock(row.arrives, row.local)
    return [
        (f" {row.number} ", "strong"),
        (f"{_place(row.from_airport)} ", ""),
        (local_time(row), "strong"),
        (f" ({until(row.departs, now)})", "accent"),
        (f" → {_place(row.to_airport)}" + (f" {lands}" if lands else ""), ""),
    ]


def _connections(row: DepartureRow) -> list[Part]:
    """The flights after it, each with the hours on the clocks of its airports."""
    said = [
        _("then {flight} {departs} → {place} {arrives}")
        .format(
            flight=leg.number,
            departs=_clock(leg.departs, row.local),
            place=_place(leg.to_airport),
            arrives=_clock(leg.arrives, leg.departs),
        )
        .rstrip()
        for leg in row.connections
    ]
    return [(" " + " · ".join(said), "")] if said else []


def _place(code: str) -> str:
    found = airports.find(code)
    return f"{found.city or found.name} {code}" if found else code or "?"


def _clock(local: str, day: str) -> str:
    """The hour; of another day than the one before with its day."""
    if not local:
        return ""
    return local[11:16] if local[:10] == day[:10] else local[5:].replace("T", " ")


def _state(row: DepartureRow, now: datetime, zone: tzinfo) -> list[Part]:
    sign, style = LOOKS[row.state]
    at = moment(row.informed_at, now, zone) if row.informed_at else ""
    told = {"agent": row.informed_by or _("somebody"), "time": at, "departs": _clock(row.told, row.local)}
    if row.state is FlightState.TO_INFORM:
        return [(f" {sign} " + _("To be told."), style), ("  " + _("I once they know"), "key")]
    if row.state is FlightState.INFORMED:
        return [(f" {sign} " + _("{agent} told them {departs}, {time}.").format(**told), style)]
    words = _("{agent} told them {departs}, {time}; it leaves {now} now.").format(
        **told, now=_clock(row.local, row.told or row.local)
    )
    if row.told == row.local:
        words = _("{agent} told them, {time}; since then the flight or its connection was changed.").format(**told)
    return [(f" {sign} " + words, style), ("  " + _("I once they know"), "key")]


def _odd(row: DepartureRow) -> list[Part]:
    if not row.zone_known:
        words = _("{code} is no known airport: the clock of the property is meant.")
        return [(f" {UNSURE} " + words.format(code=row.from_airport or "?"), "warn")]
    if row.clock is LocalTime.SKIPPED:
        return [
            (f" {UNSURE} " + _("There is no such time: the clocks are put forward over it. Ask the airline."), "warn")
        ]
    if row.clock is LocalTime.TWICE:
        return [(f" {UNSURE} " + _("That time comes twice: the clocks are put back; the first is meant."), "warn")]
    return []
