"""The full-text index of inquiries, guests and reservations (SPEC §14), for SQLite: folded text, a row each under the record's id.

Triggers keep it, so that no way of writing an inquiry, a guest, a reservation or a memo can forget it, the undo included. They fold with
``crm_fold``, which every connection of the store knows (:func:`crm_tui.data.sqlite.prepare`). The rows lie in order of the
ids, so that the newest come first for free. Unlike the index of the mail these keep their text: they are small, and
``check`` compares it with the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from crm_tui.data import dues
from crm_tui.data.bulk import chunks, placeholders

INQUIRY_COLUMNS = ("names", "contacts", "stay", "memos")
GUEST_COLUMNS = ("names", "contacts", "city", "keys", "details", "memos", "facts")
RESERVATION_COLUMNS = ("codes", "names", "destination", "stay", "notes")
FACT = "\ue000"
"""What the words of ``facts`` begin with, so that no text means them: a letter of Unicode's private use."""

TOKENS = 'tokenize="unicode61 remove_diacritics 0"'
TABLES = (
    f"CREATE VIRTUAL TABLE inquiry_search USING fts5({', '.join(INQUIRY_COLUMNS)}, {TOKENS}, prefix='3')",
    # Guests are looked up as one types, from the first letter on.
    f"CREATE VIRTUAL TABLE guest_search USING fts5({', '.join(GUEST_COLUMNS)}, {TOKENS}, prefix='1 2 3')",
    # Holds a row only within a transaction that indexes many guests at once, see paused().
    "CREATE TABLE guest_search_pause (since TEXT NOT NULL)",
)
RESERVATION_TABLES = (
    # Looked up as one types, from the first letter on.
    f"CREATE VIRTUAL TABLE reservation_search USING fts5({', '.join(RESERVATION_COLUMNS)}, {TOKENS}, prefix='1 2 3')",
    "CREATE TABLE reservation_search_pause (since TEXT NOT NULL)",
)
_NOT_PAUSED = "NOT EXISTS (SELECT 1 FROM guest_search_pause)"
_NOT_PAUSED_RESERVATIONS = "NOT EXISTS (SELECT 1 FROM reservation_search_pause)"
_TWO_DIGITS = (
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 "
    "90 91 92 93 94 95 98"
)


def _joined(expression: str, rows: str) -> str:
    """The values of some rows in one text, in a settled order."""
    return f"coalesce((SELECT group_concat(v, char(10)) FROM (SELECT {expression} AS v FROM {rows})), '')"


_COUNTRY_CODE = (
    "CASE WHEN substr(p.number, 2, 1) IN ('1', '7') THEN 1 WHEN substr(p.number, 2, 2) IN ("
    + ", ".join(f"'{code}'" for code in _TWO_DIGITS.split())
    + ") THEN 2 ELSE 3 END"
)
"""How many digits the country code of an E.164 number has (ITU-T E.164 assigns them so that none begins another)."""


def _contacts(guests: str) -> str:
    """Addresses and numbers of guests; a number also without its country code and zeros, as people dial it."""
    mails = _joined("e.address", f"guest_email e WHERE e.guest_id {guests} ORDER BY e.id")
    phones = _joined(
        f"p.number || ' ' || ltrim(substr(p.number, 2 + {_COUNTRY_CODE}), '0')",
        f"guest_phone p WHERE p.guest_id {guests} ORDER BY p.id",
    )
    return f"crm_fold({mails} || char(10) || {phones})"


_OF_INQUIRY = "IN (SELECT x.guest_id FROM inquiry_guest x WHERE x.inquiry_id = i.id)"
_NAME = "g.given || ' ' || g.surname"
_MEMOS = (
    "memo m WHERE m.removed_at IS NULL AND (m.inquiry_id = i.id OR m.conversation_id IN "
    "(SELECT c.id FROM conversation c WHERE c.inquiry_id = i.id)) ORDER BY m.id"
)
INQUIRIES = (
    f"SELECT i.id AS id, crm_fold({_joined(_NAME, f'guest g WHERE g.id {_OF_INQUIRY} ORDER BY g.id')}) AS names, "
    f"{_contacts(_OF_INQUIRY)} AS contacts, "
    "crm_fold(i.id || ' ' || i.room || char(10) || i.destination || char(10) || i.board || char(10) || i.airport || "
    "char(10) || i.preferences || char(10) || i.lost_reason) AS stay, "
    f"crm_fold({_joined('m.text', _MEMOS)}) AS memos FROM inquiry i WHERE i.removed_at IS NULL"
)


def _fact(letter: str, value: str) -> str:
    """A word of the column of facts, where there is a value."""
    return f"CASE WHEN {value} <> '' THEN ' ' || char(57344) || '{letter}' || {value} ELSE '' END"


