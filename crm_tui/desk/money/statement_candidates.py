"""Which reservations the lines of a statement may pay for: those whose code they name, and those that miss money."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, Reservation, ReservationDue, ReservationGuest, ScheduleLine
from crm_tui.mail.text import display_text
from crm_tui.rules.money import Money
from crm_tui.rules.schedule import Line, missing_by, sums, uncovered
from crm_tui.rules.statement import BankLine
from crm_tui.rules.statement_matching import Candidate

_R = columns(Reservation)
_D = columns(ReservationDue)
_L = columns(ScheduleLine)
_H = columns(ReservationGuest)
_G = columns(Guest)

_WORD = re.compile(r"[^\s,;·]+")
_EDGES = "()[]{}<>.:\"'#*"


class Told(NamedTuple):
    """What is shown of a proposed reservation."""

    code: str
    holder: str
    missing: Money
    status: str


class Known(NamedTuple):
    """Candidates, and what is shown of each."""

    candidates: list[Candidate]
    told: dict[int, Told]


def known_in(connection: Connection, lines: Sequence[BankLine], until: date) -> Known:
    """The reservations that could be meant: all that ask for money, and whatever the texts name by its code.

    Args:
        until: up to which day money is asked for now.
    """
    if not lines:
        return Known([], {})
    names = (_R.id, _R.code, _R.reference, _R.currency, _R.status, _R.company_id, _D.paid, _D.price)
    query = select(*names).outerjoin(ReservationDue, _D.reservation_id == _R.id).where(_R.removed_at.is_(None))
    rows = {row.id: row for row in connection.execute(query.where(_D.due.is_not(None)))}
    for chunk in chunks(sorted(_words(lines))):
        for column in (_R.code, _R.reference):
            rows |= {row.id: row for row in connection.execute(query.where(column.in_(chunk)))}
    schedules = _schedules(connection, rows)
    people, holders = _people(connection, rows)
    candidates, told = [], {}
    for row in rows.values():
        scheduled = schedules.get(row.id, [])
        paid = row.paid or 0
        left = max(0, (row.price or 0) - paid)
        candidates.append(
            Candidate(
                row.id,
                tuple(one for one in (row.code, row.reference) if one),
                tuple(people.get(row.id, ())),
                row.currency,
                _missing(scheduled, paid, until),
                paid,
            )
        )
        told[row.id] = Told(display_text(row.code), holders.get(row.id, ""), Money(left, row.currency), row.status)
    return Known(candidates, told)


def _words(lines: Iterable[BankLine]) -> set[str]:
    """What may be a code, as it stands there: it has a digit."""
    found: set[str] = set()
    for line in lines:
        for word in _WORD.findall(line.text):
            clean = word.strip(_EDGES)
            if 3 <= len(clean) <= 60 and any(letter.isdigit() for letter in clean):
                found |= {clean, clean.upper()}
                found |= set(re.split(r"[/:+?]", clean.upper()))
    return {one for one in found if len(one) >= 3}


def _missing(lines: Sequence[Line], paid: int, until: date) -> frozenset[int]:
    """Amounts that would be no surprise."""
    told = sums(lines, paid)
    open_lines = uncovered(lines, paid)
    found = {told.missing_deposit, told.missing_balance, told.missing_deposit + told.missing_balance}
    found |= {one.amount for one in open_lines} | {sum(one.amount for one in missing_by(lines, paid, until))}
    return frozenset(found - {0})


def _schedules(connection: Connection, ids: Iterable[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    names = (_L.reservation_id, _L.kind, _L.due, _L.amount, _L.position, _L.id)
    for chunk in chunks(sorted(ids)):
        query = select(*names).where(_L.reservation_id.in_(chunk), _L.removed_at.is_(None))
        for row in connection.execute(query):
            found.setdefault(row[0], []).append(Line(*row[1:]))
    return found


def _people(connection: Connection, rows: dict[int, Any]) -> tuple[dict[int, list[tuple[str, str]]], dict[int, str]]:
    """Given name and surname of the guests and of the company that pays; the holder as one name."""
    people: dict[int, list[tuple[str, str]]] = {}
    holders: dict[int, str] = {}
    for chunk in chunks(sorted(rows)):
        guests = select(_H.reservation_id, _G.given, _G.surname, _H.holder).join(Guest, _G.id == _H.guest_id)
        for row in connection.execute(guests.where(_H.reservation_id.in_(chunk))):
            people.setdefault(row.reservation_id, []).append((row.given, row.surname))
            if row.holder:
                holders[row.reservation_id] = display_text(f"{row.given} {row.surname}".strip())
        payers = select(_R.id, _G.surname).join(Guest, _G.id == _R.company_id).where(_R.id.in_(chunk))
        for row in connection.execute(payers):
            people.setdefault(row.id, []).append(("", row.surname))
            holders.setdefault(row.id, display_text(row.surname))
    return people, holders
