"""A store with many conversations, written as rows: lists do not care what is in the mails."""

from __future__ import annotations

import hashlib
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings

FIRST = [
    "María",
    "José",
    "Łukasz",
    "Zofia",
    "Éloïse",
    "François",
    "Oliver",
    "Harriet",
    "Begoña",
    "Krzysztof",
    "Świętosława",
    "Anaïs",
]
LAST = [
    "García",
    "Fernández",
    "Wiśniewski",
    "Książek",
    "Lefèvre",
    "Dupré",
    "Whitfield",
    "Ashdown",
    "Żółkiewski",
    "Núñez",
]
SUBJECTS = ("Reserva habitación doble", "Zapytanie o dostępność", "Demande de prix", "Booking enquiry")


def make_store(directory: Path, count: int) -> None:
    """Create a store of ``count`` conversations of one message each, newest first on one day after another."""
    from sqlalchemy import insert

    from crm_tui import desk
    from crm_tui.data.tables import Conversation, Message, MessageText
    from crm_tui.desk.common.context import open_context

    home = home_at(directory)
    if home.store.exists():
        return
    ctx = open_context(home, Settings(), create=True)
    desk.setup.init(ctx, name="Hotel Miramar", timezone="Europe/Madrid", currency="EUR", agent="Ana")
    chance = random.Random(7)
    start = datetime(2026, 7, 1, 8, tzinfo=UTC)
    step = 5000
    for first in range(1, count + 1, step):
        numbers = range(first, min(first + step, count + 1))
        rows = [_row(number, start - timedelta(seconds=97 * number), chance) for number in numbers]
        messages = [_message(row) for row in rows]
        texts = [{"message_id": row["id"], "text": "Dzień dobry,\n\nszukamy pokoju.\n", "details": {}} for row in rows]
        with ctx.write() as tx:
            tx.connection.execute(insert(Conversation), rows)
            tx.connection.execute(insert(Message), messages)
            tx.connection.execute(insert(MessageText), texts)
    ctx.store.close()


def _row(number: int, at: datetime, chance: random.Random) -> dict[str, object]:
    name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
    return {
        "id": number,
        "folder": "Inbox",
        "subject": f"{chance.choice(SUBJECTS)} {number}",
        "counterpart_name": name,
        "counterpart_address": f"guest{number}@example.org",
        "preview": "Dzień dobry, szukamy pokoju",
        "message_count": 1,
        "unread_count": int(number % 9 == 0),
        "attachment_count": int(number % 7 == 0),
        "first_at": at,
        "last_at": at,
        "listed_at": at,
        "last_in_at": at,
        "waiting_since": at if number % 5 == 0 else None,
    }


def _message(row: dict[str, object]) -> dict[str, object]:
    digest = hashlib.sha256(str(row["id"]).encode())
    return {
        "id": row["id"],
        "conversation_id": row["id"],
        "digest": digest.digest(),
        "content_key": digest.digest()[:16],
        "message_id": f"{row['id']}@example.org",
        "direction": "in",
        "sender_name": row["counterpart_name"],
        "sender_address": row["counterpart_address"],
        "subject": row["subject"],
        "at": row["last_at"],
        "seen": not row["unread_count"],
    }


if __name__ == "__main__":
    make_store(Path(sys.argv[1]), int(sys.argv[2]))
