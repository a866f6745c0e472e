"""An IMAP server that follows a script: an ordered list of (pattern, answer); it can drop, delay and lie."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Answer = bytes | Callable[["Talk", "re.Match[bytes]"], bytes | None]
_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")


@dataclass
class Rule:
    """How commands that match are answered.

    Attributes:
        pattern: searched in the command without its tag, ignoring case.
        answer: bytes to send, ``{tag}`` replaced; or a function of (talk, match) that may return None to say nothing.
        times: how often the rule holds; -1 for ever.
    """

    pattern: bytes
    answer: Answer
    times: int = -1


@dataclass
class Talk:
    """One connection: what was heard, and how to speak."""

    server: Scripted
    sock: socket.socket
    tag: bytes = b""
    file: object = None
    stop: threading.Event = field(default_factory=threading.Event)

    def send(self, data: bytes) -> None:
        """Send as it is."""
        self.sock.sendall(data)

    def close(self) -> None:
        """Cut the connection."""
        self.stop.set()
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def wait(self) -> None:
        """Say nothing more until the other side leaves."""
        with contextlib.suppress(OSError):
            while self.sock.recv(1 << 16):
                pass

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Go on in TLS."""
        self.sock = context.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")


CAPABILITY = b"IMAP4rev1 UIDPLUS IDLE"
DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(rb"^CAPABILITY", lambda talk, _: b"* CAPABILITY " + talk.server.capability + b"\r\n{tag} OK done\r\n"),
    Rule(rb"^LOGIN", b"{tag} OK logged in\r\n"),
    Rule(rb"^NOOP", b"{tag} OK\r\n"),
    Rule(rb"^LIST", b'* LIST (\\HasNoChildren) "/" INBOX\r\n{tag} OK\r\n'),
    Rule(
        rb"^(SELECT|EXAMINE)",
        b"* 3 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK [READ-WRITE] done\r\n",
    ),
    Rule(rb"^LOGOUT", b"* BYE see you\r\n{tag} OK\r\n"),
    Rule(rb"^IDLE", lambda talk, _: talk.send(b"+ idling\r\n")),
    Rule(rb"^DONE", b""),
)


class Scripted:
    """The server; a context manager. ``heard`` holds every command line of every connection, literals included."""

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        *,
        greeting: bytes = b"* OK scripted server ready\r\n",
        capability: bytes = CAPABILITY,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.greeting = greeting
        self.capability: bytes = capability
        self.rules = [*rules, *(Rule(rule.pattern, rule.answer) for rule in DEFAULT_RULES)]
        self.heard: list[bytes] = []
        self.connections = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._talks: list[Talk] = []
        threading.Thread(target=self._accept, name="scripted", daemon=True).start()

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the accepting thread, which would serve one more
        self._listener.close()
        for talk in self._talks:
            talk.close()

    def commands(self) -> list[bytes]:
        """The commands heard, without their tags."""
        return [line.split(b" ", 1)[1].rstrip(b"\r\n") for line in self.heard if b" " in line]

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            if self._context:
                sock = self._context.wrap_socket(sock, server_side=True)
            talk = Talk(self, sock)
            talk.file = sock.makefile("rb")
            self._talks.append(talk)
            talk.send(self.greeting)
            while not talk.stop.is_set():
                line = self._read(talk)
                if not line:
                    return
                self.heard.append(line)
                self._answer(talk, line)

    def _read(self, talk: Talk) -> bytes:
        line: bytes = talk.file.readline()  # type: ignore[attr-defined]
        while match := _LITERAL.search(line):
            if not match[2]:
                talk.send(b"+ go on\r\n")
            line += talk.file.read(int(match[1]))  # type: ignore[attr-defined]
            line += talk.file.readline()  # type: ignore[attr-defined]
        return line

    def _answer(self, talk: Talk, line: bytes) -> None:
        tag, _, command = line.rstrip(b"\r\n").partition(b" ")
        if tag.upper() == b"DONE":
            talk.send(talk.tag + b" OK idle over\r\n")
            return
        talk.tag = tag
        for rule in self.rules:
            match = re.search(rule.pattern, command, re.IGNORECASE) if rule.times else None
            if match is None:
                continue
            rule.times -= 1 if rule.times > 0 else 0
            answer = rule.answer(talk, match) if callable(rule.answer) else rule.answer
            if answer:
                talk.send(answer.replace(b"{tag}", tag))
            return
        talk.send(tag + b" BAD unknown command\r\n")
