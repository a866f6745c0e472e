"""What an agent asks of the engine, wherever it runs: rows of the journal that the engine follows (SPEC §16)."""

from __future__ import annotations

from sqlalchemy import func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.context import Context

_J = columns(Journal)

SYNC_NOW = "sync now"


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
