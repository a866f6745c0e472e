"""Handing mail in: what is told of every answer a server can give (SPEC §5, QUALITY S6, S7)."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest

from crm_tui.base.errors import AuthFailed, InvalidInput, TlsFailed, Unreachable
from crm_tui.base.redact import Secret
from crm_tui.mail.credentials import Login
from crm_tui.mail.providers import Security
from crm_tui.mail.smtp import Cause, Failed, Outcome, Sent, Uncertain, check_login, deliver
from crm_tui.mail.smtp_dialogue import SmtpServer
from tests.servers.certificates import Authority, make_authority
from tests.servers.slow_smtp import slow_smtp
from tests.servers.smtp import HOST, Box, smtp_server

MESSAGE = b"From: desk@hotel.example\r\nTo: guest@example.org\r\nSubject: Hello\r\n\r\nDear guest\r\n"
LOGIN = Login("desk", Secret("pässword-łódź"))
TIMEOUT = 5.0


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("certificates"))


def hand_in(
    box: Box,
    *,
    security: Security = Security.NONE,
    login: Login | None = None,
    recipients: tuple[str, ...] = ("guest@example.org",),
    message: bytes = MESSAGE,
    trust: ssl.SSLContext | None = None,
    committed: list[int] | None = None,
) -> Outcome:
    return deliver(
        SmtpServer(HOST, box.port, security),
        login,
        "desk@hotel.example",
        recipients,
        message,
        before_data=lambda: (committed if committed is not None else []).append(len(box.taken)),
        context=lambda: trust or ssl.create_default_context(),
        timeout=TIMEOUT,
        answer_timeout=TIMEOUT,
    )


def test_takes_message_as_it_is_and_commits_before() -> None:
    committed: list[int] = []
    with smtp_server() as box:
        outcome = hand_in(box, committed=committed)
    assert outcome == Sent("250 2.0.0 taken as 4711")
    assert committed == [0]
    assert box.taken[0].content == MESSAGE
    assert box.taken[0].sender == "desk@hotel.example"
    assert box.taken[0].recipients == ["guest@example.org"]


@pytest.mark.parametrize("hidden", [(), ("PLAIN",)], ids=["plain", "login"])
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_logs_in_over_tls_with_a_password_beyond_ascii(
    security: Security, hidden: tuple[str, ...], certificates: Authority
) -> None:
    box = Box(users={"desk": LOGIN.secret.reveal()})
    context = certificates.server_context()
    tls, starttls = (context, None) if security is Security.TLS else (None, context)
    with smtp_server(box, hide=hidden, tls=tls, starttls=starttls):
        outcome = hand_in(box, security=security, login=LOGIN, trust=certificates.client_context())
    assert isinstance(outcome, Sent), outcome
    assert box.logins == [f"{'LOGIN' if hidden else 'PLAIN'} desk"]


def test_wrong_password_is_told_and_nothing_goes_out(certificates: Authority) -> None:
    box = Box(users={"desk": "another"})
    with smtp_server(box, starttls=certificates.server_context()):
        outcome = hand_in(box, security=Security.STARTTLS, login=LOGIN, trust=certificates.client_context())
        with pytest.raises(AuthFailed):
            check_login(
                SmtpServer(HOST, box.port, Security.STARTTLS),
                LOGIN,
                context=certificates.client_context,
                timeout=TIMEOUT,
            )
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.LOGIN
    assert not outcome.permanent
    assert box.taken == []
    assert LOGIN.secret.reveal() not in repr(outcome)


@pytest.mark.parametrize("token", ["right", "wrong"])
def test_xoauth2(token: str, certificates: Authority) -> None:
    box = Box(tokens={"desk": "right"})
    login = Login("desk", Secret(token), xoauth2=True)
    with smtp_server(box, starttls=certificates.server_context()):
        outcome = hand_in(box, security=Security.STARTTLS, login=login, trust=certificates.client_context())
    assert isinstance(outcome, Sent) == (token == "right"), outcome
    if isinstance(outcome, Failed):
        assert outcome.cause is Cause.LOGIN


def test_certificate_of_a_stranger_is_not_accepted(certificates: Authority) -> None:
    box = Box(users={"desk": LOGIN.secret.reveal()})
    with smtp_server(box, starttls=certificates.server_context()):
        outcome = hand_in(box, security=Security.STARTTLS, login=LOGIN)
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.TLS
    assert "certificate" in outcome.message
    assert box.logins == []


def test_certificate_for_another_host_is_not_accepted(tmp_path: Path) -> None:
    other = make_authority(tmp_path, name="mail.other.example")
    with smtp_server(tls=other.server_context()) as box:
        outcome = hand_in(box, security=Security.TLS, trust=other.client_context())
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.TLS


def test_an_expired_certificate_is_not_accepted(tmp_path: Path) -> None:
    expired = make_authority(tmp_path, expired=True)
    with smtp_server(tls=expired.server_context()) as box:
        outcome = hand_in(box, security=Security.TLS, trust=expired.client_context())
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.TLS
    assert "expired" in outcome.message


def test_stripped_starttls_is_refused_and_no_password_is_sent() -> None:
    box = Box(users={"desk": LOGIN.secret.reveal()})
    with smtp_server(box):  # a server, or someone in between, that hides STARTTLS
        outcome = hand_in(box, security=Security.STARTTLS, login=LOGIN)
        with pytest.raises(TlsFailed):
            check_login(SmtpServer(HOST, box.port, Security.STARTTLS), LOGIN, timeout=TIMEOUT)
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.TLS
    assert box.logins == []
    assert box.taken == []


def test_no_encryption_to_another_machine_is_refused_before_connecting() -> None:
    server = SmtpServer("mail.hotel.example", 25, Security.NONE)
    outcome = deliver(server, LOGIN, "a@b.example", ["c@d.example"], MESSAGE, before_data=lambda: None, timeout=TIMEOUT)
    assert isinstance(outcome, Failed)
    assert outcome.permanent
    with pytest.raises(InvalidInput):
        check_login(server, LOGIN, timeout=TIMEOUT)


def test_one_refused_recipient_stops_the_whole_message_and_is_named() -> None:
    box = Box(refuse={"gone@example.org": "550 5.1.1 no such mailbox \x1b[31m"})
    committed: list[int] = []
    with smtp_server(box):
        outcome = hand_in(box, recipients=("guest@example.org", "gone@example.org"), committed=committed)
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.RECIPIENT
    assert outcome.permanent
    assert [item.address for item in outcome.refused] == ["gone@example.org"]
    assert "\x1b" not in outcome.message + outcome.refused[0].words
    assert box.taken == []
    assert committed == []


@pytest.mark.parametrize(
    ("reply", "permanent"), [("451 4.7.1 greylisted, come back", False), ("554 5.7.1 looks like spam", True)]
)
def test_refused_message_is_permanent_or_not(reply: str, permanent: bool) -> None:
    for box in (Box(answer=reply), Box(refuse_sender=reply), Box(refuse={"guest@example.org": reply})):
        with smtp_server(box):
            outcome = hand_in(box)
        assert isinstance(outcome, Failed)
        assert outcome.permanent is permanent
        assert reply[4:20] in outcome.message


def test_too_large_is_told_before_it_is_sent() -> None:
    committed: list[int] = []
    with smtp_server(size_limit=1000) as box:
        outcome = hand_in(box, message=MESSAGE + b"x" * 2000, committed=committed)
    assert isinstance(outcome, Failed)
    assert outcome.permanent
    assert "1000" in outcome.message
    assert committed == []


@pytest.mark.parametrize("ending", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\r\n", b"\r\n.\n", b"\r.\n"])
def test_no_line_of_the_text_can_end_the_message(ending: bytes) -> None:
    smuggled = b"MAIL FROM:<evil@example.org>\r\nRCPT TO:<victim@example.org>\r\nDATA\r\nSubject: forged\r\n\r\nx"
    with smtp_server() as box:
        assert isinstance(hand_in(box, message=MESSAGE + b"text" + ending + smuggled), Sent)
    assert len(box.taken) == 1
    assert b"forged" in box.taken[0].content
    assert b"\n." in box.taken[0].content


@pytest.mark.parametrize(
    "address", ["a@b.example>\r\nRCPT TO:<c@d.example", "a b@c.example", "x@y\0.example", "", "a<b@c"]
)
def test_an_address_cannot_carry_a_command(address: str) -> None:
    with smtp_server() as box:
        outcome = hand_in(box, recipients=(address,))
    assert isinstance(outcome, Failed)
    assert outcome.permanent
    assert box.taken == []


def test_international_addresses() -> None:
    with smtp_server() as box:
        assert isinstance(hand_in(box, recipients=("łucja@example.org", "gast@bücher.example")), Sent)
        assert "SMTPUTF8" in box.taken[0].options
        assert box.taken[0].recipients == ["łucja@example.org", "gast@xn--bcher-kva.example"]
    with smtp_server(smtputf8=False) as box:
        assert isinstance(hand_in(box, recipients=("gast@bücher.example",)), Sent)
        outcome = hand_in(box, recipients=("łucja@example.org",))
    assert isinstance(outcome, Failed)
    assert [item.address for item in outcome.refused] == ["łucja@example.org"]


def test_nobody_there(unused_port: int) -> None:
    box = Box(port=unused_port)
    outcome = hand_in(box)
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.OFFLINE
    assert not outcome.permanent
    with pytest.raises(Unreachable):
        check_login(SmtpServer(HOST, unused_port, Security.NONE), None, timeout=TIMEOUT)


def test_tls_where_none_is_spoken() -> None:
    with smtp_server() as box:
        outcome = hand_in(box, security=Security.TLS)
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.TLS


def test_what_the_commit_raises_ends_the_delivery() -> None:
    class Fenced(Exception):
        pass

    def refuse() -> None:
        raise Fenced

    with smtp_server() as box, pytest.raises(Fenced):
        deliver(
            SmtpServer(HOST, box.port, Security.NONE),
            None,
            "desk@hotel.example",
            ["guest@example.org"],
            MESSAGE,
            before_data=refuse,
            timeout=TIMEOUT,
        )
    assert box.taken == []


def test_uncertain_is_no_failure() -> None:
    assert not isinstance(Uncertain("?"), Failed)


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_a_large_message_goes_out_over_a_slow_line(security: Security, certificates: Authority) -> None:
    """The time-out bounds every slice, not the whole message: what keeps moving is not cut."""
    message = MESSAGE + (b"x" * 998 + b"\r\n") * 12_000
    committed: list[int] = []
    with slow_smtp(4_000_000, certificates.server_context() if security is Security.TLS else None) as server:
        outcome = deliver(
            SmtpServer("localhost" if security is Security.TLS else HOST, server.port, security),
            None,
            "desk@hotel.example",
            ["guest@example.org"],
            message,
            before_data=lambda: committed.append(server.taken),
            context=certificates.client_context,
            timeout=1.0,
            answer_timeout=TIMEOUT,
        )
    assert outcome == Sent("250 taken")
    assert (server.taken, committed) == (len(message), [0])
    assert server.seconds > 2.0


def test_a_server_that_stops_reading_is_given_up_before_the_messages_end() -> None:
    message = MESSAGE + (b"x" * 998 + b"\r\n") * 12_000
    with slow_smtp(1, None) as server:
        outcome = deliver(
            SmtpServer(HOST, server.port, Security.NONE),
            None,
            "desk@hotel.example",
            ["guest@example.org"],
            message,
            before_data=lambda: None,
            timeout=0.5,
            answer_timeout=TIMEOUT,
        )
    assert isinstance(outcome, Failed)
    assert outcome.cause is Cause.OFFLINE
    assert server.taken < len(message)
