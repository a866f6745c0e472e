"""A word that very many guests share, like the domain of their addresses: each guest looked up in the index by itself.

To make the set of all who have it takes longer than a keystroke may; along the names the first page is full after a few.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

from crm_tui.desk.guest_conditions import Members
from crm_tui.desk.guest_typed import LOOKED_UP

MANY = 50_000
"""From so many guests on a word counts as shared, if half of all guests have it."""
INDEXED = 3
"""The letters of the longest beginnings that the index keeps lists of (``prefix`` of ``guest_search``)."""
MOST_WORDS = 8
"""Longer beginnings are spelled out as the words that begin so, if they are not more."""
_LAST = "\U0010ffff"


def shared(connection: Connection, typed: str, found: int) -> Members | None:
    """Who has a word that begins as ``typed`` (folded), to be looked up one by one; None: it pays to gather them.

    Args:
        found: how many guests there are in the list.
    """
    *before, word = re.findall(r"\w+", typed) or [""]
    if found < MANY or not word:
        return None
    if 2 * found < int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM guest").scalar_one()):
        return None
    if len(word) <= INDEXED:
        asked = f'"{" ".join((*before, word))}"*'
    else:
        asked = " OR ".join(f'"{" ".join((*before, one))}"' for one in _beginning(connection, word))
    if not asked:
        return None
    one = "EXISTS (SELECT 1 FROM guest_search s WHERE s.guest_search MATCH ? AND s.rowid = {guest})"
    return Members(
        "SELECT s.rowid FROM guest_search s WHERE s.guest_search MATCH ?", (f"{LOOKED_UP}({asked})",), one=one
    )


def _beginning(connection: Connection, word: str) -> list[str]:
    """The words of the index that begin so; none if they are many."""
    # A row of it is one place where a word stands: the next word is found without counting where the others stand.
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.guest_words USING fts5vocab('main', 'guest_search', 'instance')"
    )
    words: list[str] = []
    edge, statement = word, "SELECT term FROM temp.guest_words WHERE term >= ? AND term < ? LIMIT 1"
    while len(words) <= MOST_WORDS:
        term = connection.exec_driver_sql(statement, (edge, word + _LAST)).scalar()
        if term is None:
            return words
        words.append(term)
        edge = f"{term}\x01"  # nothing comes between a word and this
    return []
