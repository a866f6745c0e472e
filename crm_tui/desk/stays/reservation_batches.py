"""New reservations of a file, many at once: read, matched and checked in memory, written in few statements.

Only what is beyond doubt goes this way: a new reservation whose guests are known or new and right, whose operator and payer are
known. Whatever else a row says (a change, something that is wrong, something to fill in) is left to the way that takes one row
after the other (:mod:`crm_tui.desk.stays.reservation_import`), which says what is wrong in words; the store holds the same afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.data.bulk import allocate, chunks
from crm_tui.data.columns import columns
from crm_tui.data.record_search import paused, reservations_paused
from crm_tui.data.tables import Operator, Reservation
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.stays import reservations
from crm_tui.desk.stays.reservation_batch_guests import BatchGuests, Person, Unclear
from crm_tui.desk.stays.reservation_batch_rows import Made, write_guests, write_reservations
from crm_tui.mail.text import fold_text
from crm_tui.rules.money import Money
from crm_tui.rules.reservation_records import ReservationRecord
from crm_tui.rules.vocabulary import Channel, ReservationStatus

_O = columns(Operator)
_R = columns(Reservation)

_NEW_RESERVATION: dict[str, Any] = {
    **dict.fromkeys(("reference", "product", "destination", "room", "currency"), ""),
    **dict.fromkeys(("booked", "arrival", "departure", "adults", "children", "value"), None),
    "status": ReservationStatus.CONFIRMED.value,
    "channel": Channel.DIRECT.value,
}


class Batch:
    """New reservations that wait to be written together.

    Args:
        records: those that may come, with the telephone numbers as they stand in the file.
    """

    def __init__(self, tx: Transaction, records: Sequence[ReservationRecord]) -> None:
        self._tx = tx
        self._operators = dict[str, int]()
        self.companies: dict[tuple[str, ...], int] = {}
        self.made: dict[int, int] = {}
        """The numbers of the reservations that were written, by the rows they came from."""
        self._waiting: list[Made] = []
        self._newcomers: list[Person] = []
        self._codes = _codes(tx.connection, records)
        self._guests = BatchGuests(tx.connection, tx.now.astimezone(zone(tx.connection)).date(), records)
        self._load_operators()

    def learn(self, record: ReservationRecord, reservation: int) -> None:
        """A row went the other way: its operator and its payer are known from now on."""
        if record.company is not None and any(record.company.values()):
            query = select(_R.company_id).where(_R.id == reservation)
            if number := self._tx.connection.execute(query).scalar():
                self.companies[tuple(record.company.values())] = int(number)
        self._load_operators()

    def take(self, record: ReservationRecord, digest: str, line: int) -> None:
        """Let a new reservation wait; ``line`` is its row.

        Raises:
            Unclear: it is to go the other way; nothing of it waits.
        """
        values = dict(record.values)
        operator = values.pop("operator", "")
        row = {**_NEW_RESERVATION, **values, "imported": digest}
        if isinstance(row["value"], Money):
            row["value"] = row["value"].amount
        row["operator_id"] = self._operator(operator)
        row["company_id"] = self._company(record)
        code = row.get("code") or row["reference"]
        if not code or code in self._codes:
            raise Unclear
        row["code"] = code
        people, new = self._guests.of(record)
        for person in new:
            self._guests.let_in(person)
        self._newcomers += new
        self._codes.add(code)
        self._waiting.append(Made(row, people, record, line))

    def _operator(self, name: str) -> int | None:
        folded = " ".join(fold_text(name).split())
        if not folded:
            return None
        if folded not in self._operators:
            raise Unclear
        return self._operators[folded]

    def _company(self, record: ReservationRecord) -> int | None:
        if record.company is None or not any(record.company.values()):
            return None
        number = self.companies.get(tuple(record.company.values()))
        if number is None:
            raise Unclear
        return number

    def _load_operators(self) -> None:
        query = select(_O.folded, _O.id).where(_O.removed_at.is_(None))
        self._operators = {row.folded: int(row.id) for row in self._tx.connection.execute(query)}

    # Writing

    def flush(self) -> None:
        """Write what waits."""
        waiting, newcomers = self._waiting, self._newcomers
        if not waiting:
            return
        self._waiting, self._newcomers = [], []
        connection = self._tx.connection
        for number, person in zip(allocate(connection, "guest", len(newcomers)), newcomers, strict=True):
            person.number = number
        numbers = list(allocate(connection, "reservation", len(waiting)))
        for number, made in zip(numbers, waiting, strict=True):
            made.number = self.made[made.line] = number
        with (
            paused(connection, [person.number for person in newcomers]),
            reservations_paused(connection, numbers),
        ):
            write_guests(self._tx, newcomers)
            write_reservations(self._tx, waiting)
        for made in waiting:
            if made.record.schedule is None:
                reservations.schedule_in(self._tx, made.number)


def _codes(connection: Connection, records: Sequence[ReservationRecord]) -> set[str]:
    """Those of the codes that the rows could get which are taken."""
    wanted = {str(one.values.get("code") or one.values.get("reference") or "") for one in records} - {""}
    found: set[str] = set()
    for chunk in chunks(sorted(wanted)):
        query = select(_R.code).where(_R.code.in_(chunk), _R.removed_at.is_(None))
        found |= set(connection.execute(query).scalars())
    return found
