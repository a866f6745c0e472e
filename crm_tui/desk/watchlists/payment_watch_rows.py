"""How the payment watchlist is read from the store: along the index of what is due, never adding up lines of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from crm_tui.data.bulk import chunks, placeholders
from crm_tui.desk.client_base.phones import international
from crm_tui.desk.common.views import Cursor
from crm_tui.desk.watchlists.payment_watch_views import PaymentQuery, PaymentRow
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.payment_watch import missing_now
from crm_tui.rules.schedule import Sums
from crm_tui.rules.vocabulary import LineKind

_DEPOSIT = LineKind.DEPOSIT.value
_DUE_OF = (
    "(SELECT coalesce(sum(l.amount), 0) FROM schedule_line l WHERE l.reservation_id = k.reservation_id "
    "AND l.removed_at IS NULL AND l.due <= :day AND l.kind {sign} :deposit)"
)
_DEPOSIT_DUE, _BALANCE_DUE = _DUE_OF.format(sign="="), _DUE_OF.format(sign="<>")
_DEPOSIT_NOW = f"max(0, {_DEPOSIT_DUE} - max(0, k.paid))"
_BALANCE_NOW = f"max(0, {_BALANCE_DUE} - max(0, max(0, k.paid) - k.deposit))"
_NAME = "coalesce(g.folded, c.folded, '')"

_KEYS = {
    "due": "k.due",
    "name": _NAME,
    "amount": f"printf('%020d', 1000000000000000000 - {_DEPOSIT_NOW} - {_BALANCE_NOW})",
    "arrival": "coalesce(r.arrival, '9999-12-31')",
}
"""What each order sorts by, as text; the reservation's number decides between equals."""

_STATES = {
    "": "",
    "overdue": " AND k.due < :today",
    "today": " AND k.due = :today",
    "soon": " AND k.due > :today",
    "Z": f" AND {_DEPOSIT_NOW} > 0",
    "D": f" AND {_BALANCE_NOW} > 0",
}
STATES = tuple(one for one in _STATES if one)

_JOINS = {
    "r": "JOIN reservation r ON r.id = k.reservation_id",
    "o": "JOIN operator o ON o.id = r.operator_id",
    "g": "LEFT JOIN reservation_guest h ON h.reservation_id = r.id AND h.holder "
    "LEFT JOIN guest g ON g.id = h.guest_id LEFT JOIN guest c ON c.id = r.company_id",
}


@dataclass(frozen=True)
class DueList:
    """The list that a query asks for.

    Attributes:
        today: the day of the property's zone.
        day: the last one of the window.
    """

    connection: Connection
    query: PaymentQuery
    today: date
    day: date

    @property
    def length(self) -> tuple[int, int]:
        """How long it is, and how many of it are overdue."""
        counted = f"SELECT count(*), coalesce(sum(k.due < :today), 0) {self._from(sorting=False)}"
        total, overdue = self._run(counted).one()
        return int(total), int(overdue)

    def key_of(self, reservation: int) -> list[tuple[int, str]]:
        """A reservation with its key; empty: it is not in the list."""
        statement = f"SELECT k.reservation_id, {self._key} {self._from(sorting=True)} AND k.reservation_id = :own"
        return [(row[0], str(row[1])) for row in self._run(statement, own=reservation)]

    def position(self, cursor: Cursor) -> int:
        """How many stand before the row of that key."""
        before = f"AND ({self._key}, k.reservation_id) < (:edge, :own)"
        counted = self._run(f"SELECT count(*) {self._from(sorting=True)} {before}", edge=cursor[0], own=cursor[1])
        return int(counted.scalar_one())

    def ids(self, edge: Cursor | None, *, backwards: bool, limit: int, offset: int = 0) -> list[tuple[int, str]]:
        """The numbers of a stretch with their keys, in the order of the list."""
        way, sign = ("DESC", "<") if backwards else ("ASC", ">")
        beyond, values = "", {"limit": limit, "offset": offset}
        if edge is not None:
            beyond = f" AND ({self._key}, k.reservation_id) {sign} (:edge, :own)"
            values |= {"edge": edge[0], "own": edge[1]}  # type: ignore[dict-item]
        statement = (
            f"SELECT k.reservation_id, {self._key} {self._from(sorting=True)}{beyond} "
            f"ORDER BY {self._key} {way}, k.reservation_id {way} LIMIT :limit OFFSET :offset"
        )
        rows = [(row[0], str(row[1])) for row in self._run(statement, **values)]
        return rows[::-1] if backwards else rows

    @property
    def _words(self) -> list[str]:
        return fold_text(self.query.text).split()

    @property
    def _key(self) -> str:
        return _KEYS[self.query.order]

    def _from(self, *, sorting: bool) -> str:
        """Where the rows come from, and all that is asked; tables that nothing asks for are left out."""
        query = self.query
        where = ["k.due <= :day"]
        needed = set()
        if query.operator.strip():
            needed |= {"r", "o"}
            where.append("o.folded = :operator")
        if query.destination.strip():
            needed.add("r")
            where.append("instr(r.folded_destination, :destination) > 0")
        if query.text.strip():
            needed |= {"r", "g"}
            for place in range(len(self._words)):
                where.append(f"(instr({_NAME}, :word{place}) > 0 OR instr(lower(r.code), :word{place}) > 0)")
        if sorting and query.order in ("name", "arrival"):
            needed |= {"r", "g"} if query.order == "name" else {"r"}
        joins = " ".join(_JOINS[one] for one in _JOINS if one in needed)
        return f"FROM reservation_due k {joins} WHERE {' AND '.join(where)}{_STATES[query.state]}"

    def _run(self, statement: str, **values: Any) -> Any:
        from sqlalchemy import text

        asked = self.query
        given = {"today": self.today.isoformat(), "day": self.day.isoformat(), "deposit": _DEPOSIT}
        given |= {f"word{place}": word for place, word in enumerate(self._words)}
        given["operator"] = " ".join(fold_text(asked.operator).split())
        given["destination"] = " ".join(fold_text(asked.destination).split())
        return self.connection.execute(text(statement), given | values)


