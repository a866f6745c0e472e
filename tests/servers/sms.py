"""An SMS gateway on loopback, over real HTTP, that remembers what it was asked to send and answers what it is told to."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

HOST = "127.0.0.1"


@dataclass
class Asked:
    """One request: its path, unquoted, its JSON and the Authorization header."""

    path: str
    body: dict[str, Any]
    authorization: str = ""

    @property
    def number(self) -> str:
        """Whom it goes to."""
        return str(self.body.get("to") or self.path.rpartition("/")[2])

    @property
    def text(self) -> str:
        """What it says."""
        return str(self.body.get("message", ""))


@dataclass
class Gateway:
    """The server's memory and its orders.

    Attributes:
        status: answered to each message; ``answers`` first, one each.
        words: the answer's text.
        cut: close the line without an answer, after the message was heard.
        on_message: called before the answer.
    """

    port: int = 0
    status: int = 200
    answers: list[int] = field(default_factory=list)
    words: str = "ok"
    cut: bool = False
    asked: list[Asked] = field(default_factory=list)
    on_message: Callable[[Asked], None] | None = None
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def url(self, user: str = "", password: str = "") -> str:
        """Its address as apprise has it, with the number in the JSON."""
        login = f"{user}:{password}@" if user else ""
        return f"json://{login}{HOST}:{self.port}/send?:to={{phone}}"

    def wait_for(self, count: int, timeout: float = 20) -> list[Asked]:
        """Wait until so many messages were heard."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.asked) >= count, timeout), f"{len(self.asked)} of {count}"
            return list(self.asked)


@contextmanager
def sms_gateway() -> Iterator[Gateway]:
    """A gateway until the end of the block."""
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                unquote(self.path.partition("?")[0]),
                json.loads(self.rfile.read(length) or b"{}"),
                self.headers.get("Authorization", ""),
            )
            with gateway.arrived:
                gateway.asked.append(asked)
                gateway.arrived.notify_all()
            if gateway.on_message is not None:
                gateway.on_message(asked)
            if gateway.cut:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            status = gateway.answers.pop(0) if gateway.answers else gateway.status
            words = gateway.words.encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer((HOST, 0), Handler)
    server.daemon_threads = True
    gateway.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
