"""Words in feedback and in costs of quality (SPEC §11): each begins a word of the guest's name, the room, the code or a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, false, text

from crm_tui.mail.text import display_text, fold_text

FEW = 5000
"""Up to how many entries a list is read at once and sorted; a longer one is walked."""
_WORD = re.compile(r"[^\W_]+")


class _Set(NamedTuple):
    """Numbers of entries, as a statement with its values."""

    rows: str
    values: dict[str, Any]


class Found(NamedTuple):
    """What the words of a list find.

    Attributes:
        among: the conditions of an entry that is found, for going through those.
        along: the same for a list that is walked along an index of its own.
        few: the entries among which all are that are found, where they are few; None: many, or nothing is looked for.
    """

    among: Sequence[ColumnElement[bool]] = ()
    along: Sequence[ColumnElement[bool]] = ()
    few: list[int] | None = None


def found_by(connection: Connection, table: str, words: str) -> Found:
    """The entries of a table in which all the words stand; accents and case never matter."""
    if not words.strip():
        return Found()
    folded = [word for word in fold_text(display_text(words)).split() if _WORD.search(word)]
    if not folded:
        return Found([false()], [false()], [])
    sets = _sets(connection, table, folded)
    # The plus: the list is walked along its own index, not sorted after the whole set was gone through.
    among, along = (
        [text(f"{plus}{table}.id IN ({one.rows})").bindparams(**one.values) for one in sets] for plus in ("", "+")
    )
    few: list[int] | None = None
    for one in sets:
        some = _few(connection, one)
        if some is not None and (few is None or len(some) < len(few)):
            few = some
    return Found(among, along, few)  # type: ignore[arg-type]


def _sets(connection: Connection, table: str, words: Sequence[str]) -> list[_Set]:
    """Words that begin no code are asked for together; of the others each may mean a code."""
    codes = _codes(connection, table)
    meant = {word: [code for code in codes if _begins(word, fold_text(code))] for word in words}
    plain = [word for word in words if not meant[word]]
    index = f"SELECT rowid FROM {table}_search WHERE {table}_search MATCH "
    found = [_Set(f"{index}:plain", {"plain": " AND ".join(map(_quoted, plain))})] if plain else []
    for number, word in enumerate(one for one in words if meant[one]):
        names = {f"code{number}_{place}": code for place, code in enumerate(meant[word])}
        filed = f"SELECT id FROM {table} WHERE code IN ({', '.join(f':{name}' for name in names)})"
        found.append(_Set(f"{index}:word{number} UNION ALL {filed}", {f"word{number}": _quoted(word), **names}))
    return found


def _begins(word: str, code: str) -> bool:
    """Whether a word of the code begins so, or the code goes on so."""
    return bool(re.search(rf"(?<![^\W_]){re.escape(word)}", code))


def _quoted(word: str) -> str:
    plain = word.replace('"', " ")
    return f'"{plain}"*'


def _few(connection: Connection, one: _Set) -> list[int] | None:
    """The numbers of a set; None: they are many."""
    query = text(f"SELECT * FROM ({one.rows}) LIMIT {FEW + 1}").bindparams(**one.values)
    found = connection.execute(query).scalars().all()
    return sorted(set(found)) if len(found) <= FEW else None


def _codes(connection: Connection, table: str) -> list[str]:
    """The codes that anything is filed under, each found by one step in the index."""
    found: list[str] = []
    statement = f"SELECT code FROM {table} WHERE code > ? ORDER BY code LIMIT 1"
    while (code := connection.exec_driver_sql(statement, (found[-1] if found else "",)).scalar()) is not None:
        found.append(code)
    return found
