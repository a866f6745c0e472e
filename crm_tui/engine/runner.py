"""The engine: outbox and accounts of one store, run by whoever holds the lease (SPEC §16).

Used inside the desk (``Engine.run`` in one of its threads) and by ``crm-tui engine``. Every store access is a transaction of
its own, so it may be killed at any point.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.desk.common import wishes
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.conversations import snoozing
from crm_tui.desk.correspondence import accounts
from crm_tui.desk.correspondence.sending_views import AccountDetails
from crm_tui.engine.lease import RENEWAL, Lease
from crm_tui.engine.notices import NoticeWorker
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.engine.routing import RoutingWorker
from crm_tui.engine.sync_model import SessionFactory
from crm_tui.engine.telling import Telling
from crm_tui.engine.timers import cap_silent
from crm_tui.engine.whole import WholeMessages
from crm_tui.mail.credentials import Credentials
from crm_tui.rules.vocabulary import AccountState

LOG = logging.getLogger("crm_tui.engine")

LEAVING = 5.0
"""Seconds that a stopping engine waits for its threads; a delivery past DATA may need them. They are daemons."""

Told = Callable[[str], None]


class AccountWorker(Protocol):
    """Keeps one account in sync until told to stop (:func:`crm_tui.engine.account_worker.run_account_worker`)."""

    def __call__(
        self,
        ctx: Context,
        account_id: int,
        stop: CancelEvent,
        wake: threading.Event,
        session_factory: SessionFactory,
        *,
        progress: Progress | None = None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """How one account stands: its stored state, and what is being done for it just now."""

    id: int
    address: str
    state: str
    text: str
    synced_at: datetime | None
    doing: str = ""
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """A snapshot for the desk. ``active``: this process does the work; otherwise another does, or nobody yet."""

    active: bool
    accounts: tuple[AccountStatus, ...] = ()


@dataclass(slots=True)
class _AccountThread:
    """One account's thread and what it was started with: another version of the account starts it anew."""

    thread: threading.Thread
    stop: CancelEvent
    wake: threading.Event
    telling: Telling
    version: int
    ended: threading.Event = field(default_factory=threading.Event)


