"""Keeping a store safe: copies of it, and putting a copy in its place (SPEC §15)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from crm_tui.base.errors import Conflict, StoreError
from crm_tui.base.i18n import _
from crm_tui.base.progress import NullProgress, Progress
from crm_tui.data import backup as copies
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_ctx
from crm_tui.desk.groups.mailing_views import Reason
from crm_tui.desk.privacy import erasing, erasing_again
from crm_tui.rules.vocabulary import MailingItemState, MailingState, OutboxReason, OutboxState


def backup(ctx: Context, target: Path, progress: Progress | None = None, *, replace: bool = False) -> int:
    """Copy the store to a file of mode 0600 while the desk runs; returns the copy's size in octets.

    Args:
        replace: an earlier backup of that name may be overwritten.

    Raises:
        Forbidden: the actor is no administrator: a copy holds what scope hides.
        Conflict: there is an earlier backup of that name, and ``replace`` is false.
        StoreError: the store is no SQLite file, the target is the store itself or something else's file, or the disk is full.
    """
    require_ctx(ctx, Permission.KEEPING)
    source = _sqlite_path(ctx)
    if target.exists():
        if target.is_dir() or target.samefile(source) or not (target.stat().st_size == 0 or copies.is_sqlite(target)):
            raise StoreError(
                _("{path} is not a backup, so it was not overwritten.").format(path=target), _("Choose another name.")
            )
        if not replace:
            raise Conflict(
                _("There is a file {path} already; nothing was written.").format(path=target),
                _("Say --yes to overwrite it, or choose another name."),
            )
    elif not target.absolute().parent.is_dir():
        raise StoreError(
            _("There is no folder {path}.").format(path=target.absolute().parent), _("Create it, or choose another.")
        )
    shown = progress or NullProgress()
    if not ctx.readonly:
        erasing.forget(ctx)  # a copy holds no page that an erasure left behind
    shown.step(_("Copying the store"), 100)
    try:
        copies.copy(source, target.absolute(), lambda done, total: shown.count(done * 100 // max(1, total)))
    finally:
        shown.done()
    return target.stat().st_size


def restore(
    file: Path, store: Path, now: datetime, *, replace: bool = False, erased: Callable[[int], None] | None = None
) -> Path | None:
    """Put a backup in the place of a store, after checking it; returns where the old store was kept.

    Whom the old store had erased since the backup was made is erased in the restored one before it takes its place.

    Args:
        erased: told how many persons that were, if any.

    Raises:
        Conflict: there is a store already and ``replace`` is false.
        StoreError: the backup is missing, damaged or no backup; nothing was changed.
        StoreLocked: a desk or an engine has the store open; nothing was changed.
    """
    if store.exists() and file.exists() and store.samefile(file):
        raise StoreError(_("{path} is the store itself.").format(path=file), _("Name the backup."))
    copies.verify(file)
    if store.exists() and not replace:
        raise Conflict(
            _("There is a store at {path} already; nothing was changed.").format(path=store),
            _("Say --yes to put the backup in its place; the old store is kept beside it."),
        )
    forgotten = erasing_again.erased_in(store)
    again: list[int] = []

    def ready(copy: Path) -> None:
        _hold_outbox(copy, now)
        again.append(erasing_again.erase_again(copy, forgotten, now))

    kept = copies.put_back(file, store, f"{now:%Y%m%d-%H%M%S}", ready)
    if erased is not None and any(again):
        erased(sum(again))
    return kept


def _hold_outbox(file: Path, now: datetime) -> None:
    """What was on its way when the backup was made may have been sent since: it goes out no more by itself (QUALITY R1).

    Also what was held or had failed, as an agent may have sent it later. Copies to Sent stay due: each is looked up
    there by its Message-ID first (QUALITY R2). The token of no engine: whatever became of it, it was not settled here.
    """
    at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    unsent = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.HELD, OutboxState.FAILED)
    with copies.changing(file) as store:
        places = ",".join("?" * len(unsent))
        rows = store.execute(
            f"select id, state, conversation_id from outbox_item where state in ({places})",  # noqa: S608
            unsent,
        ).fetchall()
        for item, state, conversation in rows:
            store.execute(
                "update outbox_item set state = ?, error = ?, token = -1, version = version + 1 where id = ?",
                (OutboxState.UNCERTAIN, OutboxReason.RESTORED, item),
            )
            store.execute(
                "insert into journal (at, actor, command, entity, entity_id, action, before, after)"
                " values (?, 'engine', 'restore', 'outbox', ?, 'uncertain', ?, ?)",
                (at, item, json.dumps({"state": state}), json.dumps({"conversation_id": conversation})),
            )
        _hold_mailings(store, at)


def _hold_mailings(store: sqlite3.Connection, at: str) -> None:
    """Nor does a mailing go on: whom it had not reached by then it may have reached since, and nobody is written to twice."""
    if not store.execute("select 1 from sqlite_master where name = 'mailing_item'").fetchone():
        return  # an older backup: there were none
    under_way = "mailing_id in (select id from mailing where state in ('running', 'paused'))"
    store.execute(
        "update mailing_item set state = ?, reason = ?, changed_at = ?"  # noqa: S608
        f" where state in (?, ?) and {under_way}",
        (MailingItemState.FAILED, Reason.UNCERTAIN, at, MailingItemState.WAITING, MailingItemState.QUEUED),
    )
    store.execute(
        "update mailing set state = ?, finished_at = ?, version = version + 1 where state in ('running', 'paused')",
        (MailingState.STOPPED, at),
    )


def _sqlite_path(ctx: Context) -> Path:
    path = ctx.store.path
    if path is None:
        raise StoreError(_("This store is not a SQLite file."), _("Use the tools of its server, such as pg_dump."))
    return path
