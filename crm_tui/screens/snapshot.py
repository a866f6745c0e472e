"""The last list seen, kept as JSON and painted at the next start before the store is open."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_tui.base.paths import write_private
from crm_tui.desk.common.views import AccountView, ConversationRow, Count, ListQuery, Person

VERSION = 2
ROWS = 60
"""How many rows are kept: what a high terminal shows."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the first frame shows.

    Attributes:
        who: for whom it was opened (:func:`opener_key`); empty: nobody that could be known before the store is open.
        mode: the mode the desk was left in.
        rows: the list of ``query`` from its first row on.
        index: where the cursor stood; 0 if it was further down than the rows kept.
    """

    who: str = ""
    mode: str = ""
    property: str = ""
    zone: str = "UTC"
    agent: str = ""
    synced_at: datetime | None = None
    counts: dict[str, Count] = field(default_factory=dict)
    accounts: tuple[AccountView, ...] = ()
    query: ListQuery = field(default_factory=ListQuery)
    total: int = 0
    index: int = 0
    rows: tuple[ConversationRow, ...] = ()


def save(path: Path, snapshot: Snapshot) -> None:
    """Write the snapshot, readable by its owner only."""
    document = {"version": VERSION, **asdict(snapshot), "rows": [_plain(row) for row in snapshot.rows]}
    write_private(path, json.dumps(document, default=datetime.isoformat, ensure_ascii=False).encode())


def opener_key(agent: str, login: str, db: str = "") -> str:
    """Who opens a desk, as far as that is known before the store is open: the same words lead to the same agent.

    Args:
        agent: whom the command line or the settings name.
        login: the operating-system user, who decides where nobody is named.
        db: another store than the home's.
    """
    who = f"agent {agent.casefold()}" if agent else f"user {login}"
    return f"{who} at {db}" if db else who


def load(path: Path, who: str) -> Snapshot | None:
    """The last snapshot, or ``None`` if there is none, it is not usable, or another's: what one agent sees is not for all.

    It only saves time, so it is never an error.
    """
    try:
        document = json.loads(path.read_bytes())
        fits = document.get("version") == VERSION and bool(who) and document["who"] == who
        return _snapshot(document) if fits else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _snapshot(document: dict[str, Any]) -> Snapshot:
    return Snapshot(
        who=str(document["who"]),
        mode=str(document["mode"]),
        property=str(document["property"]),
        zone=str(document["zone"]),
        agent=str(document["agent"]),
        synced_at=_instant(document["synced_at"]),
        counts={str(key): Count(**value) for key, value in document["counts"].items()},
        accounts=tuple(
            AccountView(**{**value, "synced_at": _instant(value["synced_at"])}) for value in document["accounts"]
        ),
        query=ListQuery(**document["query"]),
        total=int(document["total"]),
        index=int(document["index"]),
        rows=tuple(_row(value) for value in document["rows"]),
    )


def _plain(row: ConversationRow) -> dict[str, Any]:
    person = row.counterpart
    return {**row._asdict(), "counterpart": [person.name, person.address]}


def _row(value: dict[str, Any]) -> ConversationRow:
    return ConversationRow(
        **{
            **value,
            "counterpart": Person(*value["counterpart"]),
            "last_at": datetime.fromisoformat(value["last_at"]),
            "waiting_since": _instant(value["waiting_since"]),
            "snoozed_until": _instant(value["snoozed_until"]),
            "cursor": (value["cursor"][0], value["cursor"][1]),
        }
    )


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
