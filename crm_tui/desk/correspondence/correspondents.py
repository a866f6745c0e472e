"""Who has written, or was written to: completion of addresses (SPEC §5). Guests join in when there are any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import Person
from crm_tui.desk.correspondence.mailbox import own_addresses
from crm_tui.mail.text import display_text, fold_text

LOOKED_AT = 300
"""Newest messages looked at for one completion: bounds the work however common the letters are."""

_WORD = re.compile(r"\w+")
_SENDERS = (
    "SELECT m.sender_name, m.sender_address FROM message_search s CROSS JOIN message m ON m.search_rowid = s.rowid "
    "WHERE message_search MATCH ? AND m.direction = 'in' AND m.automatic = '' AND {seen} ORDER BY s.rowid DESC LIMIT ?"
)
_RECIPIENTS = (
    "SELECT t.details FROM message_search s CROSS JOIN message m ON m.search_rowid = s.rowid "
    "JOIN message_text t ON t.message_id = m.id "
    "WHERE message_search MATCH ? AND m.direction = 'out' AND {seen} ORDER BY s.rowid DESC LIMIT ?"
)


def find(ctx: Context, typed: str, limit: int = 8) -> list[Person]:
    """People whose name or address has words that begin like those typed; those written with most come first.

    Accents and case do not matter. Senders of automatic mail and the desk's own addresses are left out.
    Whoever only ever wrote in conversations that the agent may not see is left out as well.
    """
    words = _WORD.findall(fold_text(typed))
    if not words:
        return []
    with ctx.store.connect() as connection:
        own = own_addresses(connection)
        found: dict[str, Person] = {}
        times: dict[str, int] = {}
        for name, address in _met(connection, ctx.actor.scopes, words):
            key = address.casefold()
            if not address or key in own or not _fits(words, f"{name} {address}"):
                continue
            times[key] = times.get(key, 0) + 1
            if key not in found or (name and not found[key].name):
                found[key] = Person(display_text(name), display_text(address))
    ranked = sorted(found, key=lambda key: -times[key])  # stable: the newest first among equals
    return [found[key] for key in ranked[:limit]]


def _met(connection: Connection, scopes: str, words: list[str]) -> Iterator[tuple[str, str]]:
    seen, values = scope.in_sql(scopes, "m.conversation_id")
    for column, statement in (("sender", _SENDERS), ("recipients", _RECIPIENTS)):
        expression = " AND ".join(f'{column} : "{word}"*' for word in words)
        for row in connection.exec_driver_sql(statement.format(seen=seen), (expression, *values, LOOKED_AT)):
            if column == "sender":
                yield row[0], row[1]
            else:
                yield from _boxes(row[0])


def _boxes(details: Any) -> Iterator[tuple[str, str]]:
    values = json.loads(details) if isinstance(details, str) else details or {}
    for key in ("to", "cc"):
        for name, address in values.get(key, ()):
            yield str(name), str(address)


def _fits(words: list[str], text: str) -> bool:
    """All words begin a word of this one person: a mail to many is found by any of them."""
    parts = _WORD.findall(fold_text(text))
    return all(any(part.startswith(word) for part in parts) for word in words)
