"""Words that very many guests share, like the domain of their addresses: asked for so that each guest can be looked up.

FTS5 gathers all that begins as a long beginning says before it answers anything. Spelled out as the few words of the index
that begin so, it answers at once, guest by guest; along the names the first page is full after a few.
"""

from __future__ import annotations

import re
from functools import partial

from sqlalchemy import Connection

INDEXED = 3
"""The letters of the longest beginnings that the index keeps lists of (``prefix`` of ``guest_search``)."""
MOST_WORDS = 8
"""Longer beginnings are spelled out as the words that begin so, if they are not more."""

_APART = r"\x00-\x21\x23-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f"
_BEGINNING = re.compile(rf'"((?:[^"]*[{_APART}])?)([^{_APART}"]+)[{_APART}]*"\*')
"""What is quoted in FTS5's language as a beginning: all but its last word, and that."""
_LAST = "\U0010ffff"


def spelled_out(connection: Connection, match: str) -> str:
    """The same question to the index, its long beginnings spelled out where few words begin so."""
    return _BEGINNING.sub(partial(_spelled, connection), match)


def answers_singly(match: str) -> bool:
    """Whether the index can tell of a single guest without gathering all who are found."""
    return all(len(found[2]) <= INDEXED for found in _BEGINNING.finditer(match))


def _spelled(connection: Connection, found: re.Match[str]) -> str:
    before, word = found.groups()
    # Only what surely is one word to the index, too.
    words = _words(connection, word) if len(word) > INDEXED and word.isalnum() else []
    return f"({' OR '.join(f'{chr(34)}{before}{one}{chr(34)}' for one in words)})" if words else found[0]


def _words(connection: Connection, beginning: str) -> list[str]:
    """The words of the index that begin so; none if they are many."""
    words: list[str] = []
    # A row is one place where a word stands: the next word is found without counting where the others stand.
    edge, statement = beginning, "SELECT term FROM temp.guest_words WHERE term >= ? AND term < ? LIMIT 1"
    while len(words) <= MOST_WORDS:
        term = connection.exec_driver_sql(statement, (edge, beginning + _LAST)).scalar()
        if term is None:
            return words
        words.append(term)
        edge = f"{term}\x01"  # nothing comes between a word and this
    return []
