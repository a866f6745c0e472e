"""The lease as rows: who holds it, under which token (SPEC §16). When to take it is for :mod:`crm_tui.engine.lease`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection as Connection
from sqlalchemy import insert, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Lease
from crm_tui.desk.common.context import Context

_T = columns(Lease)


@dataclass(frozen=True, slots=True)
class Holding:
    """A lease as it was when it was looked at; ``renewed`` counts its holder's signs of life."""

    holder: str
    token: int
    renewed: int


def look(ctx: Context, name: str) -> Holding | None:
    """How a lease stands; None if nobody ever had it."""
    with ctx.store.connect() as connection:
        row = connection.execute(select(_T.holder, _T.token, _T.renewed).where(_T.name == name)).first()
    return None if row is None else Holding(row.holder, row.token, row.renewed)


def in_force(connection: Connection, name: str, holder: str, token: int) -> bool:
    """Whether this holder's token is the one in force, within the caller's write transaction."""
    row = connection.execute(select(_T.token, _T.holder).where(_T.name == name)).first()
    return token > 0 and row is not None and row.token == token and row.holder == holder


def renew(ctx: Context, name: str, holder: str, token: int, expires_at: datetime) -> bool:
    """Another sign of life; False if the lease is another's."""
    with ctx.store.write(durable=False) as session:  # after a power cut nobody holds it anyway
        statement = (
            update(table_of(Lease))
            .where(_T.name == name, _T.token == token, _T.holder == holder)
            .values(renewed=_T.renewed + 1, expires_at=expires_at)
        )
        return bool(session.connection().execute(statement).rowcount)


def take(ctx: Context, name: str, holder: str, seen: Holding | None, expires_at: datetime) -> int:
    """Take a lease that stands as it was seen; the new token, or 0 if another was faster."""
    with ctx.store.write() as session:
        connection = session.connection()
        if seen is None:
            if connection.execute(select(_T.name).where(_T.name == name)).first() is not None:
                return 0
            values = {"name": name, "holder": holder, "token": 1, "renewed": 1, "expires_at": expires_at}
            connection.execute(insert(Lease).values(values))
            return 1
        changed = connection.execute(
            update(table_of(Lease))
            .where(_T.name == name, _T.token == seen.token, _T.renewed == seen.renewed)
            .values(holder=holder, token=seen.token + 1, renewed=seen.renewed + 1, expires_at=expires_at)
        ).rowcount
        return seen.token + 1 if changed else 0


def release(ctx: Context, name: str, holder: str, token: int) -> None:
    """Give it up, so that another need not wait; nothing happens if it is another's by now."""
    with ctx.store.write() as session:
        session.connection().execute(
            update(table_of(Lease))
            .where(_T.name == name, _T.token == token, _T.holder == holder)
            .values(holder="", renewed=_T.renewed + 1, expires_at=ctx.clock.now())
        )
