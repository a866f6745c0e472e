"""One visit to one mailbox: tell our flags, fetch what is new, take over what changed, go on with what is old."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import cursors, mailbox
from crm_tui.desk.correspondence.cursors import Cursor
from crm_tui.engine.parsers import InThread, Parsers
from crm_tui.engine.sync_changes import Memory, has_pending_flags, push_flags, take_over
from crm_tui.engine.sync_fetch import BATCH, FIRST_BATCH, CursorOf, Landing, Reader, ascending, descending
from crm_tui.engine.sync_model import FolderResult
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.imap.folders import Selected
from crm_tui.rules.vocabulary import Folder

if TYPE_CHECKING:
    from crm_tui.desk.correspondence.prepare import Prepared

_SLICE = 0.25
FIRST_SLICE = 500
SLICE_SECONDS = 30.0
SMALL = 150
"""Up to this many messages are parsed in the calling process."""
_FOLDER_OF_ROLE = {"junk": Folder.SPAM, "trash": Folder.DONE, "archive": Folder.DONE}


class Visit:
    """One mailbox, one connection, one result; visited again until :attr:`complete`.

    A first run goes down to the oldest mail in slices, so that between them new mail arrives, flags travel and the other
    mailboxes get their turn.

    Args:
        parsers: asked for the parsing processes when there is much to parse.
        memory: what the server answered last time, kept by an engine that stays.
    """

    def __init__(
        self,
        ctx: Context,
        session: ImapSession,
        box: Cursor,
        result: FolderResult,
        *,
        progress: Progress,
        cancel: CancelEvent,
        parsers: Callable[[], Parsers],
        memory: Memory,
    ) -> None:
        self._ctx = ctx
        self._session = session
        self._box = box
        self._result = result
        self._progress = progress
        self._cancel = cancel
        self._parsers = parsers
        self._memory = memory
        self._limit = ctx.settings.message_limit_mib << 20
        self._opening: Mapping[str, Any] = {}
        self._slice = FIRST_SLICE
        self._older_done = self._older_total = 0

    @property
    def complete(self) -> bool:
        """Whether the first run has reached the oldest message."""
        return self._box.complete

    def run(self) -> None:
        """Bring the mailbox up to date; raises the session's errors, what was stored before stays."""
        if self._nothing_to_do():
            return
        selected = self._session.select(self._box.raw_name)
        self._memory.note(selected)
        self._note_identity(selected)
        self._cancel.check()
        pushed = push_flags(self._ctx, self._session, self._box)
        if self._unchanged(selected) and not pushed:
            return
        self._new_mail(selected)
        self._cancel.check()
        changed, gone = take_over(self._ctx, self._session, self._box, selected, self._memory)
        self._result.changed += changed
        self._result.gone += gone
        if not self._box.complete:
            self._older_mail(selected)
        self._finish(selected)

    def _nothing_to_do(self) -> bool:
        """Without opening the mailbox, where the server has change numbers and the first run is over.

        The Inbox stays open from one visit to the next (NOOP tells of changes); the others are asked for their STATUS,
        so that they don't close it.
        """
        box = self._box
        if not box.complete or not box.highest_modseq or has_pending_flags(self._ctx, box):
            return False
        stand = self._session.still(box.raw_name)
        if stand is None and box.role != "inbox":
            stand = self._session.status(box.raw_name)
        if stand is None or stand.uidvalidity != box.uidvalidity or not self._unchanged(stand):
            return False
        self._memory.note(stand)
        return True

    def _note_identity(self, selected: Selected) -> None:
        box = self._box
        if box.uidvalidity != selected.uidvalidity or not selected.uidvalidity:
            cursors.start_over(self._ctx, box.id, selected.uidvalidity, selected.mailbox_id)
            self._memory.forget(box.id)
            self._box = replace(
                box,
                uidvalidity=selected.uidvalidity,
                mailbox_id=selected.mailbox_id,
                low_uid=0,
                high_uid=0,
                complete=False,
                highest_modseq=0,
                exists_count=0,
            )

    def _unchanged(self, selected: Selected) -> bool:
        """Nothing to do, by the server's own change number (CONDSTORE, RFC 7162)."""
        box = self._box
        return bool(
            box.complete
            and selected.modseq
            and selected.modseq == box.highest_modseq
            and selected.exists == box.exists_count
            and 0 < selected.uidnext <= box.high_uid + 1
        )

    def _new_mail(self, selected: Selected) -> None:
        """Mail above the cursor, oldest first, so that the cursor can rise with every batch."""
        first_run = not self._box.high_uid and not self._box.complete
        if first_run or 0 < selected.uidnext <= self._box.high_uid + 1:
            return
        uids = self._session.uids_from(self._box.high_uid + 1)
        if uids:
            self._bring(uids, ascending, len(uids))

    def _older_mail(self, selected: Selected) -> None:
        """The first run: newest first down to the oldest; goes on where it was interrupted."""
        uids = self._session.search("ALL")
        low = self._box.low_uid
        pending = [uid for uid in reversed(uids) if not low or uid < low]
        if pending:
            self._start_cursor(pending[0], selected)
            if self._bring_slice(pending) < len(pending):
                return
        values: dict[str, Any] = {"complete": True, "low_uid": 1}
        if not self._box.high_uid:
            values["high_uid"] = max(selected.uidnext - 1, 0)
        cursors.set_cursor(self._ctx, self._box.id, values)
        cursors.forget_old_places(self._ctx, self._box.id, self._box.uidvalidity)
        self._box = replace(self._box, complete=True, high_uid=values.get("high_uid", self._box.high_uid))

    def _bring_slice(self, pending: Sequence[int]) -> int:
        """The newest of what is missing: as many as come in :data:`SLICE_SECONDS`, by the pace of the last slice."""
        self._older_total = self._older_total or len(pending)
        part = pending[: self._slice]
        started = time.monotonic()
        self._bring(part, descending, self._older_total, self._older_done)
        self._older_done += len(part)
        pace = len(part) / max(time.monotonic() - started, 0.001)
        self._slice = max(FIRST_SLICE, int(pace * SLICE_SECONDS))
        return len(part)

    def _start_cursor(self, newest: int, selected: Selected) -> None:
        """A first run begins: its upper end is fixed together with the first batch, in one transaction."""
        if not self._box.high_uid:
            self._opening = {"high_uid": newest, "highest_modseq": selected.modseq}
            self._box = replace(self._box, high_uid=newest, highest_modseq=selected.modseq)

    def _bring(self, uids: Sequence[int], cursor_of: CursorOf, total: int, done: int = 0) -> None:
        parsers = self._parsers() if len(uids) > SMALL else InThread()
        self._progress.step(self._box.name, total)
        first = BATCH // 2 if done else FIRST_BATCH
        reader = Reader(self._session, uids, parsers, self._limit, first, self._cancel)
        with closing(reader.landings()) as landings:
            for landing in landings:
                self._store(landing, {**self._opening, **cursor_of(landing.asked)})
                self._opening = {}
                done += len(landing.asked)
                self._progress.count(done)
                self._cancel.check()

    def _store(self, landing: Landing, cursor: Mapping[str, Any]) -> None:
        prepared = [one for future in landing.parsed for one in self._parsed(future)]
        items = [
            mailbox.Incoming(one, item.uid, steady(item.flags), item.internal_date, item.whole)
            for item, one in zip(landing.items, prepared, strict=True)
        ]
        batch = mailbox.Batch(
            items,
            account_id=self._box.account_id,
            mailbox_id=self._box.id,
            uidvalidity=self._box.uidvalidity,
            cursor=cursor,
            folder=_FOLDER_OF_ROLE.get(self._box.role, Folder.INBOX),
            sent=self._box.role == "sent",
        )
        mailbox.receive(self._ctx, batch)
        self._box = replace(self._box, **cursor)
        self._memory.forget(self._box.id)
        self._result.new += len(items)

    def _parsed(self, future: Future[list[Prepared]]) -> list[Prepared]:
        """Wait for the parsers, but not past a stop request."""
        while True:
            try:
                return future.result(_SLICE)
            except TimeoutError:
                if future.done():
                    raise
                self._cancel.check()

    def _finish(self, selected: Selected) -> None:
        values = {
            "highest_modseq": selected.modseq,
            "exists_count": selected.exists,
            "mailbox_id": selected.mailbox_id,
            "synced_at": self._ctx.clock.now(),
        }
        cursors.set_cursor(self._ctx, self._box.id, values)


def steady(flags: Iterable[str]) -> frozenset[str]:
    r"""Flags without ``\Recent``, which belongs to the session and not to the message."""
    return frozenset(flag for flag in flags if flag != "\\Recent")
