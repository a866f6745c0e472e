"""What is done beside the screens as somebody sits down at the desk or hands it over. Blocks: for threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.desk.views import ListQuery

if TYPE_CHECKING:
    from crm_tui.desk.context import Context


def warm(ctx: Context) -> None:
    """Do once what the first Enter, search and undo do, so that nobody waits for their modules."""
    from crm_tui import desk

    for row in desk.folders.page(ctx, ListQuery(), limit=1).rows:
        desk.reading.conversation(ctx, row.id)
    desk.search.search(ctx, "a", limit=1, live=True)
    desk.undo.last(ctx)


def named(again: Callable[[str], Context], name: str, secret: Any) -> Context:
    """Open the desk for the one chosen, with the PIN once there is one."""
    from crm_tui.desk.sign_in import NeedsPin

    try:
        return again(name)
    except NeedsPin as error:
        if secret is None or error.again is None:
            raise
        return error.again(secret)


def with_pin(error: Any, secret: Any) -> Context:
    """Open the desk with the PIN that was asked for."""
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


def ignored(_error: Exception) -> None:
    """Warming up is not worth a word; whoever needs it will be told."""
