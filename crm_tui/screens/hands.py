"""Whose hands the desk is in: opening it for somebody by name and PIN, and what ends when it is handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def named(again: Callable[[str], Context], name: str, secret: Any) -> Context:
    """Open the desk for the one chosen, with the PIN once there is one."""
    from crm_tui.desk.staff.sign_in import NeedsPin

    try:
        return again(name)
    except NeedsPin as error:
        if secret is None or error.again is None:
            raise
        return error.again(secret)


def with_pin(error: Any, secret: Any) -> Context:
    """Open the desk that asked for a PIN with it; without one it is refused as before."""
    if secret is None:
        raise error
    opened: Context = error.again(secret)
    return opened


def stop_timer(ctx: Context, session: str) -> None:
    """Whoever hands the desk over does not work at it any more."""
    from crm_tui import desk

    timers = getattr(desk, "timers", None)
    if timers is not None and not ctx.readonly:
        timers.stop(ctx, session)
