"""imaplib's engine with the house's manners: bounded, cancellable, silent in logs, one response at a time."""

from __future__ import annotations

import imaplib
import re
from typing import Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.imap.channel import Channel, Endpoint, connect, start_tls
from crm_tui.mail.imap.errors import Lied, StartTlsRefused, words

MAX_ANSWER = 32 << 20
"""Bytes of untagged answers that are kept for one command (I8)."""
MAX_SMALL_LITERAL = 16 << 20
"""Bytes of a literal outside a message fetch."""
MAX_LITERAL = 1 << 30
"""Bytes of a message that are read past when a server sends all of it though a part was asked for."""
_SKIP = 1 << 18
_NEWS = frozenset(("EXISTS", "EXPUNGE", "FETCH", "VANISHED"))
_QUIET_COMMANDS = frozenset(("NOOP", "IDLE", "LIST", "STATUS", "NAMESPACE", "CAPABILITY"))
_TAGGED_TYPES = frozenset((b"OK", b"NO", b"BAD"))
_UNTAGGED = re.compile(rb"\* (?:(\d+) )?([A-Za-z-]+)(?: (.*))?\Z", re.DOTALL)
_LITERAL_AT_END = re.compile(rb"\{(\d+)\+?\}\Z")
_CODE = re.compile(rb"\[([A-Za-z-]+)(?: (.*?))?\]", re.DOTALL)
_FORBIDDEN = re.compile(rb"[\r\n\0]")


