"""Fetches the rest of large messages when somebody at a desk wants a file of one (SPEC §2)."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Iterable

from crm_tui.base.errors import Cancelled, CrmError
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent
from crm_tui.desk.common import wishes
from crm_tui.desk.common.context import Context
from crm_tui.engine.on_demand import fetch_whole
from crm_tui.engine.sync_model import SessionFactory
from crm_tui.engine.telling import Telling

LOG = logging.getLogger("crm_tui.engine")


class WholeMessages:
    """One thread, started with the first wish, that fetches one message after the other on connections of its own.

    What goes wrong is told to whoever wished for it (:func:`crm_tui.desk.common.wishes.whole_refused`).
    """

    def __init__(self, sessions: SessionFactory) -> None:
        self.telling = Telling()
        self._sessions = sessions
        self._queue: queue.Queue[int | None] = queue.Queue()
        self._cancel = CancelEvent()
        self._thread: threading.Thread | None = None

    def fetch(self, ctx: Context, message_ids: Iterable[int]) -> None:
        """Put messages into the queue."""
        for number in message_ids:
            self._queue.put(number)
        if not self._queue.empty() and self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(ctx,), name="desk-whole", daemon=True)
            self._thread.start()

    def stop(self, timeout: float) -> None:
        """End it; what is being fetched is fetched anew when somebody wishes for it again."""
        self._cancel.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self, ctx: Context) -> None:
        while (number := self._queue.get()) is not None and not self._cancel.is_set():
            try:
                fetch_whole(ctx, number, self._sessions, self.telling, self._cancel)
            except Cancelled:
                return
            except CrmError as error:
                self._refuse(ctx, number, str(error))
            except Exception:
                LOG.exception("message %s: unexpected failure", number)
                self._refuse(ctx, number, _("The rest of this message could not be fetched; the log says why."))

    def _refuse(self, ctx: Context, message_id: int, why: str) -> None:
        try:
            wishes.refuse_whole(ctx, message_id, why)
        except CrmError as error:
            LOG.warning("message %s: not told: %s", message_id, error)
