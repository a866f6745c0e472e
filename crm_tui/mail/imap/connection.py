"""One connection with one server: connect, log in, capabilities, plain commands, goodbye."""

from __future__ import annotations

import imaplib
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from imapclient import IMAPClient

from crm_tui.base.errors import AuthFailed, CrmError, InvalidInput, ServerError, Unreachable
from crm_tui.base.i18n import _
from crm_tui.mail.connecting import is_loopback
from crm_tui.mail.imap.channel import Endpoint, Security, never
from crm_tui.mail.imap.errors import checked, translated, words
from crm_tui.mail.imap.names import quoted
from crm_tui.mail.imap.wire import Wire

# A NO to LOGIN with one of these says "later", not "wrong password" (RFC 5530; the words are Gmail's and Exchange's).
_LATER_CODES = frozenset((b"UNAVAILABLE", b"INUSE", b"LIMIT", b"SERVERBUG", b"OVERQUOTA"))
_LATER_WORDS = re.compile(r"too many|try (it )?again|temporar|rate|throttl|exceeded|unavailable|busy", re.IGNORECASE)
_WRONG_CODES = frozenset((b"AUTHENTICATIONFAILED", b"AUTHORIZATIONFAILED", b"EXPIRED"))


class _Client(IMAPClient):  # type: ignore[misc]
    """imapclient on the house's wire."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        super().__init__(endpoint.host, endpoint.port, ssl=False)
        self.folder_encode = False
        self.normalise_times = False
        self._imap.debug = 0
        self._imap._mesg = lambda *_: None

    def _create_IMAP4(self) -> Wire:  # noqa: N802 -- imapclient's name
        return Wire(self.endpoint)

    def _set_read_timeout(self) -> None:
        """The channel keeps the time."""


class Connection:
    """One IMAP connection; one command at a time, from one thread. Only :meth:`abort` may come from another.

    Args:
        security: ``tls``; ``starttls`` (never opportunistic); ``none`` only to loopback (SPEC §2, QUALITY S6).
        timeout: seconds of silence after which the server counts as gone.
        ssl_context: makes the TLS context; the default verifies (S7).
        stopped: asked a few times a second while waiting; True raises :class:`Cancelled`.
        closed: called once when the connection ends, whichever way; not if it never came about.

    Raises:
        InvalidInput: plain text to another machine.
        TlsFailed: certificate, handshake or STARTTLS failed; nothing was sent in plain text.
        Unreachable: no server there, or no answer.
        ServerError: the greeting is not that of an IMAP server.
    """

    def __init__(
        self,
        host: str,
        port: int = 993,
        security: Security = "tls",
        *,
        timeout: float = 30.0,
        ssl_context: Callable[[], Any] | None = None,
        stopped: Callable[[], bool] = never,
        closed: Callable[[], object] = never,
    ) -> None:
        if security not in ("tls", "starttls", "none") or (security == "none" and not is_loopback(host)):
            raise InvalidInput(
                _("Mail is not fetched from {host} without encryption.").format(host=words(host)),
                _("Use security tls (port 993) or starttls (port 143)."),
                "imap_security",
            )
        options = {"ssl_context": ssl_context} if ssl_context else {}
        self.endpoint = Endpoint(checked(host), port, security, timeout, stopped=stopped, **options)
        self.host = host
        self._lock = threading.Lock()
        self._closed: Callable[[], object] | None = closed
        self.broken = False
        self.capabilities: frozenset[str] = frozenset()
        self.enabled: frozenset[str] = frozenset()
        with translated(host, port, security):
            self.client = _Client(self.endpoint)
        self.wire: Wire = self.client._imap
        self._note_capabilities()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if kind is None:
            self.logout()
        else:
            self.abort()

    # Logging in.

    def login(self, user: str, secret: str) -> None:
        """Log in with a password; LOGIN, or AUTHENTICATE PLAIN where LOGIN is disabled or can't carry it.

        Raises:
            AuthFailed: the server said a tagged NO to the credentials, and not "later".
            ServerError: a NO or BAD for another reason.
            Unreachable: the connection was lost; says nothing about the password (I5).
        """
        checked(user), checked(secret)
        plain = "AUTH=PLAIN" in self.capabilities
        if "LOGINDISABLED" in self.capabilities and not plain:
            raise ServerError(_("{host} allows no login with a password.").format(host=words(self.host)))
        if plain and ("LOGINDISABLED" in self.capabilities or not (user + secret).isascii()):
            self._authenticate(lambda: self.client.plain_login(user, secret))
        else:
            self._authenticate(lambda: self.client.login(quoted(user.encode()).decode("latin-1"), secret))

    def login_xoauth2(self, user: str, token: str) -> None:
        """Log in with an access token (Gmail, Microsoft). Raises as :meth:`login`."""
        checked(user), checked(token)
        self._authenticate(lambda: self.client.oauth2_login(user, token))

    def _authenticate(self, send: Callable[[], object]) -> None:
        self.wire.untagged_responses = {}
        with self.command():
            try:
                send()
            except imaplib.IMAP4.abort:
                raise
            except UnicodeEncodeError:
                raise InvalidInput(
                    _("{host} takes no user name or password with such letters.").format(host=words(self.host))
                ) from None
            except imaplib.IMAP4.error as error:
                if not self.wire.answered:  # imapclient turns a lost connection into a failed login too
                    raise imaplib.IMAP4.abort(words(error)) from None
                raise self._refusal() from None
        told = self.wire.untagged_responses.pop("CAPABILITY", None)
        if told and isinstance(told[-1], bytes) and told[-1]:
            self._note_capabilities(told[-1])
        else:
            self.refresh_capabilities()

    def _refusal(self) -> ServerError:
        said, (code, _rest) = words(self.wire.said), self.wire.code
        bad = self.wire.answered == "BAD"
        later = code in _LATER_CODES or (code not in _WRONG_CODES and bool(_LATER_WORDS.search(said)))
        if bad or later:
            return ServerError(
                _("{host} refused the login for now: {reason}.").format(host=words(self.host), reason=said)
            )
        return AuthFailed(
            _("{host} does not accept this user name and password: {reason}.").format(
                host=words(self.host), reason=said
            ),
            _("Enter them again; some providers want an app password."),
        )

    # Capabilities.

    def _note_capabilities(self, told: bytes | None = None) -> None:
        found = told.decode("latin-1").upper().split() if told is not None else self.wire.capabilities
        self.capabilities = frozenset(found)
        self.client._cached_capabilities = tuple(name.encode() for name in found)

    def refresh_capabilities(self) -> None:
        """Ask again, as after a login."""
        with self.command():
            self.wire._get_capabilities()
        self._note_capabilities()

    def can(self, capability: str) -> bool:
        """Whether the server has announced an extension, e.g. ``IDLE``."""
        return capability in self.capabilities

    def enable(self, *names: str) -> None:
        """ENABLE what the server has of ``names``; a refusal is no error, the extension is then unused (I14)."""
        wanted = [name for name in names if self.can(name) and name not in self.enabled]
        if not wanted or not self.can("ENABLE") or self.wire.state != "AUTH":
            return
        with self.command():
            try:
                granted = self.client.enable(*wanted)
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                granted = []
        self.enabled |= {name.decode("latin-1").upper() for name in granted}

    # Plain commands.

    @contextmanager
    def command(self) -> Iterator[None]:
        """Run one command: one at a time, errors told in the house's words; a broken connection stays broken.

        Raises:
            Unreachable, TlsFailed, ServerError, Cancelled: see :func:`crm_tui.mail.imap.errors.translated`.
        """
        if self.broken:
            raise Unreachable(_("The connection to {host} is closed.").format(host=words(self.host)))
        if not self._lock.acquire(blocking=False):
            raise RuntimeError("a second command on one connection")  # a bug of the caller
        try:
            with translated(self.host, self.endpoint.port, self.endpoint.security):
                try:
                    yield
                except imaplib.IMAP4.abort:
                    self.abort()
                    raise
                except imaplib.IMAP4.error:
                    raise  # NO or BAD: the connection is as good as before
                except (ServerError, InvalidInput):
                    raise
                except BaseException:
                    self.abort()
                    raise
        finally:
            self._close_if_broken()
            self._lock.release()

    def _close_if_broken(self) -> None:
        if self.broken:
            self.wire.shutdown()

    def noop(self) -> None:
        """NOOP: gives the server the occasion to report changes (I15)."""
        with self.command():
            kind, data = self.wire._simple_command("NOOP")
            if kind != "OK":
                raise imaplib.IMAP4.error(words(data[-1]))

    def logout(self) -> None:
        """Say goodbye and close; whatever happens then is of no interest."""
        if not self.broken:
            try:
                with self.command():
                    self.wire.logout()
            except CrmError:
                pass
        self.abort()

    def abort(self) -> None:
        """Close at once, without waiting for the server; may come from any thread (I6)."""
        self.broken = True
        closed, self._closed = self._closed, None
        if closed is not None:
            closed()
        self.wire.channel.hang_up()
        if self._lock.acquire(blocking=False):  # else whoever is in a command wakes up and closes it there
            try:
                self.wire.shutdown()
            finally:
                self._lock.release()
