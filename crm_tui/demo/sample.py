"""The desk of the sample hotel: property, agents, the account on loopback, the first sync, mail put where it belongs."""

from __future__ import annotations

import secrets
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Protocol

from sqlalchemy import select

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import _
from crm_tui.base.paths import Home, write_private
from crm_tui.base.person import system_user
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Message
from crm_tui.demo import bills, bookings, converted, guests, inquiries, packages, relations, shift, tasks, tickets
from crm_tui.demo.people import AGENTS, HOTEL_ADDRESS, HOTEL_CURRENCY, HOTEL_NAME, HOTEL_ZONE
from crm_tui.demo.spool import Placement, Spool
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.correspondence import accounts
from crm_tui.desk.correspondence.account_form import NewAccount
from crm_tui.desk.staff import setup
from crm_tui.mail.credentials import Credentials, SecretKind

SPOOL = "mail-server.db"
_SECRET = "demo-secret"  # noqa: S105 -- a file's name
_LOCK = "demo.lock"


class Servers(Protocol):
    """Where the sample hotel's servers listen."""

    imap_port: int
    smtp_port: int
    secret: str


def is_demo(home: Home) -> bool:
    """Whether a home holds the sample hotel, and not a real desk."""
    return (home.data / SPOOL).exists()


def refuse_real_desk(home: Home) -> None:
    """Never mix the sample hotel into a real desk.

    Raises:
        Conflict: there is a store that is not the sample hotel's.
    """
    if home.store.exists() and not is_demo(home):
        raise Conflict(
            _("{path} is a real desk; the sample hotel was not put into it.").format(path=home.data),
            _("Choose an empty place with --home, or none."),
        )


def reset(home: Home) -> None:
    """Forget the sample hotel, so that the next start makes it anew."""
    if not is_demo(home):
        return
    names = [home.store.name, SPOOL]
    for name in [*names, *(f"{name}{end}" for name in names for end in ("-wal", "-shm")), _SECRET]:
        (home.data / name).unlink(missing_ok=True)
    home.snapshot.unlink(missing_ok=True)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """One sample hotel a home at a time: a second one would take the first one's ports over.

    Raises:
        Conflict: it is open in another window.
    """
    with open(home.data / _LOCK, "w", encoding="ascii") as file:
        with suppress(ImportError):
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Conflict(
                    _("The sample hotel is open in another window."), _("Close that one, or choose another --home.")
                ) from None
        yield


def secret_of(home: Home) -> str:
    """The password of the sample hotel's mail user: random, good on loopback only, the same between runs."""
    path = home.data / _SECRET
    if not path.exists():
        write_private(path, (secrets.token_urlsafe(18) + "\n").encode("ascii"))
    return path.read_text(encoding="ascii").strip()


def _secret_command(home: Home) -> str:
    path = str(home.data / _SECRET)
    if shutil.which("cat"):
        return shlex.join(["cat", path])
    return shlex.join([sys.executable, "-c", "import sys; print(open(sys.argv[1]).read())", path])


def prepare(ctx: Context, servers: Servers, login: str | None = None) -> Context:
    """Set up property, agents and account, or take the servers' new ports over; returns the desk in Ana's hands.

    Args:
        login: the system user who is Ana; None: whoever runs this, empty: nobody.
    """
    if setup.current_property(ctx) is None:
        made = setup.init(
            ctx,
            name=HOTEL_NAME,
            timezone=HOTEL_ZONE,
            currency=HOTEL_CURRENCY,
            agent=AGENTS[0],
            languages="en,es,pl,fr",
            login=system_user() if login is None else login,
        )
        for name in AGENTS[1:]:
            setup.add_agent(made, name)
    admin = setup.agents(ctx)[0]
    ana = ctx.acting_as(Actor(admin.id, admin.name, admin.role, admin.language))
    _link(ana, servers)
    return ana


def _link(ctx: Context, servers: Servers) -> None:
    try:
        known = accounts.find(ctx, HOTEL_ADDRESS)
    except NotFound:
        new = NewAccount(
            address=HOTEL_ADDRESS,
            name=HOTEL_NAME,
            imap_host="127.0.0.1",
            imap_port=servers.imap_port,
            imap_security="none",
            smtp_host="127.0.0.1",
            smtp_port=servers.smtp_port,
            smtp_security="none",
            secret_kind=SecretKind.PASSWORD_COMMAND,
            secret_command=_secret_command(ctx.home),
            signature=f"{HOTEL_NAME} · Palma\nTel. +34 971 555 018",
        )
        accounts.add(ctx, new, Credentials(), tested=True)
        return
    ports = {"imap_port": servers.imap_port, "smtp_port": servers.smtp_port}
    accounts.change(ctx, known.id, known.version, **ports)


def first_sync(ctx: Context, progress: Progress, cancel: CancelEvent) -> None:
    """Fetch all of the sample hotel's mail.

    Raises:
        ServerError: the sample server did not answer.
    """
    from crm_tui.engine.sessions import session_factory
    from crm_tui.engine.sync import sync_account

    account = accounts.find(ctx, HOTEL_ADDRESS)
    sync_account(ctx, account, session_factory(Credentials()), progress, cancel)


def place(ctx: Context, plan: list[Placement]) -> int:
    """Put the conversations that are in the store where the plan wants them, by desk commands; returns how many."""
    found = _conversations(ctx, plan)
    here = [(item, found[item.message_id]) for item in plan if item.message_id in found]
    tickets.mark_answered(ctx, [one for item, one in here if item.no_answer])
    for folder in sorted({item.folder for item, _id in here}):
        triage.move(ctx, [one for item, one in here if item.folder == folder], folder)
    for agent in AGENTS:
        triage.assign(ctx, [one for item, one in here if item.assignee == agent], agent)
    triage.star(ctx, [one for item, one in here if item.starred], starred=True)
    return len(here)


def _conversations(ctx: Context, plan: list[Placement]) -> dict[str, int]:
    names = columns(Message)
    found: dict[str, int] = {}
    with ctx.store.connect() as connection:
        for chunk in chunks([item.message_id for item in plan]):
            query = select(names.message_id, names.conversation_id).where(names.message_id.in_(chunk))
            found.update({row.message_id: row.conversation_id for row in connection.execute(query)})
    return found


def fill(ctx: Context, progress: Progress, cancel: CancelEvent) -> None:
    """Fetch the sample mail, put it in its places and note what the team knows, once: a start that was interrupted is made up for by the next."""
    with closing(Spool(ctx.home.data / SPOOL)) as spool, ctx.store.hurried():
        if not spool.fact("placed"):
            first_sync(ctx, progress, cancel)
            place(ctx, spool.plan())
            spool.remember("placed", ctx.clock.now().isoformat())
        if not spool.fact("inquiries"):
            inquiries.add(ctx)
            spool.remember("inquiries", ctx.clock.now().isoformat())
        if not spool.fact("guests"):
            guests.add(ctx, spool.guests())
            bookings.add(ctx)
            converted.add(ctx)
            bills.add(ctx)
            packages.add(ctx)
            tasks.add(ctx)
            inquiries.settle(ctx)
            spool.remember("guests", ctx.clock.now().isoformat())
        if not spool.fact("shift"):
            relations.add(ctx)
            shift.add(ctx)
            inquiries.settle(ctx)
            spool.remember("shift", ctx.clock.now().isoformat())
        if not spool.fact("tickets"):
            tickets.add(ctx)
            inquiries.settle(ctx)
            spool.remember("tickets", ctx.clock.now().isoformat())
