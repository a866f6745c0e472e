"""Who and what a query is about, in SQL: guests, their attributes, and the channel, status and number of inquiries (SPEC §14).

The same words narrow messages, inquiries and guests. Nothing here costs more where the store has more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from crm_tui.data.bulk import placeholders
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import OPEN, SHUT, Query, Term
from crm_tui.rules.running_scripts import parts, runs_on
from crm_tui.rules.vocabulary import CLOSED, InquiryStatus

FIELDS = ("attr", "channel", "status", "code")
"""The fields of values whose conditions are made here."""

MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Named:
    """The ids behind the names in a query."""

    agents: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, int] = field(default_factory=dict)


FEW = 3000
"""Up to how many rows a set is made first and looked up in; members of a larger one are met often enough on the way."""

MANY = 20_000
"""From how many guests on a set is not made at all: each row on the way is asked whether its guest fits."""


@dataclass(frozen=True, slots=True)
class About:
    """What a record must fit; ``few`` is how many rows can fit at most, None where that is not known or many.

    A large set is never made to be searched: the condition is then asked of one row after the other, the newest first, until
    there are enough.
    """

    condition: str
    values: tuple[Any, ...]
    few: int | None = None


@dataclass(frozen=True, slots=True)
class _Guests:
    """Guests asked for: ``rows`` gives their ids, ``one`` says whether ``{guest}`` is among them; both take ``values``."""

    rows: str
    one: str
    values: tuple[Any, ...]
    wanted: bool = True

    def among(self, guest: str, size: int) -> str:
        """That a column is one of them, ``size`` being how many they are."""
        # The plus: rows are found by the other condition, never by going through all these guests.
        return self.one.format(guest=guest) if size > MANY else f"+{guest} IN ({self.rows})"


CodeFinder = Callable[[str], "tuple[str, tuple[Any, ...]] | None"]
"""From a code to the statement that gives the inquiries it belongs to; None for a code that never looks like that."""


def _inquiry_number(code: str) -> tuple[str, tuple[Any, ...]] | None:
    number = code.removeprefix("#")
    if not number.isascii() or not number.isdecimal():
        return None
    if len(number) > MOST_DIGITS:
        return "SELECT NULL WHERE 0", ()  # a number that no inquiry has
    return "SELECT i.id FROM inquiry i WHERE i.removed_at IS NULL AND i.id = ?", (int(number),)


def code_expression(code: str) -> str:
    """The reservations of a code or reference in FTS5's language, whatever its case and what stands between its parts; a
    beginning of it will do. Empty where there is nothing to find."""
    text = fold_text(display_text(code)).replace('"', " ").removeprefix("#")
    return f'codes : "{text}"*' if any(letter.isalnum() for letter in text) else ""


def _reservation_code(code: str) -> tuple[str, tuple[Any, ...]] | None:
    expression = code_expression(code)
    if not expression:
        return None
    rows = (
        "SELECT r.inquiry_id FROM reservation_search s CROSS JOIN reservation r ON r.id = s.rowid "
        "WHERE s.reservation_search MATCH ? AND r.inquiry_id IS NOT NULL"
    )
    return rows, (expression,)


CODES: list[CodeFinder] = [_inquiry_number, _reservation_code]
"""What ``code:`` looks for; whatever else has a code adds itself here."""

NAMED = "{names contacts} : "
"""The columns of the index that say who a guest is."""


def is_code(code: str) -> bool:
    """Whether anything could have such a code."""
    return any(finder(code) is not None for finder in CODES)


def term_expression(term: Term, columns: str = "") -> str:
    """A term in FTS5's language, in some columns; empty where there is nothing to find."""
    text = fold_text(display_text(term.text)).replace('"', " ")
    if not any(character.isalnum() for character in text):
        return ""
    ends = "*" if term.prefix else ""
    whole = f'{columns}"{text}"{ends}'
    if " " in text or not runs_on(text):
        return whole
    ways = [f'names : ("{one}" AND "{other}"{ends})' for one, other in parts(text) if any(map(str.isalnum, other))]
    return f"({' OR '.join((whole, *ways))})" if ways else whole  # surname and given name, written together


