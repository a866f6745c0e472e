"""What goes wrong with a mail server, told in one sentence (base.errors), and what the sender may not contain."""

from __future__ import annotations

import ast
import imaplib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from crm_tui.base.errors import Cancelled, CrmError, InvalidInput, ServerError, Unreachable
from crm_tui.base.i18n import _
from crm_tui.mail.connecting import explain, no_starttls, server_words
from crm_tui.mail.providers import Security

_FORBIDDEN = re.compile("[\r\n\0]")
_SOCKET = re.compile(r"socket error|\bEOF\b", re.IGNORECASE)
_RESPONSE_CODE = re.compile(r"^\[[A-Z][A-Z0-9-]*(?: [^\]]*)?\]\s*", re.IGNORECASE)
_IMAPLIBS_OWN = re.compile(r"^command: \w+ => |^\w+ command error: |^\w+ failed: ")
_WRITTEN_BYTES = re.compile(r"^\[?(b(['\"]).*\2)\]?$", re.DOTALL)


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
    text = data.decode("utf-8", "replace") if isinstance(data, bytes) else str(data)
    text = _RESPONSE_CODE.sub("", _plain(_IMAPLIBS_OWN.sub("", text)))
    return server_words(text).rstrip(". ")


def _plain(text: str) -> str:
    """The text of bytes that imaplib or imapclient wrote out as Python does: a password in it is found by what it is."""
    written = _WRITTEN_BYTES.match(text)
    if written is None:
        return text
    try:
        return bytes(ast.literal_eval(written[1])).decode("utf-8", "replace")
    except (ValueError, SyntaxError):
        return written[1][2:-1]


@contextmanager
def translated(host: str, port: int, security: str) -> Iterator[None]:
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
        error = _house_error(host, port, security, cause)
    else:
        return
    raise error from None


def _house_error(host: str, port: int, security: str, cause: Exception) -> CrmError:
    if isinstance(cause, StartTlsRefused):
        return no_starttls(host, port)
    if isinstance(cause, OSError | EOFError):
        return explain(cause, host, port, Security(security))
    if isinstance(cause, imaplib.IMAP4.abort):
        reason = words(cause)
        if not reason or _SOCKET.search(reason):
            return explain(EOFError(), host, port, Security(security))
        return Unreachable(_("The connection to {host} ended: {reason}.").format(host=words(host), reason=reason))
    if isinstance(cause, imaplib.IMAP4.error):
        return ServerError(_("{host} refused: {reason}.").format(host=words(host), reason=words(cause) or "NO"))
    if isinstance(cause, ValueError | TypeError | LookupError | AssertionError | RecursionError):
        return Unreachable(
            _("{host} answers something that is no IMAP.").format(host=words(host)), _("Check host, port and security.")
        )
    raise cause
