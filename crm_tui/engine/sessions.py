"""IMAP sessions of linked accounts: the secret is asked for when a connection is made, and not kept."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any

from crm_tui.engine.sync_model import SessionFactory, Stopped
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.imap import ImapSession

TIMEOUT = 30.0
"""Seconds of silence after which a server counts as gone."""


def session_factory(
    credentials: Credentials,
    *,
    context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    timeout: float = TIMEOUT,
) -> SessionFactory:
    """What connects and logs in for :func:`crm_tui.engine.sync.sync_account`; accounts are the desk's ``AccountDetails``."""

    def connect(account: Any, stopped: Stopped) -> ImapSession:
        from crm_tui.desk.accounts import source_of

        login = credentials.login(account.address, account.user, source_of(account))
        session = ImapSession(
            account.imap_host,
            account.imap_port,
            account.imap_security,
            timeout=timeout,
            ssl_context=context,
            stopped=stopped,
        )
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
