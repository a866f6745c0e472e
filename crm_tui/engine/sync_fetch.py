"""From UIDs to stored messages: a reader thread, the parsers, one writer, bounded queues between them.

The reader asks the server for one group after the other and hands the sources to the parsers; the calling thread
waits for the parsed groups in order and stores them, each batch in one transaction with its cursor (SPEC §2). So the
cursor is never ahead of the stored mail, whatever is killed (QUALITY R6).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_tui.base.progress import CancelEvent
from crm_tui.engine.parsers import Parsers
from crm_tui.engine.sync_repair import repaired
from crm_tui.mail.imap import Fetched, ImapSession

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.prepare import Prepared

FIRST_BATCH = 50
"""Messages of the first batch of a first run: enough for a screen, soon stored."""
BATCH = 1000
BATCH_BYTES = 24 << 20
GROUP = 40
GROUP_BYTES = 1 << 20
"""One group is what one parsing process gets at a time."""
AHEAD = 3
"""Batches that may wait between reader and writer."""

CursorOf = Callable[[Sequence[int]], Mapping[str, Any]]


@dataclass(slots=True)
class Landing:
    """A batch on its way: what was asked for, what came, and the parsers' promises, group by group."""

    asked: Sequence[int]
    items: list[Fetched] = field(default_factory=list)
    parsed: list[Future[list[Prepared]]] = field(default_factory=list)
    bytes: int = 0


class Sizes:
    """How many messages make a batch, from the sizes seen so far: bounded by count and by bytes."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._count = 0
        self._bytes = 0

    def take(self) -> int:
        """The next batch's number of messages."""
        return self._next

    def saw(self, landing: Landing) -> None:
        """Learn from what came."""
        self._count += len(landing.items)
        self._bytes += landing.bytes
        mean = max(1, self._bytes // max(1, self._count))
        self._next = max(10, min(BATCH, BATCH_BYTES // mean, max(self._next * 4, FIRST_BATCH)))


class Reader:
    """The thread that talks to the server. Nobody else may use the session until :meth:`landings` is exhausted."""

    def __init__(
        self, session: ImapSession, uids: Sequence[int], parsers: Parsers, limit: int, first: int, cancel: CancelEvent
    ) -> None:
        self._session = session
        self._uids = uids
        self._parsers = parsers
        self._limit = limit
        self._sizes = Sizes(first)
        self._cancel = cancel
        self._given_up = threading.Event()
        self._queue: queue.Queue[Landing | BaseException | None] = queue.Queue(AHEAD)
        self._thread = threading.Thread(target=self._run, name="sync-reader", daemon=True)

    def landings(self) -> Generator[Landing, None, None]:
        """The batches in order; raises here what went wrong in the reader, after the batches before it."""
        self._thread.start()
        try:
            while (item := self._queue.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self._given_up.set()
            if self._thread.is_alive() and not self._finished():
                self._session.abort()
            self._thread.join(5)

    def _finished(self) -> bool:
        self._thread.join(0.05)
        return not self._thread.is_alive()

    def _run(self) -> None:
        last: BaseException | None = None
        try:
            position = 0
            while position < len(self._uids) and not self._given_up.is_set():
                self._cancel.check()
                asked = self._uids[position : position + self._sizes.take()]
                position += len(asked)
                landing = self._read(asked)
                self._sizes.saw(landing)
                self._put(landing)
        except BaseException as error:
            last = error
        self._put(last)

    def _put(self, item: Landing | BaseException | None) -> None:
        while not self._given_up.is_set():
            try:
                self._queue.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def _read(self, asked: Sequence[int]) -> Landing:
        landing = Landing(asked)
        group: list[bytes] = []
        size = 0
        for item in repaired(self._session, asked, self._limit):
            landing.items.append(_light(item))
            landing.bytes += len(item.raw)
            group.append(item.raw)
            size += len(item.raw)
            if len(group) >= GROUP or size >= GROUP_BYTES:
                landing.parsed.append(self._parsers.submit(group))
                group, size = [], 0
                self._cancel.check()
        if group:
            landing.parsed.append(self._parsers.submit(group))
        return landing


def _light(item: Fetched) -> Fetched:
    """The item without its source, which the parsers have now."""
    return Fetched(item.uid, item.flags, item.internal_date, item.size, b"", item.whole, item.modseq)


def ascending(asked: Sequence[int]) -> Mapping[str, Any]:
    """The cursor after a batch of new mail."""
    return {"high_uid": max(asked)}


def descending(asked: Sequence[int]) -> Mapping[str, Any]:
    """The cursor after a batch of older mail."""
    return {"low_uid": min(asked)}
