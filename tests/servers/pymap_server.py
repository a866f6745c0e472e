"""pymap embedded: an in-memory IMAP server in a thread (IDLE, MOVE, UIDPLUS; no CONDSTORE, no ESEARCH)."""

from __future__ import annotations

import asyncio
import ssl
import threading
from argparse import Namespace
from contextlib import AsyncExitStack, suppress
from typing import Any

USER, PASSWORD = "desk", "secret"


class Pymap:
    """The running server; one user, filled by APPEND."""

    def __init__(self, *, server_context: ssl.SSLContext | None = None, starttls: bool = False) -> None:
        self.port = 0
        self._context = server_context
        self._starttls = starttls
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="pymap", daemon=True)

    def __enter__(self) -> Pymap:
        self._thread.start()
        if not self._ready.wait(20) or self._failure:
            raise RuntimeError("pymap did not start") from self._failure
        return self

    def __exit__(self, *_: object) -> None:
        if self._loop and self._main and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        from proxyprotocol.reader import ProxyProtocolReader
        from proxyprotocol.version import ProxyProtocolVersion
        from pymap.backend.dict import DictBackend
        from pymap.imap import IMAPServer

        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        arguments = Namespace(
            host="127.0.0.1", port=0, debug=False, cert=None, key=None, tls=self._starttls, passlib_cfg=None,
            proxy_protocol=None, demo_data=False, demo_user=USER, demo_password=PASSWORD, inherited_sockets=None,
        )  # fmt: skip
        options: dict[str, Any] = {"invalid_user_sleep": 0.0}
        if self._starttls:
            options["ssl_context"] = self._context
        backend, config = await DictBackend.init(arguments, **options)
        config.apply_context()
        async with AsyncExitStack() as stack:
            await backend.start(stack)
            connected = ProxyProtocolReader(ProxyProtocolVersion.get(None)).get_callback(
                IMAPServer(backend.login, config)
            )
            server = await asyncio.start_server(
                connected, "127.0.0.1", 0, ssl=None if self._starttls else self._context
            )
            await stack.enter_async_context(server)
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            with suppress(asyncio.CancelledError):
                await server.serve_forever()
