"""Sync one account: its mailboxes one after the other over one connection (SPEC §2, §16)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from crm_tui.base.errors import Cancelled, CrmError, StoreError, Unreachable
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import cursors
from crm_tui.desk.correspondence.cursors import NEVER_SYNCED, Cursor, Listed
from crm_tui.engine.parsers import ParserPool, Parsers, pool_size
from crm_tui.engine.sync_changes import Memory
from crm_tui.engine.sync_mailbox import Visit
from crm_tui.engine.sync_model import FolderResult, SessionFactory, SyncAccount
from crm_tui.mail.imap import ImapSession, Mailbox

__all__ = ["FolderResult", "Memory", "SessionFactory", "list_account", "sync_account", "sync_with"]

LOG = logging.getLogger("crm_tui.engine.sync")


def sync_account(
    ctx: Context,
    account: SyncAccount,
    session_factory: SessionFactory,
    progress: Progress,
    cancel: CancelEvent,
    parser_pool: Parsers | None = None,
) -> list[FolderResult]:
    """Connect, bring every chosen mailbox up to date, say goodbye.

    Args:
        session_factory: connects and logs in.
        progress: a step for every mailbox that has something to fetch; ``done`` is left to the caller.
        cancel: ends the sync within about a second; what was stored stays and the next run carries on.
        parser_pool: parsing processes to use; None: started if a mailbox has much to parse, and ended afterwards.

    Returns:
        One result for each mailbox visited. A mailbox that fails has its ``error`` and the others go on; a lost
        connection ends the list with that error.

    Raises:
        AuthFailed, TlsFailed, Unreachable, ServerError, SecretUnavailable: no session could be had.
        Cancelled: ``cancel`` was set.
        StoreError: the store could not be written.
    """
    cancel.check()
    session = session_factory(account, cancel.is_set)
    try:
        return sync_with(ctx, account, session, progress, cancel, parser_pool)
    finally:
        session.abort() if cancel.is_set() else session.logout()


def list_account(ctx: Context, account: SyncAccount, session_factory: SessionFactory, cancel: CancelEvent) -> None:
    """Connect and take over the server's list of mailboxes, without fetching mail: for the form that links an account.

    Raises:
        AuthFailed, TlsFailed, Unreachable, ServerError, SecretUnavailable: no session could be had.
    """
    session = session_factory(account, cancel.is_set)
    try:
        _mailboxes(ctx, account, session)
    finally:
        session.logout()


def sync_with(
    ctx: Context,
    account: SyncAccount,
    session: ImapSession,
    progress: Progress,
    cancel: CancelEvent,
    parser_pool: Parsers | None = None,
    memory: Memory | None = None,
    only: Callable[[Cursor], bool] = lambda _box: True,
) -> list[FolderResult]:
    """:func:`sync_account` over a session that is there already; the session stays open."""
    memory = memory or Memory()
    boxes = [box for box in _mailboxes(ctx, account, session) if _wanted(box) and only(box)]
    pool = _LazyPool(ctx, parser_pool)
    visits = []
    for box in boxes:
        result = FolderResult(account.address, box.name)
        visit = Visit(ctx, session, box, result, progress=progress, cancel=cancel, parsers=pool.get, memory=memory)
        visits.append((result, visit))
    try:
        return _rounds(visits, progress, cancel)
    finally:
        pool.close()


def _wanted(box: Cursor) -> bool:
    return box.chosen and not box.gone and box.role not in NEVER_SYNCED


def _rounds(visits: list[tuple[FolderResult, Visit]], progress: Progress, cancel: CancelEvent) -> list[FolderResult]:
    """Visit all mailboxes, again and again until the first runs among them are over; the results of those reached."""
    reached: list[FolderResult] = []
    while True:
        for result, visit in visits:
            if result.error:
                continue
            cancel.check()
            if not any(result is known for known in reached):
                reached.append(result)
            if not _timed(visit, result, progress):
                return reached
        if all(visit.complete or result.error for result, visit in visits):
            return reached


def _timed(visit: Visit, result: FolderResult, progress: Progress) -> bool:
    """Run a visit; False if the connection is gone."""
    started = time.monotonic()
    try:
        visit.run()
    except Unreachable as error:
        result.error = str(error)
        progress.error(result.error)
        return False
    except (Cancelled, StoreError):
        raise
    except CrmError as error:
        result.error = str(error)
        progress.error(result.error)
    except Exception:  # a bug, or an answer that nobody thought of: it costs this mailbox only
        LOG.exception("the sync of one mailbox failed")
        result.error = _("This mailbox could not be synced; the log has the details.")
        progress.error(result.error)
    finally:
        result.seconds += time.monotonic() - started
    return True


def _mailboxes(ctx: Context, account: SyncAccount, session: ImapSession) -> list[Cursor]:
    """Take over the server's list of mailboxes, renamed ones included."""
    listed = _listed([box for box in session.list_mailboxes() if box.selectable])
    _follow_renames(ctx, account, session, listed)
    cursors.note_listing(ctx, account.id, listed)
    return cursors.mailboxes(ctx, account.id)


def _listed(boxes: list[Mailbox]) -> list[Listed]:
    """Names made safe to show and told apart: two names may differ only in what cannot be shown (S1)."""
    from crm_tui.mail.text import display_text

    found: dict[str, Listed] = {}
    for box in boxes:
        plain = name = display_text(box.name)
        number = 1
        while name in found:
            number += 1
            name = f"{plain} ({number})"
        found[name] = Listed(name, box.wire, box.special)
    return list(found.values())


def _follow_renames(ctx: Context, account: SyncAccount, session: ImapSession, listed: list[Listed]) -> None:
    """A synced mailbox that is listed no more may be listed under a new name: MAILBOXID or its content tells (I11)."""
    known = cursors.mailboxes(ctx, account.id)
    names = {box.name for box in known}
    present = {box.name for box in listed}
    lost = [box for box in known if box.chosen and box.uidvalidity and box.high_uid and box.name not in present]
    for box in lost:
        for candidate in [candidate for candidate in listed if candidate.name not in names]:
            if _is_same(ctx, session, box, candidate):
                cursors.rename(ctx, box, candidate)
                names.add(candidate.name)
                break


def _is_same(ctx: Context, session: ImapSession, box: Cursor, candidate: Listed) -> bool:
    try:
        selected = session.select(candidate.raw_name, readonly=True)
        if box.mailbox_id and selected.mailbox_id:
            return box.mailbox_id == selected.mailbox_id
        if selected.uidvalidity != box.uidvalidity:
            return False
        sample = cursors.sample(ctx, box.id, box.uidvalidity)
        return bool(sample) and all(uid in session.search_message_id(text) for uid, text in sample.items())
    except Unreachable:
        raise
    except CrmError:
        return False


class _LazyPool:
    """The caller's parsers, or processes of our own that are started when first needed and ended by us."""

    def __init__(self, ctx: Context, given: Parsers | None) -> None:
        self._given = given
        self._own: ParserPool | None = None
        self._size = pool_size(ctx.settings.parsers)

    def get(self) -> Parsers:
        if self._given is not None:
            return self._given
        if self._own is None:
            self._own = ParserPool(self._size)
        return self._own

    def close(self) -> None:
        if self._own is not None:
            self._own.close()
