"""An SMTP server at the end of a slow line: it takes a message, but no faster than so many octets a second."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator


class SlowSmtp:
    """Takes one message; ``taken`` is its octets and ``seconds`` how long they took."""

    def __init__(self, rate: int, tls: ssl.SSLContext | None) -> None:
        self.rate = rate
        self.tls = tls
        self.taken = 0
        self.seconds = 0.0
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)  # the kernel must not take it all at once
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.port: int = self.listener.getsockname()[1]
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            client, _address = self.listener.accept()
            if self.tls is not None:
                client = self.tls.wrap_socket(client, server_side=True)
            with client:
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        reading = client.makefile("rb")
        client.sendall(b"220 slow\r\n")
        while line := reading.readline():
            word = line[:4].upper()
            client.sendall({b"DATA": b"354 go\r\n", b"QUIT": b"221 bye\r\n"}.get(word, b"250 ok\r\n"))
            if word == b"DATA":
                began = time.monotonic()
                while (line := reading.readline()) and line != b".\r\n":
                    self.taken += len(line)
                    ahead = self.taken / self.rate - (time.monotonic() - began)
                    if ahead > 0.01 and self._stopped.wait(ahead):
                        return
                self.seconds = time.monotonic() - began
                client.sendall(b"250 taken\r\n" if line else b"")
            if word == b"QUIT":
                return

    def close(self) -> None:
        self._stopped.set()
        self.listener.close()
        self._thread.join(5)


@contextlib.contextmanager
def slow_smtp(rate: int, tls: ssl.SSLContext | None = None) -> Iterator[SlowSmtp]:
    """Run it: ``rate`` octets a second, in TLS from the start if a context is given."""
    server = SlowSmtp(rate, tls)
    try:
        yield server
    finally:
        server.close()
