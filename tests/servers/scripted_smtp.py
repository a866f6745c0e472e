"""An SMTP server that says exactly what the test tells it to: for answers no honest server would give."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

DEFAULTS = {
    b"EHLO": b"250 scripted\r\n",
    b"MAIL": b"250 ok\r\n",
    b"RCPT": b"250 ok\r\n",
    b"DATA": b"354 go\r\n",
    b".": b"250 taken\r\n",
    b"QUIT": b"221 bye\r\n",
}


class ScriptedSmtp:
    """Answers by the first word of a line; what it hears stays in ``heard``."""

    def __init__(
        self, answers: dict[bytes, bytes], greeting: bytes, close_after: bytes | None, tls: ssl.SSLContext | None
    ) -> None:
        self.answers = DEFAULTS | answers
        self.greeting = greeting
        self.close_after = close_after
        self.tls = tls
        self.heard: list[bytes] = []
        self.on_line: Callable[[bytes], None] = lambda _line: None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.stopping = False
        self.open: socket.socket | None = None
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while not self.stopping:
            client, _address = self.listener.accept()
            self.open = client
            with client, contextlib.suppress(OSError):
                client.settimeout(10)
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        client.sendall(self.greeting)
        if self.close_after == b"":
            return
        reading, in_data = client.makefile("rb"), False
        while line := reading.readline():
            line = line.rstrip(b"\r\n")
            if in_data and line != b".":
                continue
            in_data = False
            self.heard.append(line)
            self.on_line(line)
            word = line.split(b" ")[0].upper()
            client.sendall(self.answers.get(word, b"500 what\r\n"))
            if word == b"DATA":
                in_data = self.answers[word].startswith(b"354")
            if word in {self.close_after, b"QUIT"}:
                return
            if word == b"STARTTLS" and self.tls is not None:
                client = self.tls.wrap_socket(client, server_side=True)
                reading = client.makefile("rb")


@contextlib.contextmanager
def scripted_smtp(
    answers: dict[bytes, bytes],
    *,
    greeting: bytes = b"220 scripted\r\n",
    close_after: bytes | None = None,
    tls: ssl.SSLContext | None = None,
) -> Iterator[ScriptedSmtp]:
    """Run it. ``close_after``: the word after whose answer it hangs up (empty: after the greeting)."""
    server = ScriptedSmtp(answers, greeting, close_after, tls)
    try:
        yield server
    finally:
        server.stopping = True
        if server.open is not None:
            with contextlib.suppress(OSError):
                server.open.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", server.port), 1).close()
        server.thread.join(5)
        server.listener.close()
