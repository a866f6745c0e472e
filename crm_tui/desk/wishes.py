"""What an agent asks of the engine, wherever it runs: rows of the journal that the engine follows (SPEC §16)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.context import Context

_J = columns(Journal)

SYNC_NOW = "sync now"
WHOLE = "fetch whole"
REFUSED = "not fetched"


def ask_sync(ctx: Context, account_id: int = 0) -> None:
    """Ask the engine, wherever it runs, to sync an account (0: all) now: a journal row that it follows."""
    with ctx.write() as tx:
        tx.journal("account", account_id, SYNC_NOW)


def sync_asked(ctx: Context, after: int) -> tuple[int, set[int]]:
    """The accounts that were asked for since a journal row (0: all of them), and the newest row now."""
    with ctx.store.connect() as connection:
        newest = int(connection.execute(select(func.max(_J.id))).scalar() or 0)
        query = select(_J.entity_id).where(_J.id > after, _J.entity == "account", _J.action == SYNC_NOW)
        return newest, set(connection.execute(query).scalars()) if newest > after else set()


def ask_whole(ctx: Context, message_ids: Iterable[int]) -> int:
    """Ask the engine to fetch the rest of messages of which only the text is here; returns what :func:`whole_refused` takes.

    Raises:
        Forbidden: the desk was opened to read only.
    """
    with ctx.write() as tx:
        newest = int(tx.connection.execute(select(func.max(_J.id))).scalar() or 0)
        for number in message_ids:
            tx.journal("message", number, WHOLE)
    return newest


def whole_asked(ctx: Context, after: int, last: int) -> list[int]:
    """The messages that were asked for after a journal row and up to another, in that order, once each."""
    with ctx.store.connect() as connection:
        query = (
            select(_J.entity_id)
            .where(_J.id > after, _J.id <= last, _J.entity == "message", _J.action == WHOLE)
            .order_by(_J.id)
        )
        return list(dict.fromkeys(connection.execute(query).scalars()))


def refuse_whole(ctx: Context, message_id: int, why: str) -> None:
    """The engine tells why it cannot fetch a message; ``why`` is a sentence, safe to show."""
    with ctx.write() as tx:
        tx.journal("message", message_id, REFUSED, after={"why": why})


def whole_refused(ctx: Context, message_id: int, asked: int) -> str:
    """Why a message that was asked for (:func:`ask_whole`) does not come; empty while it may."""
    with ctx.store.connect() as connection:
        query = select(_J.after).where(
            _J.entity == "message", _J.entity_id == message_id, _J.id > asked, _J.action == REFUSED
        )
        found = connection.execute(query.order_by(_J.id.desc()).limit(1)).scalar()
    return str(found.get("why", "")) if found else ""
