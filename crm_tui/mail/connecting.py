"""What can go wrong before a mail server listens, in words: shared by every protocol (QUALITY S6, S7)."""

from __future__ import annotations

import errno
import ipaddress
import socket
import ssl

from crm_tui.base.errors import InvalidInput, ServerError, TlsFailed, Unreachable
from crm_tui.base.i18n import _
from crm_tui.base.redact import redact
from crm_tui.mail.providers import Security
from crm_tui.mail.text import display_text

LONGEST_WORDS = 500  # characters of a server's answer that are shown

# OpenSSL's X509_V_ERR_… codes, and the reasons of its record layer
_EXPIRED, _NOT_YET = 10, 9
_SELF_SIGNED = (18, 19)
_UNKNOWN_ISSUER = (2, 20, 21, 27)
_WRONG_NAME = (62, 64)
_NO_TLS = ("WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
_OLD_TLS = (
    "UNSUPPORTED_PROTOCOL",
    "NO_PROTOCOLS_AVAILABLE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "DH_KEY_TOO_SMALL",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED",
)


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
    """The failure of a connection as a :class:`ServerError`: plain words and one hint; never the raw exception's text.

    It does not say whether it is tried again: that depends on who asked for the connection.
    """
    where = f"{server_words(host)}:{port}"
    if isinstance(error, ServerError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        return _certificate_words(error, where, server_words(host))
    if isinstance(error, ssl.SSLError) and not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return _tls_words(error, where, security)
    if isinstance(error, (socket.gaierror, UnicodeError)):
        if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
            return Unreachable(
                _("The name {host} cannot be looked up at the moment.").format(host=server_words(host)),
                _("Check the network."),
            )
        return Unreachable(
            _("There is no server named {host}.").format(host=server_words(host)), _("Check how it is spelled.")
        )
    if isinstance(error, ConnectionRefusedError):
        return Unreachable(
            _("No mail server listens at {where}.").format(where=where), _("Check host, port and security.")
        )
    if isinstance(error, TimeoutError):
        return Unreachable(_("{where} did not answer in time.").format(where=where), _silence_hint(security))
    if isinstance(error, (ConnectionError, EOFError, ssl.SSLError)):
        return Unreachable(
            _("The connection to {where} was cut.").format(where=where), _("If that repeats, check port and security.")
        )
    if isinstance(error, OSError) and error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return Unreachable(_("There is no way to {where} from here.").format(where=where), _("Check the network."))
    why = (getattr(error, "strerror", None) or type(error).__name__).rstrip(".")
    return Unreachable(
        _("No connection to {where}: {why}.").format(where=where, why=server_words(str(why))), _("Check the network.")
    )


def no_starttls(host: str, port: int) -> TlsFailed:
    """The server will not protect the connection (QUALITY S6)."""
    return TlsFailed(
        _("{where} offers no STARTTLS; the password was not sent.").format(where=f"{server_words(host)}:{port}"),
        _("Choose tls as security, with the port for it: 993 for IMAP, 465 for SMTP."),
    )


def _silence_hint(security: Security) -> str:
    if security is Security.TLS:
        return _("Check host, port and network; a firewall may shut the port.")
    return _("Check host and port; if it is the port for tls (993 or 465), choose tls as security.")


def _certificate_words(error: ssl.SSLCertVerificationError, where: str, host: str) -> TlsFailed:
    code = error.verify_code
    if code in _WRONG_NAME:
        return TlsFailed(
            _("The certificate of {where} is for another name than {host}; nothing was sent.").format(
                where=where, host=host
            ),
            _("Give the host as the mail provider writes it."),
        )
    renew = _("Ask who runs the server to renew it.")
    if code == _EXPIRED:
        return TlsFailed(_("The certificate of {where} has expired; nothing was sent.").format(where=where), renew)
    if code == _NOT_YET:
        return TlsFailed(
            _("The certificate of {where} is not valid yet; nothing was sent.").format(where=where),
            _("Check the clock of this machine."),
        )
    if code in _SELF_SIGNED:
        return TlsFailed(
            _("The certificate of {where} is signed by itself; nothing was sent.").format(where=where),
            _("If it is your own server, let this machine trust its certificate; else check the host."),
        )
    if code in _UNKNOWN_ISSUER:
        return TlsFailed(
            _("The certificate of {where} is from an issuer that is not known here; nothing was sent.").format(
                where=where
            ),
            _("If it is your own server, let this machine trust its issuer; else check the host."),
        )
    why = server_words(error.verify_message or "?").rstrip(".")
    return TlsFailed(
        _("The certificate of {where} is not accepted: {why}; nothing was sent.").format(where=where, why=why), renew
    )


def _tls_words(error: ssl.SSLError, where: str, security: Security) -> ServerError:
    reason = error.reason or ""
    if reason in _NO_TLS:
        hint = _("On this port choose starttls; tls has the port 993 for IMAP and 465 for SMTP.")
        if security is not Security.TLS:
            hint = _("Check the port, or choose tls as security.")
        return TlsFailed(_("{where} speaks no TLS on this port.").format(where=where), hint)
    if reason in _OLD_TLS:
        return TlsFailed(
            _("The encryption of {where} is too old to be safe; nothing was sent.").format(where=where),
            _("Ask who runs the server to bring it up to date."),
        )
    why = server_words((reason or type(error).__name__).replace("_", " ").lower()).rstrip(".")
    return TlsFailed(
        _("No encrypted connection to {where} came about ({why}).").format(where=where, why=why),
        _("Check port and security."),
    )
