"""What an agent asks of the engine, wherever it runs: rows of the journal that the engine follows (SPEC §16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from crm_tui.data.columns import columns
from crm_tui.data.tables import Account, Journal, Location, Mailbox
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.mail.text import display_text

_J = columns(Journal)
_A = columns(Account)
_B = columns(Mailbox)
_L = columns(Location)

SYNC_NOW = "sync now"
WHOLE = "fetch whole"
REFUSED = "not fetched"


@dataclass(frozen=True, slots=True)
class Stand:
    """How far an account is, for whoever waits for the engine's work.

    Attributes:
        synced_at: when a sync last ended well (UTC).
        folders: of each synced mailbox: messages in it, and those among them that came after ``newest`` was asked.
        newest: the newest message's place, to be compared with later.
    """

    synced_at: datetime | None
    state: str
    state_text: str
    folders: dict[str, tuple[int, int]]
    newest: int


def stand(ctx: Context, account_id: int, after: int = 0) -> Stand | None:
    """How an account stands now, counting what came after an earlier ``newest``; None if it is no longer linked."""
    with ctx.store.connect() as connection:
        account = connection.execute(select(_A.synced_at, _A.state, _A.state_text).where(_A.id == account_id)).first()
        if account is None:
            return None
        rows = connection.execute(
            select(
                _B.name,
                func.count(_L.id).label("stored"),
                func.count(_L.id).filter(_L.id > after).label("new"),
                func.max(_L.id).label("newest"),
            )
            .outerjoin(Location, _L.mailbox_id == _B.id)
            .where(_B.account_id == account_id, _B.chosen)
            .group_by(_B.id)
            .order_by(_B.id)
        ).all()
    return Stand(
        account.synced_at,
        account.state,
        display_text(account.state_text),
        {display_text(row.name): (row.stored, row.new) for row in rows},
        max((row.newest or 0 for row in rows), default=0),
    )


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
        NotFound: one of them is not there.
        Forbidden: the desk was opened to read only.
    """
    wanted = list(message_ids)
    with ctx.write() as tx:
        scope.require_messages(tx.connection, tx.actor.scopes, wanted)
        newest = int(tx.connection.execute(select(func.max(_J.id))).scalar() or 0)
        for number in wanted:
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
        seen = scope.seen_messages(connection, ctx.actor.scopes, [message_id])
        found = connection.execute(query.order_by(_J.id.desc()).limit(1)).scalar() if seen else None
    return str(found.get("why", "")) if found else ""