def _guests(query: Query, named: Named) -> Iterator[_Guests]:
    """The guests whom ``guest:`` and ``attr:`` ask for."""
    rows = "SELECT rowid FROM guest_search WHERE guest_search MATCH ?"
    one = f"EXISTS ({rows} AND rowid = {{guest}})"
    found = [(term, term_expression(term, NAMED)) for term in query.guests]
    wanted = [text for term, text in found if text and not term.exclude]
    unwanted = [text for term, text in found if text and term.exclude]
    if wanted:
        yield _Guests(rows, one, (" AND ".join(wanted),))
    if unwanted:
        yield _Guests(rows, one, (" OR ".join(unwanted),), wanted=False)
    tagged = "SELECT guest_id FROM guest_attribute WHERE attribute_id = ?"
    has_tag = f"EXISTS ({tagged} AND guest_id = {{guest}})"
    for name in query.attributes:
        yield _Guests(tagged, has_tag, (named.attributes[name],))
    for kind, name in query.excluded:
        if kind == "attr":
            yield _Guests(tagged, has_tag, (named.attributes[name],), wanted=False)


def _requests(query: Query) -> Iterator[tuple[str, tuple[Any, ...], bool]]:
    """What ``channel:``, ``status:`` and ``code:`` ask of an inquiry ``i``: condition, values, and whether it is wanted."""
    for kind, values in (("channel", query.channels), ("status", query.statuses), ("code", query.codes)):
        if values:
            yield (*_of_values(kind, values), True)
    for kind, value in query.excluded:
        if kind in {"channel", "status", "code"}:
            yield (*_of_values(kind, (value,)), False)


