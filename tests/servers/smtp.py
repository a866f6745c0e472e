"""A real SMTP server (aiosmtpd) on loopback that remembers what it took, and refuses what it is told to refuse."""

from __future__ import annotations

import asyncio
import ssl
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

HOST = "127.0.0.1"


@dataclass
class Taken:
    """A message that the server answered 250 to, or was about to."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]


@dataclass
class Box:
    """The server's memory and its orders.

    Attributes:
        refuse: recipient to reply line, for those not taken.
        answer: reply line to the message itself; empty takes it.
        users: user to password; empty means that no login is asked for.
    """

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    refuse_sender: str = ""
    answer: str = ""
    users: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)
    on_message: Callable[[Taken], None] | None = None
    connections: int = 0
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, timeout: float = 10) -> list[Taken]:
        """Wait until so many messages were taken."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.taken) >= count, timeout), f"{len(self.taken)} of {count}"
            return list(self.taken)

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer:
            return self.answer
        taken = Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content, envelope.mail_options)
        with self.arrived:
            self.taken.append(taken)
            self.arrived.notify_all()
        if self.on_message is not None:
            self.on_message(taken)
        return "250 2.0.0 taken as 4711"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        user, password = data.login.decode(), data.password.decode()
        self.logins.append(f"{mechanism} {user}")
        return AuthResult(success=self.users.get(user) == password, handled=False)


class _Server(SMTP):
    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        from base64 import b64decode

        box: Box = self.event_handler
        text = b64decode(args[1]).decode()
        user = text.split("\x01")[0].removeprefix("user=")
        token = text.split("\x01")[1].removeprefix("auth=Bearer ")
        box.logins.append(f"XOAUTH2 {user}")
        if box.tokens.get(user) == token:
            return AuthResult(success=True)
        await self.push("334 eyJzdGF0dXMiOiI0MDEifQ==")
        await self._reader.readline()
        return AuthResult(success=False, handled=False)


@contextmanager
def smtp_server(
    box: Box | None = None,
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    hide: tuple[str, ...] = (),
    size_limit: int = 33_554_432,
    smtputf8: bool = True,
) -> Iterator[Box]:
    """Run a server: plain, with TLS from the start, or offering STARTTLS."""
    box = box or Box()
    options: dict[str, Any] = {
        "enable_SMTPUTF8": smtputf8,
        "data_size_limit": size_limit,
        "auth_exclude_mechanism": list(hide),
    }
    if box.users or box.tokens:
        options |= {
            "authenticator": box.authenticate,
            "auth_required": True,
            "auth_require_tls": starttls is not None,
        }
    if starttls is not None:
        options |= {"tls_context": starttls, "require_starttls": True}
    ready = threading.Event()
    loop = asyncio.new_event_loop()

    def factory() -> SMTP:
        box.connections += 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a login without TLS is what loopback is for
            return _Server(box, hostname="mail.test", loop=loop, **options)

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(loop.create_server(factory, HOST, box.port, ssl=tls))
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
