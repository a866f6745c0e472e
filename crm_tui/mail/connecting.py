"""What can go wrong before a mail server listens, in words: shared by every protocol (QUALITY S6, S7)."""

from __future__ import annotations

import ipaddress
import socket
import ssl

from crm_tui.base.errors import InvalidInput, ServerError, TlsFailed, Unreachable
from crm_tui.base.i18n import _
from crm_tui.base.redact import redact
from crm_tui.mail.providers import Security
from crm_tui.mail.text import display_text

LONGEST_WORDS = 500  # characters of a server's answer that are shown


def server_words(answer: bytes | str) -> str:
    """A server's own words, fit to be shown: one line, no control characters, no secrets, bounded."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    clean = display_text(" ".join(redact(text).split()))
    return clean if len(clean) <= LONGEST_WORDS else clean[: LONGEST_WORDS - 1] + "…"


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or a numeric address, means this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").split("%")[0]).is_loopback
    except ValueError:
        return False


def check_plain_is_local(host: str, security: Security) -> None:
    """Refuse a connection without TLS to another machine (SPEC §2).

    Raises:
        InvalidInput: ``security`` is ``none`` and the host is not loopback.
    """
    if security is Security.NONE and not is_loopback(host):
        raise InvalidInput(
            _("A connection without encryption is allowed to this machine only, not to {host}.").format(
                host=server_words(host)
            ),
            _("Choose tls or starttls."),
            "security",
        )


def explain(error: BaseException, host: str, port: int, security: Security) -> ServerError:
    """The failure of a connection as a :class:`ServerError` with what to do; never the raw exception's text."""
    where = f"{server_words(host)}:{port}"
    if isinstance(error, ServerError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed(
            _("The certificate of {where} is not accepted: {why}.").format(
                where=where, why=server_words(error.verify_message or "")
            ),
            _("Check the host name; the certificate must be valid for it. Nothing was sent."),
        )
    if isinstance(error, ssl.SSLError):
        return _tls_words(error, where, security)
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return Unreachable(
            _("The host {host} is not known.").format(host=server_words(host)),
            _("Check its spelling and the network."),
        )
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(_("Nothing answers at {where}.").format(where=where), _("Check host and port."))
    if isinstance(error, TimeoutError):
        return Unreachable(
            _("{where} did not answer in time.").format(where=where),
            _("Check host, port and network; a port may be shut."),
        )
    if isinstance(error, (ConnectionError, EOFError)):
        return Unreachable(_("The connection to {where} was cut.").format(where=where), _("It is tried again later."))
    why = getattr(error, "strerror", None) or type(error).__name__
    return Unreachable(
        _("No connection to {where}: {why}.").format(where=where, why=server_words(str(why))), _("Check the network.")
    )


def _tls_words(error: ssl.SSLError, where: str, security: Security) -> ServerError:
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return Unreachable(_("The connection to {where} was cut.").format(where=where), _("It is tried again later."))
    other = _("starttls") if security is Security.TLS else _("tls")
    return TlsFailed(
        _("{where} does not speak TLS as expected: {why}.").format(
            where=where, why=server_words((error.reason or type(error).__name__).replace("_", " ").lower())
        ),
        _("Check the port, or choose {other} as security.").format(other=other),
    )
