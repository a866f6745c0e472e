"""Small builders for tests of the desk and the engine: a desk, accounts, mail that came in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import insert

from crm_tui.base.clock import Clock, FixedClock
from crm_tui.base.paths import Home, home_at
from crm_tui.base.settings import Settings
from crm_tui.data.columns import new_id
from crm_tui.data.store import open_store
from crm_tui.data.tables import Account, Agent, Property
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, Received, receive
from crm_tui.desk.correspondence.prepare import prepare
from tests.building import empty_store_in, store_made_by

T = TypeVar("T")
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
ADDRESS = "desk@hotel.example"


def make_house(
    path: Path, *, clock: Clock | None = None, settings: Settings | None = None, agent: str = "Ana"
) -> Context:
    """A set-up desk whose clock stands at :data:`NOW`."""
    home, clock = home_at(path / "home"), clock or FixedClock(NOW)
    if isinstance(clock, FixedClock) and not home.store.exists():
        number = store_made_by(home, ("house", agent, clock.now()), lambda made: _founded(home_at(made), clock, agent))
    else:
        number = _founded(home, clock, agent)
    context = Context(open_store(f"sqlite:///{home.store}"), home, settings or Settings(), clock)
    return context.acting_as(Actor(number, agent, "admin"))


def house_like(path: Path, key: str, build: Callable[[Context], T]) -> tuple[Context, T]:
    """A house as ``build`` leaves it: made once a process, copied from then on.

    Returns:
        The desk in Ana's hands, and what ``build`` returned.
    """

    def make(made: Path) -> tuple[Actor, T]:
        ctx = make_house(made.parent)
        result = build(ctx)
        ctx.store.close()
        return ctx.actor, result

    home = home_at(path / "home")
    actor, result = store_made_by(home, ("house", key), make)
    return Context(open_store(f"sqlite:///{home.store}"), home, Settings(), FixedClock(NOW)).acting_as(actor), result


def _founded(home: Home, clock: Clock, agent: str) -> int:
    """Put a property and its agent into a home; returns the agent's number."""
    empty_store_in(home)
    context = Context(open_store(f"sqlite:///{home.store}"), home, Settings(), clock)
    with context.write() as tx:
        tx.connection.execute(
            insert(Property).values(name="Hotel", timezone="Europe/Madrid", currency="EUR", created_at=tx.now)
        )
        number = new_id(tx.connection.execute(insert(Agent).values(name=agent, role="admin", created_at=tx.now)))
    context.store.close()
    return number


def add_account(ctx: Context, address: str = ADDRESS, **values: Any) -> int:
    """An account, straight into the store; plain text on loopback, the secret held in memory."""
    row: dict[str, Any] = {
        "address": address,
        "name": "Hotel Sol",
        "user": "desk",
        "imap_host": "127.0.0.1",
        "imap_port": 1,
        "imap_security": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": 1,
        "smtp_security": "none",
        "secret_kind": "session",
        "signature": "Hotel Sol\nReception",
    }
    with ctx.write() as tx:
        return new_id(tx.connection.execute(insert(Account).values(**(row | values), created_at=tx.now)))


def mail(
    *,
    sender: str = "Marta Guest <marta@example.org>",
    to: str = ADDRESS,
    subject: str = "Room in August",
    text: str = "Do you have a room?",
    message_id: str = "m1@example.org",
    date: datetime = NOW - timedelta(hours=2),
    **headers: str,
) -> bytes:
    """A plain mail; further headers by name (``In_Reply_To`` for ``In-Reply-To``)."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date:%a, %d %b %Y %H:%M:%S +0000}"]
    lines += [f"Message-ID: <{message_id}>"] if message_id else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += ["Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", text, ""]
    return "\r\n".join(lines).encode()


def come_in(ctx: Context, *raw: bytes, account: int | None = None, received_at: datetime | None = None) -> Received:
    """Mail arrives."""
    items = [Incoming(prepare(one), received_at=received_at) for one in raw]
    return receive(ctx, Batch(items, account_id=account))