_BORN = "coalesce(substr(g.birth_date, 6, 2) || substr(g.birth_date, 9, 2) || substr(g.birth_date, 1, 4), '')"
_FACTS = "crm_fold(" + " || ".join(
    (
        _fact("k", "g.kind"),
        _fact("a", "CASE WHEN g.archived_at IS NULL THEN '' ELSE 'rchived' END"),
        _fact("b", _BORN),
        _fact("n", "g.nationality"),
        _fact("l", "g.language"),
        _fact("c", "g.country"),
    )
) + ")"  # fmt: skip
"""What a guest is, as words of one letter and the value: ``kperson``, ``archived``, ``b05121985`` (month, day, year), ``npl``."""

_TOGETHER = "replace(replace(replace(replace(g.reference, '-', ''), '/', ''), '.', ''), ' ', '')"
"""A reference as it is typed in haste."""
GUESTS = (
    f"SELECT g.id AS id, crm_fold({_NAME}) AS names, {_contacts('= g.id')} AS contacts, crm_fold(g.city) AS city, "
    f"crm_fold(g.reference || char(10) || {_TOGETHER} || char(10) || g.tax_number) AS keys, "
    "crm_fold(g.street || char(10) || g.postcode || char(10) || g.remarks) AS details, "
    f"crm_fold({_joined('m.text', 'memo m WHERE m.guest_id = g.id AND m.removed_at IS NULL ORDER BY m.id')}) AS memos, "
    f"{_FACTS} AS facts FROM guest g WHERE g.merged_into IS NULL"
)
"""What the index holds of each record, from the records themselves."""

_ON_IT = "IN (SELECT x.guest_id FROM reservation_guest x WHERE x.reservation_id = r.id UNION ALL SELECT r.company_id)"


def run_together(column: str) -> str:
    """A code as it is typed in haste: without what stands between its letters and digits."""
    return f"replace(replace(replace(replace({column}, '-', ''), '/', ''), '.', ''), ' ', '')"


RESERVATIONS = (
    "SELECT r.id AS id, crm_fold(r.code || char(10) || r.reference || char(10) || "
    f"{run_together('r.code')} || char(10) || {run_together('r.reference')}) AS codes, "
    f"crm_fold({_joined(_NAME, f'guest g WHERE g.id {_ON_IT} ORDER BY g.id')}) AS names, "
    "crm_fold(r.destination) AS destination, crm_fold(r.product || char(10) || r.room || char(10) || "
    "coalesce((SELECT o.name FROM operator o WHERE o.id = r.operator_id), '')) AS stay, crm_fold(r.remarks || char(10) || "
    f"{_joined('m.text', 'memo m WHERE m.reservation_id = r.id AND m.removed_at IS NULL ORDER BY m.id')}) AS notes "
    "FROM reservation r WHERE r.removed_at IS NULL"
)
_SOURCES = {
    "inquiry": (INQUIRIES, INQUIRY_COLUMNS, "i"),
    "guest": (GUESTS, GUEST_COLUMNS, "g"),
    "reservation": (RESERVATIONS, RESERVATION_COLUMNS, "r"),
}
"""How each kind of record is indexed: from where, into which columns, and what its table is called there."""


def _index(kind: str, ids: str) -> str:
    """Index some records anew. ``ids`` is what follows ``IN``."""
    source, names, alias = _SOURCES[kind]
    return (
        f"DELETE FROM {kind}_search WHERE rowid IN {ids};\n"
        f"INSERT INTO {kind}_search (rowid, {', '.join(names)}) {source} AND {alias}.id IN {ids};"
    )


def trigger(name: str, when: str, *statements: str, only_if: str = "") -> str:
    """A trigger that keeps an index; ``when`` is what follows ``AFTER``."""
    condition = f" WHEN {only_if}" if only_if else ""
    return f"CREATE TRIGGER index_{name} AFTER {when}{condition} BEGIN\n{chr(10).join(statements)}\nEND"


def _of_guest(row: str) -> tuple[str, str]:
    """Index a guest and the inquiries that name the guest."""
    inquiries = f"(SELECT x.inquiry_id FROM inquiry_guest x WHERE x.guest_id = {row})"
    return _index("guest", f"({row})"), _index("inquiry", inquiries)


def _of_memo(row: str) -> tuple[str, str]:
    inquiries = f"(SELECT {row}.inquiry_id UNION ALL SELECT c.inquiry_id FROM conversation c WHERE c.id = {row}.conversation_id)"
    return _index("inquiry", inquiries), _index("guest", f"({row}.guest_id)")


