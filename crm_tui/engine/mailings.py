"""Mailings under way: one mail after the other, no faster than the setting says (SPEC §6, §16).

Part of the outbox's thread, as the next mail is queued only when the one before is settled.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from crm_tui.base.errors import CrmError, StoreError
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import mailing_queue
from crm_tui.engine.lease import Lease

LOG = logging.getLogger("crm_tui.mailings")


class Mailings:
    """Queues what is next.

    Args:
        monotonic: a clock in seconds that nobody sets, for the pace.
    """

    def __init__(self, ctx: Context, lease: Lease, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._ctx = ctx
        self._lease = lease
        self._monotonic = monotonic
        self._not_before = 0.0
        self._going = False

    def step(self) -> int:
        """Queue the next mail of every mailing whose turn it is; returns how many were queued."""
        running = mailing_queue.running(self._ctx)
        self._going = bool(running)
        queued = 0
        for number in running:
            if not self._lease.held or self._monotonic() < self._not_before:
                break
            try:
                if mailing_queue.queue_next(self._ctx, number, self._lease.holds):
                    queued += 1
                    self._not_before = self._monotonic() + 60 / self._ctx.settings.mailing_per_minute
            except StoreError:
                raise
            except CrmError as error:
                LOG.warning("mailing %s: %s", number, error)
        return queued

    @property
    def pause(self) -> float | None:
        """Seconds until the next mail may be queued; None while no mailing runs."""
        return max(0.0, self._not_before - self._monotonic()) if self._going else None
