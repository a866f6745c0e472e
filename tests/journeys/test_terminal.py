"""The real program in a real pseudo-terminal: hostile mail in every field, never a raw control byte (QUALITY S1, S2)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bench.pty import Terminal
from crm_tui import desk
from crm_tui.desk.correspondence.mailbox import Batch, Incoming
from crm_tui.desk.correspondence.prepare import prepare
from tests.screens.harness import Hotel

pytestmark = pytest.mark.pty

EVIL = "\x1b]52;c;b3duZWQ=\x07\x1b[31mRED\x1b]0;title\x07\x9b35m\x07\u202egpj.exe\u200b\x00\x08[@click=app.quit]quit[/] [/x] [b]bold"
HTML = (
    "<p>Hello &#27;]52;c;b3duZWQ=&#7; &#155;31m &#8238;txt <a href='https://evil.example/\x1b[2J'>https://good.example</a>"
    "</p><table><tr><td>[b]cell[/b]</td><td>\x1b[5m</td></tr></table>"
)
NOW = "2026-11-21T13:05:00+00:00"


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path / "home", engine=False).open()
    hotel.account(state="failed", state_text="The server said: no")
    at = hotel.clock.now() - timedelta(hours=1)
    for number, body in enumerate((("text/plain", EVIL * 3), ("text/html", HTML))):
        raw = (
            f'From: "{EVIL}" <eve{EVIL}@evil.example>\r\nTo: {EVIL}, a@b.example\r\nCc: "x{EVIL}" <c@d.example>\r\n'
            f"Reply-To: {EVIL} <r@evil.example>\r\nSubject: Offer {EVIL} end\r\nDate: {at:%a, %d %b %Y %H:%M:%S +0000}\r\n"
            f"Message-ID: <evil{number}@x>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
            f"Content-Type: {body[0]}; charset=utf-8\r\n\r\n{body[1]}\r\n> quoted {EVIL}\r\n> more\r\n-- \r\nsig {EVIL}\r\n"
            f'--B\r\nContent-Type: application/x{EVIL}; name="{EVIL}.exe"\r\n'
            f'Content-Disposition: attachment; filename="../../{EVIL}.exe"\r\n\r\nabc\r\n'
            f"--B\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
            f"SUMMARY:{EVIL}\r\nLOCATION:{EVIL}\r\nDTSTART:20261201T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n--B--\r\n"
        ).encode("utf-8", "surrogateescape")
        desk.mailbox.receive(hotel.ctx, Batch([Incoming(prepare(raw), received_at=at)]))
    yield hotel
    hotel.ctx.store.close()


ALLOWED = re.compile(
    rb"\x1b\[[0-9;:]*m"  # colours
    rb"|\x1b\[[0-9;]*[HJKABCDEFGfXLMr]"  # placing, clearing, moving lines
    rb"|\x1b\[\?(?:1049|1000|1002|1003|1006|1015|1004|2004|2026|2048|25|7)(?:[hl]|\$p)"
    rb"|\x1b\[[<>][0-9]*u|\x1b\[\?[0-9]*u|\x1b\[c"
    rb"|\x1b\]22;[a-z]+(?:\x1b\\|\x07)|\x1b\[[0-9;]* q|\x1b\[[0-9]+ ?[qt]|\x1b\[>[0-9;]*[a-zA-Z]"
)


def raw_controls(raw: bytes) -> list[bytes]:
    """Every control byte that is not part of what Textual writes for itself."""
    rest = ALLOWED.sub(b"", raw).replace(b"\r\n", b"").replace(b"\r", b"")
    text = rest.decode("utf-8", "replace")
    return [character.encode() for character in text if ord(character) < 32 or 0x7F <= ord(character) < 0xA0]


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
def test_hostile_mail_is_only_ever_text(hostile: Hotel, size: tuple[int, int]) -> None:
    env = {
        "CRM_TUI_HOME": str(hostile.home.data),
        "CRM_TUI_NOW": NOW,
        "PYTHONPATH": os.getcwd(),
        "TEXTUAL_ANIMATIONS": "none",
    }
    hostile.home.settings.write_text("engine = false\n")
    with Terminal([sys.executable, "-m", "crm_tui"], size, env) as terminal:
        terminal.wait_for("UNANSWERED · 2")
        terminal.press("2", "INBOX · 2")
        assert "[@click" in terminal.text or "RED" in terminal.text
        for step in (
            "\r",
            ".",
            "v",
            "\x1b",
            "\x1b[C",
            "\x1b[C",
            "\x1b[C",
            "\x1b[C",
            "\r",
            "\x1b",
            "J",
            ".",
            "\x1b[F",
            "\x1b[H",
        ):
            terminal.send(step)
            terminal.settle(0.3)
        terminal.send("\x1b")
        terminal.settle()
        terminal.press("/", "Search")
        for letter in "offer":
            terminal.send(letter)
        terminal.wait_for("2 messages")
        terminal.settle()
        terminal.press("\r", "evil.example")
        for step in ("r", "\x1b", "m", "\x1b", "e"):
            terminal.send(step)
            terminal.settle(0.4)
        assert terminal.close("\x11") == 0
        raw = bytes(terminal.raw)
    assert raw_controls(raw) == []
    for wrong in ("\u202e", "\u200b", "\x9b"):
        assert wrong.encode() not in raw
    for clipboard in (b"\x1b]52", b"\x9d52", b"\xc2\x9d52"):  # the letters alone are text like any other
        assert clipboard not in raw


def test_the_notice_of_a_small_terminal_follows_every_resize(hostile: Hotel) -> None:
    """With COLUMNS and LINES exported too, as some shells do: :class:`Terminal` sets them."""
    env = {"CRM_TUI_HOME": str(hostile.home.data), "CRM_TUI_NOW": NOW, "TEXTUAL_ANIMATIONS": "none"}
    hostile.home.settings.write_text("engine = false\n")
    with Terminal([sys.executable, "-m", "crm_tui"], (60, 20), env) as terminal:
        terminal.wait_for("has 60×20")
        terminal.resize(150, 45)
        terminal.wait_for("UNANSWERED · 2")
        terminal.press("2", "INBOX · 2")
        terminal.resize(70, 22)
        terminal.wait_for("has 70×22")
        terminal.resize(80, 24)
        terminal.wait_for("INBOX · 2")
        terminal.press("1", "UNANSWERED · 2")
