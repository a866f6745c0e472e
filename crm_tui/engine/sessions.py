"""IMAP sessions of linked accounts: the secret is asked for when a connection is made, and not kept."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

from crm_tui.base.errors import Cancelled, Unreachable
from crm_tui.base.i18n import _
from crm_tui.engine.sync_model import SessionFactory, Stopped
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.imap import ImapSession

CONNECTIONS = 2
TIMEOUT = 30.0
"""Seconds of silence after which a server counts as gone."""


def session_factory(
    credentials: Credentials,
    *,
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    timeout: float = TIMEOUT,
) -> SessionFactory:
    """What connects and logs in for :func:`crm_tui.engine.sync.sync_account`; accounts are the desk's ``AccountDetails``.

    An account has at most two connections of one factory at a time (QUALITY I9); a third waits for one of them to end.
    """
    slots = _Slots()

    def connect(account: Any, stopped: Stopped) -> ImapSession:
        from crm_tui.desk.correspondence.account_testing import source_of

        login = credentials.login(account.address, account.user, source_of(account))
        release = slots.take(account.id, stopped, timeout)
        try:
            session = ImapSession(
                account.imap_host,
                account.imap_port,
                account.imap_security,
                timeout=timeout,
                ssl_context=context,
                stopped=stopped,
                closed=release,
            )
        except BaseException:
            release()
            raise
        try:
            if login.xoauth2:
                session.login_xoauth2(login.user, login.secret.reveal())
            else:
                session.login(login.user, login.secret.reveal())
        except BaseException:
            session.abort()
            raise
        return session

    return connect


class _Slots:
    """Counts the connections of each account."""

    def __init__(self) -> None:
        self._free: dict[int, int] = {}
        self._changed = threading.Condition()

    def take(self, account_id: int, stopped: Stopped, timeout: float) -> Callable[[], None]:
        """Wait for a free slot; what is returned gives it back.

        Raises:
            Unreachable: none became free in time.
            Cancelled: ``stopped`` said so.
        """
        deadline = time.monotonic() + timeout
        with self._changed:
            while self._free.setdefault(account_id, CONNECTIONS) <= 0:
                if stopped():
                    raise Cancelled(_("Stopped; what was finished stays."))
                if time.monotonic() > deadline:
                    raise Unreachable(_("This account is busy; it is tried again."))
                self._changed.wait(0.25)
            self._free[account_id] -= 1

        def give_back() -> None:
            with self._changed:
                self._free[account_id] += 1
                self._changed.notify_all()

        return give_back
