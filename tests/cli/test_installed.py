"""The installed script in a process of its own: pipes, encodings, terminals."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Self

import pyte
import pytest

from tests.cli.conftest import NOW, Crm

SCRIPT = Path(sys.executable).with_name("crm-tui")


def environment(**changes: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NO_COLOR", "CRM_TUI_HOME", "PYTHONUTF8", "COLUMNS", "LINES")
    }
    return kept | {"CRM_TUI_NOW": NOW} | changes


class Terminal:
    """A program on a pseudo-terminal, and what it shows."""

    def __init__(
        self, argv: list[str], env: dict[str, str], *, columns: int = 80, rows: int = 24, cwd: Path | None = None
    ) -> None:
        self.raw = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.pid, self._master = pty.fork()
        if self.pid == 0:  # pragma: no cover -- another process
            os.chdir(cwd or ".")
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(argv[0], argv, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    def shown(self) -> str:
        """The screen as text."""
        return "\n".join(self._screen.display)

    def wait_for(self, *words: str, seconds: float = 30) -> None:
        """Read until all the words stand on the screen."""
        deadline = time.monotonic() + seconds
        while not all(word in self.shown() for word in words):
            assert time.monotonic() < deadline, self.shown()
            assert self._read(), self.shown()

    def ended(self, seconds: float = 30) -> int:
        """Wait for the end; the exit code, or the signal's number below zero."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, self.shown()
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.5)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(data)
        return bool(data)


def in_terminal(argv: list[str], env: dict[str, str]) -> str:
    """Run a command on a terminal of 80 columns to its end and return what it wrote."""
    with Terminal(argv, env) as terminal:
        terminal.ended(60)
        return terminal.raw.decode("utf-8")


def test_an_encoding_without_the_letters_gets_question_marks(mailed: Crm, home: Path) -> None:
    argv = [str(SCRIPT), "--home", str(home), "list", "Inbox"]
    done = subprocess.run(argv, capture_output=True, timeout=60, check=True, env=environment(PYTHONIOENCODING="ascii"))
    assert b"Pok?j w ?odzi" in done.stdout


def test_json_survives_an_encoding_without_the_letters(mailed: Crm, home: Path) -> None:
    argv = [str(SCRIPT), "--home", str(home), "list", "Inbox", "--json"]
    done = subprocess.run(argv, capture_output=True, timeout=60, check=True, env=environment(PYTHONIOENCODING="ascii"))
    assert json.loads(done.stdout.splitlines()[0])["counterpart"]["name"] == "Łucja Nowak"


def test_a_closed_pipe_is_no_error(mailed: Crm, home: Path) -> None:
    argv = [str(SCRIPT), "--home", str(home), "show", "message", "1"]
    child = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait(60) == 0


@pytest.mark.pty
def test_a_terminal_gets_colour_and_80_columns(mailed: Crm, home: Path) -> None:
    argv = [str(SCRIPT), "--home", str(home), "list", "Inbox"]
    shown = in_terminal(argv, environment(TERM="xterm-256color"))
    assert "\x1b[1m" in shown
    plain = shown.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(len(line) for line in plain.splitlines()) <= 80
    assert "Łucja Nowak" in plain


@pytest.mark.pty
def test_no_color_is_respected(mailed: Crm, home: Path) -> None:
    argv = [str(SCRIPT), "--home", str(home), "list", "Inbox"]
    assert "\x1b" not in in_terminal(argv, environment(TERM="xterm-256color", NO_COLOR="1"))


@pytest.mark.pty
def test_foreign_text_reaches_no_terminal_raw(desk: Crm, home: Path, tmp_path: Path) -> None:
    evil = tmp_path / "evil.eml"
    evil.write_bytes(
        b"From: =?utf-8?q?Evil=1B]52;c;aGk=3D=07?= <e@x.example>\r\nSubject: =?utf-8?q?red=1B[31m=C2=9B2J_=E2=80=AEcod?=\r\n"
        b"Date: Tue, 30 Jun 2026 08:15:00 +0200\r\nMessage-ID: <evil@x.example>\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nbody \x1b[2J\x1b]0;title\x07 \xc2\x9b31m end\r\n"
    )
    assert desk("import", "mail", evil).code == 0
    for argv in (["list", "Inbox"], ["show", "message", "1"], ["show", "message", "1", "--raw"], ["search", "red"]):
        shown = in_terminal([str(SCRIPT), "--home", str(home), *argv], environment(TERM="xterm", NO_COLOR="1"))
        assert "red" in shown or "body" in shown
        assert not [
            letter for letter in shown if (ord(letter) < 32 and letter not in "\r\n\t") or 0x7F <= ord(letter) < 0xA0
        ]
        assert "\u202e" not in shown
