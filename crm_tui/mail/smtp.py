"""Handing a message to a mail server: sent, failed or uncertain, and nothing in between (SPEC §5, QUALITY R1).

The message is accepted or not; it is never given to some of its recipients only. The one moment that cannot be known from
outside is between the end of the message and the server's answer: a connection lost there is :class:`Uncertain`.
"""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

from crm_tui.base.errors import AuthFailed, CrmError, InvalidInput, ServerError, TlsFailed
from crm_tui.base.i18n import _, ngettext
from crm_tui.mail.connecting import check_plain_is_local, explain, server_words
from crm_tui.mail.credentials import Login
from crm_tui.mail.smtp_dialogue import Dialogue, Reply, SmtpServer

TIMEOUT = 30.0  # seconds for a command
ANSWER_TIMEOUT = 300.0  # seconds for the answer to the message (RFC 5321 §4.5.3.2.6 asks for 10 minutes)


class Cause(StrEnum):
    """Why a message was not taken."""

    OFFLINE = "offline"  # no connection, or it was cut before the message's end
    TLS = "tls"
    LOGIN = "login"
    RECIPIENT = "recipient"
    REFUSED = "refused"  # the sender or the message itself


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient that the server does not take, and its words."""

    address: str
    words: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """The server took the message for all its recipients; ``words`` is its answer (often a queue number)."""

    words: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Certainly not taken: trying again cannot make a second copy. ``permanent``: trying again is pointless."""

    cause: Cause
    message: str
    permanent: bool
    hint: str = ""
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The connection was lost between the message's end and the answer. Never to be sent again by itself."""

    message: str


Outcome = Sent | Failed | Uncertain


class Abort:
    """Cuts a delivery from another thread as long as that is harmless: before the message itself goes out."""

    def __init__(self) -> None:
        self._dialogue: Dialogue | None = None
        self.asked = False

    def now(self) -> None:
        """Cut it; a delivery that is past that point goes on to its end."""
        self.asked = True
        dialogue = self._dialogue
        if dialogue is not None and dialogue.sock is not None:
            with contextlib.suppress(OSError):
                dialogue.sock.shutdown(2)

    def watch(self, dialogue: Dialogue | None) -> None:
        """The connection that may be cut; None: no longer."""
        self._dialogue = dialogue


def deliver(
    server: SmtpServer,
    login: Login | None,
    sender: str,
    recipients: Sequence[str],
    message: bytes,
    *,
    before_data: Callable[[], None],
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    timeout: float = TIMEOUT,
    answer_timeout: float = ANSWER_TIMEOUT,
    abort: Abort | None = None,
) -> Outcome:
    """Hand one message in.

    Args:
        sender: the bare address of the envelope's sender.
        recipients: bare addresses, at least one; all take it or none.
        message: RFC 5322 bytes; line ends are made CRLF.
        before_data: called after every recipient was accepted and before DATA; must make durable that the message may go
            out. What it raises ends the delivery (nothing was sent) and is passed on.
    """
    abort = abort or Abort()
    dialogue: Dialogue | None = None
    try:
        check_plain_is_local(server.host, server.security)
        dialogue = Dialogue(server, timeout, context)
        abort.watch(dialogue)
        dialogue.open()
        if login is not None:
            dialogue.log_in(login)
        failure, body = _envelope(dialogue, sender, recipients, message)
    except (OSError, EOFError, UnicodeError, CrmError) as error:
        failure = _failed(error, server)
        body = b""
    try:
        if failure is not None or dialogue is None:
            return failure or _offline(server)
        before_data()
        abort.watch(None)
        return _data(dialogue, server, body, answer_timeout)
    finally:
        abort.watch(None)
        if dialogue is not None:
            dialogue.quit_quietly()


def check_login(
    server: SmtpServer,
    login: Login | None,
    *,
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    timeout: float = TIMEOUT,
) -> None:
    """Log in and leave again.

    Raises:
        Unreachable, TlsFailed, AuthFailed, ServerError: what failed, in words.
        InvalidInput: no encryption to another machine.
    """
    check_plain_is_local(server.host, server.security)
    dialogue = Dialogue(server, timeout, context)
    try:
        dialogue.open()
        if login is not None:
            dialogue.log_in(login)
    except (OSError, EOFError, UnicodeError) as error:
        raise explain(error, server.host, server.port, server.security) from None
    finally:
        dialogue.quit_quietly()


def _envelope(
    dialogue: Dialogue, sender: str, recipients: Sequence[str], message: bytes
) -> tuple[Failed | None, bytes]:
    """MAIL and RCPT; gives the reason why not, or None and the message as it goes out."""
    features = dialogue.esmtp_features
    wide = not all(_domain_ascii(address).isascii() for address in (sender, *recipients))
    if wide and "smtputf8" not in features:
        refused = tuple(
            Refusal(address, _("its name is not in plain letters"), True)
            for address in recipients
            if not _domain_ascii(address).isascii()
        )
        return _recipients_failed(refused, len(recipients)), b""
    body = message if message.isascii() or "8bitmime" in features else _seven_bit(message)
    body = _on_the_wire(body)
    limit = features.get("size", "").strip()
    if limit.isdigit() and 0 < int(limit) < len(body):
        text = _("The message has {size} bytes; the server takes {limit} at most.")
        return Failed(
            Cause.REFUSED, text.format(size=len(body), limit=limit), True, _("Leave out or shrink attachments.")
        ), b""
    options = [f"SIZE={len(body)}"] if "size" in features else []
    options += ["BODY=8BITMIME"] if "8bitmime" in features and not body.isascii() else []
    options += ["SMTPUTF8"] if wide else []
    answer = dialogue.ask(" ".join([f"MAIL FROM:<{_safe(sender)}>", *options]))
    if not answer.good:
        return _refused(answer, _("The server does not take mail from this sender: {words}")), b""
    return _recipients(dialogue, recipients), body


