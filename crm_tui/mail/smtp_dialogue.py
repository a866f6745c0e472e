"""One SMTP connection with a strict reading of replies (RFC 5321), TLS (RFC 3207) and login (RFC 4954).

``smtplib`` takes a reply that is cut in the middle for a whole one and a password only in ASCII; both are mended here.
"""

from __future__ import annotations

import contextlib
import hmac
import smtplib
import socket
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass

from crm_tui.base.errors import AuthFailed, ServerError, TlsFailed, Unreachable
from crm_tui.base.i18n import _
from crm_tui.base.redact import hide
from crm_tui.mail.connecting import is_loopback, server_words
from crm_tui.mail.credentials import Login
from crm_tui.mail.providers import Security

REPLY_LINES = 200
REPLY_LINE_BYTES = 8192
SLICE_BYTES = 64 * 1024
SLOWEST = 512  # octets a second; a server that takes less holds everything else up


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in."""

    host: str
    port: int
    security: Security = Security.TLS


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply: its code (200 to 599) and its text."""

    code: int
    text: bytes

    @property
    def good(self) -> bool:
        """A 2xx reply."""
        return 200 <= self.code < 300

    @property
    def words(self) -> str:
        """Code and text, fit to be shown."""
        return server_words(f"{self.code} {self.text.decode('utf-8', 'replace')}")


