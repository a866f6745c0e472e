"""The continuous work on one account: sync, wait for news, sync again; one connection, one command at a time (SPEC §16).

Failures are answered with patience: a wrong password stops the account and marks it; everything else is tried again
after a wait that doubles, with jitter, so that a desk full of workstations does not hammer a server (QUALITY I9).
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from crm_tui.base.errors import AuthFailed, Cancelled, CrmError, ServerError, Unreachable
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.desk.common.context import Context
from crm_tui.engine.parsers import Parsers
from crm_tui.engine.sync import Memory, sync_with
from crm_tui.engine.sync_model import FolderResult, SessionFactory, SyncAccount
from crm_tui.mail.imap import ImapSession
from crm_tui.rules.vocabulary import AccountState

_log = logging.getLogger(__name__)
_SLICE = 0.25
_FIRST_IDLE = 2.0
"""Seconds of the first IDLE: some servers tell of what came just before it only when it ends (I15)."""
_QUIET = 1.0
"""Seconds between two syncs at least, however much the server chatters: mail often comes in bursts."""


class Mark(Protocol):
    """Tells the desk how an account stands."""

    def __call__(self, state: str, text: str = "", *, synced: bool = False) -> None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the worker is, in seconds.

    Attributes:
        poll: between two looks at all mailboxes; IDLE tells of the Inbox sooner.
        first: before the first new try after a failure; doubles with each further one.
        longest: the most that is waited.
    """

    poll: float = 60.0
    first: float = 4.0
    longest: float = 900.0

    def delay(self, failures: int, chance: float) -> float:
        """The wait after ``failures`` failures in a row; ``chance`` in 0..1 spreads the tries (half to whole)."""
        whole = min(self.longest, self.first * 2.0 ** min(failures - 1, 30))
        return float(whole * (0.5 + chance / 2))


class AccountWorker:
    """Works until told to stop.

    Args:
        account: what to sync.
        session_factory: connects and logs in.
        stop: ends everything within about a second.
        wake: set by whoever wants a sync now (the agent, a changed flag); cleared here.
        mark: takes the account's state.
        chance: gives the jitter, 0..1.
    """

    def __init__(
        self,
        ctx: Context,
        account: SyncAccount,
        session_factory: SessionFactory,
        stop: CancelEvent,
        wake: threading.Event,
        mark: Mark,
        *,
        pace: Pace | None = None,
        progress: Progress | None = None,
        parsers: Parsers | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._ctx = ctx
        self._account = account
        self._connect = session_factory
        self._stop = stop
        self._wake = wake
        self._mark = mark
        self._pace = pace or Pace(poll=ctx.settings.poll_seconds)
        self._progress = progress or NullProgress()
        self._parsers = parsers
        self._chance = chance
        self._memory = Memory()
        self._failures = 0

    def run(self) -> None:
        """Work until ``stop`` is set or the account has to be stopped; raises nothing."""
        while not self._stop.is_set():
            try:
                self._session()
            except Cancelled:
                return
            except AuthFailed as error:
                self._tell(AccountState.AUTH_FAILED, str(error))
                return
            except CrmError as error:
                self._tell(self._state_of(error), str(error))
            except Exception:
                _log.exception("the sync of account %s failed", self._account.id)
                self._tell(AccountState.FAILED, _("The sync failed unexpectedly; the log has the details."))
            self._failures += 1
            self._pause(self._pace.delay(self._failures, self._chance()))

    def _state_of(self, error: CrmError) -> AccountState:
        return AccountState.OFFLINE if isinstance(error, Unreachable) else AccountState.FAILED

    def _tell(self, state: AccountState, text: str = "", *, synced: bool = False) -> None:
        try:
            self._mark(state, text, synced=synced)
        except CrmError as error:
            _log.warning("the state of account %s could not be stored: %s", self._account.id, error)

    def _session(self) -> None:
        session = self._connect(self._account, self._stop.is_set)
        try:
            while not self._stop.is_set():
                self._wake.clear()
                self._sync(session)
                self._wait_for_news(session)
            session.logout()
        finally:
            session.abort()

    def _sync(self, session: ImapSession) -> None:
        try:
            results = sync_with(
                self._ctx, self._account, session, self._progress, self._stop, self._parsers, self._memory
            )
        finally:
            self._progress.done()
        failed = [result for result in results if result.error]
        if session.broken:
            raise Unreachable(failed[-1].error if failed else _("The connection was lost."))
        self._failures = 0
        self._tell_outcome(failed)

    def _tell_outcome(self, failed: list[FolderResult]) -> None:
        if not failed:
            self._tell(AccountState.OK, synced=True)
            return
        text = "; ".join(f"{result.folder}: {result.error}" for result in failed)
        self._tell(AccountState.FAILED, text)

    def _wait_for_news(self, session: ImapSession) -> None:
        """IDLE on the Inbox where the server can, else a pause; never longer than until the next poll (I15)."""
        if not session.can("IDLE"):
            self._pause(self._pace.poll)
            return
        begun = time.monotonic()
        deadline = begun + self._pace.poll
        try:
            stand = session.still(b"INBOX") or session.select(b"INBOX", readonly=True)
            if self._memory.note(stand):
                return  # something came between the sync and IDLE, which tells only of what comes after it
            seconds = _FIRST_IDLE
            while (left := deadline - time.monotonic()) > 0 and not self._wake.is_set():
                if session.idle(min(left, seconds), self._wake.is_set):
                    self._pause(begun + _QUIET - time.monotonic())
                    return
                seconds = self._pace.poll
        except Unreachable:
            raise
        except ServerError:
            self._pause(max(0.0, deadline - time.monotonic()))

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not self._stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            if self._wake.wait(min(left, _SLICE)):
                self._wake.clear()  # one wake, one try: a server that stays away is not hammered (I9)
                return


def run_account_worker(
    ctx: Context,
    account_id: int,
    stop: CancelEvent,
    wake: threading.Event,
    session_factory: SessionFactory,
    *,
    progress: Progress | None = None,
    parsers: Parsers | None = None,
    pace: Pace | None = None,
) -> None:
    """Keep one account in sync until ``stop`` is set or its login is refused; for a thread of the engine.

    Raises:
        NotFound: there is no such account.
    """
    from crm_tui import desk

    account = desk.accounts.get(ctx, account_id)

    def mark(state: str, text: str = "", *, synced: bool = False) -> None:
        desk.accounts.set_state(ctx, account_id, state, text, synced=synced)

    AccountWorker(ctx, account, session_factory, stop, wake, mark, pace=pace, progress=progress, parsers=parsers).run()