def _recipients(dialogue: Dialogue, recipients: Sequence[str]) -> Failed | None:
    refused = []
    for address in recipients:
        answer = dialogue.ask(f"RCPT TO:<{_safe(address)}>")
        if answer.code == 421:
            return _refused(answer, _("The server closed: {words}"))
        if not answer.good:
            refused.append(Refusal(address, answer.words, answer.code >= 500))
    return _recipients_failed(tuple(refused), len(recipients)) if refused or not recipients else None


def _data(dialogue: Dialogue, server: SmtpServer, body: bytes, answer_timeout: float) -> Outcome:
    """DATA, the message, its end and the answer. Only after the end has left is the outcome uncertain."""
    try:
        answer = dialogue.ask("DATA")
        if answer.code != 354:
            return _refused(answer, _("The server does not take the message: {words}"))
        try:
            dialogue.send(body)
        except OSError:  # it may have said why before it closed
            with contextlib.suppress(ServerError):
                early = dialogue.reply()
                if early.code >= 400:
                    return _refused(early, _("The server does not take the message: {words}"))
            raise
    except (OSError, ServerError) as error:
        return _failed(error, server)
    try:
        if dialogue.sock is not None:
            dialogue.sock.settimeout(answer_timeout)
        dialogue.send(b".\r\n")
        answer = dialogue.reply()
    except (OSError, ServerError) as error:
        why = explain(error, server.host, server.port, server.security).message
        return Uncertain(_("It is not known whether the message was taken: {why}").format(why=why))
    if answer.good:
        return Sent(answer.words)
    if answer.code < 400:
        return Uncertain(_("It is not known whether the message was taken: {why}").format(why=answer.words))
    return _refused(answer, _("The server does not take the message: {words}"))


def _on_the_wire(message: bytes) -> bytes:
    """CRLF at every line end, also for lone CR and LF (which some servers take for an end of message), dots doubled."""
    lines = re.sub(rb"\r\n|\n|\r", b"\r\n", message)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", lines)


def _seven_bit(message: bytes) -> bytes:
    """The message re-encoded for a server without 8BITMIME (RFC 6152 §3)."""
    from email import policy
    from email.generator import BytesGenerator
    from email.parser import BytesParser

    out = BytesIO()
    parsed = BytesParser(policy=policy.compat32).parsebytes(message)
    BytesGenerator(out, mangle_from_=False, policy=policy.compat32.clone(cte_type="7bit")).flatten(parsed)
    return out.getvalue()


def _domain_ascii(address: str) -> str:
    """The address with an international domain in its ASCII form (RFC 3490); the local part stays."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address


def _safe(address: str) -> str:
    """An address fit for a command line.

    Raises:
        InvalidInput: it holds a blank, an angle bracket or a control character.
    """
    if not address or any(c.isspace() or not c.isprintable() or c in "<>" for c in address):
        raise InvalidInput(_("{address} is no mail address.").format(address=server_words(address)))
    return _domain_ascii(address)


def _recipients_failed(refused: tuple[Refusal, ...], total: int) -> Failed:
    names = "; ".join(f"{server_words(item.address)}: {item.words}" for item in refused[:5])
    text = ngettext(
        "The server refuses {count} of {total} recipients, so nothing was sent: {names}",
        "The server refuses {count} of {total} recipients, so nothing was sent: {names}",
        len(refused),
    ).format(count=len(refused), total=total, names=names)
    permanent = any(item.permanent for item in refused) or not refused
    hint = _("Correct or remove the address, then send again.") if permanent else ""
    return Failed(Cause.RECIPIENT, text, permanent, hint, refused)


def _refused(answer: Reply, text: str) -> Failed:
    if answer.code == 530:
        return Failed(Cause.LOGIN, text.format(words=answer.words), False)
    permanent = answer.code >= 500
    return Failed(Cause.REFUSED if answer.code != 421 else Cause.OFFLINE, text.format(words=answer.words), permanent)


def _failed(error: BaseException, server: SmtpServer) -> Failed:
    told = error if isinstance(error, CrmError) else explain(error, server.host, server.port, server.security)
    if isinstance(told, AuthFailed):
        return Failed(Cause.LOGIN, told.message, False, told.hint)
    if isinstance(told, TlsFailed):
        return Failed(Cause.TLS, told.message, False, told.hint)
    if isinstance(told, InvalidInput):
        return Failed(Cause.REFUSED, told.message, True, told.hint)
    if type(told) is ServerError:
        return Failed(Cause.REFUSED, told.message, False, told.hint)
    return Failed(Cause.OFFLINE, told.message, False, told.hint)


def _offline(server: SmtpServer) -> Failed:
    return _failed(ConnectionResetError(), server)