class Engine:
    """Everything that works in the background, in threads of this process.

    Args:
        credentials: where the secrets of the accounts come from; the desk's own, so that a secret held in memory is known.
        context: makes the TLS context of every connection.
        account_worker: does the work for one account until told to stop; injected for tests.
        renewal: seconds between two signs of life of the lease.
    """

    def __init__(
        self,
        credentials: Credentials,
        *,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        account_worker: AccountWorker | None = None,
        make_lease: Callable[[Context], Lease] = Lease,
        renewal: float = RENEWAL,
        timeout: float = 30.0,
    ) -> None:
        self._credentials = credentials
        self._context = context
        self._account_worker = account_worker or _worker()
        self._sessions = _sessions(credentials, context, timeout)
        self._make_lease = make_lease
        self._renewal = renewal
        self._timeout = timeout
        self._lock = threading.Lock()
        self._accounts: dict[int, _AccountThread] = {}
        self._outbox: OutboxWorker | None = None
        self._notices: NoticeWorker | None = None
        self._whole = WholeMessages(self._sessions)
        self._active = False
        self._asked: set[int] = set()
        self._heard: int | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, ctx: Context, told: Told | None = None) -> None:
        """Run in a thread of its own."""
        self._stop.clear()
        self._thread = threading.Thread(target=self.run, args=(ctx, self._stop, told), name="desk-engine", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = LEAVING + 1) -> bool:
        """End it; returns whether it is over. What was past the point of no return is written down first."""
        self._stop.set()
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
            return not thread.is_alive()
        return True

    def run(self, ctx: Context, stop: threading.Event, told: Told | None = None) -> None:
        """Work until ``stop`` is set: wait for the lease, do everything while it is held, and give it up at the end.

        Args:
            told: gets a short text of what is being done, empty when nothing is; called from other threads.
        """
        ctx = ctx.acting_as(ENGINE)
        lease = self._make_lease(ctx)
        outbox_stop = threading.Event()
        outbox: threading.Thread | None = None
        notices: threading.Thread | None = None
        router: threading.Thread | None = None
        teller = _Teller(told)
        try:
            while not stop.is_set():
                held = _tick(lease)
                self._active = held
                if held and (outbox is None or not outbox.is_alive()):
                    outbox_stop.clear()
                    outbox = self._start_outbox(ctx, lease, outbox_stop)
                if held and (notices is None or not notices.is_alive()):
                    notices = self._start_notices(ctx, lease, outbox_stop)
                if held and (router is None or not router.is_alive()):
                    router = _start_router(ctx, lease, outbox_stop)
                self._listen(ctx)
                if held:
                    _wake_due(ctx)
                    cap_silent(ctx)
                    self._follow_accounts(ctx)
                elif outbox is not None:
                    LOG.warning("another engine has taken over")
                    self._stop_all(outbox_stop, outbox, notices, router)
                    outbox = notices = router = None
                teller.tell(self._doing())
                stop.wait(self._renewal if not self._doing() else min(self._renewal, 0.5))
        finally:
            self._active = False
            self._stop_all(outbox_stop, outbox, notices, router)
            teller.tell("")
            try:
                lease.release()
            except CrmError as error:
                LOG.warning("lease not given up: %s", error)

    def wake(self, account_id: int | None = None) -> None:
        """Sync now: one account, or all; and look at the outbox. If another process does the work, it is asked to."""
        with self._lock:
            if not self._active:
                self._asked.add(account_id or 0)
                return
            for number, work in self._accounts.items():
                if account_id in (None, number):
                    work.wake.set()
            if self._outbox is not None:
                self._outbox.wake()
            if self._notices is not None:
                self._notices.wake()

    def status(self, ctx: Context) -> EngineStatus:
        """How everything stands now."""
        with self._lock:
            doing = {number: work.telling.now() for number, work in self._accounts.items()}
        rows = []
        for account in accounts.list_accounts(ctx):
            title, done, total = doing.get(account.id, ("", 0, None))
            rows.append(
                AccountStatus(
                    account.id,
                    account.address,
                    account.state,
                    account.state_text,
                    account.synced_at,
                    title,
                    done,
                    total,
                )
            )
        return EngineStatus(self._active, tuple(rows))

    def _listen(self, ctx: Context) -> None:
        """Pass wishes on to the engine that works, or take them from the others."""
        with self._lock:
            asked, self._asked = self._asked, set()
        try:
            for number in () if self._active else asked:
                wishes.ask_sync(ctx, number)
            before = self._heard  # None at first: what was wished before this engine came is no news
            self._heard, wished = wishes.sync_asked(ctx, before or 0)
            if self._active and before is not None and before != self._heard:
                self._whole.fetch(ctx, wishes.whole_asked(ctx, before, self._heard))
        except CrmError as error:
            LOG.warning("wishes not passed on: %s", error)
            return
        if self._active:
            for number in asked if before is None else wished | asked:
                self.wake(number or None)

    def _start_outbox(self, ctx: Context, lease: Lease, stop: threading.Event) -> threading.Thread:
        worker = OutboxWorker(ctx, lease, self._credentials, stop=stop, context=self._context, timeout=self._timeout)
        with self._lock:
            self._outbox = worker
        thread = threading.Thread(target=worker.run, name="desk-outbox", daemon=True)
        thread.start()
        return thread

    def _start_notices(self, ctx: Context, lease: Lease, stop: threading.Event) -> threading.Thread:
        worker = NoticeWorker(ctx, lease, self._credentials, stop=stop, made=self._outbox_made)
        with self._lock:
            self._notices = worker
        thread = threading.Thread(target=worker.run, name="desk-notices", daemon=True)
        thread.start()
        return thread

    def _outbox_made(self) -> None:
        with self._lock:
            if self._outbox is not None:
                self._outbox.wake()

    def _follow_accounts(self, ctx: Context) -> None:
        """Start what is new or was changed, stop what was removed or switched off."""
        try:
            wanted = {account.id: account for account in accounts.all(ctx) if account.active}
        except CrmError as error:
            LOG.warning("accounts not read: %s", error)
            return
        with self._lock:
            for number, work in list(self._accounts.items()):
                account = wanted.get(number)
                if account is None or account.version != work.version:
                    work.stop.set()
                    work.wake.set()
                # one that stopped by itself (a refused login) begins anew when it was mended, or when asked to
                again = account is None or account.state != AccountState.AUTH_FAILED or work.wake.is_set()
                if work.ended.is_set() and again:
                    del self._accounts[number]
            for number, account in wanted.items():
                if number not in self._accounts:
                    self._accounts[number] = self._start_account(ctx, account)

    def _start_account(self, ctx: Context, account: AccountDetails) -> _AccountThread:
        stop, wake = CancelEvent(), threading.Event()
        telling = Telling()
        ended = threading.Event()

        def work() -> None:
            try:
                self._account_worker(ctx, account.id, stop, wake, self._sessions, progress=telling)
            except Exception:
                LOG.exception("account %s: unexpected failure", account.address)
                stop.wait(60)  # a bug must not become a tight loop
            finally:
                telling.done()
                ended.set()

        thread = threading.Thread(target=work, name=f"desk-account-{account.id}", daemon=True)
        state = _AccountThread(thread, stop, wake, telling, account.version, ended)
        thread.start()
        return state

    def _stop_all(self, outbox_stop: threading.Event, *others: threading.Thread | None) -> None:
        outbox_stop.set()
        with self._lock:
            works, self._accounts = list(self._accounts.values()), {}
            worker, self._outbox = self._outbox, None
            notices, self._notices = self._notices, None
            whole, self._whole = self._whole, WholeMessages(self._sessions)
        for work in works:
            work.stop.set()
            work.wake.set()
        if worker is not None:
            worker.cut()
        if notices is not None:
            notices.wake()
        deadline = time.monotonic() + LEAVING
        whole.stop(1.0)
        for thread in (*(work.thread for work in works), *others):
            if thread is not None:
                thread.join(max(0.0, deadline - time.monotonic()))

    def _doing(self) -> str:
        """One line of what is being done, for the header."""
        with self._lock:
            tellings = [work.telling for work in self._accounts.values()]
            now = [one.now() for one in (self._whole.telling, *tellings)]
        busy = [(title, done, total) for title, done, total in now if title]
        if not busy:
            return ""
        title, done, total = busy[0]
        if total:
            return _("{title} {done}/{total}").format(title=title, done=done, total=total)
        return title


