"""What goes wrong with a mail server, told in one sentence (base.errors), and what the sender may not contain."""

from __future__ import annotations

import ast
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from crm_tui.base.errors import Cancelled, CrmError, InvalidInput, ServerError, TlsFailed, Unreachable
from crm_tui.base.i18n import _
from crm_tui.mail.connecting import server_words

_FORBIDDEN = re.compile("[\r\n\0]")
_IMAPLIBS_OWN = re.compile(r"^command: \w+ => |^\w+ command error: |^\w+ failed: ")
_IMAPLIBS_BYTES = re.compile(r"""\[(b'(?:[^'\\]|\\.)*'|b"(?:[^"\\]|\\.)*")\]$""", re.DOTALL)


class Stopped(Exception):
    """The owner of the connection asked it to stop while it was waiting for the server."""


class Lied(imaplib.IMAP4.abort):  # type: ignore[misc, name-defined, unused-ignore]
    """The server broke the protocol or a bound; the connection can't be used any more (QUALITY I7, I8)."""


class StartTlsRefused(Exception):
    """The server will not start TLS; nothing goes out in plain text instead (QUALITY S6)."""


class FolderGone(ServerError):
    """The mailbox does not exist (any more) or can't be opened (QUALITY I11)."""


def checked(text: str) -> str:
    """``text``, if it may be sent to a server (QUALITY S5).

    Raises:
        InvalidInput: it contains CR, LF or NUL, which would start a second command.
    """
    if _FORBIDDEN.search(text):
        raise InvalidInput(_("A line break or NUL cannot be sent to the mail server; nothing was sent."))
    return text


def words(data: object) -> str:
    """The server's own words, also out of what imaplib makes of them, safe to show, without secrets, and short."""
    if isinstance(data, BaseException):
        data = data.args[0] if data.args else ""
    if isinstance(data, bytes):
        return server_words(data)
    text = _IMAPLIBS_OWN.sub("", str(data))
    return server_words(_IMAPLIBS_BYTES.sub(lambda found: _plain(found[1]), text))


def _plain(written: str) -> str:
    """Bytes as Python writes them, as text: a password in them must be found by what it is."""
    found = ast.literal_eval(written)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


@contextmanager
def translated(host: str) -> Iterator[None]:
    """Turn whatever the network and imaplib raise into the house's errors; the causes may hold secrets and are cut off.

    Raises:
        TlsFailed: the certificate was refused or TLS failed.
        Unreachable: no connection, cut, silence, or nonsense instead of an answer.
        ServerError: the server answered NO or BAD.
        Cancelled: the owner asked to stop.
    """
    try:
        yield
    except CrmError:
        raise
    except Stopped:
        error: CrmError = Cancelled(_("Stopped; what was finished stays."))
    except Exception as cause:
        error = _house_error(host, cause)
    else:
        return
    raise error from None


def _house_error(host: str, cause: Exception) -> CrmError:
    if isinstance(cause, ssl.SSLCertVerificationError):
        return TlsFailed(
            _("The certificate of {host} is not accepted: {reason}.").format(
                host=words(host), reason=words(cause.verify_message)
            ),
            _("Check the server's name; if it is right, ask who runs it to renew the certificate."),
        )
    if isinstance(cause, StartTlsRefused):
        return TlsFailed(
            _("{host} does not start encryption: {reason}.").format(host=words(host), reason=words(cause)),
            _("Check port and security; the password was not sent."),
        )
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TlsFailed(
            _("No encrypted connection to {host}: {reason}.").format(
                host=words(host), reason=words(cause.reason or cause)
            ),
            _("Check port and security: 993 speaks TLS at once, 143 needs STARTTLS."),
        )
    if isinstance(cause, socket.gaierror):
        return Unreachable(
            _("There is no server named {host}.").format(host=words(host)), _("Check the name and the network.")
        )
    if isinstance(cause, TimeoutError):
        return Unreachable(_("{host} does not answer.").format(host=words(host)), _("It is tried again by itself."))
    if isinstance(cause, imaplib.IMAP4.abort | OSError | EOFError):
        return Unreachable(
            _("The connection to {host} broke: {reason}.").format(host=words(host), reason=words(_reason(cause))),
            _("It is tried again by itself."),
        )
    if isinstance(cause, imaplib.IMAP4.error):
        return ServerError(_("{host} refused: {reason}.").format(host=words(host), reason=words(cause)))
    if isinstance(cause, ValueError | TypeError | LookupError | AssertionError | RecursionError):
        return Unreachable(_("{host} answers something that is no IMAP.").format(host=words(host)))
    raise cause


def _reason(cause: Exception) -> object:
    if isinstance(cause, OSError):
        return cause.strerror or cause
    return cause
