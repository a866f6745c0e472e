"""The account's Sent mailbox: is a message there, and putting it there once (SPEC §5, QUALITY R2)."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_tui.base.errors import NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import accounts, reading, sent_copies
from crm_tui.engine.sessions import session_factory
from crm_tui.mail.credentials import Credentials

if TYPE_CHECKING:
    from crm_tui.mail.imap import ImapSession

_O = columns(OutboxItem)

PATIENCE = 3
"""How many looks a provider that files sent mail by itself is given; then it is trusted (some change the Message-ID)."""


class SentMailbox:
    """Looks into Sent and puts messages there, over a connection of its own for each look."""

    def __init__(
        self,
        ctx: Context,
        credentials: Credentials,
        *,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        timeout: float = 30.0,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._ctx = ctx
        self._connect = session_factory(credentials, context=context, timeout=timeout)
        self._stopped = stopped

    def holds(self, item_id: int) -> bool:
        """Whether an outbox item's message lies in its account's Sent.

        Raises:
            CrmError: it could not be looked up.
        """
        account, message_id = sent_copies.whereabouts(self._ctx, item_id)
        with self._open(account) as session:
            return self._select(session) and bool(session.search_message_id(message_id))

    def file(self, copy: sent_copies.Copy, *, files_itself: bool) -> bool:
        """Put a copy into Sent unless one with its Message-ID is there; False: left to the provider for now.

        The look-up comes first at every try, so that a lost answer to APPEND never makes two; where the provider files
        sent mail by itself, the desk never does.

        Raises:
            CrmError: it could not be done; try again later.
        """
        with self._open(copy.account) as session:
            there = self._select(session)
            if there and session.search_message_id(copy.message_id):
                return True
            if files_itself:
                return copy.attempts >= PATIENCE
            name = self._name(session, create=True)
            session.append(name, self._bytes(copy), ("\\Seen",), self._ctx.clock.now())
            return True

    def _bytes(self, copy: sent_copies.Copy) -> bytes:
        """With Bcc, as it is kept in the desk; as it went out if it is kept no more."""
        if copy.message is not None:
            try:
                return reading.source(self._ctx, copy.message)
            except NotFound:
                pass
        return sent_copies.wire_source(self._ctx, copy.item)

    def _select(self, session: ImapSession) -> bool:
        """Open Sent read-only; False if the account has none yet."""
        name = self._name(session, create=False)
        if not name:
            return False
        session.select(name, readonly=True)
        return True

    def _name(self, session: ImapSession, *, create: bool) -> bytes:
        """Sent's name on the wire: by special use (RFC 6154), else by its usual names."""
        found = session.list_mailboxes()
        for box in found:
            if box.special == "sent" and box.selectable:
                return box.wire
        if not create:
            return b""
        inbox_children = any(box.wire.upper().startswith(b"INBOX" + (box.separator or ".").encode()) for box in found)
        name = b"INBOX.Sent" if inbox_children else b"Sent"
        session.create(name)
        return name

    @contextmanager
    def _open(self, account_id: int) -> Iterator[ImapSession]:
        session = self._connect(accounts.get(self._ctx, account_id), self._stopped)
        with session:
            yield session