def _of_values(kind: str, values: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    if kind == "code":
        found = [one for code in values for finder in CODES if (one := finder(code)) is not None]
        rows = " UNION ".join(rows for rows, _values in found) or "SELECT NULL WHERE 0"
        return f"i.id IN ({rows})", tuple(value for _rows, some in found for value in some)
    meant = tuple(_stored(values)) if kind == "status" else tuple(values)
    return f"i.{kind} IN ({placeholders(meant)})", meant


def _stored(statuses: Iterable[str]) -> Iterator[str]:
    for status in statuses:
        if status == OPEN:
            yield from (one.value for one in InquiryStatus if one not in CLOSED)
        elif status == SHUT:
            yield from (one.value for one in CLOSED)
        else:
            yield status


def codes_of(query: Query) -> tuple[list[str], list[str]]:
    """What ``code:`` asks of the codes in the index of reservations: wanted and unwanted."""
    wanted = [text for code in query.codes if (text := code_expression(code))]
    unwanted = [text for kind, code in query.excluded if kind == "code" and (text := code_expression(code))]
    return ([f"({' OR '.join(wanted)})"] if wanted else []), unwanted


def guests(query: Query, named: Named) -> Iterator[About]:
    """What a guest ``g`` must fit, beside :func:`of_guests`, which the full-text index answers."""
    for asked in _guests(query, named):
        if asked.one.startswith("EXISTS (SELECT guest_id"):
            yield About(f"{_NOT[asked.wanted]}{asked.one.format(guest='g.id')}", asked.values)


def of_guests(query: Query) -> tuple[list[str], list[str]]:
    """What ``guest:`` asks of the names and contacts in the index, in FTS5's language: wanted and unwanted."""
    found = [(term, text) for term in query.guests if (text := term_expression(term, NAMED))]
    return [text for term, text in found if not term.exclude], [text for term, text in found if term.exclude]


def of_inquiries(query: Query) -> tuple[list[str], list[str]]:
    """The same of inquiries, whose index has the names and contacts of all their guests.

    What is wanted still has to be one and the same guest's (:func:`inquiries`), unless it is a single word.
    """
    found = [(term, text) for term in query.guests if (text := term_expression(term, NAMED))]
    wanted = [text for term, text in found if not term.exclude and not _has_blank(term)]
    return wanted, [text for term, text in found if term.exclude] if _unwanted_are_words(query) else []


def _has_blank(term: Term) -> bool:
    """Whether it may be found across the border of two texts of a guest, which do not meet in an inquiry."""
    return any(character.isspace() for character in fold_text(display_text(term.text)))


def _is_word(term: Term) -> bool:
    return fold_text(display_text(term.text)).isalnum()


def _unwanted_are_words(query: Query) -> bool:
    return all(_is_word(term) for term in query.guests if term.exclude)


def inquiries(connection: Connection, query: Query, named: Named) -> Iterator[About]:
    """What an inquiry ``i`` must fit beside :func:`of_inquiries`: its guests, and of what kind it is."""
    wanted = [term for term in query.guests if not term.exclude and term_expression(term)]
    for asked in _guests(query, named):
        by_text = asked.rows.startswith("SELECT rowid")
        if by_text and asked.wanted and len(wanted) == 1 and _is_word(wanted[0]):
            continue
        if by_text and not asked.wanted and _unwanted_are_words(query):
            continue
        size = _bounded(connection, asked.rows, asked.values, MANY)
        if asked.wanted and size <= FEW:
            rows = f"SELECT x.inquiry_id FROM inquiry_guest x WHERE x.guest_id IN ({asked.rows})"
            yield About(f"i.id IN ({rows})", asked.values)
            continue
        his = f"SELECT 1 FROM inquiry_guest x WHERE x.inquiry_id = i.id AND {asked.among('x.guest_id', size)}"
        yield About(f"{_NOT[asked.wanted]}EXISTS ({his})", asked.values)
    for condition, values, wanted_so in _requests(query):
        # The plus: along the numbers, the newest first, whatever index there is, unless there are few of the kind.
        rows = f"SELECT i.id FROM inquiry i WHERE i.removed_at IS NULL AND {condition}"
        if wanted_so and _bounded(connection, rows, values, FEW) <= FEW:
            yield About(f"i.id IN ({rows})", values)
        else:
            yield About(f"{_NOT[wanted_so]}+{condition}", values)


def conversations(connection: Connection, query: Query, named: Named) -> Iterator[About]:
    """What a conversation ``c`` must fit: belong to such an inquiry, or be written with such a guest."""
    for asked in _guests(query, named):
        size = _bounded(connection, asked.rows, asked.values, MANY)
        rows = (
            "SELECT k.id FROM inquiry_guest x CROSS JOIN conversation k ON k.inquiry_id = x.inquiry_id "
            f"WHERE x.guest_id IN ({asked.rows}) UNION ALL SELECT k.id FROM guest_email e CROSS JOIN conversation k "
            f"ON lower(k.counterpart_address) IN (lower(e.folded), crm_spelling(e.folded)) WHERE e.guest_id IN ({asked.rows})"
        )
        twice = asked.values * 2
        if asked.wanted and size <= FEW and (few := _bounded(connection, rows, twice, FEW)) <= FEW:
            yield About(f"c.id IN ({rows})", twice, few)
            continue
        his = f"SELECT 1 FROM inquiry_guest x WHERE x.inquiry_id = c.inquiry_id AND {asked.among('x.guest_id', size)}"
        mine = (
            "SELECT 1 FROM guest_email e WHERE e.folded IN (lower(c.counterpart_address), "
            f"crm_spelling(lower(c.counterpart_address))) AND {asked.among('e.guest_id', size)}"
        )
        yield About(f"{_NOT[asked.wanted]}(EXISTS ({his}) OR EXISTS ({mine}))", twice)
    for condition, values, wanted in _requests(query):
        kept = f"i.removed_at IS NULL AND {condition}"
        rows = f"SELECT k.id FROM inquiry i CROSS JOIN conversation k ON k.inquiry_id = i.id WHERE {kept}"
        if wanted and (few := _bounded(connection, rows, values, FEW)) <= FEW:
            yield About(f"c.id IN ({rows})", values, few)
        else:
            its = f"EXISTS (SELECT 1 FROM inquiry i WHERE i.id = c.inquiry_id AND {kept})"
            yield About(f"{_NOT[wanted]}{its}", values)


_NOT = {True: "", False: "NOT "}


def _bounded(connection: Connection, rows: str, values: tuple[Any, ...], most: int) -> int:
    """How many rows there are, counted no further than one more than ``most``."""
    query = f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) LIMIT ?)"
    return int(connection.exec_driver_sql(query, (*values, most + 1)).scalar_one())


def reservations(query: Query, named: Named) -> Iterator[About]:
    """What a reservation ``r`` must fit beside the words: its guests, its channel."""
    for asked in _guests(query, named):
        # Each row on the way is asked: of few reservations words are asked besides, of many the newest come first.
        its = (
            f"EXISTS (SELECT 1 FROM reservation_guest x WHERE x.reservation_id = r.id AND {asked.one.format(guest='x.guest_id')})"
            f" OR (r.company_id IS NOT NULL AND {asked.one.format(guest='r.company_id')})"
        )
        yield About(f"{_NOT[asked.wanted]}({its})", asked.values * 2)
    for kind, values, wanted in [("channel", query.channels, True)] + [
        (kind, (value,), False) for kind, value in query.excluded if kind == "channel"
    ]:
        if values:
            yield About(f"{_NOT[wanted]}r.{kind} IN ({placeholders(values)})", tuple(values))
