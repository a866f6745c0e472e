"""Connecting and logging in: what is sent, to whom, and what a failure means (QUALITY S5–S8, I5, I9)."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable

import pytest

from crm_tui.base.errors import AuthFailed, Cancelled, InvalidInput, ServerError, TlsFailed, Unreachable
from crm_tui.mail.imap import ImapSession
from tests.mail.imap.helpers import connect
from tests.servers.certificates import Authority, make_authority
from tests.servers.dovecot import free_port
from tests.servers.fixtures import server_directory
from tests.servers.scripted import Rule, Scripted, Talk

CANARY = "canary-pa55word"


def heard_nothing_secret(server: Scripted) -> bool:
    return not any(b"LOGIN" in line or b"AUTHENTICATE" in line or CANARY.encode() in line for line in server.heard)


@pytest.mark.parametrize(
    "greeting",
    [
        b"* PREAUTH welcome back\r\n",
        b"* NO not today\r\n",
        b"* BYE too many connections\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"T0 OK spoofed\r\n",
        b"\r\n",
        b"\x15\x03\x01\x00\x02\x02\x0a\r\n",
    ],
)
@pytest.mark.parametrize("security", ["none", "starttls"])
def test_s6_a_bad_greeting_gets_no_credentials(greeting: bytes, security: str) -> None:
    with Scripted(greeting=greeting) as server:
        with pytest.raises(ServerError):
            ImapSession("127.0.0.1", server.port, security, timeout=3).login("desk", CANARY)  # type: ignore[arg-type]
        assert heard_nothing_secret(server)


def test_s6_plain_text_only_to_loopback() -> None:
    for host in ("imap.example.org", "192.0.2.1", "localhost.example.org", "10.0.0.1"):
        with pytest.raises(InvalidInput):
            ImapSession(host, 143, "none")
    with pytest.raises(InvalidInput):
        ImapSession("127.0.0.1", 143, "auto")  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [b"{tag} NO no TLS here\r\n", b"{tag} BAD what\r\n"])
def test_s6_starttls_is_never_opportunistic(answer: bytes) -> None:
    with Scripted([Rule(rb"^STARTTLS", answer)]) as server:
        with pytest.raises(TlsFailed):
            ImapSession("127.0.0.1", server.port, "starttls", timeout=3).login("desk", CANARY)
        assert heard_nothing_secret(server)
        assert server.commands() == [b"STARTTLS"]  # sent though the server never announced it: a stripped capability


def test_s6_data_behind_starttls_is_refused(authority: Authority) -> None:
    injected = b"{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nT1 OK injected\r\n"
    with Scripted([Rule(rb"^STARTTLS", injected)]) as server:
        with pytest.raises(TlsFailed):
            ImapSession("127.0.0.1", server.port, "starttls", timeout=3, ssl_context=authority.client_context)
        assert heard_nothing_secret(server)


def test_s6_what_was_said_before_starttls_is_forgotten(authority: Authority) -> None:
    def start_tls(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(b'* CAPABILITY IMAP4rev1 X-PLAIN\r\n* LIST () "/" Evil\r\n* 5 EXISTS\r\n' + talk.tag + b" OK\r\n")
        talk.start_tls(authority.server_context())

    rules = [Rule(rb"^STARTTLS", start_tls), Rule(rb"^LIST", b'* LIST () "/" Good\r\n{tag} OK\r\n')]
    greeting = b"* OK [CAPABILITY IMAP4rev1 LOGINDISABLED X-GREETING] ready\r\n"
    with Scripted(rules, greeting=greeting, capability=b"IMAP4rev1 X-ENCRYPTED") as server:
        session = ImapSession("localhost", server.port, "starttls", timeout=5, ssl_context=authority.client_context)
        assert session.capabilities == {"IMAP4REV1", "X-ENCRYPTED"}
        assert not session.client.has_capability("X-GREETING")
        session.login("desk", CANARY)
        assert {box.wire for box in session.list_mailboxes()} == {b"INBOX", b"Good"}
        session.logout()


def test_s7_certificates_are_verified(authority: Authority) -> None:
    with Scripted(context=authority.server_context()) as server:
        with pytest.raises(TlsFailed) as failure:
            ImapSession("127.0.0.1", server.port, "tls", timeout=5)
        assert "certificate" in failure.value.message
        assert heard_nothing_secret(server)
        session = ImapSession("127.0.0.1", server.port, "tls", timeout=5, ssl_context=authority.client_context)
        session.login("desk", "secret")
        session.logout()


@pytest.mark.parametrize("flaw", ["expired", "other name"])
def test_s7_expired_and_foreign_certificates_are_refused(flaw: str) -> None:
    bad = make_authority(
        server_directory(), expired=flaw == "expired", name="localhost" if flaw == "expired" else "other.example"
    )
    with Scripted(context=bad.server_context()) as server:
        with pytest.raises(TlsFailed):
            ImapSession("127.0.0.1", server.port, "tls", timeout=5, ssl_context=bad.client_context)
        assert heard_nothing_secret(server)


def test_s7_tls_to_a_plain_port_is_told_as_such() -> None:
    with Scripted() as server, pytest.raises(TlsFailed):
        ImapSession("127.0.0.1", server.port, "tls", timeout=5)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n", AuthFailed),
        (b"{tag} NO wrong password\r\n", AuthFailed),
        (b"{tag} NO [UNAVAILABLE] temporary\r\n", ServerError),
        (b"{tag} NO [ALERT] Too many simultaneous connections. (Failure)\r\n", ServerError),
        (b"{tag} BAD what\r\n", ServerError),
        (b"* BYE shutting down\r\n", Unreachable),
        (b"* NO untagged means nothing\r\n* BYE\r\n", Unreachable),
    ],
)
def test_i5_only_a_tagged_no_is_a_wrong_password(answer: bytes, error: type[ServerError]) -> None:
    def say(talk: Talk, _match: re.Match[bytes]) -> None:
        talk.send(answer.replace(b"{tag}", talk.tag))
        if b"BYE" in answer:
            talk.close()

    with Scripted([Rule(rb"^LOGIN", say)]) as server, pytest.raises(ServerError) as failure:
        connect(server.port)
    assert type(failure.value) is error


def test_i5_a_cut_during_login_is_not_a_wrong_password() -> None:
    whole = b"T9 NO [AUTHENTICATIONFAILED] no\r\n"
    for length in range(len(whole)):

        def cut(talk: Talk, _match: re.Match[bytes], length: int = length) -> None:
            talk.send(whole.replace(b"T9", talk.tag)[:length])
            talk.close()

        with Scripted([Rule(rb"^LOGIN", cut)]) as server, pytest.raises(Unreachable):
            connect(server.port)


def test_i5_nobody_there() -> None:
    with pytest.raises(Unreachable):
        ImapSession("127.0.0.1", free_port(), "none", timeout=3)
    with pytest.raises(Unreachable):
        ImapSession("no-such-host.invalid", 993, timeout=3)


def test_i6_a_silent_server_times_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises(Unreachable):
            ImapSession("127.0.0.1", silent.getsockname()[1], "none", timeout=0.6)
        assert time.monotonic() - started < 5


def test_i6_a_dripping_server_times_out() -> None:
    def drip(talk: Talk, _match: re.Match[bytes]) -> None:
        while not talk.stop.wait(0.1):
            talk.send(b"x")

    with Scripted([Rule(rb"^NOOP", drip)]) as server:
        session = connect(server.port, timeout=0.5)
        started = time.monotonic()
        with pytest.raises(Unreachable):
            session.noop()
        assert time.monotonic() - started < 5


def test_i6_a_stop_request_ends_a_wait_within_a_second() -> None:
    stop = threading.Event()
    with Scripted([Rule(rb"^NOOP", lambda talk, _: talk.wait())]) as server:
        session = connect(server.port, timeout=60, stopped=stop.is_set)
        threading.Timer(0.3, stop.set).start()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            session.noop()
        assert time.monotonic() - started < 1.5


def test_i6_abort_from_another_thread_ends_a_wait() -> None:
    with Scripted([Rule(rb"^NOOP", lambda talk, _: talk.wait())]) as server:
        session = connect(server.port, timeout=60)
        threading.Timer(0.2, session.abort).start()
        with pytest.raises(Unreachable):
            session.noop()
        with pytest.raises(Unreachable):
            session.noop()


def refused(session: ImapSession) -> None:
    with pytest.raises(Unreachable):
        session.noop()


def test_one_command_at_a_time() -> None:
    with Scripted([Rule(rb"^NOOP", lambda talk, _: talk.wait())]) as server:
        session = connect(server.port, timeout=60)
        waiting = threading.Thread(target=refused, args=(session,))
        waiting.start()
        while not server.heard[-1].endswith(b"NOOP\r\n"):
            waiting.join(0.01)
        with pytest.raises(RuntimeError):
            session.noop()
        session.abort()
        waiting.join(5)


@pytest.mark.parametrize("text", ["x\r\nT9 LOGOUT", "x\nT9 LOGOUT", "x\0", "\r"])
def test_s5_one_call_is_one_command_line(text: str) -> None:
    with Scripted() as server:
        session = connect(server.port)
        session.select(b"INBOX")
        before = len(server.heard)
        calls: list[Callable[[], object]] = [
            lambda: session.search_message_id(text),
            lambda: session.search("SUBJECT", text),
            lambda: session.select(text.encode()),
            lambda: session.copy([1], text.encode()),
            lambda: session.move([1], text.encode()),
            lambda: session.append(text.encode(), b"x"),
            lambda: session.create(text.encode()),
            lambda: session.store_flags([1], [text], add=True),
            lambda: session.fetch_section(1, text),
            lambda: session.fetch_values(1, text),
            lambda: session.login(text, "secret"),
            lambda: session.login("desk", text),
            lambda: session.login_xoauth2(text, "token"),
            lambda: session.login_xoauth2("desk", text),
        ]
        for call in calls:
            with pytest.raises(InvalidInput):
                call()
        session.noop()
        assert [line.split(b" ", 1)[1] for line in server.heard[before:]] == [b"NOOP\r\n"]
        session.logout()


def test_user_names_and_secrets_are_quoted() -> None:
    with Scripted() as server:
        session = ImapSession("127.0.0.1", server.port, "none", timeout=5)
        session.login('a "b" \\ c', 'p "q" \\ {3}')
        assert server.commands()[-2] == rb'LOGIN "a \"b\" \\ c" "p \"q\" \\ {3}"'
        session.logout()


def test_letters_beyond_ascii_go_by_authenticate_plain() -> None:
    rules = [Rule(rb"^AUTHENTICATE PLAIN", b"+ \r\n"), Rule(rb"", b"", times=0)]
    with Scripted(rules) as server, pytest.raises(InvalidInput):
        connect_with(server, "contraseña")
    with Scripted(rules, capability=b"IMAP4rev1 AUTH=PLAIN LOGINDISABLED") as server:
        server.rules[1:1] = [Rule(rb"^", b"")]
        with pytest.raises(Unreachable):
            connect_with(server, "contraseña")
        assert not any(b"LOGIN" in line for line in server.heard)


def connect_with(server: Scripted, secret: str) -> ImapSession:
    session = ImapSession("127.0.0.1", server.port, "none", timeout=1)
    session.login("desk", secret)
    return session


def test_s8_no_secret_in_logs_errors_or_memory_of_commands(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rules = [Rule(rb"^LOGIN", b"{tag} NO [AUTHENTICATIONFAILED] no\r\n")]
    with Scripted(rules) as server:
        session = ImapSession("127.0.0.1", server.port, "none", timeout=5)
        with pytest.raises(AuthFailed) as failure:
            session.login("desk", CANARY)
        assert CANARY not in str(failure.value)
        assert failure.value.__cause__ is None
        assert failure.value.__suppress_context__
        assert CANARY not in repr(getattr(session.wire, "_cmd_log", ""))
        session.logout()
    assert CANARY not in caplog.text


def test_i8_chatter_is_bounded() -> None:
    def chatter(talk: Talk, _match: re.Match[bytes]) -> None:
        line = b"* OK " + b"blah " * 2000 + b"\r\n"
        while not talk.stop.is_set():
            talk.send(line * 100)

    with Scripted([Rule(rb"^NOOP", chatter)]) as server:
        session = connect(server.port)
        with pytest.raises(Unreachable):
            session.noop()
        assert session.broken


def test_i8_a_line_without_end_is_bounded() -> None:
    def endless(talk: Talk, _match: re.Match[bytes]) -> None:
        while not talk.stop.is_set():
            talk.send(b"x" * (1 << 20))

    with Scripted([Rule(rb"^NOOP", endless)]) as server:
        session = connect(server.port)
        with pytest.raises(Unreachable):
            session.noop()


def test_i9_bye_in_the_middle_is_an_ended_connection() -> None:
    with Scripted([Rule(rb"^NOOP", b"* BYE Autologout; idle for too long\r\n")]) as server:
        session = connect(server.port)
        with pytest.raises(Unreachable) as failure:
            session.noop()
        assert "Autologout" in failure.value.message


def test_server_words_are_made_safe() -> None:
    with Scripted([Rule(rb"^NOOP", b"{tag} NO \x1b]52;c;evil\x07 [bold]\x9b31m no\r\n")]) as server:
        session = connect(server.port)
        with pytest.raises(ServerError) as failure:
            session.noop()
        assert "\x1b" not in failure.value.message
        assert "\x9b" not in failure.value.message
        session.logout()


def test_logout_never_waits_for_a_dead_server() -> None:
    with Scripted([Rule(rb"^LOGOUT", lambda talk, _: talk.close())]) as server:
        connect(server.port).logout()
