"""One sync without an engine of one's own: in its stead while none works, else by asking the one that does (SPEC §16).

Two syncs never work on the same cursors: whoever syncs holds the engine's lease.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.desk.common import wishes
from crm_tui.desk.common.context import Context
from crm_tui.engine.lease import RENEWAL, Lease
from crm_tui.engine.sync_model import FolderResult, SyncAccount
from crm_tui.rules.vocabulary import AccountState

PATIENCE = 60.0
"""Seconds that the other engine may go without anything to be seen of its work."""
_LOOK = 0.25
_FAILED = (AccountState.AUTH_FAILED, AccountState.FAILED, AccountState.OFFLINE)


@contextmanager
def engine_turn(
    ctx: Context, cancel: CancelEvent, lease: Lease | None = None, renewal: float = RENEWAL
) -> Iterator[bool]:
    """Hold the engine's lease for the block, or yield False because another engine works.

    A holder that shows no sign of life is waited for until its time is over. If the lease is lost within the block,
    ``cancel`` is set.

    Raises:
        Cancelled: ``cancel`` was set while it waited.
    """
    mine = lease or Lease(ctx)
    while not mine.tick():
        if mine.other_lives:
            yield False
            return
        cancel.wait(_LOOK)
        cancel.check()
    over = threading.Event()

    def renew() -> None:
        while not over.wait(renewal):
            try:
                held = mine.tick()
            except CrmError:
                held = mine.held
            if not held:
                cancel.set()
                return

    thread = threading.Thread(target=renew, name="sync-lease", daemon=True)
    thread.start()
    try:
        yield True
    finally:
        over.set()
        thread.join()
        mine.release()


def sync_by_engine(
    ctx: Context, accounts: Sequence[SyncAccount], progress: Progress, cancel: CancelEvent, patience: float = PATIENCE
) -> list[FolderResult]:
    """Ask the engine that works, wherever it runs, for a sync, and wait for what comes of it.

    Returns:
        A result for each mailbox of each account, or one with the error of the account.

    Raises:
        Cancelled: ``cancel`` was set; the engine goes on.
    """
    before = {account.id: wishes.stand(ctx, account.id) for account in accounts}
    for account in accounts:
        wishes.ask_sync(ctx, account.id)
    progress.step(_("Another engine works on this desk; waiting for it"))
    results: list[FolderResult] = []
    for account in accounts:
        results += _awaited(ctx, account, before[account.id], progress, cancel, patience)
    return results


def _awaited(
    ctx: Context,
    account: SyncAccount,
    before: wishes.Stand | None,
    progress: Progress,
    cancel: CancelEvent,
    patience: float,
) -> list[FolderResult]:
    started = moved = time.monotonic()
    seen = -1
    while before is not None:
        now = wishes.stand(ctx, account.id, before.newest)
        if now is None:
            break
        seconds = time.monotonic() - started
        if now.synced_at != before.synced_at:
            return _told(account.address, before, now, seconds)
        if now.state in _FAILED and (now.state, now.state_text) != (before.state, before.state_text):
            return [FolderResult(account.address, "", seconds=seconds, error=now.state_text or now.state)]
        new = sum(count for _stored, count in now.folders.values())
        if new != seen:
            seen, moved = new, time.monotonic()
            progress.count(new)
        if time.monotonic() - moved > patience:
            why = now.state_text if now.state in _FAILED else ""
            return [FolderResult(account.address, "", seconds=seconds, error=why or _unanswered(patience))]
        cancel.wait(_LOOK)
        cancel.check()
    return [FolderResult(account.address, "", error=_("This account is no longer linked."))]


def _told(address: str, before: wishes.Stand, now: wishes.Stand, seconds: float) -> list[FolderResult]:
    """What changed by now; flags that changed are not counted."""
    return [
        FolderResult(address, name, new, 0, max(0, before.folders.get(name, (0, 0))[0] + new - stored), seconds)
        for name, (stored, new) in now.folders.items()
    ]


def _unanswered(patience: float) -> str:
    return _("The engine that works on this desk has not finished a sync within {n} seconds; it goes on.").format(
        n=round(patience)
    )