TRIGGERS = (
    trigger("inquiry_new", "INSERT ON inquiry", _index("inquiry", "(NEW.id)")),
    trigger(
        "inquiry_changed",
        "UPDATE OF room, destination, board, airport, preferences, lost_reason, removed_at ON inquiry",
        _index("inquiry", "(NEW.id)"),
    ),
    trigger("inquiry_gone", "DELETE ON inquiry", "DELETE FROM inquiry_search WHERE rowid = OLD.id;"),
    trigger("inquiry_guest_new", "INSERT ON inquiry_guest", _index("inquiry", "(NEW.inquiry_id)")),
    trigger("inquiry_guest_gone", "DELETE ON inquiry_guest", _index("inquiry", "(OLD.inquiry_id)")),
    trigger(
        "inquiry_guest_changed",
        "UPDATE OF inquiry_id, guest_id ON inquiry_guest",
        _index("inquiry", "(OLD.inquiry_id, NEW.inquiry_id)"),
    ),
    trigger("guest_new", "INSERT ON guest", _index("guest", "(NEW.id)"), only_if=_NOT_PAUSED),
    trigger(
        "guest_changed",
        "UPDATE OF surname, given, street, postcode, city, reference, tax_number, remarks, merged_into ON guest",
        *_of_guest("NEW.id"),
        only_if=_NOT_PAUSED,
    ),
    trigger(
        "guest_facts",
        "UPDATE OF kind, birth_date, archived_at, nationality, language, country ON guest",
        _index("guest", "(NEW.id)"),
        only_if=_NOT_PAUSED,
    ),
    trigger("guest_gone", "DELETE ON guest", "DELETE FROM guest_search WHERE rowid = OLD.id;"),
    *(
        statement
        for table, value in (("guest_email", "address"), ("guest_phone", "number"))
        for statement in (
            trigger(f"{table}_new", f"INSERT ON {table}", *_of_guest("NEW.guest_id"), only_if=_NOT_PAUSED),
            trigger(f"{table}_gone", f"DELETE ON {table}", *_of_guest("OLD.guest_id"), only_if=_NOT_PAUSED),
            trigger(
                f"{table}_changed",
                f"UPDATE OF guest_id, {value} ON {table}",
                *_of_guest("OLD.guest_id"),
                *_of_guest("NEW.guest_id"),
                only_if=_NOT_PAUSED,
            ),
        )
    ),
    trigger("memo_new", "INSERT ON memo", *_of_memo("NEW")),
    trigger("memo_gone", "DELETE ON memo", *_of_memo("OLD")),
    trigger(
        "memo_changed",
        "UPDATE OF text, removed_at, inquiry_id, conversation_id, guest_id ON memo",
        *_of_memo("OLD"),
        *_of_memo("NEW"),
    ),
    # A conversation brings its memos to its inquiry.
    trigger(
        "conversation_inquiry",
        "UPDATE OF inquiry_id ON conversation",
        _index("inquiry", "(OLD.inquiry_id, NEW.inquiry_id)"),
        only_if="OLD.inquiry_id IS NOT NEW.inquiry_id AND EXISTS (SELECT 1 FROM memo WHERE conversation_id = NEW.id)",
    ),
)

_NAMED = (
    "(SELECT x.reservation_id FROM reservation_guest x WHERE x.guest_id = NEW.id "
    "UNION SELECT y.id FROM reservation y WHERE y.company_id = NEW.id)"
)
RESERVATION_TRIGGERS = (
    trigger(
        "reservation_new",
        "INSERT ON reservation",
        _index("reservation", "(NEW.id)"),
        only_if=_NOT_PAUSED_RESERVATIONS,
    ),
    trigger(
        "reservation_changed",
        "UPDATE OF code, reference, product, destination, room, operator_id, company_id, remarks, removed_at ON reservation",
        _index("reservation", "(NEW.id)"),
        only_if=_NOT_PAUSED_RESERVATIONS,
    ),
    trigger("reservation_gone", "DELETE ON reservation", "DELETE FROM reservation_search WHERE rowid = OLD.id;"),
    trigger(
        "reservation_guest_new",
        "INSERT ON reservation_guest",
        _index("reservation", "(NEW.reservation_id)"),
        only_if=_NOT_PAUSED_RESERVATIONS,
    ),
    trigger(
        "reservation_guest_gone",
        "DELETE ON reservation_guest",
        _index("reservation", "(OLD.reservation_id)"),
        only_if=_NOT_PAUSED_RESERVATIONS,
    ),
    trigger(
        "reservation_guest_changed",
        "UPDATE OF reservation_id, guest_id ON reservation_guest",
        _index("reservation", "(OLD.reservation_id, NEW.reservation_id)"),
        only_if=_NOT_PAUSED_RESERVATIONS,
    ),
    trigger(
        "reservation_names",
        "UPDATE OF surname, given ON guest",
        _index("reservation", _NAMED),
        only_if="(OLD.surname <> NEW.surname OR OLD.given <> NEW.given)",
    ),
    trigger(
        "reservation_operator",
        "UPDATE OF name ON operator",
        _index("reservation", "(SELECT y.id FROM reservation y WHERE y.operator_id = NEW.id)"),
        only_if="OLD.name <> NEW.name",
    ),
    *(
        trigger(f"reservation_memo_{name}", when, *(_index("reservation", f"({row}.reservation_id)") for row in rows),
                 only_if=" OR ".join(f"{row}.reservation_id IS NOT NULL" for row in rows))
        for name, when, rows in (
            ("new", "INSERT ON memo", ("NEW",)),
            ("gone", "DELETE ON memo", ("OLD",)),
            ("changed", "UPDATE OF text, removed_at, reservation_id ON memo", ("OLD", "NEW")),
        )
    ),
)  # fmt: skip


