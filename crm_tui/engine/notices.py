"""Payment reminders under way (SPEC §8, §16): what is due is made, and short messages are handed to their gateway.

One thread, one message at a time; mails are the outbox's. Nothing here decides by itself: every change of state is a
transaction of :mod:`crm_tui.desk.watchlists.notice_queue`, fenced by the lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from crm_tui.base.errors import CrmError, StoreError
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context
from crm_tui.desk.watchlists import gateway, notice_queue
from crm_tui.desk.watchlists.notice_plan import settings_of
from crm_tui.engine.lease import Lease
from crm_tui.mail.credentials import Credentials

LOG = logging.getLogger("crm_tui.notices")

LOOK = 1.0
"""Seconds between two looks at the queue: an agent may have sent something by hand."""
PLAN = 60.0
"""Seconds between two looks at what is due."""
NO_SECRET = 300.0
"""Seconds until keyring or command are asked again for an address that they did not give."""


class NoticeWorker:
    """Makes and sends reminders until told to stop.

    Args:
        made: called when mails were queued, so that the outbox looks at them.
        send: hands a message to a gateway; injected for tests.
        monotonic: a clock in seconds that nobody sets.
    """

    def __init__(
        self,
        ctx: Context,
        lease: Lease,
        credentials: Credentials,
        *,
        stop: threading.Event | None = None,
        made: Callable[[], None] | None = None,
        send: Callable[[Secret, str, str], gateway.Outcome] = gateway.send,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ctx = ctx
        self._lease = lease
        self._credentials = credentials
        self._stop = stop or threading.Event()
        self._made = made
        self._send = send
        self._monotonic = monotonic
        self._wake = threading.Event()
        self._planned_at: float | None = None
        self._secret: Secret | None = None
        self._secret_of: tuple[str, str] = ("", "")

    def wake(self) -> None:
        """Look now."""
        self._planned_at = None
        self._wake.set()

    def run(self) -> None:
        """Work until stopped or the lease is lost."""
        while not self._stop.is_set() and self._lease.held:
            try:
                self.step()
            except CrmError as error:
                LOG.warning("payment reminders: %s", error)
            except Exception:
                LOG.exception("payment reminders: unexpected failure")
            self._wake.wait(LOOK)
            self._wake.clear()

    def step(self) -> int:
        """Make what is due and send what waits; returns how many messages were handed to the gateway."""
        for number in notice_queue.recover(self._ctx):
            LOG.warning("payment reminder %s: left between the message and the answer", number)
        notice_queue.heed_clock(self._ctx)
        self._plan()
        sent = 0
        for number in notice_queue.waiting(self._ctx):
            if self._stop.is_set() or not self._lease.held:
                break
            sent += self._hand_over(number)
        return sent

    def _plan(self) -> None:
        now = self._monotonic()
        if self._planned_at is not None and now - self._planned_at < PLAN:
            return
        self._planned_at = now
        settings = settings_of(self._ctx)
        notice_queue.drop_stale(self._ctx, self._lease.holds)
        if settings.notices == "off":
            return
        made = notice_queue.queue_due(self._ctx, settings, self._lease.holds, stopped=self._over)
        if made:
            LOG.info("%s payment reminders made", made)
            if self._made is not None:
                self._made()

    def _over(self) -> bool:
        return self._stop.is_set() or not self._lease.held

    def _hand_over(self, number: int) -> int:
        settings = settings_of(self._ctx)
        try:
            secret = self._address(settings)
        except CrmError as error:
            self._secret = None
            notice_queue.postpone(self._ctx, number, error.message, NO_SECRET)
            return 0
        token = self._lease.token
        job = notice_queue.begin(self._ctx, settings, number, token, self._lease.holds)
        if job is None:
            return 0
        outcome = self._send(secret, job.number, job.text)
        if not isinstance(outcome, gateway.Sent):
            self._secret = None  # it may have been set up anew
        self._settle(number, token, outcome)
        return 1

    def _address(self, settings: Settings) -> Secret:
        """The gateway's address, asked for once as long as it works."""
        source = (settings.notice_gateway, settings.notice_gateway_command)
        if self._secret is None or source != self._secret_of:
            self._secret, self._secret_of = gateway.address(settings, self._credentials), source
        return self._secret

    def _settle(self, number: int, token: int, outcome: gateway.Outcome) -> None:
        """Write the outcome down, patiently: until then the message counts as uncertain, though it is known here."""
        while True:
            try:
                state = notice_queue.settle(self._ctx, number, token, outcome)
            except StoreError as error:
                LOG.warning("payment reminder %s: outcome not written yet: %s", number, error)
                if self._stop.wait(1.0):
                    return
            else:
                LOG.info("payment reminder %s: %s", number, state)
                return