class Dialogue(smtplib.SMTP):
    """An open connection; every failure to read or write is an ``OSError``."""

    def __init__(self, server: SmtpServer, timeout: float, context: Callable[[], ssl.SSLContext]) -> None:
        super().__init__(local_hostname="localhost", timeout=timeout)
        self._server = server
        self._context = context
        self._host = server.host  # smtplib verifies the certificate against it
        self.encrypted = False

    def open(self) -> None:
        """Connect, greet, and protect the connection as the server's entry says.

        Raises:
            ServerError: the greeting is none, or TLS cannot be had.
            OSError: the network's failures.
        """
        self.sock = socket.create_connection((self._server.host, self._server.port), self.timeout)
        self.local_hostname = _literal(self.sock)
        if self._server.security is Security.TLS:
            self._encrypt()
        if self._server.security is Security.NONE and not is_loopback(self._peer()):
            raise TlsFailed(_("A connection without encryption is allowed to this machine only."))
        greeting = self.reply()
        if greeting.code != 220:
            raise Unreachable(_("The server does not take mail now: {words}").format(words=greeting.words))
        self._hello()
        if self._server.security is Security.STARTTLS:
            self._upgrade()

    def ask(self, command: str) -> Reply:
        """Send one command line and read the reply."""
        if any(c in command for c in "\r\n\0"):
            raise ServerError(_("A command with a line break is not sent."))
        self.send(f"{command}\r\n".encode())
        return self.reply()

    def reply(self) -> Reply:
        """Read one whole reply.

        Raises:
            ConnectionError: it ended before the last line's end.
            ServerError: what came is no SMTP reply.
        """
        lines: list[bytes] = []
        deadline = time.monotonic() + 2 * float(self.timeout or 60)
        while len(lines) < REPLY_LINES and time.monotonic() < deadline:
            line = self._line()
            code, separator = line[:3], line[3:4]
            if not code.isdigit() or not b"200" <= code <= b"599" or separator not in (b" ", b"-", b"\r", b"\n"):
                raise ServerError(_("The server's answer is no SMTP: {words}").format(words=server_words(line)))
            lines.append(line[4:].strip())
            if separator != b"-":
                return Reply(int(code), b"\n".join(lines))
        raise ServerError(_("The server's answer does not end."))

    def log_in(self, login: Login) -> None:
        """Authenticate; only on an encrypted connection or on loopback (there, only if the server asks for it).

        Raises:
            AuthFailed: the server said 5xx to user or password.
            ServerError: it offers no way to log in that is known here, or cannot check it now.
        """
        if not self.encrypted and not is_loopback(self._peer()):
            raise TlsFailed(_("No password is sent over a connection without encryption."))
        offered = self.esmtp_features.get("auth", "").upper().split()
        if not offered and not self.encrypted:
            return  # a relay of this machine that asks for no login
        if login.xoauth2:
            answer = self._auth_xoauth2(login)
        elif "PLAIN" in offered:
            answer = self._steps("PLAIN", [login.plain_bytes()], initial=True)
        elif "LOGIN" in offered:
            answer = self._steps("LOGIN", [login.user.encode(), login.secret.reveal().encode()], initial=False)
        elif "CRAM-MD5" in offered:
            answer = self._auth_cram(login)
        else:
            raise ServerError(
                _("The server offers no way to log in that is known here."),
                _("Check port and security of the SMTP side."),
            )
        _judge_login(answer)

    def quit_quietly(self) -> None:
        """Say goodbye without waiting long, and close; failures no longer matter."""
        with contextlib.suppress(Exception):
            if self.sock is not None:
                self.sock.settimeout(2)
            self.ask("QUIT")
        self.close()

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        """Send bytes as they are; unlike smtplib's, a failure keeps its own error.

        The time-out holds for each slice: a large message over a slow line goes out as long as it moves, but not at
        less than :data:`SLOWEST` for ever.
        """
        if self.sock is None:
            raise ConnectionResetError
        left = memoryview(s if isinstance(s, bytes) else s.encode("utf-8"))
        deadline = time.monotonic() + float(self.timeout or 60) + len(left) / SLOWEST
        while left:
            left = left[self.sock.send(left[:SLICE_BYTES]) :]
            if left and time.monotonic() > deadline:
                raise TimeoutError

    def _line(self) -> bytes:
        if self.sock is None:
            raise ConnectionResetError
        if self.file is None:
            self.file = self.sock.makefile("rb")
        line: bytes = self.file.readline(REPLY_LINE_BYTES + 1)
        if len(line) > REPLY_LINE_BYTES:
            raise ServerError(_("The server's answer is too long."))
        if not line.endswith(b"\n"):
            raise ConnectionResetError
        return line

    def _hello(self) -> None:
        self.send(f"EHLO {self.local_hostname}\r\n")
        answer = self.reply()
        self.esmtp_features = {}
        self.does_esmtp = answer.good
        if answer.good:
            for line in answer.text.decode("latin-1").split("\n")[1:]:
                keyword, _space, parameters = line.strip().replace("AUTH=", "AUTH ", 1).partition(" ")
                known = self.esmtp_features.get(keyword.lower(), "")
                self.esmtp_features[keyword.lower()] = f"{known} {parameters}".strip()
            return
        answer = self.ask(f"HELO {self.local_hostname}")
        if not answer.good:
            raise Unreachable(_("The server does not take mail now: {words}").format(words=answer.words))

    def _upgrade(self) -> None:
        """STARTTLS, never opportunistic: a server that does not offer it is not talked to (QUALITY S6)."""
        if "starttls" not in self.esmtp_features:
            raise TlsFailed(
                _("The server offers no STARTTLS; nothing was sent."),
                _("Someone may be tampering with the connection; or choose tls with port 465."),
            )
        answer = self.ask("STARTTLS")
        if answer.code != 220:
            raise TlsFailed(_("The server refuses STARTTLS: {words}").format(words=answer.words))
        if self.file is not None and getattr(self.file, "peek", None) and self._waiting():
            raise TlsFailed(_("The server spoke before encryption began; nothing was sent."))
        self.esmtp_features = {}
        self._encrypt()
        self._hello()

    def _waiting(self) -> bool:
        """Whether more than the reply has come already: injected text, as nothing may come before the handshake."""
        assert self.sock is not None
        assert self.file is not None
        self.sock.settimeout(0)
        try:
            return bool(self.file.peek(1))
        except (BlockingIOError, OSError):
            return False
        finally:
            self.sock.settimeout(float(self.timeout or 60))

    def _encrypt(self) -> None:
        assert self.sock is not None
        self.file = None  # what was said before is forgotten
        self.sock = self._context().wrap_socket(self.sock, server_hostname=self._server.host)
        self.encrypted = True

    def _peer(self) -> str:
        return str(self.sock.getpeername()[0]) if self.sock is not None else ""

    def _steps(self, mechanism: str, answers: list[bytes], *, initial: bool) -> Reply:
        queue = [b64encode(item).decode("ascii") for item in answers]
        for item in queue:
            hide(item)
        reply = self.ask(f"AUTH {mechanism} {queue.pop(0)}" if initial else f"AUTH {mechanism}")
        while reply.code == 334 and queue:
            reply = self.ask(queue.pop(0))
        return reply

    def _auth_xoauth2(self, login: Login) -> Reply:
        reply = self._steps("XOAUTH2", [login.xoauth2_bytes()], initial=True)
        return (
            self.ask("") if reply.code == 334 else reply
        )  # the 334 holds the reason; an empty line asks for the verdict

    def _auth_cram(self, login: Login) -> Reply:
        reply = self.ask("AUTH CRAM-MD5")
        if reply.code != 334:
            return reply
        try:
            challenge = b64decode(reply.text)
        except ValueError:
            raise ServerError(_("The server's answer is no SMTP: {words}").format(words=reply.words)) from None
        digest = hmac.new(login.secret.reveal().encode(), challenge, "md5").hexdigest()
        return self.ask(b64encode(f"{login.user} {digest}".encode()).decode("ascii"))


def _judge_login(answer: Reply) -> None:
    if answer.code == 235 or answer.good:
        return
    if answer.code in {534, 535, 538, 530, 525} or answer.code == 554:
        raise AuthFailed(
            _("The server refused the login: {words}").format(words=answer.words),
            _("Check user and password; some providers want an app password."),
        )
    if 400 <= answer.code < 500:
        raise Unreachable(_("The server cannot check the login now: {words}").format(words=answer.words))
    raise AuthFailed(_("The server refused the login: {words}").format(words=answer.words))


def _literal(sock: socket.socket) -> str:
    """This side's address as an address literal (RFC 5321 §4.1.3): no name look-up, no private host name told."""
    address = str(sock.getsockname()[0]).split("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