@contextmanager
def reservations_paused(connection: Connection, reservations: Iterable[int]) -> Iterator[None]:
    """Within this block new reservations, their guests, lines and payments are written without being indexed and reckoned one
    by one; at its end they are.

    Args:
        reservations: the numbers of those that the block makes; read when it ends.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("INSERT INTO reservation_search_pause VALUES ('now')")
    yield
    connection.exec_driver_sql("DELETE FROM reservation_search_pause")
    dues.reckon(connection, reservations)
    for chunk in chunks(reservations):
        numbers = placeholders(chunk)
        for part in _index("reservation", f"({numbers})").rstrip(";").split(";\n"):
            connection.exec_driver_sql(part, tuple(chunk))


def rebuild_reservations(connection: Connection) -> None:
    """Index every reservation anew."""
    connection.exec_driver_sql("DELETE FROM reservation_search")
    connection.exec_driver_sql(
        f"INSERT INTO reservation_search (rowid, {', '.join(RESERVATION_COLUMNS)}) {RESERVATIONS}"
    )


@contextmanager
def paused(connection: Connection, new: Iterable[int], changed: Iterable[int] = ()) -> Iterator[None]:
    """Within this block guests, their addresses and their numbers are written without being indexed one by one.

    At its end the index holds them. The pause is a row of the same transaction: nobody else sees it, and whatever ends the
    transaction early takes it back with the rest.

    Args:
        new: the numbers of the guests that the block makes, and that no inquiry names yet.
        changed: of those it changes.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("INSERT INTO guest_search_pause VALUES ('now')")
    yield
    connection.exec_driver_sql("DELETE FROM guest_search_pause")
    names = ", ".join(GUEST_COLUMNS)
    for chunk in chunks(new):
        statement = f"INSERT INTO guest_search (rowid, {names}) {GUESTS} AND g.id IN ({placeholders(chunk)})"
        connection.exec_driver_sql(statement, tuple(chunk))
    for number in changed:
        for part in (*_index("guest", "(?)").split(";\n"), *_index("inquiry", f"({_NAMING})").split(";\n")):
            connection.exec_driver_sql(part.rstrip(";"), (number,))


@contextmanager
def facts_paused(connection: Connection, guests: Iterable[int]) -> Iterator[None]:
    """Within this block only facts of many guests change (whether they are archived); at its end the index holds them."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("INSERT INTO guest_search_pause VALUES ('now')")
    yield
    connection.exec_driver_sql("DELETE FROM guest_search_pause")
    facts = f"(SELECT {_FACTS} FROM guest g WHERE g.id = guest_search.rowid)"
    for chunk in chunks(guests):
        statement = f"UPDATE guest_search SET facts = {facts} WHERE rowid IN ({placeholders(chunk)})"
        connection.exec_driver_sql(statement, tuple(chunk))


_NAMING = "SELECT x.inquiry_id FROM inquiry_guest x WHERE x.guest_id = ?"


def rebuild(connection: Connection) -> None:
    """Index every inquiry and guest anew."""
    for kind, names, source in (("inquiry", INQUIRY_COLUMNS, INQUIRIES), ("guest", GUEST_COLUMNS, GUESTS)):
        connection.exec_driver_sql(f"DELETE FROM {kind}_search")
        connection.exec_driver_sql(f"INSERT INTO {kind}_search (rowid, {', '.join(names)}) {source}")


def wrong(connection: Connection, kind: str) -> int:
    """How many records of a kind (``inquiry``, ``guest``, ``reservation``) the index does not hold as they are, strays too."""
    source, names, _alias = _SOURCES[kind]
    return wrong_of(connection, kind, source, names)


def wrong_of(connection: Connection, kind: str, source: str, names: Iterable[str]) -> int:
    """The same of any index, by what it should hold."""
    kept = f"SELECT rowid AS id, {', '.join(names)} FROM {kind}_search"
    query = (
        f"SELECT count(DISTINCT id) FROM (SELECT * FROM ({source} EXCEPT {kept}) "
        f"UNION ALL SELECT * FROM ({kept} EXCEPT {source}))"
    )
    return int(connection.exec_driver_sql(query).scalar_one())