class Wire(imaplib.IMAP4):
    """One connection as imapclient wants it underneath.

    Differs from imaplib: TLS is started before the greeting or not at all; the greeting decides before anything is sent
    (S6); commands with CR, LF or NUL are refused (S5); answers are bounded (I7, I8); nothing sent or received is logged,
    so no secret can be (S8).

    ``stirred`` is False as long as the open mailbox is known to stand as SELECT said: no news came, and nothing was
    asked that could have been answered with news in between.
    """

    # What imaplib really holds; its stubs say something else.
    tagged_commands: dict[bytes, Any]
    untagged_responses: dict[str, list[Any]]
    tagre: Any
    literal: Any
    continuation_response: Any
    welcome: Any
    tagpre: Any

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.kept = 0
        self.code: tuple[bytes, bytes] = (b"", b"")
        self.answered = ""
        self.said = b""
        self.stirred = True
        super().__init__(endpoint.host, endpoint.port)

    # What imaplib calls "overridable methods".

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:  # noqa: ARG002 -- imaplib's signature
        self.host, self.port = host, port
        self.sock: Any = connect(self.endpoint)
        try:
            if self.endpoint.security == "tls":
                self.sock = start_tls(self.sock, self.endpoint)
        except BaseException:
            self.sock.close()
            raise
        self.channel = Channel(self.sock, self.endpoint)

    def read(self, size: int) -> bytes:
        return self.channel.read(size)

    def readline(self) -> bytes:
        return self.channel.readline()

    def send(self, data: Any) -> None:
        self.channel.send(data)

    def shutdown(self) -> None:
        self.channel.close()

    def _log(self, line: str) -> None:
        """Keep nothing: imaplib would keep the last commands, LOGIN included."""

    def _mesg(self, s: str, secs: float | None = None) -> None:
        """Say nothing."""

    # The dialogue.

    def _connect(self) -> None:
        self.tagpre = b"T"
        self.tagre = re.compile(rb"(T\d+) ([A-Za-z]+)(?: (.*))?\Z", re.DOTALL)
        greeting = self.next_line()
        self.welcome = greeting
        if not greeting[:5].upper().startswith(b"* OK"):
            self.shutdown()
            raise _bad_greeting(greeting)
        self.state = "NONAUTH"
        if self.endpoint.security == "starttls":
            self._upgrade()
        self.untagged_responses = {}
        self.is_readonly = True  # imaplib must not raise where a mailbox is read-only: a STORE gets its NO
        self.capabilities: Any = ()
        self._get_capabilities()

    def _upgrade(self) -> None:
        """STARTTLS, whatever the server claims to be able to (S6); what it said in plain text is forgotten."""
        tag = self._command("STARTTLS")
        kind, data = self._get_tagged_response(tag)
        if kind != "OK":
            raise StartTlsRefused(data[-1] or b"")
        if self.channel.buffered():
            raise StartTlsRefused(b"data in plain text behind STARTTLS")
        self.sock = start_tls(self.sock, self.endpoint)
        self.channel = Channel(self.sock, self.endpoint)
        self._tls_established = True

    def _command(self, name: str, *args: Any) -> bytes:
        for arg in args:
            if arg is not None and _FORBIDDEN.search(arg.encode() if isinstance(arg, str) else arg):
                self.literal = None
                raise InvalidInput(_("A line break or NUL cannot be sent to the mail server; nothing was sent."))
        self.kept = 0
        self.code = (b"", b"")
        self.answered = ""
        self.said = b""
        self.stirred = self.stirred or name not in _QUIET_COMMANDS
        tag: bytes = super()._command(name, *args)  # type: ignore[misc]
        return tag

    def next_line(self) -> bytes:
        """The next line without its end.

        Raises:
            imaplib.IMAP4.abort: the connection has ended.
        """
        line = self.channel.readline()
        if line.endswith(b"\r\n"):
            return line[:-2]
        if not line:
            raise imaplib.IMAP4.abort("the server closed the connection")
        if line.endswith(b"\n"):
            return line[:-1]
        raise imaplib.IMAP4.abort("the connection ended inside a line")

    def _get_response(self) -> bytes | None:
        line = self.next_line()
        return None if self.take(line) == b"+" else line

    def take(self, line: bytes) -> bytes:
        """File one response line (and the literals that follow it) where imaplib's callers look for it.

        Returns:
            what it was: ``+``, ``*`` or the tag.
        """
        if line.startswith(b"* "):
            self._take_untagged(line)
            return b"*"
        if line.startswith(b"+"):
            self.continuation_response = line[2:]
            return b"+"
        match = self.tagre.match(line)
        if not match or match[1] not in self.tagged_commands or match[2].upper() not in _TAGGED_TYPES:
            raise Lied(f"unexpected answer: {words(line)[:60]}")
        self.answered = match[2].upper().decode()
        self.said = match[3] or b""
        self.tagged_commands[match[1]] = (self.answered, [match[3] or b""])
        self._take_code(match[3] or b"", tagged=True)
        return bytes(match[1])

    def _take_untagged(self, line: bytes) -> None:
        match = _UNTAGGED.match(line)
        if not match:
            self._keep("?", line)  # a malformed line is kept apart and hurts nobody (I8)
            return
        kind = match[2].upper().decode()
        data = match[3] or b""
        if kind in _NEWS:
            self.stirred = True
        if match[1] is not None:
            data = match[1] + b" " + data if data else match[1]
        for piece in self.pieces(data, MAX_SMALL_LITERAL):
            self._keep(kind, piece)
        if kind in ("OK", "NO", "BAD"):
            self._take_code(data)

    def pieces(self, text: bytes, max_literal: int, *, cut: bool = False) -> list[Any]:
        """Read on after ``text``: the pieces of one response as imaplib files them, (text, literal) pairs and a rest.

        Args:
            max_literal: bytes of one literal.
            cut: keep only so much of a longer one, rather than give the connection up.

        Raises:
            Lied: a literal is too large, or the pieces never end.
        """
        found: list[Any] = []
        while announced := _LITERAL_AT_END.search(text):
            size = int(announced[1])
            if (size > max_literal and not cut) or len(found) > 1000:
                raise Lied(f"a literal of {size} bytes where none was asked for")
            literal = self.read_literal(size, max_literal)
            self.kept += len(literal)
            found.append((text[: announced.start()] + b"{%d}" % len(literal), literal))
            text = self.next_line()
        found.append(text)
        return found

    def read_literal(self, size: int, keep: int) -> bytes:
        """The first ``keep`` bytes of a literal; the rest is read and thrown away, for servers that ignore ``<0.n>``.

        Raises:
            Lied: no mail is that large (I7).
        """
        if size > MAX_LITERAL:
            raise Lied(f"a literal of {size} bytes")
        data = self.channel.read(min(size, keep))
        left = size - len(data)
        while left:
            left -= len(self.channel.read(min(left, _SKIP)))
        return data

    def _keep(self, kind: str, piece: Any) -> None:
        self.kept += len(piece) + 64
        if self.kept > MAX_ANSWER:
            raise Lied("more chatter than any honest server sends")
        self._append_untagged(kind, piece)

    def _take_code(self, data: bytes, *, tagged: bool = False) -> None:
        match = _CODE.match(data)
        if match:
            code = match[1].upper()
            if tagged:
                self.code = (code, match[2] or b"")
            self._keep(code.decode(), match[2] or b"")


def _bad_greeting(greeting: bytes) -> imaplib.IMAP4.error:
    start = greeting[:80].upper()
    if start.startswith(b"* BYE"):
        return imaplib.IMAP4.abort(greeting[6:].decode("utf-8", "replace"))
    if start.startswith(b"* PREAUTH"):
        return imaplib.IMAP4.error("it claims that we are logged in already")
    return imaplib.IMAP4.error("its greeting is not that of an IMAP server")
