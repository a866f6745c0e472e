"""What falls due in a period, and how much of it is there (SPEC §7, §12). The money on a line is that of the schedule's rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from typing import Any, NamedTuple

from crm_tui.base.i18n import N_, _
from crm_tui.data.bulk import CHUNK, chunks, placeholders
from crm_tui.desk.common.words import said
from crm_tui.desk.reports import charts
from crm_tui.desk.reports.asking import Asked
from crm_tui.desk.reports.money import GROUPS, STAY, STAYS, Part, Stay, grouped, stay
from crm_tui.desk.reports.registry import DUE
from crm_tui.desk.reports.views import Found, Link
from crm_tui.desk.stays.reservation_views import LINES
from crm_tui.rules.money import Money
from crm_tui.rules.reporting import Column, Kind, Record
from crm_tui.rules.schedule import Line, allocate
from crm_tui.rules.vocabulary import ReservationStatus

AMOUNTS = (
    Column("amount", N_("Due"), Kind.MONEY),
    Column("covered", N_("Covered"), Kind.MONEY),
    Column("missing", N_("Missing"), Kind.MONEY),
)
LINE = (
    Column("due", N_("Day"), Kind.DAY),
    Column("reservation", N_("Code")),
    Column("holder", N_("Holder")),
    Column("operator", N_("Operator"), shown=False),
    Column("channel", N_("Channel"), shown=False),
    Column("kind", N_("What")),
    *AMOUNTS,
    Column("state", N_("State")),
)
_NAMES = ("amount", "covered", "missing")


class Due(NamedTuple):
    """A line with the money on it and what is not there of it, minor units."""

    line: Line
    covered: int
    missing: int
    stay: Stay

    def state(self, today: date) -> str:
        """One of :data:`crm_tui.desk.reports.registry.DUE`."""
        if not self.missing:
            return "covered"
        return "overdue" if self.line.due < today else "open"


def compute(asked: Asked) -> Found:
    """The lines of reservations that were not cancelled."""
    found = [one for one in _due(asked) if _fits(one, asked)]
    if asked.by == "line":
        found.sort(key=lambda one: (one.line.due, one.stay.code, one.line.position, one.line.id))
        links = [Link("reservation", one.stay.id) for one in found]
        chart = charts.over_time(_("Due by day"), ("covered", "missing"), asked.period, kind="stacked")
        by_day = partial(grouped, _parts(found), "day", "lines", _NAMES)
        days = charts.of_records((GROUPS["day"][0], *AMOUNTS), by_day, chart)
        return Found(LINE, [_record(one, asked.today) for one in found], links, chart=days)
    head = (GROUPS[asked.by][0], Column("lines", N_("Amounts"), Kind.COUNT), *AMOUNTS)
    if asked.by == "day":
        drawn = charts.over_time(_("Due by day"), ("covered", "missing"), asked.period, kind="stacked")
    else:
        drawn = charts.rows(_("Due"), [asked.by], "amount")
    return Found(head, grouped(_parts(found), asked.by, "lines", _NAMES), chart=drawn)


def _fits(one: Due, asked: Asked) -> bool:
    wanted = asked.filters.get("status", "")
    state = one.state(asked.today)
    return not wanted or wanted == state or (wanted == "open" and state == "overdue")


def _record(one: Due, today: date) -> Record:
    currency = one.stay.currency
    return {
        "due": one.line.due,
        "reservation": one.stay.code,
        "holder": one.stay.holder,
        "operator": one.stay.operator,
        "channel": one.stay.channel,
        "kind": said(LINES, one.line.kind),
        "amount": Money(one.line.amount, currency),
        "covered": Money(one.covered, currency),
        "missing": Money(one.missing, currency),
        "state": said(DUE, one.state(today)),
    }


def _parts(found: Iterable[Due]) -> Iterator[Part]:
    for one in found:
        amounts = {"amount": one.line.amount, "covered": one.covered, "missing": one.missing}
        yield Part(one.line.due, one.stay, "", amounts)


def _due(asked: Asked) -> Iterator[Due]:
    """The lines of the period with the money on them: that of a reservation covers all of its lines in their order."""
    stays = _stays(asked)
    first, last, day = asked.period.start, asked.period.end, cache(date.fromisoformat)
    asked.progress.step(_("Reservations"), len(stays))
    for done, chunk in enumerate(chunks(stays)):
        asked.check()
        asked.progress.count(done * CHUNK)
        numbers = placeholders(chunk)
        lines: dict[int, list[Line]] = {}
        found = asked.connection.exec_driver_sql(_LINES.format(numbers=numbers), tuple(chunk)).all()
        for number, kind, due, amount, position, key in found:
            lines.setdefault(number, []).append(Line(kind, day(due), amount, position, key))
        for number, own in lines.items():
            one, paid = stays[number]
            for line, covered in zip(own, allocate(own, paid), strict=True):
                if first <= line.due <= last:
                    yield Due(line, covered, max(0, line.amount - covered), one)


def _stays(asked: Asked) -> dict[int, tuple[Stay, int]]:
    """The reservations of which something is due in the period, with what was paid."""
    first, last = asked.period.start.isoformat(), asked.period.end.isoformat()
    values: list[Any] = [first, last, ReservationStatus.CANCELLED.value]
    statement = _STAYS
    if asked.operator is not None:
        statement += " AND r.operator_id = ?"
        values.append(asked.operator)
    found: dict[int, tuple[Stay, int]] = {}
    for row in asked.connection.exec_driver_sql(statement, tuple(values)).mappings().all():
        if asked.counts_channel(row["channel"]):
            found[row["reservation"]] = (stay(row), row["paid"])
    return found


_STAYS = (
    f"SELECT {STAY}, k.paid AS paid FROM reservation r JOIN reservation_due k ON k.reservation_id = r.id {STAYS} "
    "WHERE r.id IN (SELECT l.reservation_id FROM schedule_line l "
    "WHERE l.due >= ? AND l.due <= ? AND l.removed_at IS NULL) AND r.removed_at IS NULL AND r.status <> ?"
)
_LINES = (
    "SELECT l.reservation_id, l.kind, l.due, l.amount, l.position, l.id FROM schedule_line l "
    "WHERE l.reservation_id IN ({numbers}) AND l.removed_at IS NULL"
)
