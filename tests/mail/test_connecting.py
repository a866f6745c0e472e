"""The words for what fails before a mail server listens."""

from __future__ import annotations

import errno
import socket
import ssl

import pytest

from crm_tui.base.errors import TlsFailed, Unreachable
from crm_tui.mail.connecting import explain
from crm_tui.mail.imap.errors import words
from crm_tui.mail.providers import Security


def certificate(code: int, text: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, text)
    error.verify_code, error.verify_message = code, text
    return error


def tls(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] {reason.lower()} (_ssl.c:1006)")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ConnectionRefusedError(111, "Connection refused"), Unreachable, "No mail server listens"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Unreachable, "no server named"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), Unreachable, "cannot be looked up"),
        (TimeoutError("timed out"), Unreachable, "did not answer in time"),
        (ConnectionResetError(104, "Connection reset by peer"), Unreachable, "was cut"),
        (ssl.SSLEOFError(8, "EOF occurred in violation of protocol"), Unreachable, "was cut"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), Unreachable, "no way to"),
        (tls("WRONG_VERSION_NUMBER"), TlsFailed, "speaks no TLS on this port"),
        (tls("UNSUPPORTED_PROTOCOL"), TlsFailed, "too old"),
        (certificate(10, "certificate has expired"), TlsFailed, "has expired"),
        (certificate(18, "self-signed certificate"), TlsFailed, "signed by itself"),
        (certificate(20, "unable to get local issuer certificate"), TlsFailed, "issuer that is not known"),
        (certificate(62, "Hostname mismatch, certificate is not valid for 'mail.example'."), TlsFailed, "another name"),
    ],
)
@pytest.mark.parametrize("security", list(Security))
def test_each_failure_has_plain_words_and_one_hint(
    error: Exception, kind: type[Exception], said: str, security: Security
) -> None:
    told = explain(error, "mail.example", 993, security)
    assert type(told) is kind
    assert said in told.message
    assert "mail.example" in told.message
    assert told.hint.endswith(".")
    whole = str(told)
    for noise in ("..", "Errno", "ECONN", "_ssl", "WRONG_VERSION", "tried again"):
        assert noise not in whole


def test_a_port_that_speaks_no_tls_names_the_other_way() -> None:
    assert "starttls" in explain(tls("WRONG_VERSION_NUMBER"), "h", 143, Security.TLS).hint
    assert "choose tls" in explain(TimeoutError(), "h", 993, Security.STARTTLS).hint


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (b"[AUTHENTICATIONFAILED] Invalid credentials.", "Invalid credentials"),
        ("[b'[AUTHENTICATIONFAILED] Invalid credentials']", "Invalid credentials"),
        ("LOGIN failed: b'caf\\xc3\\xa9 closed.'", "café closed"),
        (b"[INUSE (a b)] Mailbox in use", "Mailbox in use"),
        (b"no such [thing]", "no such [thing]"),
    ],
)
def test_a_servers_answer_is_shown_without_codes_and_bytes(answer: bytes | str, shown: str) -> None:
    assert words(answer) == shown
