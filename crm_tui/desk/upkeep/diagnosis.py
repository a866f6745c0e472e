"""What ``crm-tui doctor`` tells: what the desk runs on, and what is wrong with it. Works with a broken desk as well."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from sqlalchemy import Connection, select

from crm_tui import __version__
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import N_, _
from crm_tui.base.paths import Home
from crm_tui.base.settings import load_settings
from crm_tui.base.sizes import size
from crm_tui.data import schema
from crm_tui.data.columns import columns
from crm_tui.data.sqlite import NETWORK_FILE_SYSTEMS, file_system_of, path_of
from crm_tui.data.tables import Account, Agent, Lease
from crm_tui.desk.common.words import ACCOUNT_STATES, said
from crm_tui.desk.watchlists.notice_views import MODES as NOTICE_MODES
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import AccountState, Role

_PACKAGES = ("textual", "sqlmodel", "sqlalchemy", "imapclient", "keyring")
_LITTLE_ROOM = 500 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that doctor tells; ``state`` is info, ok, warning or bad; ``hint`` says what to do."""

    name: str
    value: str
    state: str = "info"
    hint: str = ""


def diagnose(home: Home, db: str, now: datetime, *, terminal: Mapping[str, str]) -> Iterator[Fact]:
    """Everything worth knowing, in order of what one asks first; ``terminal`` is what the caller found out about its own."""
    store = path_of(db) if db else home.store
    yield from _versions()
    yield from _places(home, store, db)
    if store is not None and store.exists():
        yield from _permissions(store)
        yield from _store(store, now)
    yield _settings(home)
    yield _keyring()
    yield _notices(home)
    yield from _terminal(terminal)


def _versions() -> Iterator[Fact]:
    yield Fact("crm_tui", __version__)
    yield Fact(N_("python"), f"{platform.python_version()} ({sys.executable})")
    yield Fact(N_("system"), f"{platform.system()} {platform.release()} {platform.machine()}")
    yield Fact(N_("sqlite"), sqlite3.sqlite_version)
    yield Fact(N_("packages"), ", ".join(f"{name} {_version_of(name)}" for name in _PACKAGES))


def _version_of(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


def _places(home: Home, store: Path | None, db: str) -> Iterator[Fact]:
    if store is None:
        yield Fact(N_("store"), db.partition("://")[0] + "://…")
    elif store.exists():
        yield Fact(N_("store"), f"{store} ({size(store.stat().st_size)})", "ok")
    else:
        yield Fact(N_("store"), _("none at {path}").format(path=store), "bad", _("Set one up with: crm-tui init"))
    yield Fact(
        N_("settings"),
        str(home.settings) if home.settings.exists() else _("{path} (none: all defaults)").format(path=home.settings),
    )
    yield Fact(N_("log"), str(home.log))
    place = store.parent if store is not None else home.data
    while not place.exists() and place != place.parent:
        place = place.parent
    kind = file_system_of(place)
    network = kind in NETWORK_FILE_SYSTEMS
    yield Fact(
        N_("file system"),
        kind or _("unknown"),
        "bad" if network else "ok",
        _("Locks cannot be trusted there: keep the store on a local disk.") if network else "",
    )
    free = shutil.disk_usage(place).free
    yield Fact(
        N_("free space"),
        size(free),
        "warning" if free < _LITTLE_ROOM else "ok",
        _("Free some room before the store cannot grow.") if free < _LITTLE_ROOM else "",
    )


def _permissions(store: Path) -> Iterator[Fact]:
    for path in (store, *(store.with_name(store.name + end) for end in ("-wal", "-shm"))):
        if path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) & (stat.S_IROTH | stat.S_IWOTH):
            yield Fact(
                N_("permissions"), f"{path} {mode:o}", "bad", _("Mend it with: chmod o-rwx {path}").format(path=path)
            )
            return
    yield Fact(N_("permissions"), f"{stat.S_IMODE(store.stat().st_mode):o}", "ok")


def _store(store: Path, now: datetime) -> Iterator[Fact]:
    from crm_tui.data.store import Store

    damaged = Fact(N_("schema"), _("unreadable"), "bad", _("Restore a backup with: crm-tui restore FILE"))
    try:
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as plain:
            row = plain.execute("select version_num from alembic_version").fetchone()
    except sqlite3.Error:
        yield damaged
        return
    found = str(row[0]) if row else ""
    if found != schema.HEAD:
        newer = found > schema.HEAD
        hint = _("Update crm_tui.") if newer else _("It is brought up to date when the desk opens.")
        yield Fact(N_("schema"), found, "bad" if newer else "warning", hint)
        return
    yield Fact(N_("schema"), found, "ok")
    opened = Store(f"sqlite:///{store}", readonly=True)
    try:
        with opened.connect() as connection:
            yield from _accounts(connection)
            yield from _lease(connection, now)
            yield _sign_in(connection)
    except CrmError as error:
        yield Fact(N_("store"), error.message, "bad", error.hint)
    finally:
        opened.close()


