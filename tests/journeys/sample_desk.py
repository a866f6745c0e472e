"""The sample hotel with its own mail servers, for a person's tasks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.paths import home_at
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.base.settings import Settings
from crm_tui.demo import sample
from crm_tui.demo.servers import DemoServers
from crm_tui.desk.common.context import Context, open_context
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials

MORNING = datetime(2026, 11, 23, 6, 55, tzinfo=UTC)
"""A Monday, 7:55 in Palma."""
WAIT = 20.0
GUESTS_THINK = 1.0
"""Seconds until a guest answers: an answer is later than what it answers."""


class SampleDesk:
    """The sample hotel with its servers, on a morning that stands still unless it is moved on."""

    def __init__(self, place: Path) -> None:
        self.home = home_at(place)
        self.home.ensure()
        self.settings = Settings()
        self.clock = FixedClock(MORNING)
        self.servers = DemoServers(
            self.home.data, sample.secret_of(self.home), clock=self.clock, seed=5, delay=(GUESTS_THINK, GUESTS_THINK)
        )
        self.ctx: Context

    def open(self) -> None:
        """Fill the store; Ana is at the desk."""
        self.servers.__enter__()
        ctx = open_context(self.home, self.settings, clock=self.clock, create=True, env={})
        sample.fill(sample.prepare(ctx, self.servers, login=""), NullProgress(), CancelEvent())
        ctx.store.close()
        self.ctx = open_context(self.home, self.settings, clock=self.clock, agent="Ana")

    def close(self) -> None:
        """End the servers."""
        self.ctx.store.close()
        self.servers.stop()

    def rows(self, place: str, only: str = "all") -> list[ConversationRow]:
        """The conversations of a place."""
        return list(desk.folders.page(self.ctx, ListQuery(place, only), limit=200).rows)

    def row(self, number: int) -> ConversationRow:
        """A conversation as it is in the store."""
        return desk.reading.conversation(self.ctx, number).row

    def badge(self, place: str) -> int:
        """The number beside a folder in the left pane."""
        return desk.folders.total(self.ctx, ListQuery(place, "unanswered"))

    def deliver(self) -> int:
        """What the engine does when the undo time is over; returns how many messages went out."""
        self.clock.advance(timedelta(seconds=11))
        lease = Lease(self.ctx)
        assert lease.tick()
        try:
            return OutboxWorker(self.ctx, lease, Credentials(), timeout=10, answer_timeout=10).step()
        finally:
            lease.release()
            self.clock.advance(timedelta(seconds=2 * GUESTS_THINK))

    def fetch_until(self, holds: Callable[[], bool]) -> None:
        """Fetch the guests' answers from the IMAP server until something is so."""
        deadline, pause = time.monotonic() + WAIT, threading.Event()
        sample.first_sync(self.ctx, NullProgress(), CancelEvent())
        while not holds():
            assert time.monotonic() < deadline, "the answers did not come"
            pause.wait(0.05)
            sample.first_sync(self.ctx, NullProgress(), CancelEvent())
