"""Pictures of payment reminders."""

from __future__ import annotations

from pathlib import Path

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from docs.scene import Hand


def reminding(ctx: Context, _clock: FixedClock) -> None:
    """Reminders go out by SMS, else by mail; the gateway's address comes from a command. One guest wants none."""
    from crm_tui.base.settings import save_setting

    for name, value in (
        ("notices", "sms or mail"),
        ("notice_gateway", "command"),
        ("notice_gateway_command", "pass show sms-gateway"),
    ):
        save_setting(ctx.home.settings, name, value)
    ready = desk.notices.preview(ctx).ready
    if len(ready) > 1 and ready[-1].guest is not None:
        desk.notice_stops.stop(ctx, guest=ready[-1].guest)


async def gateway(hand: Hand, _place: Path) -> None:
    """A gateway, about to be set up."""
    await hand.press("g", "N", "G")
    await hand.write("twilio://AC0123456789")
