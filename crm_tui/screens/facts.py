"""What shell and left pane show of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crm_tui.desk.common.views import AccountView, Count, SavedViewView

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.waiting import Waiting


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What shell and left pane show of the store."""

    property: str
    zone: str
    counts: dict[str, Count]
    accounts: tuple[AccountView, ...]
    synced_at: datetime | None
    waiting: Waiting
    views: tuple[SavedViewView, ...] = ()
    pin: bool = False


def read_facts(ctx: Context) -> DeskFacts:
    """Ask the store for what the shell shows. Blocks: for threads."""
    from crm_tui import desk

    found = desk.setup.current_property(ctx)
    accounts: tuple[AccountView, ...] = tuple(desk.accounts.list_accounts(ctx))
    waits = desk.waiting.for_me(ctx)
    instants = [account.synced_at for account in accounts if account.synced_at]
    return DeskFacts(
        found.name if found else "",
        found.timezone if found else "UTC",
        desk.folders.counts(ctx) | {"Internal messages": Count(waits.unread)},
        accounts,
        min(instants, default=None),
        waits,
        tuple(desk.saved_views.listed(ctx)),
        ctx.actor.id is not None and desk.sign_in.has_pin(ctx),
    )
