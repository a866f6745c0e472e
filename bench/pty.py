"""A terminal for measurements and tests: runs a program in a pseudo-terminal and knows what is on its screen, and when.

The time of a change is the arrival of the bytes that made it, stamped before they are interpreted.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

import pyte

_ANSWERS = (
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
)


class Terminal:
    """A program on an emulated screen.

    Args:
        command: program and arguments.
        size: columns and lines.
        env: added to the environment.
    """

    def __init__(
        self, command: Sequence[str], size: tuple[int, int] = (120, 40), env: Mapping[str, str] | None = None
    ) -> None:
        self.columns, self.lines = size
        self._screen = pyte.Screen(self.columns, self.lines)
        self._stream = pyte.ByteStream(self._screen)
        self.raw = bytearray()
        self.started = time.perf_counter()
        whole = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        whole |= {"COLUMNS": str(self.columns), "LINES": str(self.lines)}
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))
            try:
                os.execvpe(command[0], list(command), whole)
            finally:
                os._exit(127)
        self.resize(self.columns, self.lines)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def text(self) -> str:
        """What is on the screen now, a line a row."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if (columns, lines) != (self.columns, self.lines):
            self.columns, self.lines = columns, lines
            self._screen.resize(lines, columns)
            os.kill(self.pid, signal.SIGWINCH)

    def send(self, keys: str) -> None:
        """Type."""
        os.write(self._fd, keys.encode())

    def take(self, seconds: float) -> list[tuple[float, bytes]]:
        """What comes within a time, in chunks with the instants of their arrival, not interpreted yet.

        Raises:
            EOFError: the program has ended.
        """
        chunks: list[tuple[float, bytes]] = []
        while select.select([self._fd], [], [], 0.003 if chunks else seconds)[0]:
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:
                data = b""
            if not data:
                if chunks:
                    break
                raise EOFError("the program has ended")
            chunks.append((time.perf_counter(), data))
            self.raw += data
            for question, answer in _ANSWERS:
                if question in data:
                    os.write(self._fd, answer)
        return chunks

    def pump(self, seconds: float) -> float | None:
        """Take and show what comes within a time; when the last of it arrived, or ``None`` if nothing came."""
        chunks = self.take(seconds)
        for _at, data in chunks:
            self._stream.feed(data)
        return chunks[-1][0] if chunks else None

    def wait_for(self, pattern: str, timeout: float = 30) -> float:
        """Wait until a pattern is on the screen; returns the instant (``perf_counter``) at which it came.

        Raises:
            TimeoutError: it never came; shows the screen.
        """
        wanted = re.compile(pattern, re.S)
        end = time.perf_counter() + timeout
        if wanted.search(self.text):
            return time.perf_counter()
        while time.perf_counter() < end:
            found = None
            for at, data in self.take(0.05):
                self._stream.feed(data)
                if found is None and wanted.search(self.text):
                    found = at
            if found is not None:
                return found
        raise TimeoutError(f"{pattern!r} never came; on the screen:\n{self.text}")

    def settle(self, quiet: float = 0.15, timeout: float = 10) -> None:
        """Wait until nothing has come for a while."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end and self.pump(quiet) is not None:
            continue

    def press(self, keys: str, pattern: str = "", timeout: float = 10) -> tuple[float, int]:
        """Type and wait for a pattern (or for any change); returns seconds to it and the bytes that came for it."""
        before, shown = len(self.raw), self.text
        wanted = re.compile(pattern, re.S)
        sent = time.perf_counter()
        self.send(keys)
        while time.perf_counter() < sent + timeout:
            found = None
            for at, data in self.take(0.05):
                self._stream.feed(data)
                if found is None and (wanted.search(self.text) if pattern else self.text != shown):
                    found = at
            if found is not None:
                octets = len(self.raw) - before
                self.settle(0.02)
                return found - sent, octets
        raise TimeoutError(f"{keys!r}: {pattern!r} never came; on the screen:\n{self.text}")

    def memory(self) -> float:
        """Resident memory of the program and its children, MiB."""
        import psutil

        process = psutil.Process(self.pid)
        whole = [process, *process.children(recursive=True)]
        return float(sum(one.memory_info().rss for one in whole)) / 2**20

    def close(self, keys: str = "") -> int | None:
        """Leave by keys, else by a hangup; the exit status, ``None`` if it had to be killed."""
        if keys:
            self.send(keys)
        status = self._reap(5 if keys else 0)
        for sign in (signal.SIGHUP, signal.SIGKILL):
            if status is not None:
                break
            try:
                os.kill(self.pid, sign)
            except ProcessLookupError:
                break
            self._reap(2)
        try:
            os.close(self._fd)
        except OSError:
            pass
        return status

    def _reap(self, seconds: float) -> int | None:
        end = time.perf_counter() + seconds
        while True:
            try:
                self.pump(0.02)
            except (EOFError, OSError, ValueError):
                time.sleep(0.01)
            try:
                done, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                return 0
            if done:
                return os.waitstatus_to_exitcode(status)
            if time.perf_counter() >= end:
                return None
