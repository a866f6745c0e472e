"""Sharing tickets out as mail comes in and agents start, pause and stop (SPEC §10, §16).

One thread that looks whenever the store has changed, and now and then without that, as timers run out and days end by
themselves. Every change is a transaction of :mod:`crm_tui.desk.ticketing.ticket_routing`, fenced by the lease.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from crm_tui.base.errors import CrmError
from crm_tui.desk.common.context import Context
from crm_tui.desk.ticketing import past_stages, stages, ticket_routing
from crm_tui.engine.lease import Lease

LOG = logging.getLogger("crm_tui.routing")

LOOK = 0.25
"""Seconds between two looks at whether the store has changed."""
ANYWAY = 15.0
"""Seconds after which it is looked at what is to be done though nothing changed."""


class RoutingWorker:
    """Gives tickets out until told to stop.

    Args:
        monotonic: a clock in seconds that nobody sets.
    """

    def __init__(
        self,
        ctx: Context,
        lease: Lease,
        *,
        stop: threading.Event | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ctx = ctx
        self._lease = lease
        self._stop = stop or threading.Event()
        self._monotonic = monotonic
        self._mark: stages.Mark | None = None
        self._past: int | None = None
        self._heard: int | None = None
        self._told: int | None = None
        self._looked_at = 0.0

    def run(self) -> None:
        """Work until stopped or the lease is lost."""
        while not self._stop.is_set() and self._lease.held:
            try:
                if self._news():
                    self.step()
            except CrmError as error:
                self._told = None  # it is tried again with the next look at the store
                LOG.warning("routing: %s", error)
            except Exception:
                LOG.exception("routing: unexpected failure")
                self._stop.wait(ANYWAY)  # a bug must not become a tight loop
            self._stop.wait(LOOK)

    def step(self) -> int:
        """Do all that is to be done; returns how many tickets were changed."""
        self._mark, changed = stages.heed(self._ctx, self._mark, self._lease.holds)
        past_stages.heed(self._ctx, self._past, self._lease.holds)
        self._past = self._mark.journal  # not before: what failed is looked at again
        while not self._stop.is_set() and self._lease.held:
            done = ticket_routing.step(self._ctx, self._lease.holds)
            if not done:
                break
            changed += done
        return changed

    def _news(self) -> bool:
        """Whether something changed since it was looked last, or it is time to look anyway."""
        version, now = self._ctx.store.data_version(), self._monotonic()
        due = now - self._looked_at >= ANYWAY
        if version == self._heard and not due:
            return False
        self._heard = version
        told = stages.newest(self._ctx)  # signs of life change the store every other second, and tell nothing
        if told == self._told and not due:
            return False
        self._told, self._looked_at = told, now
        return True