def rows_of(listed: DueList, keys: Sequence[tuple[int, str]]) -> list[PaymentRow]:
    """The rows of keys, in their order."""
    found: dict[int, PaymentRow] = {}
    key_of = dict(keys)
    for chunk in chunks(key_of):
        statement = _ROWS.format(numbers=placeholders(chunk))
        values = (listed.day.isoformat(), _DEPOSIT, listed.day.isoformat(), _DEPOSIT, *chunk)
        for row in listed.connection.exec_driver_sql(statement, values).mappings():
            found[row["id"]] = _row(row, listed.today, (key_of[row["id"]], row["id"]))
    return [found[number] for number, _key in keys if number in found]


_ROWS = (
    "SELECT r.id AS id, r.code AS code, r.reference AS reference, r.status AS status, r.product AS product, "
    "r.destination AS destination, r.room AS room, r.arrival AS arrival, r.departure AS departure, "
    "r.currency AS currency, r.version AS version, o.name AS operator, h.guest_id AS guest, "
    "coalesce(g.given, '') AS given, coalesce(g.surname, c.surname, '') AS surname, "
    "k.paid AS paid, k.deposit AS deposit, k.price AS price, k.due AS due, "
    "(SELECT coalesce(sum(l.amount), 0) FROM schedule_line l WHERE l.reservation_id = r.id AND l.removed_at IS NULL "
    "AND l.due <= ? AND l.kind = ?) AS deposit_due, "
    "(SELECT coalesce(sum(l.amount), 0) FROM schedule_line l WHERE l.reservation_id = r.id AND l.removed_at IS NULL "
    "AND l.due <= ? AND l.kind <> ?) AS balance_due, "
    "(SELECT p.number FROM guest_phone p WHERE p.guest_id = coalesce(g.id, c.id) ORDER BY p.position, p.id LIMIT 1) "
    "AS phone, "
    "(SELECT e.address FROM guest_email e WHERE e.guest_id = coalesce(g.id, c.id) ORDER BY e.position, e.id LIMIT 1) "
    "AS email, "
    "(SELECT count(*) FROM payment_notice n WHERE n.reservation_id = r.id AND n.state = 'sent') AS notices, "
    "z.sent_at AS sent_at, z.created_at AS noticed_at, z.channel AS channel "
    "FROM reservation r JOIN reservation_due k ON k.reservation_id = r.id "
    "LEFT JOIN operator o ON o.id = r.operator_id "
    "LEFT JOIN reservation_guest h ON h.reservation_id = r.id AND h.holder "
    "LEFT JOIN guest g ON g.id = h.guest_id LEFT JOIN guest c ON c.id = r.company_id "
    "LEFT JOIN payment_notice z ON z.id = "
    "(SELECT max(n.id) FROM payment_notice n WHERE n.reservation_id = r.id AND n.state = 'sent') "
    "WHERE r.id IN ({numbers})"
)


def _row(row: Any, today: date, cursor: Cursor) -> PaymentRow:
    sums = Sums(row["paid"], row["deposit"], row["price"])
    now = missing_now(sums, row["deposit_due"], row["balance_due"])
    due = date.fromisoformat(row["due"]) if row["due"] else today
    title = " · ".join(display_text(part) for part in (row["product"], row["destination"], row["room"]) if part)
    return PaymentRow(
        id=row["id"],
        code=display_text(row["code"]),
        reference=display_text(row["reference"]),
        holder=display_text(f"{row['given']} {row['surname']}".strip()),
        guest_id=row["guest"],
        phone=international(row["phone"] or ""),
        email=display_text(row["email"] or ""),
        letters=now.letters,
        deposit_now=now.deposit,
        balance_now=now.balance,
        missing_deposit=sums.missing_deposit,
        missing_balance=sums.missing_balance,
        overpaid=sums.overpaid,
        paid=row["paid"],
        price=row["price"],
        currency=row["currency"],
        due=due,
        overdue=due < today,
        status=row["status"],
        title=title,
        operator=display_text(row["operator"] or ""),
        destination=display_text(row["destination"]),
        arrival=_day(row["arrival"]),
        departure=_day(row["departure"]),
        last_notice=_instant(row["sent_at"] or row["noticed_at"]),
        notice_channel=row["channel"] or "",
        notices=row["notices"],
        version=row["version"],
        cursor=cursor,
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None