def _accounts(connection: Connection) -> Iterator[Fact]:
    names = columns(Account)
    rows = connection.execute(
        select(names.address, names.state, names.state_text, names.secret_kind, names.active)
    ).all()
    if not rows:
        yield Fact(N_("accounts"), _("none"), "warning", _("Link one with: crm-tui account add"))
    for row in rows:
        failed = row.state in (AccountState.AUTH_FAILED, AccountState.SENDING_FAILED, AccountState.FAILED)
        state = "warning" if failed or row.state == AccountState.OFFLINE else "ok"
        text = f"{display_text(row.address)}: {said(ACCOUNT_STATES, row.state)}, {row.secret_kind}"
        yield Fact(N_("account"), text, state, display_text(row.state_text))


def _sign_in(connection: Connection) -> Fact:
    """Whether somebody who may do more than an agent can be named by anybody who sits down."""
    names = columns(Agent)
    more = (names.active, names.role != Role.AGENT, names.pin == "", names.login == "")
    anybody = [display_text(name) for name in connection.execute(select(names.name).where(*more)).scalars()]
    if not anybody:
        return Fact(N_("sign-in"), _("who administers or manages has a PIN or is a system user"), "ok")
    text = _("anybody here can be {names}").format(names=", ".join(anybody))
    return Fact(N_("sign-in"), text, "warning", _("Give them a PIN: crm-tui agent pin; or --login: their system user."))


def _lease(connection: Connection, now: datetime) -> Iterator[Fact]:
    names = columns(Lease)
    for row in connection.execute(select(names.name, names.holder, names.expires_at)):
        held = row.expires_at > now
        parts: list[str] = [*str(row.holder).split("|"), "", ""]  # host, boot, process: see engine.lease.identity
        holder = _("process {number} on {host}").format(number=parts[2], host=display_text(parts[0]))
        yield Fact(row.name, holder if held and row.holder else _("nobody"))


def _settings(home: Home) -> Fact:
    try:
        load_settings(home.settings)
    except CrmError as error:
        return Fact(N_("settings"), error.message, "bad", error.hint)
    return Fact(N_("settings"), _("in order"), "ok")


def _keyring() -> Fact:
    from crm_tui.mail.credentials import Credentials

    found = Credentials().describe()
    if found.usable:
        return Fact(N_("keyring"), found.name, "ok")
    hint = _("Link accounts with --password-command, or be asked once a session.")
    return Fact(N_("keyring"), f"{found.name} ({found.reason})" if found.name else found.reason, "warning", hint)


def _notices(home: Home) -> Fact:
    """How reminders of payments go out and which kind of gateway takes them; never its address."""
    from crm_tui.desk.watchlists import gateway
    from crm_tui.mail.credentials import Credentials

    name = N_("payment reminders")
    try:
        settings = load_settings(home.settings)
    except CrmError:
        return Fact(name, _("unknown"))
    mode = said(NOTICE_MODES, settings.notices)
    found = gateway.state(settings, Credentials())
    if not found.set_up:
        missing = settings.notices == "sms"
        hint = _("Set one up: crm-tui notices gateway") if missing else ""
        return Fact(name, _("{mode}; no SMS gateway").format(mode=mode), "warning" if missing else "info", hint)
    if found.fault:
        return Fact(
            name, _("{mode}; SMS gateway: {source}").format(mode=mode, source=found.source), "warning", found.fault
        )
    told = _("{mode}; SMS gateway: {service}, {source}").format(mode=mode, service=found.service, source=found.source)
    return Fact(name, told, "ok")


def _terminal(facts: Mapping[str, str]) -> Iterator[Fact]:
    yield Fact(N_("terminal"), ", ".join(f"{name}={value}" for name, value in facts.items() if value))
    if facts.get("encoding") and not facts["encoding"].replace("-", "").startswith("utf8"):
        yield Fact(
            N_("encoding"),
            facts["encoding"],
            "warning",
            _("Letters like ł cannot be shown: set LANG to a UTF-8 locale."),
        )
