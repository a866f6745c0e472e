"""The sample hotel's SMTP server: guests answer what the desk sends, unknown addresses bounce."""

from __future__ import annotations

import asyncio
import logging
import secrets
import warnings
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

Receive = Callable[[str, bytes], None]


class Handler:
    """Takes accepted mail; ``receive`` is called once a recipient, with the address and the source."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        """Accept a message for all its recipients."""
        for recipient in envelope.rcpt_tos:
            self._receive(recipient, bytes(envelope.original_content or envelope.content))
        return "250 2.0.0 Ok: queued"


def smtp_factory(receive: Receive, user: str, secret: str, loop: asyncio.AbstractEventLoop) -> Callable[[], SMTP]:
    """The protocol factory for :meth:`asyncio.loop.create_server`; logins only, no TLS (loopback)."""

    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's own; nothing may write over the screen

    def authenticate(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        good = (
            isinstance(data, LoginPassword)
            and secrets.compare_digest(data.login, user.encode())
            and secrets.compare_digest(data.password, secret.encode())
        )
        return AuthResult(success=good, handled=good)

    def factory() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a login without TLS: on loopback only
            return SMTP(
                Handler(receive),
                hostname="localhost",
                ident="Hotel Miramar",
                enable_SMTPUTF8=True,
                authenticator=authenticate,
                auth_required=True,
                auth_require_tls=False,
                loop=loop,
            )

    return factory
