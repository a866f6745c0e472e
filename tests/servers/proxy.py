"""A proxy in front of a real server that fails on demand: cuts, stalls or garbles at byte N of the answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from dataclasses import dataclass
from typing import Literal


@dataclass
class Fault:
    """What happens to the next connection.

    Attributes:
        after: bytes of the server's answers that pass unharmed.
        kind: ``cut`` closes both ends, ``stall`` keeps them open and passes nothing more.
        side: whose bytes are counted.
    """

    after: int
    kind: Literal["cut", "stall"] = "cut"
    side: Literal["server", "client"] = "server"


class FaultProxy:
    """Listens on loopback and forwards to ``port``; ``faults`` are used up one a connection, then all is well."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.faults: list[Fault | None] = []
        self.passed = 0
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, name="proxy", daemon=True).start()

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        _close(self._listener)
        self.cut_all()

    def cut_all(self) -> None:
        """Close every connection now."""
        with self._lock:
            for sock in self._open:
                _close(sock)
            self._open.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                fault = self.faults.pop(0) if self.faults else None
                try:
                    server = socket.create_connection(("127.0.0.1", self.target), 5)
                except OSError:
                    _close(client)
                    continue
                server.settimeout(None)
                with self._lock:
                    self._open += [client, server]
                for source, sink, side in ((server, client, "server"), (client, server, "client")):
                    mine = fault if fault and fault.side == side else None
                    threading.Thread(target=self._pump, args=(source, sink, side, mine), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, side: str, fault: Fault | None) -> None:
        left = fault.after if fault else -1
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                if fault and len(data) > left:
                    if left:
                        sink.sendall(data[:left])
                    if fault.kind == "stall":
                        while source.recv(1 << 16):
                            pass
                    break
                left -= len(data) if fault else 0
                if side == "server":
                    self.passed += len(data)
                sink.sendall(data)
        _close(source)
        _close(sink)


def _close(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        sock.close()