class _Teller:
    """Tells a text only when it changed."""

    def __init__(self, told: Told | None) -> None:
        self._told, self._last = told, ""

    def tell(self, text: str) -> None:
        if self._told is not None and text != self._last:
            self._last = text
            self._told(text)


def _tick(lease: Lease) -> bool:
    """Renew or try for the lease; a store that cannot be written just now costs it only after its time."""
    try:
        return lease.tick()
    except CrmError as error:
        LOG.warning("lease not renewed: %s", error)
    except Exception:
        LOG.exception("lease: unexpected failure")
    return lease.held


def _wake_due(ctx: Context) -> None:
    """Wake what was snoozed until now; whatever fails is tried again with the next tick."""
    try:
        snoozing.wake_due(ctx)
    except CrmError as error:
        LOG.warning("snoozed conversations not woken: %s", error)
    except Exception:
        LOG.exception("snoozed conversations: unexpected failure")


def _start_router(ctx: Context, lease: Lease, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=RoutingWorker(ctx, lease, stop=stop).run, name="desk-routing", daemon=True)
    thread.start()
    return thread


def _worker() -> AccountWorker:
    from crm_tui.engine.account_worker import run_account_worker

    return run_account_worker


def _sessions(credentials: Credentials, context: Callable[[], ssl.SSLContext], timeout: float) -> SessionFactory:
    from crm_tui.engine.sessions import session_factory

    return session_factory(credentials, context=context, timeout=timeout)
