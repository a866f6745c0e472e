"""Sending what is queued, and filing what was sent (SPEC §5, §16; QUALITY R1, R2).

One thread, one message at a time. Nothing here decides by itself: every change of state is a transaction of
:mod:`crm_tui.desk.correspondence.delivery`, fenced by the lease.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from typing import Any

from crm_tui.base.errors import CrmError, SecretUnavailable, StoreError
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import account_testing, accounts, delivery, sent_copies
from crm_tui.engine.lease import Lease
from crm_tui.engine.mailings import Mailings
from crm_tui.engine.sent import SentMailbox
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.providers import Security, files_sent
from crm_tui.mail.smtp import Abort, Outcome, deliver
from crm_tui.mail.smtp_dialogue import SmtpServer
from crm_tui.rules.vocabulary import OutboxState

LOG = logging.getLogger("crm_tui.outbox")

LONGEST_WAIT = 1.0
"""Seconds between two looks at the queue while nothing is due: another process may have queued something."""
LOOKUPS = 3
"""How often an uncertain message is looked up in Sent before the agent is left to decide."""
LOOKUP_PAUSE = 60.0
CLOCK_PLAY = 1.0
"""Seconds that the clock of day may go back unheeded: it is always being adjusted a little."""


class Withdrawn(Exception):
    """The message must not go out: called back, held, or the lease is lost. Never leaves this module."""


class OutboxWorker:
    """Delivers due messages until told to stop.

    Args:
        context: makes the TLS context of every connection.
        timeout, answer_timeout: seconds for a command, and for the answer to the message.
    """

    def __init__(
        self,
        ctx: Context,
        lease: Lease,
        credentials: Credentials,
        *,
        stop: threading.Event | None = None,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        timeout: float = 30.0,
        answer_timeout: float = 300.0,
    ) -> None:
        self._ctx = ctx
        self._lease = lease
        self._credentials = credentials
        self._stop = stop or threading.Event()
        self._context = context
        self._timeout = timeout
        self._answer_timeout = answer_timeout
        self._wake = threading.Event()
        self._abort: Abort | None = None
        self._ahead: float | None = None
        self._lookups: dict[int, tuple[int, float]] = {}
        self._mailings = Mailings(ctx, lease)
        self._sent = SentMailbox(ctx, credentials, context=context, timeout=timeout, stopped=self._stop.is_set)

    def wake(self) -> None:
        """Look at the queue now."""
        self._wake.set()

    def cut(self) -> None:
        """End a delivery that has not reached DATA; one that has goes on to its end."""
        abort = self._abort
        if abort is not None:
            abort.now()
        self._wake.set()

    def run(self) -> None:
        """Work until stopped or the lease is lost."""
        while not self._stop.is_set() and self._lease.held:
            self._told(self.step)
            self._wake.wait(self._pause())
            self._wake.clear()

    def step(self) -> int:
        """Deliver and file what is due now; returns how many messages were tried."""
        for item in delivery.recover(self._ctx):
            LOG.warning("outbox item %s: left between the message and the answer", item)
        self._heed_clock()
        self._mailings.step()
        tried = 0
        for item in delivery.due(self._ctx):
            if self._stop.is_set() or not self._lease.held:
                break
            tried += self._deliver(item)
        if not self._stop.is_set() and self._lease.held:
            self._look_up()
            self._file()
        return tried

    def _heed_clock(self) -> None:
        """A clock that goes back must delay nothing: it is compared with one that cannot."""
        ahead = self._ctx.clock.now().timestamp() - _monotonic()
        back = 0.0 if self._ahead is None else self._ahead - ahead
        self._ahead = ahead
        if delivery.heed_clock(self._ctx, back if back > CLOCK_PLAY else 0.0):
            LOG.warning("the clock went back; nothing waits longer for that")

    def _deliver(self, item: int) -> int:
        work = delivery.job(self._ctx, item)
        if work is None:
            return 0
        token = self._lease.token
        account = accounts.get(self._ctx, work.account)
        try:
            login = self._credentials.login(account.address, account.user, account_testing.source_of(account))
        except CrmError as error:
            delivery.postpone(self._ctx, work, str(error), 60 if isinstance(error, SecretUnavailable) else 600)
            return 1

        def before_data() -> None:
            if self._stop.is_set() or not delivery.begin(self._ctx, work, token, self._lease.holds):
                raise Withdrawn

        self._abort = Abort()
        try:
            outcome = deliver(
                SmtpServer(account.smtp_host, account.smtp_port, Security(account.smtp_security)),
                login,
                work.sender,
                work.recipients,
                work.source,
                before_data=before_data,
                context=self._context,
                timeout=self._timeout,
                answer_timeout=self._answer_timeout,
                abort=self._abort,
            )
        except Withdrawn:
            return 1
        finally:
            self._abort = None
        self._settle(work, token, outcome)
        return 1

    def _settle(self, work: delivery.Job, token: int, outcome: Outcome) -> None:
        """Write the outcome down, patiently: until then the message counts as uncertain, though it is known here."""
        while True:
            try:
                state = delivery.settle(self._ctx, work, token, outcome)
            except StoreError as error:
                LOG.warning("outbox item %s: outcome not written yet: %s", work.item, error)
                if self._stop.wait(1.0):
                    return
            else:
                LOG.info("outbox item %s: %s", work.item, state)
                if state == OutboxState.UNCERTAIN:
                    self._lookups.pop(work.item, None)
                return

    def _look_up(self) -> None:
        """Uncertain messages: if one lies in Sent, the server did take it."""
        now = _monotonic()
        for item in sent_copies.recalled_in_sent(self._ctx):
            delivery.found_in_sent(self._ctx, item)
        for item in sent_copies.uncertain(self._ctx):
            if sent_copies.located_in_sent(self._ctx, item):
                delivery.found_in_sent(self._ctx, item)
                continue
            tries, not_before = self._lookups.get(item, (0, 0.0))
            if tries >= LOOKUPS or now < not_before or self._stop.is_set():
                continue
            self._lookups[item] = (tries + 1, now + LOOKUP_PAUSE)
            try:
                found = self._sent.holds(item)
            except CrmError as error:
                LOG.info("outbox item %s: Sent not looked up: %s", item, error)
                continue
            if found:
                delivery.found_in_sent(self._ctx, item)
            else:
                delivery.not_in_sent(self._ctx, item)

    def _file(self) -> None:
        """Copies to Sent, each with its own retry; what fails here never sends again (QUALITY R2)."""
        for copy in sent_copies.copies_due(self._ctx):
            if self._stop.is_set() or not self._lease.held:
                return
            try:
                host = accounts.get(self._ctx, copy.account).smtp_host
                if self._sent.file(copy, files_itself=files_sent(host)):
                    sent_copies.copied(self._ctx, copy.item)
                else:
                    sent_copies.copy_failed(self._ctx, copy.item, _("The provider has not filed it yet."))
            except StoreError:
                raise
            except CrmError as error:
                sent_copies.copy_failed(self._ctx, copy.item, str(error))

    def _pause(self) -> float:
        due = None
        try:
            due = delivery.next_due(self._ctx)
        except CrmError:
            pass
        soonest = [one for one in (due, self._mailings.pause) if one is not None]
        return min(LONGEST_WAIT, max(min(soonest), 0.05)) if soonest else LONGEST_WAIT

    def _told(self, work: Callable[[], Any]) -> None:
        """Run one step; a failure of store or server is logged and tried again, a bug does not end the engine."""
        try:
            work()
        except CrmError as error:
            LOG.warning("outbox: %s", error)
        except Exception:
            LOG.exception("outbox: unexpected failure")


def _monotonic() -> float:
    import time

    return time.monotonic()
