"""Parsing on all cores: a pool of processes that survives poison (QUALITY R8).

A source that kills its process or holds it too long is tried once more alone; if it does it again it is stored
unread, marked, and everything behind it goes on.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from crm_tui.engine.parser_process import HEADER

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.prepare import Prepared

SECONDS_PER_SOURCE = 10.0
_STARTING = 20.0
_PIPE = 1 << 20
_SHARE = 0.25
"""Seconds that each source adds to the patience with its group; a group that takes longer is tried one by one."""


class Parsers(Protocol):
    """Whatever turns sources into prepared messages."""

    def submit(self, sources: Sequence[bytes]) -> Future[list[Prepared]]:
        """Prepare a group; the result keeps its order."""
        ...


class InThread:
    """Prepares at once, in the calling thread: for small syncs, where starting processes would cost more."""

    def submit(self, sources: Sequence[bytes]) -> Future[list[Prepared]]:
        from crm_tui.desk.correspondence.prepare import prepare

        future: Future[list[Prepared]] = Future()
        try:
            future.set_result([prepare(raw) for raw in sources])
        except Exception as error:
            future.set_exception(error)
        return future


def pool_size(setting: int, cores: int | None = None) -> int:
    """How many parsing processes: the setting, else one a core less two (the reader and the server), at least one."""
    return setting or max(1, (cores or os.cpu_count() or 1) - 2)


class ParserPool:
    """Parsing processes, started by the first group and kept until :meth:`close`.

    Args:
        size: processes.
        seconds: how long one source may take.
        command: the process to start; tests replace it.
    """

    def __init__(self, size: int, seconds: float = SECONDS_PER_SOURCE, command: Sequence[str] = ()) -> None:
        self._size = max(1, size)
        self._seconds = seconds
        self._command = tuple(command) or (sys.executable, "-m", "crm_tui.engine.parser_process")
        self._jobs: queue.SimpleQueue[tuple[Sequence[bytes], Future[list[Prepared]]] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm_up(self) -> None:
        """Start the processes now, so that they import while the first messages travel."""
        with self._lock:
            if not self._threads and not self._closed:
                for number in range(self._size):
                    thread = threading.Thread(target=self._serve, name=f"parser-{number}", daemon=True)
                    self._threads.append(thread)
                    thread.start()

    def submit(self, sources: Sequence[bytes]) -> Future[list[Prepared]]:
        """Prepare a group in one of the processes; the result keeps its order."""
        self.warm_up()
        future: Future[list[Prepared]] = Future()
        self._jobs.put((sources, future))
        if self._closed:
            self._cancel_waiting()
        return future

    def close(self) -> None:
        """End the processes; groups not begun, and those still to be submitted, are cancelled."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            threads = list(self._threads)
        for _ in threads:
            self._jobs.put(None)
        for thread in threads:
            thread.join(self._seconds)
        self._cancel_waiting()

    def _cancel_waiting(self) -> None:
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return
            if job is not None:
                job[1].cancel()

    def _serve(self) -> None:
        worker = _Worker(self._command)
        try:
            while (job := self._jobs.get()) is not None:
                sources, future = job
                if self._closed or not future.set_running_or_notify_cancel():
                    future.cancel()
                    continue
                try:
                    future.set_result(self._prepare(worker, sources))
                except BaseException as error:
                    future.set_exception(error)
        finally:
            worker.end()

    def _prepare(self, worker: _Worker, sources: Sequence[bytes]) -> list[Prepared]:
        try:
            return worker.ask(sources, self._seconds + _SHARE * len(sources))
        except (OSError, EOFError, TimeoutError, pickle.UnpicklingError):
            worker.end()
        return [self._alone(worker, raw) for raw in sources]

    def _alone(self, worker: _Worker, raw: bytes) -> Prepared:
        try:
            return worker.ask([raw], self._seconds)[0]
        except (OSError, EOFError, TimeoutError, pickle.UnpicklingError):
            worker.end()
            return unread(raw)


class _Worker:
    """One process; started when first asked, and again after it died."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, sources: Sequence[bytes], seconds: float) -> list[Prepared]:
        """Hand a group over and wait for the answer.

        Raises:
            TimeoutError, OSError, EOFError: the process hangs or died.
        """
        if self._process is None:
            self._process = _started(self._command)
            seconds += _STARTING
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        block = pickle.dumps(list(sources), pickle.HIGHEST_PROTOCOL)
        view = memoryview(HEADER.pack(len(block)) + block)
        while view:
            view = view[process.stdin.write(view) or 0 :]
        deadline = time.monotonic() + seconds
        (size,) = HEADER.unpack(_read(process.stdout.fileno(), HEADER.size, deadline))
        found: list[Prepared] = pickle.loads(_read(process.stdout.fileno(), size, deadline))  # noqa: S301 -- our child
        return found

    def end(self) -> None:
        """Kill the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            process.wait()


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    if sys.platform == "linux":
        import fcntl

        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # a group fits at once: fewer switches between the processes
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)  # type: ignore[arg-type]
    return process


def _read(descriptor: int, size: int, deadline: float) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    with selectors.DefaultSelector() as waiting:
        waiting.register(descriptor, selectors.EVENT_READ)
        while view:
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.select(left):
                raise TimeoutError
            count = os.readv(descriptor, [view])
            if not count:
                raise EOFError
            view = view[count:]
    return data


def unread(raw: bytes) -> Prepared:
    """A mail that could not be read at all: its source is kept, its header lines are looked at no more closely."""
    import hashlib

    from crm_tui.desk.correspondence.prepare import pack
    from crm_tui.mail.address import Address
    from crm_tui.mail.model import ParsedMessage

    nobody = Address("", "")
    parsed = ParsedMessage(
        digest=hashlib.sha256(raw).hexdigest(), size=len(raw), message_id="", in_reply_to=(), references=(),
        subject="", canonical_subject="", sender=nobody, reply_to=(), to=(), cc=(), bcc=(), date=None,
        automatic="", flags=(), text="", from_html=False, quoted=(), signature=None, attachments=(),
        invitation=None, links=(), language="", problem="time",
    )  # fmt: skip
    return pack(raw, parsed)
