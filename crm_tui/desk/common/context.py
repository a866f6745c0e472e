"""Who asks, of which store, at what time: the first argument of everything in the desk."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.base.clock import Clock, SystemClock
from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.paths import Home
from crm_tui.base.person import system_user
from crm_tui.base.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlmodel import Session

    from crm_tui.base.redact import Secret
    from crm_tui.data.store import Store


@dataclass(frozen=True, slots=True)
class Actor:
    """The agent who uses the desk, or the engine (``id`` None).

    Attributes:
        department: the id of the agent's department; None without one.
        inherited: further scopes: those of agents who left, for managers and admins.
        active: False for an agent who left while the desk was open.
    """

    id: int | None
    name: str
    role: str = "agent"
    language: str = "en"
    department: int | None = None
    inherited: tuple[str, ...] = ()
    active: bool = True

    @property
    def scopes(self) -> str:
        """The scopes that the actor may see besides everyone's, as ``,a3,d1,``; ``*``: all of them (the engine)."""
        if self.id is None:
            return "*"
        own = (f"a{self.id}", *((f"d{self.department}",) if self.department else ()), *self.inherited)
        return f",{','.join(own)},"


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

    def why_read_only(self) -> str:
        """Why nothing can be written at this desk, a sentence for people; empty if it can."""
        if not self.actor.active:
            return _("You are not in the team any more: this desk can only be read.")
        return _("This desk was opened to read only.") if self.readonly else ""

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Transaction]:
        """One command: an immediate transaction with its journal; all of it lands or nothing.

        ``durable=False`` is for mail that a server still holds: see :meth:`crm_tui.data.store.Store.write`.

        Raises:
            Forbidden: the desk was opened with ``--readonly``, or the agent is not in the team any more.
        """
        if not self.actor.active:
            raise _left()
        if self.readonly:
            raise Forbidden(_("This desk was opened to read only; nothing was changed."))
        with self.store.write(durable=durable) as session:
            actor = _as_of_now(session, self.actor)
            transaction = Transaction(session, actor, self.clock.now(), uuid.uuid4().hex)
            yield transaction
            transaction.flush_journal()


def _left() -> Forbidden:
    return Forbidden(
        _("You are not in the team any more; nothing was changed."), _("An administrator can take you back.")
    )


def _as_of_now(session: Session, actor: Actor) -> Actor:
    """Whoever was taken off the team writes no more, and what somebody may do is said by the role they have now, however
    long ago their desk was opened."""
    if actor.id is None:
        return actor
    from sqlalchemy import select

    from crm_tui.data.columns import columns
    from crm_tui.data.team import Agent

    names = columns(Agent)
    row = session.connection().execute(select(names.active, names.role).where(names.id == actor.id)).first()
    if row is None:
        return actor
    if not row.active:
        raise _left()
    return actor if row.role == actor.role else replace(actor, role=row.role)


class Transaction:
    """A command under way: its session, its instant, and the journal rows it will leave.

    Attributes:
        for_good: nothing of it can be taken back by one key: for imports of many rows.
    """

    def __init__(self, session: Session, actor: Actor, now: datetime, command: str) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.command = command
        self.for_good = False
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
        *,
        undoable: bool = False,
    ) -> None:
        """Record a change (SPEC §13).

        Args:
            before, after: JSON values of the fields that changed; no secrets.
            undoable: :func:`crm_tui.desk.undoing.undo.undo` can take it back; the fields are then the columns of the entity.
        """
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
                "undoable": undoable and not self.for_good,
                "version": None,
            }
        )

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part that lands whole or not at all, whatever becomes of the rest: an exception in it takes back its writes
        and its rows of the journal, and is raised."""
        rows = len(self._rows)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._rows[rows:]
            raise

    def flush_journal(self) -> None:
        """Write the journal rows; called by :meth:`Context.write` before the commit."""
        from sqlalchemy import insert

        from crm_tui.data.journal import Journal
        from crm_tui.desk.common import versions
        from crm_tui.desk.working import timer_rows

        self.session.flush()
        if self._rows:
            versions.stamp(self.connection, self._rows)
            self.connection.execute(insert(Journal), self._rows)
            self._rows = []
            if self.actor.id is not None:
                timer_rows.sign_of_life(self.connection, self.actor.id, self.now)


class WhoAreYou(InvalidInput):
    """Several agents could be meant, or an unknown one was named: nobody gets another's rights by default (SPEC §13).

    Attributes:
        names: the agents there are, display-safe.
        again: opens the desk for the agent of that name.
    """

    def __init__(self, message: str, names: Sequence[str]) -> None:
        hint = _("Say who you are with --agent. Known are: {names}.").format(names=", ".join(names))
        super().__init__(message, hint, "agent")
        self.names = tuple(names)
        self.again: Callable[[str], Context] | None = None


def open_context(
    home: Home,
    settings: Settings,
    *,
    clock: Clock | None = None,
    db: str = "",
    agent: str = "",
    readonly: bool = False,
    create: bool = False,
    as_engine: bool = False,
    env: Mapping[str, str] | None = None,
    pin: Secret | None = None,
    at_screen: bool = False,
) -> Context:
    """Open the store and find out who is using it.

    The agent is the one named, else the one tied to the operating-system user, else the settings' one, else the only one
    there is; :mod:`crm_tui.desk.staff.sign_in` says who must prove it. Without any agent in the store the actor is the engine:
    set the desk up first.

    Args:
        as_engine: nobody in particular asks: for setting up, and for programs that choose the agent themselves.
        env: for tests: its ``USER`` is the operating-system user.
        pin: of the agent named.
        at_screen: the desk itself opens, not a command.

    Raises:
        StoreError: the store cannot be opened.
        WhoAreYou: the agent named does not exist, or several could be meant.
        Forbidden: it is not proved to be that agent: see :func:`crm_tui.desk.staff.sign_in.identify`.
        InvalidInput: an agent is named and there is none yet.
    """
    from crm_tui.data.store import open_store

    home.ensure()
    store = open_store(db or f"sqlite:///{home.store}", readonly=readonly, create=create)
    context = Context(store, home, settings, clock or SystemClock(), ENGINE, readonly)
    if as_engine:
        return context
    try:
        return context.acting_as(_actor(context, agent, system_user(env), pin, at_screen))
    except BaseException as error:
        store.close()
        _offer_again(
            error,
            lambda name, secret: open_context(
                home,
                settings,
                clock=clock,
                db=db,
                agent=name,
                readonly=readonly,
                env=env,
                pin=secret,
                at_screen=at_screen,
            ),
        )
        raise


def _actor(context: Context, named: str, login: str, pin: Secret | None, at_screen: bool) -> Actor:
    from sqlalchemy import select

    from crm_tui.data.columns import columns
    from crm_tui.data.team import Agent

    with context.store.connect() as connection:
        empty = connection.execute(select(columns(Agent).id).where(columns(Agent).active).limit(1)).first() is None
    if empty:
        if named or context.settings.agent:
            raise InvalidInput(_("There is no agent yet."), _("Set the desk up with: crm-tui init"), "agent")
        return ENGINE
    from crm_tui.desk.staff.sign_in import identify

    return identify(context, named, context.settings.agent, login, pin, at_screen=at_screen)


def _offer_again(error: BaseException, opened: Callable[[str, Secret | None], Context]) -> None:
    """Let whoever is asked for a name or a PIN open the desk with it."""
    from crm_tui.desk.staff.sign_in import NeedsPin

    if isinstance(error, WhoAreYou):
        error.again = lambda name: opened(name, None)
    elif isinstance(error, NeedsPin):
        error.again = lambda secret: opened(error.name, secret)
