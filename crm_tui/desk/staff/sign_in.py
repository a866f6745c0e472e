"""Who sits at the desk, and how they prove it (SPEC §13).

* The operating-system user who is tied to an agent *is* that agent: over SSH the login has proved who it is, so no PIN is
  asked, except after a desk of theirs was left locked. They become another only with that one's PIN; an administrator also
  one who has neither PIN nor login, as they could set one: the journal tells it.
* Anybody else names an agent, or is asked for one. An agent with a PIN is believed with the PIN only, and one who is tied to
  a system user and has no PIN is that user alone.

Wrong PINs are counted for each agent, in the store: the delay grows whichever process asks, and nobody else waits for it. A
try is counted before it is looked at, so that neither a kill nor many tries at once get one for nothing. The time is the
machine's own, whatever ``CRM_TUI_NOW`` says. Each wrong one stands in the journal: whose, how many, which system user.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select, update

from crm_tui.base import locked
from crm_tui.base.clock import Clock, SystemClock
from crm_tui.base.errors import Forbidden, InvalidInput, NotFound, StoreError
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.person import system_user
from crm_tui.base.redact import Secret
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Agent
from crm_tui.desk.common.context import Actor, Context, Transaction, WhoAreYou
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.mail.text import display_text
from crm_tui.rules import pins
from crm_tui.rules.vocabulary import Role

if TYPE_CHECKING:
    from crm_tui.data.store import Store

_A = columns(Agent)
_NOBODY = Actor(None, "")


class NeedsPin(Forbidden):
    """An agent was named who is believed with a PIN only.

    Attributes:
        name: the agent, display-safe.
        again: opens the desk for that agent with the PIN.
    """

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__(
            _("{name} signs in with a PIN.").format(name=name),
            hint or _("Type it when asked, or give it on standard input with --pin-stdin."),
        )
        self.name = name
        self.again: Callable[[Secret], Context] | None = None


class WrongPin(Forbidden):
    """It is not the PIN, or it came too soon after a wrong one.

    Attributes:
        seconds: until when no PIN of this agent is looked at.
    """

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message, _after(seconds))
        self.seconds = seconds


def identify(
    ctx: Context,
    named: str,
    usual: str,
    login: str,
    pin: Secret | None,
    clock: Clock | None = None,
    *,
    at_screen: bool = False,
) -> Actor:
    """The agent who opens the desk.

    Args:
        named: whom the command line names; usual: whom the settings name; empty for nobody.
        login: the operating-system user.
        pin: what was given to prove it.
        at_screen: it is the desk itself that opens: whoever has a PIN and left one locked says it.

    Raises:
        WhoAreYou: several could be meant, or there is none of that name.
        NeedsPin: the agent is believed with a PIN only, and none was given.
        WrongPin: it is another, or it came too soon.
        Forbidden: this one has no PIN, and is another system user; or the system user is another agent, no administrator.
    """
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Agent)).where(_A.active).order_by(_A.id)).all()
    tied = next((row for row in rows if login and row.login == login), None)
    row = _chosen(rows, named, usual, login, tied)
    left_locked = bool(at_screen and row.pin and locked.is_locked(ctx.home, row.id))
    if tied is None or row.id != tied.id or left_locked:
        _prove(ctx, row, tied, login, pin, clock)
    if left_locked:
        locked.clear(ctx.home, row.id)
    return _actor(ctx, row.id)


def _chosen(rows: Sequence[Row[Any]], named: str, usual: str, login: str, tied: Row[Any] | None) -> Row[Any]:
    if not named and tied is not None:
        return tied
    wanted = display_text(named or usual).strip()
    if not wanted and len(rows) == 1:
        return rows[0]
    found = [row for row in rows if wanted and display_text(row.name).casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    said = (
        _("There is no agent called {name}.").format(name=wanted)
        if wanted
        else _("The system user {login} could be any of the agents.").format(login=display_text(login))
    )
    raise WhoAreYou(said, [display_text(row.name) for row in rows])


def _prove(
    ctx: Context, row: Row[Any], tied: Row[Any] | None, login: str, pin: Secret | None, clock: Clock | None
) -> None:
    name = display_text(row.name)
    if row.pin:
        if pin is None:
            raise NeedsPin(name)
        check(ctx, row.id, pin, clock, login=login)
        return
    if tied is not None and tied.role != Role.ADMIN:
        raise Forbidden(
            _("You are {name} here: the system user {login}.").format(
                name=display_text(tied.name), login=display_text(tied.login)
            ),
            _("{name} has no PIN; with one they could sign in here.").format(name=name),
        )
    if row.login:
        raise Forbidden(
            _("{name} is the system user {login}, and nobody else.").format(name=name, login=display_text(row.login)),
            _("{name} has no PIN; with one they could sign in here.").format(name=name),
        )
    if tied is not None:
        _note_stand_in(ctx, row, tied)


def _note_stand_in(ctx: Context, row: Row[Any], tied: Row[Any]) -> None:
    """An administrator sits down as somebody else: never unseen, not even to read only."""
    actor = Actor(tied.id, display_text(tied.name), tied.role)
    try:
        with _counting(ctx) as store, replace(ctx, store=store, readonly=False, actor=actor).write() as tx:
            tx.journal("agent", row.id, "stand-in", None, {"login": display_text(tied.login)})
    except _Uncounted:
        raise Forbidden(
            _("Nobody sits down as {name} where it cannot be noted: this store cannot be written.").format(
                name=display_text(row.name)
            )
        ) from None


def switch(
    ctx: Context,
    name: str,
    login: str,
    pin: Secret | None = None,
    clock: Clock | None = None,
    *,
    unproved: bool = False,
) -> Context:
    """The same desk in the hands of another agent. Whoever has a PIN says it here, the tied system user too: the one at the
    keyboard may be somebody else by now.

    Args:
        unproved: the desk is locked: nobody knows that it is the tied system user who asks.

    Raises:
        WhoAreYou, NeedsPin, WrongPin, Forbidden: as :func:`identify`; Forbidden too where an administrator who has a PIN
            must say it before they sit down as somebody who has none.
    """
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Agent)).where(_A.active).order_by(_A.id)).all()
    tied = next((row for row in rows if login and row.login == login), None)
    row = _chosen(rows, name, "", login, tied)
    if unproved and tied is not None and tied.pin and row.id != tied.id and not row.pin:
        raise Forbidden(
            _("This desk is locked; {name} signs in with a PIN.").format(name=display_text(tied.name)),
            _("Only then somebody without a PIN can have it."),
        )
    if tied is None or row.id != tied.id or row.pin:
        _prove(ctx, row, tied, login, pin, clock)
    return ctx.acting_as(_actor(ctx, row.id))


def agents(ctx: Context) -> list[tuple[str, bool]]:
    """The names of the team, display-safe, and whether each has a PIN."""
    with ctx.store.connect() as connection:
        rows = connection.execute(select(_A.name, _A.pin).where(_A.active).order_by(_A.id)).all()
    return [(display_text(row.name), bool(row.pin)) for row in rows]


def has_pin(ctx: Context, agent_id: int | None = None) -> bool:
    """Whether an agent has a PIN; the actor if none is named."""
    number = ctx.actor.id if agent_id is None else agent_id
    with ctx.store.connect() as connection:
        return bool(connection.execute(select(_A.pin).where(_A.id == number)).scalar())


def check(ctx: Context, agent_id: int, pin: Secret, clock: Clock | None = None, *, login: str = "") -> None:
    """Look at a PIN; the next wrong one is looked at later.

    Args:
        login: the operating-system user, for the journal; asked of the system if not given.

    Raises:
        WrongPin: it is another, or it came too soon: then it was not looked at, right or not.
        NotFound: there is no such agent.
        Forbidden: the store cannot be written, so that tries could not be counted.
    """
    now = (clock or SystemClock()).now
    with _counting(ctx) as store:
        with store.write() as session:
            kept, failures = _try(session.connection(), agent_id, now())
        if not pins.matches(pin.reveal(), kept):
            _note_wrong(replace(ctx, store=store, readonly=False, actor=_NOBODY), agent_id, failures, login)
            raise WrongPin(_("That is not the PIN."), pins.wait(failures))
        with store.write() as session:
            values = {"pin_failures": 0, "pin_failed_at": None}
            session.connection().execute(update(table_of(Agent)).where(_A.id == agent_id).values(**values))


def _note_wrong(ctx: Context, agent_id: int, failures: int, login: str) -> None:
    """Nobody was proved to be anybody, so nobody stands as the one who did it. One a delay at most: it cannot be flooded."""
    with ctx.write() as tx:
        values = {"count": failures, "login": display_text(login or system_user())}
        tx.journal("agent", agent_id, "wrong-pin", None, values)


def _try(connection: Connection, agent_id: int, now: datetime) -> tuple[str, int]:
    """Count a try as wrong until it turns out right; what is kept of the PIN, and how many tries that makes."""
    row = connection.execute(select(table_of(Agent)).where(_A.id == agent_id)).first()
    if row is None:
        raise NotFound(_("There is no agent {number}.").format(number=agent_id))
    failed_at = row.pin_failed_at or now
    left = failed_at + timedelta(seconds=pins.wait(row.pin_failures)) - now
    if row.pin_failures and left > timedelta(0) and failed_at <= now:  # or the machine's clock was set back since
        seconds = -(-left // timedelta(seconds=1))
        raise WrongPin(_("Too soon after a wrong PIN."), seconds)
    failures = row.pin_failures + 1
    values = {"pin_failures": failures, "pin_failed_at": now}
    connection.execute(update(table_of(Agent)).where(_A.id == agent_id).values(**values))
    return row.pin, failures


@contextmanager
def _counting(ctx: Context) -> Iterator[Store]:
    """The store, open for writing: also for a desk that only reads, because wrong PINs are counted for it too."""
    if not ctx.store.readonly:
        yield ctx.store
        return
    from crm_tui.data.store import open_store

    try:
        store = open_store(ctx.store.url, create=False)
    except (StoreError, OSError):
        raise _uncounted() from None
    try:
        yield store
    except StoreError:
        raise _uncounted() from None
    finally:
        store.close()


class _Uncounted(Forbidden):
    """The store cannot be written, so nothing of a sign-in can be kept."""


def _uncounted() -> Forbidden:
    return _Uncounted(
        _("The PIN cannot be looked at: this store cannot be written, so wrong ones would not be counted."),
        _("Open the desk as the system user that is tied to the agent."),
    )


def set_pin(ctx: Context, new: Secret, old: Secret | None = None, clock: Clock | None = None) -> None:
    """Give the actor a PIN, or another one.

    Raises:
        InvalidInput: it is too short or too easy to guess; ``field`` is ``new``.
        WrongPin: ``old`` is not the present one, or it came too soon.
        InvalidInput: there is one, and ``old`` was not given; ``field`` is ``old``.
    """
    number = _own(ctx)
    with ctx.store.connect() as connection:
        row = _row(connection, number)
    _check_new(new, row)
    _check_old(ctx, row, old, clock)
    kept = pins.hashed(new.reveal())
    with ctx.write() as tx:
        _write(tx, _row(tx.connection, number), kept)


def remove_pin(ctx: Context, old: Secret, clock: Clock | None = None) -> None:
    """Take the actor's PIN away.

    Raises:
        WrongPin: ``old`` is not the present one, or it came too soon.
        NotFound: there is none.
    """
    number = _own(ctx)
    with ctx.store.connect() as connection:
        row = _row(connection, number)
    if not row.pin:
        raise NotFound(_("{name} has no PIN.").format(name=display_text(row.name)))
    _check_old(ctx, row, old, clock)
    with ctx.write() as tx:
        _write(tx, _row(tx.connection, number), "")


def reset_pin(ctx: Context, agent_id: int, new: Secret | None = None) -> None:
    """Take another's PIN away, or give a new one; whoever waits after wrong ones waits no more.

    Raises:
        Forbidden: the actor is no administrator, or it is the actor's own: that is changed with the old one.
        InvalidInput: it is too short or too easy to guess; ``field`` is ``new``.
    """
    if agent_id == ctx.actor.id:
        raise Forbidden(_("Your own PIN is changed with the old one."), _("Another administrator can reset it."))
    with ctx.store.connect() as connection:
        row = _row(connection, agent_id)
    if new is not None:
        _check_new(new, row)
    kept = pins.hashed(new.reveal()) if new is not None else ""
    with ctx.write() as tx:
        require(tx, Permission.PINS)
        _write(tx, _row(tx.connection, agent_id), kept)


def _own(ctx: Context) -> int:
    if ctx.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    if ctx.actor.id is None:
        raise Forbidden(_("Only a member of the team has a PIN."), _("Say who you are with --agent."))
    return ctx.actor.id


def _check_old(ctx: Context, row: Row[Any], old: Secret | None, clock: Clock | None) -> None:
    if not row.pin:
        return
    if old is None:
        raise InvalidInput(
            _("{name} has a PIN: give the old one too.").format(name=display_text(row.name)), field="old"
        )
    check(ctx, row.id, old, clock)


def _check_new(new: Secret, row: Row[Any]) -> None:
    wrong = pins.fault(new.reveal(), row.name, row.login)
    words = {
        pins.PinFault.SHORT: _("A PIN has at least {n} characters.").format(n=pins.SHORTEST),
        pins.PinFault.LONG: _("A PIN has at most {n} characters.").format(n=pins.LONGEST),
        pins.PinFault.OBVIOUS: _("That PIN is among the first that anybody would try."),
        pins.PinFault.NAME: _("A name is no PIN."),
        pins.PinFault.UNPRINTABLE: _("A PIN has visible characters, and no blanks at its ends."),
    }
    if wrong is not None:
        raise InvalidInput(words[wrong], _("Choose another one. Letters count too, and a longer one is safer."), "new")


def _write(tx: Transaction, row: Row[Any], kept: str) -> None:
    values = {"pin": kept, "pin_failures": 0, "pin_failed_at": None, "version": _A.version + 1}
    tx.connection.execute(update(table_of(Agent)).where(_A.id == row.id).values(**values))
    tx.journal("agent", row.id, "pin", {"has_pin": bool(row.pin)}, {"has_pin": bool(kept)})


def _row(connection: Connection, agent_id: int) -> Row[Any]:
    row = connection.execute(select(table_of(Agent)).where(_A.id == agent_id)).first()
    if row is None:
        raise NotFound(_("There is no agent {number}.").format(number=agent_id))
    return row


def _actor(ctx: Context, agent_id: int) -> Actor:
    from crm_tui.desk.staff.team import actor_of

    with ctx.store.connect() as connection:
        return actor_of(connection, _row(connection, agent_id))


def _after(seconds: int) -> str:
    words = ngettext("Try again in {n} second.", "Try again in {n} seconds.", seconds)
    return words.format(n=seconds) if seconds else ""
