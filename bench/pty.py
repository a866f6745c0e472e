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

    def pump(self, seconds: float) -> float | None:
        """Take what comes within a time; when the last of it arrived, or ``None`` if nothing came."""
        ready, _w, _x = select.select([self._fd], [], [], seconds)
        if not ready:
            return None
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:
            data = b""
        at = time.perf_counter()
        if not data:
            raise EOFError("the program has ended")
        self.raw += data
        for question, answer in _ANSWERS:
            if question in data:
                os.write(self._fd, answer)
        self._stream.feed(data)
        return at

    def wait_for(self, pattern: str, timeout: float = 30) -> float:
        """Wait until a pattern is on the screen; returns the instant (``perf_counter``).

        Raises:
            TimeoutError: it never came; shows the screen.
        """
        wanted = re.compile(pattern, re.S)
        end = time.perf_counter() + timeout
        at = time.perf_counter()
        while not wanted.search(self.text):
            if time.perf_counter() > end:
                raise TimeoutError(f"{pattern!r} never came; on the screen:\n{self.text}")
            at = self.pump(0.05) or at
        return at

    def settle(self, quiet: float = 0.15, timeout: float = 10) -> None:
        """Wait until nothing has come for a while."""
        end = time.perf_counter() + timeout
        while time.perf_counter() < end and self.pump(quiet) is not None:
            continue

    def press(self, keys: str, pattern: str = "", timeout: float = 10) -> tuple[float, int]:
        """Type and wait for a pattern (or for any change); returns seconds to it and the bytes that came for it."""
        before, sent = len(self.raw), time.perf_counter()
        shown = self.text
        self.send(keys)
        end = sent + timeout
        wanted = re.compile(pattern, re.S)
        while time.perf_counter() < end:
            at = self.pump(0.05)
            if at is not None and (wanted.search(self.text) if pattern else self.text != shown):
                while self.pump(0.02) is not None:
                    continue
                return at - sent, len(self.raw) - before
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
