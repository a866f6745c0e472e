"""Timers that fell silent (SPEC §10): a desk that was killed or forgotten is ended where it was last heard of."""

from __future__ import annotations

import logging

from crm_tui.base.errors import CrmError
from crm_tui.desk.common.context import Context
from crm_tui.desk.working import timers

LOG = logging.getLogger("crm_tui.timers")


def cap_silent(ctx: Context) -> None:
    """End what fell silent; whatever fails is tried again with the next look."""
    try:
        ended = timers.cap(ctx)
    except CrmError as error:
        LOG.warning("silent timers not ended: %s", error)
    except Exception:
        LOG.exception("silent timers: unexpected failure")
    else:
        if ended:
            LOG.info("%s timers gave no sign of life and were ended", ended)
