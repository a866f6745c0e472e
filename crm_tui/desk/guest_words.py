"""Finding guests by the words of their names, their addresses and their numbers; accents and case never matter (SPEC §6)."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, literal_column, or_, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, GuestEmail, GuestPhone
from crm_tui.desk.context import Context
from crm_tui.mail.text import fold_text

_G = columns(Guest)
_E = columns(GuestEmail)
_P = columns(GuestPhone)

MOST = 2_000
"""How many guests a search looks at: more than anybody reads."""
_LAST = "\U0010ffff"
_NO_DIGIT = re.compile(r"\D+")
_PHONE = re.compile(r"[\d\s()+./-]+")
FEWEST_DIGITS = 4


def folded_name(surname: str, given: str) -> str:
    """What the name is found by."""
    return " ".join(fold_text(f"{surname} {given}").split())


def matching(ctx: Context, connection: Connection, text: str, limit: int = MOST) -> list[int]:
    """The guests that the text may mean: every word begins a word of the name, or it begins an address, or is in a number."""
    del ctx
    words = fold_text(text).split()
    if not words:
        return []
    if _PHONE.fullmatch(text.strip()):
        digits = _NO_DIGIT.sub("", text)
        return _by_phone(connection, digits, limit) if len(digits) >= FEWEST_DIGITS else []
    if len(words) == 1 and "@" in words[0]:
        return _by_address(connection, words[0], limit)
    found = _by_name(connection, words, limit)
    if len(words) == 1 and len(found) < limit:
        found += _by_address(connection, words[0], limit - len(found))
    return list(dict.fromkeys(found))


def alive() -> tuple[ColumnElement[bool], ...]:
    """The condition on guests that are offered at all."""
    return _G.merged_into.is_(None), _G.archived_at.is_(None)


def _by_name(connection: Connection, words: list[str], limit: int) -> list[int]:
    """By any word of the name: the first word of the query along the index where it begins the surname, else by all."""
    first = and_(_G.folded >= words[0], _G.folded < words[0] + _LAST, *_words(words))
    query = select(_G.id).where(*alive()).order_by(_G.folded, _G.id).limit(limit)
    found = list(connection.execute(query.where(first)).scalars())
    if len(found) < limit:
        rest = connection.execute(query.where(*_words(words), _G.id.not_in(found[:500]))).scalars()
        found += rest
    return found[:limit]


def _words(words: list[str]) -> list[ColumnElement[bool]]:
    spaced: Any = literal_column("' '") + _G.folded
    return [spaced.like("% " + _escaped(word) + "%", escape="\\") for word in words]


def _by_address(connection: Connection, word: str, limit: int) -> list[int]:
    query = (
        select(_E.guest_id)
        .join(Guest, _G.id == _E.guest_id)
        .where(_E.folded >= word, _E.folded < word + _LAST, *alive())
        .order_by(_E.folded)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def _by_phone(connection: Connection, digits: str, limit: int) -> list[int]:
    """By the digits of a number in any way of writing it; a leading 0 or 00 stands for the way out."""
    plain = digits.lstrip("0")
    if len(plain) < FEWEST_DIGITS - 1:
        return []
    query = (
        select(_P.guest_id)
        .join(Guest, _G.id == _P.guest_id)
        .where(or_(_P.number.like(f"+{plain}%"), _P.number.like(f"%{plain}%")), *alive())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
