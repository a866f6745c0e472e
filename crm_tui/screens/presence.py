"""Presence at the desk: what is open here is told to the other desks; what they have open is put into words (SPEC §3)."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.desk.shifts.internal_views import PresenceView
from crm_tui.rules.vocabulary import Doing
from crm_tui.widgets.times import duration

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

LOG = logging.getLogger("crm_tui.presence")

SIGNS = {Doing.REPLYING: "✎", Doing.VIEWING: "⊙"}
"""What the others do with a conversation, in one cell."""


class Attends(NamedTuple):
    """What a screen has open: a conversation or an inquiry, and whether a reply to it is being written."""

    conversation: int | None = None
    inquiry: int | None = None
    doing: str = Doing.VIEWING


NOTHING = Attends()


class Beacon:
    """Tells the other desks what is open here: at once when it changes, and from time to time that it still is.

    It writes in a thread of its own, so that a busy store never holds up a key; of several changes only the last is told.
    """

    def __init__(self) -> None:
        self.session = uuid.uuid4().hex
        self._wanted = NOTHING
        self._ctx: Context | None = None
        self._moved = threading.Event()
        self._stopped = False

    def show(self, attends: Attends) -> None:
        """This is open from now on."""
        if attends != self._wanted:
            self._wanted = attends
            self._moved.set()

    def become(self, ctx: Context) -> None:
        """Another agent has this desk."""
        self._ctx = ctx

    def stop(self) -> None:
        """Leave, and end :meth:`run`."""
        self._stopped = True
        self._moved.set()

    def run(self, ctx: Context) -> None:
        """Tell until stopped. Blocks: for a thread."""
        from crm_tui.desk.conversations import presence

        beat = presence.BEAT.total_seconds()
        told = NOTHING
        while not self._stopped:
            self._moved.wait(beat if told != NOTHING else None)
            self._moved.clear()
            wanted = NOTHING if self._stopped else self._wanted
            if wanted == NOTHING == told:
                continue
            try:
                presence.enter(self._ctx or ctx, self.session, **wanted._asdict())
            except CrmError as error:  # a full disk or a long write: nobody is kept from working by that
                LOG.info("presence is not told: %s", error)
            told = wanted


def sign(views: Sequence[PresenceView]) -> str:
    """One cell for a list: the most that anybody else does with it; a blank for nobody."""
    return SIGNS[Doing(views[0].doing)] if views else " "


def words(views: Sequence[PresenceView], now: datetime) -> str:
    """Who else is there: ``✎ Leo is replying · 2 min, ⊙ Mia is looking at it``; empty for nobody."""
    return ", ".join(f"{sign([view])} {_said(view, now)}" for view in views)


def _said(view: PresenceView, now: datetime) -> str:
    name = _("{name}, at another desk,").format(name=view.agent) if view.mine else view.agent
    text = _("{name} is replying") if view.doing == Doing.REPLYING else _("{name} is looking at it")
    said = text.format(name=name)
    span = now - view.since
    return f"{said} · {duration(span)}" if span.total_seconds() >= 60 else said


def attended(screens: Sequence[Any]) -> Attends:
    """What the topmost screen of the desk has open; dialogs above it do not count.

    Args:
        screens: a stack, the topmost last.
    """
    for screen in reversed(screens):
        attends = getattr(screen, "attends", None)
        if attends is not None:
            found: Attends = attends
            return found
    return NOTHING
