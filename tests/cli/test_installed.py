"""The installed script in a process of its own: pipes, encodings, terminals."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, Crm

SCRIPT = Path(sys.executable).with_name("crm-tui")


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CRM_TUI_HOME", "PYTHONUTF8")}
    return kept | {"CRM_TUI_NOW": NOW} | changes


def in_terminal(argv: list[str], env: dict[str, str]) -> str:
    """Run a command on a pseudo-terminal of 80 columns and return what it showed."""
    child, master = pty.fork()
    if child == 0:  # pragma: no cover -- another process
        os.execve(argv[0], argv, env)
    import fcntl
    import struct
    import termios

    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    shown, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        shown += data
    else:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(master)
    return shown.decode("utf-8")


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
