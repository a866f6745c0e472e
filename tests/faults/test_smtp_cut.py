"""The SMTP dialogue cut at every single byte: never two copies, never lost, never a wrong word (QUALITY R1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.redact import Secret
from crm_tui.mail.credentials import Login
from crm_tui.mail.providers import Security
from crm_tui.mail.smtp import Abort, Cause, Failed, Outcome, Sent, Uncertain, deliver
from crm_tui.mail.smtp_dialogue import SmtpServer
from tests.servers.certificates import make_authority
from tests.servers.cutter import Cutter, cutter
from tests.servers.scripted_smtp import scripted_smtp
from tests.servers.smtp import HOST, Box, smtp_server

MESSAGE = b"From: d@hotel.example\r\nTo: g@example.org\r\nSubject: Hi\r\n\r\nDear\r\n.guest\r\n"


def hand_in(port: int, committed: list[int], *, timeout: float = 5, abort: Abort | None = None) -> Outcome:
    return deliver(
        SmtpServer(HOST, port, Security.NONE),
        None,
        "d@hotel.example",
        ["g@example.org"],
        MESSAGE,
        before_data=lambda: committed.append(1),
        timeout=timeout,
        answer_timeout=timeout,
        abort=abort,
    )


def judge(outcome: Outcome, copies: int, committed: list[int]) -> None:
    """What is told must agree with what the server has; and nothing goes out that was not committed before."""
    assert copies <= 1
    assert copies == 0 or committed == [1]
    if isinstance(outcome, Sent):
        assert copies == 1
    elif isinstance(outcome, Failed):
        assert copies == 0
        assert outcome.cause is Cause.OFFLINE
        assert not outcome.permanent
    else:
        assert committed == [1]


def test_cut_at_every_byte() -> None:
    kinds: set[type] = set()
    with smtp_server() as box, cutter(box.port) as proxy:
        whole = measure(proxy, box)
        for limit in range(whole):
            box.taken.clear()
            committed: list[int] = []
            proxy.limit = limit
            outcome = hand_in(proxy.port, committed)
            proxy.wait_idle()
            judge(outcome, len(box.taken), committed)
            kinds.add(type(outcome))
    assert kinds == {Sent, Failed, Uncertain}


def measure(proxy: Cutter, box: Box) -> int:
    """How many bytes the whole dialogue has."""
    assert isinstance(hand_in(proxy.port, []), Sent)
    proxy.wait_idle()
    assert len(box.taken) == 1
    return proxy.passed


@pytest.mark.parametrize("share", [0.05, 0.5, 0.8, 0.93])
def test_a_stall_ends_in_time(share: float) -> None:
    with smtp_server() as box, cutter(box.port) as proxy:
        whole = measure(proxy, box)
        box.taken.clear()
        committed: list[int] = []
        proxy.limit = int(whole * share)
        proxy.dumb = True
        outcome = hand_in(proxy.port, committed, timeout=0.3)
        proxy.wait_idle()
        judge(outcome, len(box.taken), committed)


@pytest.mark.parametrize("answer", [b"2", b"25", b"250", b"250 take", b"250-more\r\n", b"5", b"550 no", b"garbage\r\n"])
def test_half_an_answer_to_the_message_is_uncertain(answer: bytes) -> None:
    with scripted_smtp({b".": answer}, close_after=b".") as server:
        outcome = hand_in(server.port, [])
    assert isinstance(outcome, Uncertain), outcome


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"garbage\r\n", b"", b"250 odd\r\n", b"220"])
def test_after_a_bad_greeting_nothing_is_said(greeting: bytes) -> None:
    with scripted_smtp({}, greeting=greeting, close_after=b"") as server:
        outcome = hand_in(server.port, [])
    assert isinstance(outcome, Failed)
    assert server.heard == []


def test_what_a_server_said_before_starttls_is_forgotten(tmp_path: Path) -> None:
    """Text put in by someone in between, after the answer to STARTTLS, is never taken for the server's (QUALITY S6)."""
    certificates = make_authority(tmp_path)
    answers = {b"EHLO": b"250-x\r\n250 STARTTLS\r\n", b"STARTTLS": b"220 go\r\n250-x\r\n250 AUTH PLAIN\r\n"}
    with scripted_smtp(answers, tls=certificates.server_context()) as server:
        outcome = deliver(
            SmtpServer(HOST, server.port, Security.STARTTLS),
            Login("desk", Secret("never-to-be-heard")),
            "d@hotel.example",
            ["g@example.org"],
            MESSAGE,
            before_data=lambda: None,
            context=certificates.client_context,
            timeout=5,
        )
    assert isinstance(outcome, Failed)
    assert not any(line.startswith(b"AUTH") for line in server.heard)


def test_endless_answers_are_bounded() -> None:
    for flood in (b"220-more\r\n" * 5000, b"220 " + b"x" * 100_000 + b"\r\n"):
        with scripted_smtp({}, greeting=flood) as server:
            outcome = hand_in(server.port, [])
        assert isinstance(outcome, Failed)


def test_abort_cuts_a_delivery_that_waits() -> None:
    abort = Abort()
    with scripted_smtp({b"EHLO": b""}) as server:  # never answers
        server.on_line = lambda _line: abort.now()
        outcome = hand_in(server.port, [], timeout=60, abort=abort)
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.OFFLINE
