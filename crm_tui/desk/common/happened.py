"""When something happened that an agent writes down: not in time to come, not before there were records (SPEC §6, §11)."""

from __future__ import annotations

from datetime import datetime

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.client_base.event_views import AHEAD, EARLIEST
from crm_tui.desk.common.context import Transaction


def instant(tx: Transaction, at: datetime | None, to_come: str = "") -> datetime:
    """The instant that was said, aware; None: now.

    Args:
        to_come: the sentence for one that lies ahead; empty: the usual one.

    Raises:
        InvalidInput: it has no zone, has not happened yet or is too long ago; ``field`` is ``at``.
    """
    if at is None:
        return tx.now
    if at.tzinfo is None or at > tx.now + AHEAD:
        raise InvalidInput(to_come or _("That has not happened yet."), field="at")
    if at < EARLIEST:
        raise InvalidInput(_("That is before {year}.").format(year=EARLIEST.year), field="at")
    return at
