"""Finding guests by the words of their names, their addresses and their numbers; accents and case never matter (SPEC §6)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, literal_column, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, GuestPhone
from crm_tui.mail.text import display_text, fold_text

_G = columns(Guest)
_P = columns(GuestPhone)

MOST = 2_000
"""How many guests a search looks at: more than anybody reads."""
_LAST = "\U0010ffff"
_NO_DIGIT = re.compile(r"\D+")
_WORD = re.compile(r"[^\W_]+")
_PHONE = re.compile(r"[\d\s()+./-]+")
FEWEST_DIGITS = 4


def folded_name(surname: str, given: str) -> str:
    """What the name is found by."""
    return " ".join(fold_text(f"{surname} {given}").split())


def matching(connection: Connection, text: str, limit: int = MOST) -> list[int]:
    """The guests that a text may mean: each word begins a word of the name or of an address, or is part of a number.

    Those whose surname begins so come first, by name; the others follow, the newest first: those with all of it in the name,
    then those with some of it in an address.
    """
    text = display_text(text)  # a command line may hold what no store takes
    words = fold_text(text).split()
    if _PHONE.fullmatch(text.strip()):
        digits = _NO_DIGIT.sub("", text).lstrip("0")
        return _by_phone(connection, digits, limit) if len(digits) >= FEWEST_DIGITS else []
    phrase = " ".join(_phrase(word) for word in words if _WORD.search(word))
    if not phrase:
        return []
    found = _by_surname(connection, words, limit)
    if len(found) < limit:
        found += _by_index(connection, f"names : ({phrase})", limit)
    if len(found) < limit:
        found += _by_index(connection, f"{{names contacts}} : ({phrase})", limit)
    return list(dict.fromkeys(found))[:limit]


def alive() -> tuple[ColumnElement[bool], ...]:
    """The condition on guests that are offered at all."""
    return _G.merged_into.is_(None), _G.archived_at.is_(None)


def _by_surname(connection: Connection, words: list[str], limit: int) -> list[int]:
    """Along the index of the names: the first word begins the surname, the others a word of the name."""
    spaced: Any = literal_column("' '") + _G.folded
    rest = [spaced.like(f"% {_escaped(word)}%", escape="\\") for word in words[1:]]
    begins = (_G.folded >= words[0], _G.folded < words[0] + _LAST)
    query = select(_G.id).where(*alive(), *begins, *rest).order_by(_G.folded, _G.id).limit(limit)
    return list(connection.execute(query).scalars())


def _by_index(connection: Connection, match: str, limit: int) -> list[int]:
    """By the full-text index of guests, newest first."""
    statement = (
        "SELECT guest.id FROM guest_search JOIN guest ON guest.id = guest_search.rowid WHERE guest_search MATCH ? "
        "AND guest.archived_at IS NULL AND guest.merged_into IS NULL ORDER BY guest_search.rowid DESC LIMIT ?"
    )
    found = connection.exec_driver_sql(statement, (match, limit))
    return list(found.scalars())


def _phrase(word: str) -> str:
    """A word as the index splits it: ``marta@ex`` is *marta* followed by what begins with *ex*."""
    return f'"{" ".join(_WORD.findall(word))}"*'


def _by_phone(connection: Connection, digits: str, limit: int) -> list[int]:
    """By digits of a number, however it is written: from its country on along the index, else anywhere in it."""
    query = select(_P.guest_id).join(Guest, _G.id == _P.guest_id).where(*alive()).limit(limit)
    begins = (_P.number >= f"+{digits}", _P.number < f"+{digits}{_LAST}")
    found = list(connection.execute(query.where(*begins)).scalars())
    if len(found) < limit:
        found += connection.execute(query.where(_P.number.like(f"%{digits}%"))).scalars()
    return list(dict.fromkeys(found))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
