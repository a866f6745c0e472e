"""What the night shift of the sample hotel left: two complaints, a compliment, and a page of handover (SPEC §9, §11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Reservation
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.quality import feedback
from crm_tui.desk.shifts import handover
from crm_tui.rules.vocabulary import FeedbackKind

NIGHT = "Leo"
"""Who had the night."""

_NOTE = """The keys of 204 are at the porter's
Breakfast box for room 112 at 5:45, they leave early"""

_SAID: tuple[tuple[int, str, str, Mapping[str, Any]], ...] = (
    (9, FeedbackKind.NEGATIVE, "M-26301",
     {"code": "noise", "emoji": "🙁", "comment": "The lift kept them awake until two"}),
    (3, FeedbackKind.NEGATIVE, "M-26302",
     {"code": "bathroom", "comment": "No hot water this morning; the plumber is called"}),
    (20, FeedbackKind.POSITIVE, "M-26301", {"code": "service", "emoji": "😀", "comment": "Thank you for the birthday cake"}),
)  # fmt: skip
"""Hours ago, kind, code of the reservation, and what was said."""


def add(ctx: Context) -> int:
    """Write the night down as the agent who had it; returns the number of the page."""
    night = _night(ctx)
    with ctx.store.connect() as connection:
        names = columns(Reservation)
        stays = {row.code: row.id for row in connection.execute(select(names.code, names.id))}
    for ago, kind, code, texts in _SAID:
        if code in stays:
            then = replace(night, clock=FixedClock(ctx.clock.now() - timedelta(hours=ago)))
            feedback.add(then, kind, reservation=stays[code], **texts)
    return handover.make(replace(night, clock=FixedClock(ctx.clock.now() - timedelta(hours=2))), _NOTE)


def _night(ctx: Context) -> Context:
    """The desk in the hands of the agent who had the night; of whoever is there if the team is another."""
    names = columns(Agent)
    with ctx.store.connect() as connection:
        row = connection.execute(select(names.id, names.name, names.role).where(names.name == NIGHT)).first()
    return ctx.acting_as(Actor(row.id, row.name, row.role)) if row is not None else ctx
