"""Steps that tests of drafts, outbox and delivery share."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, drafts, reading, replies
from crm_tui.desk.correspondence.sending_views import DraftView, OutboxView
from crm_tui.mail.smtp import Failed, Sent, Uncertain
from tests.desk.house import add_account, come_in, mail


def fence(_connection: object) -> bool:
    return True


def reply(ctx: Context, *, text: str = "Yes, we have.", **fields: Any) -> tuple[DraftView, int]:
    """A guest's mail and a draft that answers it; returns the draft and the guest's message."""
    add_account(ctx)
    message = come_in(ctx, mail()).message_ids[0]
    draft = replies.start(ctx, "reply", message)
    drafts.save(ctx, draft.id, draft.version, text=text, **fields)
    return drafts.get(ctx, draft.id), message


def pass_undo(ctx: Context) -> None:
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.advance(timedelta(seconds=11))


def transmit(ctx: Context, item: int, outcome: Sent | Failed | Uncertain) -> str:
    """What the engine does with a due item, with this end."""
    work = delivery.job(ctx, item)
    assert work is not None
    if not isinstance(outcome, Failed):
        assert delivery.begin(ctx, work, 7, fence)
    return delivery.settle(ctx, work, 7, outcome)


def waiting_since(ctx: Context, conversation: int) -> object:
    return reading.conversation(ctx, conversation).row.waiting_since


def job_after_undo(ctx: Context, item: OutboxView) -> delivery.Job:
    pass_undo(ctx)
    work = delivery.job(ctx, item.id)
    assert work is not None
    return work


def transmit_after_undo(ctx: Context, item: OutboxView) -> str:
    pass_undo(ctx)
    return transmit(ctx, item.id, Sent("250"))
