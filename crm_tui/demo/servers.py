"""The sample hotel's servers on loopback, in a thread of this process; for tests and pictures, and for the demo's child."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from crm_tui.base.clock import Clock, SystemClock
from crm_tui.demo import answers
from crm_tui.demo.bulk import bulk_mails
from crm_tui.demo.clients import clients
from crm_tui.demo.hotel import CONVERSATIONS, guests, sample_hotel
from crm_tui.demo.people import HOTEL_ADDRESS, HOTEL_DOMAIN
from crm_tui.demo.spool import Spool

_T = TypeVar("_T")
_START_SECONDS = 120.0
Delay = tuple[float, float]


class DemoServers:
    """IMAP and SMTP of the sample hotel, as a context manager.

    Args:
        home: directory of the spool; mail is kept there between runs.
        secret: password of the one mail user, :attr:`user`.
        clock: dates of the sample mail are relative to it.
        seed: the same seed and instant give the same mail.
        conversations: size of the sample when the spool is new.
        messages: at least so many mails in all, filled up with simple ones.
        delay: shortest and longest time until a guest answers, in seconds.

    Attributes:
        imap_port, smtp_port: chosen by the system, on 127.0.0.1.
        accepted: (recipient, source) of what was sent through SMTP, in order.
    """

    user = HOTEL_ADDRESS

    def __init__(
        self,
        home: Path,
        secret: str,
        *,
        clock: Clock | None = None,
        seed: int = 1,
        conversations: int = CONVERSATIONS,
        messages: int = 0,
        delay: Delay = (10.0, 25.0),
    ) -> None:
        self.secret = secret
        self.clock = clock or SystemClock()
        self.imap_port = 0
        self.smtp_port = 0
        self.accepted: list[tuple[str, bytes]] = []
        self._home = home
        self._seed = seed
        self._conversations = conversations
        self._messages = messages
        self._delay = delay
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, name="sample-hotel", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.result(_START_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving; connections are cut."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def deliver(self, raw: bytes) -> int:
        """A mail arrives in INBOX now; returns its UID."""
        return self._call(lambda: self._boxes.inbox.add(raw, self.clock.now()).uid)

    def _call(self, work: Callable[[], _T]) -> _T:
        if self._loop is None:
            raise RuntimeError("the servers are not running")
        done: Future[_T] = Future()

        def run() -> None:
            try:
                done.set_result(work())
            except BaseException as error:
                done.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return done.result(30)

    # in the servers' thread

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _serve(self) -> None:
        from crm_tui.demo.imap import SpoolMailboxSet, imap_callback
        from crm_tui.demo.smtp import smtp_factory

        self._loop = asyncio.get_running_loop()
        self._stop, self._wake = asyncio.Event(), asyncio.Event()
        self._spool = open_spool(self._home, self.clock, self._seed, self._conversations, self._messages)
        self._guests = self._spool.guests()
        self._clients = {found.casefold() for one in clients(self.clock.now().date()) for found, _label in one.emails}
        self._rng = random.Random(self._seed)
        self._boxes = SpoolMailboxSet(self._spool)
        try:
            callback = await imap_callback(self._boxes, self.user, self.secret)
            imap = await asyncio.start_server(callback, "127.0.0.1", 0, limit=2**20)
            factory = smtp_factory(self._receive, self.user, self.secret, self._loop)
            smtp = await self._loop.create_server(factory, "127.0.0.1", 0)
            self.imap_port = imap.sockets[0].getsockname()[1]
            self.smtp_port = smtp.sockets[0].getsockname()[1]
            async with imap, smtp:
                postman = asyncio.create_task(self._deliver_answers())
                self._ready.set_result(None)
                await self._stop.wait()
                postman.cancel()
        finally:
            self._spool.close()

    def _receive(self, recipient: str, raw: bytes) -> None:
        """One accepted mail for one recipient."""
        self.accepted.append((recipient, raw))
        now = self.clock.now()
        address = recipient.casefold()
        if address.endswith("@" + HOTEL_DOMAIN):
            self._boxes.inbox.add(raw, now)
            return
        due = now + timedelta(seconds=self._rng.uniform(*self._delay))
        if address in self._guests:
            reply = answers.answer(raw, recipient, self._guests[address], due)
        elif address in self._clients:
            return  # it arrived; they read it and write when they like
        else:
            due = now + timedelta(seconds=min(2.0, self._delay[0]))
            reply = answers.bounce(raw, recipient, due)
        if reply:
            self._spool.post(due, reply)
            self._wake.set()

    async def _deliver_answers(self) -> None:
        while True:
            now = self.clock.now()
            for raw in self._spool.due(now):
                self._boxes.inbox.add(raw, now)
            following = self._spool.next_due()
            self._wake.clear()
            pause = None if following is None else max(0.05, following - now.timestamp())
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue


def open_spool(home: Path, clock: Clock, seed: int, conversations: int, messages: int) -> Spool:
    """The spool of a demo home; a new one is filled with the sample hotel's mail."""
    spool = Spool(home / "mail-server.db")
    if not spool.fact("filled"):
        now = clock.now().replace(microsecond=0)
        found = sample_hotel(now, seed, conversations)
        missing = messages - sum(len(item.mails) for item in found)
        if missing > 0:
            spool.load_mails(bulk_mails(now, seed, missing))
        spool.load(found, guests(found))
        spool.remember("filled", now.isoformat())
    return spool
