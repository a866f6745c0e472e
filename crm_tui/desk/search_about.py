"""Who and what a query is about, in SQL: guests, their attributes, and the channel, status and number of inquiries (SPEC §14).

Each condition is a set of rows, so that the same words narrow messages, inquiries and guests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_tui.data.bulk import placeholders
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import OPEN, SHUT, Query, Term
from crm_tui.rules.vocabulary import CLOSED, InquiryStatus

FIELDS = ("attr", "channel", "status", "code")
"""The fields of values whose conditions are made here."""

MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Named:
    """The ids behind the names in a query."""

    agents: dict[str, int] = field(default_factory=dict)
    attributes: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class About:
    """A set of ids: ``rows`` is the statement that gives them; ``wanted`` false asks for what is not in it."""

    rows: str
    values: tuple[Any, ...]
    wanted: bool = True

    def condition(self, column: str) -> str:
        """That a column is in the set, or is not."""
        return f"{column} {'IN' if self.wanted else 'NOT IN'} ({self.rows})"

    def within(self, rows: str) -> About:
        """The set made from this one by a statement with ``{rows}`` in it, once."""
        return About(rows.format(rows=self.rows), self.values, self.wanted)


CodeFinder = Callable[[str], "tuple[str, tuple[Any, ...]] | None"]
"""From a code to the statement that gives the inquiries it belongs to; None for a code that never looks like that."""


def _inquiry_number(code: str) -> tuple[str, tuple[Any, ...]] | None:
    number = code.removeprefix("#")
    if not number.isascii() or not number.isdecimal() or len(number) > MOST_DIGITS:
        return None
    return "SELECT i.id FROM inquiry i WHERE i.removed_at IS NULL AND i.id = ?", (int(number),)


CODES: list[CodeFinder] = [_inquiry_number]
"""What ``code:`` looks for; whatever else has a code adds itself here."""


def term_expression(term: Term, columns: str = "") -> str:
    """A term in FTS5's language, in some columns; empty where there is nothing to find."""
    text = fold_text(display_text(term.text)).replace('"', " ")
    if not any(character.isalnum() for character in text):
        return ""
    return f'{columns}"{text}"{"*" if term.prefix else ""}'


def guests(query: Query, named: Named) -> Iterator[About]:
    """The guests whom ``guest:`` and ``attr:`` ask for."""
    rows = "SELECT rowid FROM guest_search WHERE guest_search MATCH ?"
    found = [(term, term_expression(term, "{names contacts} : ")) for term in query.guests]
    wanted = [text for term, text in found if text and not term.exclude]
    unwanted = [text for term, text in found if text and term.exclude]
    if wanted:
        yield About(rows, (" AND ".join(wanted),))
    if unwanted:
        yield About(rows, (" OR ".join(unwanted),), wanted=False)
    tagged = "SELECT guest_id FROM guest_attribute WHERE attribute_id = ?"
    for name in query.attributes:
        yield About(tagged, (named.attributes[name],))
    for kind, name in query.excluded:
        if kind == "attr":
            yield About(tagged, (named.attributes[name],), wanted=False)


def requests(query: Query) -> Iterator[About]:
    """The inquiries that ``channel:``, ``status:`` and ``code:`` ask for."""
    for kind, values in (("channel", query.channels), ("status", query.statuses), ("code", query.codes)):
        if values:
            yield _of_values(kind, values)
    for kind, value in query.excluded:
        if kind in {"channel", "status", "code"}:
            yield _of_values(kind, (value,), wanted=False)


def _of_values(kind: str, values: Sequence[str], *, wanted: bool = True) -> About:
    if kind == "code":
        found = [one for code in values for finder in CODES if (one := finder(code)) is not None]
        rows = " UNION ".join(rows for rows, _values in found) or "SELECT NULL WHERE 0"
        return About(rows, tuple(value for _rows, some in found for value in some), wanted)
    meant = tuple(_stored(values)) if kind == "status" else tuple(values)
    rows = f"SELECT i.id FROM inquiry i WHERE i.removed_at IS NULL AND i.{kind} IN ({placeholders(meant)})"
    return About(rows, meant, wanted)


def _stored(statuses: Iterable[str]) -> Iterator[str]:
    for status in statuses:
        if status == OPEN:
            yield from (one.value for one in InquiryStatus if one not in CLOSED)
        elif status == SHUT:
            yield from (one.value for one in CLOSED)
        else:
            yield status


def inquiries(query: Query, named: Named) -> Iterator[About]:
    """The inquiries with such guests, and of such a kind."""
    for about in guests(query, named):
        yield about.within("SELECT x.inquiry_id FROM inquiry_guest x WHERE x.guest_id IN ({rows})")
    yield from requests(query)


def conversations(query: Query, named: Named) -> Iterator[About]:
    """The conversations of such inquiries, and those written with such guests."""
    for about in guests(query, named):
        twice = About(about.rows, about.values * 2, about.wanted)
        yield About(
            "SELECT k.id FROM inquiry_guest x CROSS JOIN conversation k ON k.inquiry_id = x.inquiry_id "
            f"WHERE x.guest_id IN ({about.rows}) UNION SELECT k.id FROM guest_email e CROSS JOIN conversation k "
            f"ON k.counterpart_address IN (e.address, e.folded) WHERE e.guest_id IN ({about.rows})",
            twice.values,
            about.wanted,
        )
    for about in requests(query):
        yield about.within("SELECT k.id FROM conversation k WHERE k.inquiry_id IN ({rows})")
