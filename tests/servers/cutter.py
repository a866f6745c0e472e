"""A proxy on loopback that cuts a connection at an exact byte of the dialogue."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterator


class Cutter:
    """Passes bytes both ways and counts them in the order in which they pass; at ``limit`` it cuts.

    Attributes:
        limit: how many bytes pass on the next connection; -1 for all.
        passed: how many passed on the last connection.
        dumb: at the limit, keep the connection open and pass nothing more (a stall) instead of closing it.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.limit = -1
        self.passed = 0
        self.dumb = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._idle = threading.Event()
        self._idle.set()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def wait_idle(self) -> None:
        """Wait until the last connection is over on both sides."""
        assert self._idle.wait(20)

    def close(self) -> None:
        self._closed = True
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            client, _address = self._listener.accept()
            if self._closed:
                client.close()
                return
            self._idle.clear()
            try:
                with client, socket.create_connection(("127.0.0.1", self.target)) as server:
                    self._pass(client, server)
            except OSError:
                pass
            finally:
                self._idle.set()

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        self.passed = 0
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while self.limit < 0 or self.passed < self.limit:
                ready = selector.select(20)
                if not ready:
                    return
                for key, _events in ready:
                    source, sink = key.fileobj, key.data
                    assert isinstance(source, socket.socket)
                    left = 65536 if self.limit < 0 else self.limit - self.passed
                    data = source.recv(left) if left > 0 else b""
                    if not data:
                        if left > 0:
                            self._finish(client, server, stalled=False)
                            return
                        continue
                    sink.sendall(data)
                    self.passed += len(data)
        self._finish(client, server, stalled=self.dumb)

    def _finish(self, client: socket.socket, server: socket.socket, *, stalled: bool) -> None:
        """Let both sides end: the client sees the cut, the server an end of input; wait for the server to be done."""
        if stalled:
            with contextlib.suppress(OSError):
                while client.recv(65536):
                    pass
        else:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)
            server.settimeout(10)
            while server.recv(65536):
                pass


@contextlib.contextmanager
def cutter(target: int) -> Iterator[Cutter]:
    """A proxy to the port ``target`` of this machine."""
    proxy = Cutter(target)
    try:
        yield proxy
    finally:
        proxy.close()
