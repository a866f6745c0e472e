"""Who asks, of which store, at what time: the first argument of everything in the desk."""

from __future__ import annotations

import getpass
import itertools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.base.clock import Clock, SystemClock
from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.paths import Home
from crm_tui.base.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

    from crm_tui.data.store import Store

_commands = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Actor:
    """The agent who uses the desk, or the engine (``id`` None)."""

    id: int | None
    name: str
    role: str = "agent"
    language: str = "en"


ENGINE = Actor(id=None, name="engine", role="admin")


@dataclass(frozen=True, slots=True)
class Context:
    """What every command and query needs."""

    store: Store
    home: Home
    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    actor: Actor = ENGINE
    readonly: bool = False

    def acting_as(self, actor: Actor) -> Context:
        """The same desk in the hands of another."""
        return replace(self, actor=actor)

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Transaction]:
        """One command: an immediate transaction with its journal; all of it lands or nothing.

        ``durable=False`` is for mail that a server still holds: see :meth:`crm_tui.data.store.Store.write`.

        Raises:
            Forbidden: the desk was opened with ``--readonly``.
        """
        if self.readonly:
            raise Forbidden(_("This desk was opened to read only; nothing was changed."))
        with self.store.write(durable=durable) as session:
            transaction = Transaction(session, self.actor, self.clock.now(), f"{os.getpid()}-{next(_commands)}")
            yield transaction
            transaction.flush_journal()


class Transaction:
    """A command under way: its session, its instant, and the journal rows it will leave."""

    def __init__(self, session: Session, actor: Actor, now: datetime, command: str) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.command = command
        self._rows: list[dict[str, Any]] = []

    @property
    def connection(self) -> Connection:
        """The Core connection of the same transaction."""
        return self.session.connection()

    def journal(
        self,
        entity: str,
        entity_id: int | None,
        action: str,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Record a change (SPEC §13). ``before`` and ``after`` hold JSON values of the fields that changed; no secrets."""
        self._rows.append(
            {
                "at": self.now,
                "agent_id": self.actor.id,
                "actor": self.actor.name,
                "command": self.command,
                "entity": entity,
                "entity_id": entity_id or 0,
                "action": action,
                "before": before,
                "after": after,
            }
        )

    def flush_journal(self) -> None:
        """Write the journal rows; called by :meth:`Context.write` before the commit."""
        from sqlalchemy import insert

        from crm_tui.data.journal import Journal

        self.session.flush()
        if self._rows:
            self.connection.execute(insert(Journal), self._rows)
            self._rows = []


def open_context(
    home: Home,
    settings: Settings,
    *,
    clock: Clock | None = None,
    db: str = "",
    agent: str = "",
    readonly: bool = False,
    create: bool = False,
    env: Mapping[str, str] | None = None,
) -> Context:
    """Open the store and find out who is using it.

    The agent is the one named, else the settings' one, else the one tied to the operating-system user, else the only
    one there is. Without any agent in the store the actor is the engine: set the desk up first.

    Raises:
        StoreError: the store cannot be opened.
        InvalidInput: the agent named does not exist, or several could be meant.
    """
    from crm_tui.data.store import open_store

    home.ensure()
    store = open_store(db or f"sqlite:///{home.store}", readonly=readonly, create=create)
    context = Context(store, home, settings, clock or SystemClock(), ENGINE, readonly)
    try:
        return context.acting_as(_find_actor(context, agent or settings.agent, env if env is not None else os.environ))
    except BaseException:
        store.close()
        raise


def _find_actor(context: Context, name: str, env: Mapping[str, str]) -> Actor:
    from sqlmodel import select

    from crm_tui.data.team import Agent

    with context.store.read() as session:
        agents = session.exec(select(Agent).where(Agent.active).order_by(Agent.id)).all()  # type: ignore[arg-type]
    if not agents:
        if name:
            raise InvalidInput(_("There is no agent yet."), _("Set the desk up with: crm-tui init"), "agent")
        return ENGINE
    login = env.get("SUDO_USER") or env.get("USER") or _login()
    chosen = (
        [a for a in agents if a.name.casefold() == name.casefold()]
        if name
        else [a for a in agents if a.login and a.login == login]
    )
    if not chosen and not name:
        chosen = list(agents) if len(agents) == 1 else [a for a in agents if a.role == "admin"][:1] or list(agents[:1])
    if not chosen:
        raise InvalidInput(
            _("There is no agent called {name}.").format(name=name),
            _("Known are: {names}.").format(names=", ".join(a.name for a in agents)),
            "agent",
        )
    agent = chosen[0]
    return Actor(id=agent.id, name=agent.name, role=agent.role, language=agent.language)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
