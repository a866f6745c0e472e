"""Waiting for news (QUALITY I6, I14, I15)."""

from __future__ import annotations

import re
import threading
import time

import pytest

from crm_tui.base.errors import Cancelled, ServerError, Unreachable
from tests.mail.imap.helpers import selected
from tests.servers.certificates import Authority
from tests.servers.scripted import Rule, Scripted, Talk


def idling(*lines: bytes, after: float = 0.05) -> Rule:
    def answer(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(b"+ idling\r\n")
        for line in lines:
            talk.stop.wait(after)
            talk.send(line)

    return Rule(rb"^IDLE", answer)


@pytest.mark.parametrize(
    "line", [b"* 4 EXISTS\r\n", b"* 1 EXPUNGE\r\n", b"* 1 FETCH (FLAGS ())\r\n", b"* VANISHED 3\r\n"]
)
def test_news_end_the_wait(line: bytes) -> None:
    with Scripted([idling(b"* OK still here\r\n", line)]) as server:
        session = selected(server, timeout=5)
        started = time.monotonic()
        assert session.idle(30)
        assert time.monotonic() - started < 5
        assert b"DONE\r\n" in server.heard
        session.noop()
        session.logout()


def test_news_before_the_continuation_count() -> None:
    def answer(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(b"* 9 EXISTS\r\n+ idling\r\n")

    with Scripted([Rule(rb"^IDLE", answer)]) as server:
        session = selected(server)
        assert session.idle(30)
        session.logout()


def test_no_news_end_with_the_time() -> None:
    with Scripted([idling(b"* OK still here\r\n")]) as server:
        session = selected(server)
        assert not session.idle(0.4)
        session.noop()
        session.logout()


def test_i6_idle_is_never_longer_than_nine_minutes() -> None:
    from crm_tui.mail.imap import idle

    assert idle.REISSUE < 9 * 60


def test_i6_a_cut_is_noticed_at_once() -> None:
    def cut(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(b"+ idling\r\n")
        talk.close()

    with Scripted([Rule(rb"^IDLE", cut)]) as server:
        session = selected(server)
        started = time.monotonic()
        with pytest.raises(Unreachable):
            session.idle(60)
        assert time.monotonic() - started < 3


def test_i6_a_half_open_connection_is_given_up_when_done_gets_no_answer() -> None:
    def deaf(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(b"+ idling\r\n")
        talk.wait()

    with Scripted([Rule(rb"^IDLE", deaf)]) as server:
        session = selected(server, timeout=0.5)
        with pytest.raises(Unreachable):
            session.idle(0.2)
        assert session.broken


def test_i6_a_stop_closes_the_socket_rather_than_waits_for_done() -> None:
    stop = threading.Event()
    with Scripted([idling()]) as server:
        session = selected(server, timeout=60, stopped=stop.is_set)
        threading.Timer(0.2, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            session.idle(60)
        assert time.monotonic() - started < 1.5
        assert session.broken


def test_a_server_that_refuses_idle() -> None:
    with Scripted([Rule(rb"^IDLE", b"{tag} NO not now\r\n")]) as server:
        session = selected(server)
        with pytest.raises(ServerError):
            session.idle(5)
        session.noop()
        session.logout()


def test_idle_in_tls_does_not_hang_on_tickets(authority: Authority) -> None:
    from crm_tui.mail.imap import ImapSession

    quiet = Rule(rb"^IDLE", b"+ idling\r\n", times=1)
    with Scripted([quiet, idling(b"* 4 EXISTS\r\n", after=0.4)], context=authority.server_context()) as server:
        session = ImapSession("localhost", server.port, "tls", timeout=5, ssl_context=authority.client_context)
        session.login("desk", "secret")
        session.select(b"INBOX")
        assert not session.idle(0.3)
        assert session.idle(10)
        session.logout()
