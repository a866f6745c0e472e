"""The socket under a connection: TLS, timeouts everywhere, cancellable waits, bounded reads (QUALITY I5–I8, S6, S7)."""

from __future__ import annotations

import errno
import io
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from crm_tui.mail.imap.errors import Lied, Stopped

Security = Literal["tls", "starttls", "none"]
SLICE = 0.25
"""How long, in seconds, a wait may go on before the stop request is looked at."""
BUFFER = 1 << 18
MAX_LINE = 16 << 20
"""Bytes of one line; a SEARCH answer with a million UIDs has 8 MB."""


def never() -> bool:
    """The default stop request: none."""
    return False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to connect.

    Attributes:
        timeout: seconds of silence after which the connection is given up.
        ssl_context: makes the TLS context; the default verifies certificate and name (S7).
        stopped: asked a few times a second while waiting; True ends the wait with :class:`Stopped`.
    """

    host: str
    port: int
    security: Security = "tls"
    timeout: float = 30.0
    ssl_context: Callable[[], ssl.SSLContext] = ssl.create_default_context
    stopped: Callable[[], bool] = field(default=never)


def connect(endpoint: Endpoint) -> socket.socket:
    """A connected TCP socket, tried on every address of the host; TLS is not started yet.

    Raises:
        OSError: none of the addresses answered in time.
        Stopped: the owner asked to stop.
    """
    failure: OSError = OSError(errno.EADDRNOTAVAIL, "no address")
    for family, kind, proto, _canonical, address in socket.getaddrinfo(
        endpoint.host, endpoint.port, type=socket.SOCK_STREAM
    ):
        sock = socket.socket(family, kind, proto)
        try:
            _connect(sock, address, endpoint)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            return sock
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
    raise failure


def _connect(sock: socket.socket, address: object, endpoint: Endpoint) -> None:
    sock.setblocking(False)
    code = sock.connect_ex(address)  # type: ignore[arg-type]
    deadline = time.monotonic() + endpoint.timeout
    while code in (errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY):
        _check(endpoint, deadline)
        if _poll(sock, SLICE, selectors.EVENT_WRITE):
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, errno.errorcode.get(code, "connect"))
    sock.settimeout(SLICE)


def start_tls(sock: socket.socket, endpoint: Endpoint) -> ssl.SSLSocket:
    """Encrypt a connected socket; certificate and name are verified by the endpoint's context."""
    wrapped = endpoint.ssl_context().wrap_socket(sock, server_hostname=endpoint.host, do_handshake_on_connect=False)
    deadline = time.monotonic() + endpoint.timeout
    wrapped.settimeout(SLICE)
    while True:
        try:
            wrapped.do_handshake()
            return wrapped
        except ssl.SSLError:
            raise
        except TimeoutError:
            _check(endpoint, deadline)


def _check(endpoint: Endpoint, deadline: float) -> None:
    if endpoint.stopped():
        raise Stopped
    if time.monotonic() > deadline:
        raise TimeoutError("timed out")


class _Raw(io.RawIOBase):
    """Reads the socket in slices, so that a stop request is noticed and silence ends."""

    def __init__(self, sock: socket.socket, endpoint: Endpoint) -> None:
        self._sock = sock
        self._endpoint = endpoint
        self.deadline = time.monotonic() + endpoint.timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        silence_ends = time.monotonic() + self._endpoint.timeout
        while True:
            if time.monotonic() > self.deadline:
                raise TimeoutError("too slow")
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                _check(self._endpoint, min(silence_ends, self.deadline))


class Channel:
    """Both directions of one connection.

    Every line and every piece of a literal has a deadline of its own, so a server that drips one byte at a time is
    given up as well (I6, I7).
    """

    def __init__(self, sock: socket.socket, endpoint: Endpoint) -> None:
        self.sock = sock
        self._endpoint = endpoint
        self._raw = _Raw(sock, endpoint)
        self._file = io.BufferedReader(self._raw, BUFFER)
        self._allowance = 2 * endpoint.timeout

    def readline(self) -> bytes:
        """One line with its CRLF; empty at the end of the stream.

        Raises:
            Lied: the line is longer than any honest one.
        """
        self._raw.deadline = time.monotonic() + self._allowance
        line = self._file.readline(MAX_LINE)
        if len(line) >= MAX_LINE:
            raise Lied("a line without end")
        return line

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes.

        Raises:
            Lied: the connection ended before.
        """
        # With 30 s of timeout a MiB may take a minute: 17 kB/s is the slowest line that is told from a stall.
        self._raw.deadline = time.monotonic() + self._allowance * (1 + (size >> 20))
        data = self._file.read(size)
        if data is None or len(data) < size:
            raise Lied("the connection ended inside a message")
        return data

    def waiting(self, seconds: float) -> bool:
        """Whether there is something to read within ``seconds``; also True when the connection has ended."""
        deadline = time.monotonic() + seconds
        while not self._peek():
            if self._endpoint.stopped():
                raise Stopped
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            _poll(self.sock, min(left, SLICE))
        return True

    def buffered(self) -> bool:
        """Whether bytes have arrived that nobody has read yet."""
        return self._peek() and bool(self._file.peek(1))

    def _peek(self) -> bool:
        """True if a read would not wait: data, or the end. (A TLS ticket makes the socket readable, but is neither.)"""
        self.sock.settimeout(0)
        self._raw.deadline = time.monotonic() + self._allowance
        try:
            self._file.peek(1)
        except (BlockingIOError, ssl.SSLWantReadError, TimeoutError):
            return False
        finally:
            self.sock.settimeout(SLICE)
        return True

    def send(self, data: bytes) -> None:
        """Send everything or raise; the time allowed grows with the size."""
        view = memoryview(data)
        deadline = time.monotonic() + self._allowance * (1 + (len(data) >> 20))
        while view:
            try:
                view = view[self.sock.send(view[:BUFFER]) :]
            except (TimeoutError, ssl.SSLWantWriteError):
                _check(self._endpoint, deadline)

    def hang_up(self) -> None:
        """End the connection at once, from any thread: whoever waits in it wakes up. The socket stays open until closed.

        Not :meth:`ssl.SSLSocket.shutdown`: it forgets the encryption first, and another thread could send in between.
        """
        try:
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            pass

    def close(self) -> None:
        """Close at once; never waits for the server (I6). Only for the thread that uses the connection."""
        self.hang_up()
        self.sock.close()


def _poll(sock: socket.socket, seconds: float, event: int = selectors.EVENT_READ) -> bool:
    with selectors.DefaultSelector() as waiting:
        waiting.register(sock, event)
        return bool(waiting.select(seconds))
