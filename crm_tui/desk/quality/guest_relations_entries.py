"""Entries of a guest's history that tell of feedback and of what was given (SPEC §11)."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.data.columns import columns
from crm_tui.data.tables import Feedback, QualityCost
from crm_tui.desk.client_base.guest_entry_rows import IDS, LONGEST, Page, Places, rows_of
from crm_tui.desk.client_base.guest_history_views import GuestEntry
from crm_tui.desk.histories.history_words import money, short
from crm_tui.desk.quality import feedback_rows, quality_costs
from crm_tui.desk.quality.quality_views import GivenView

_FEEDBACK = feedback_rows.SELECT.where(columns(Feedback).id.in_(IDS))


def feedback(page: Page, places: Places) -> list[GuestEntry]:
    """What the guest complained of or praised, and how it was settled."""
    found = []
    rows = rows_of(page, _FEEDBACK, places)
    for view in feedback_rows.views(page.connection, rows, page.actor):
        found.append(
            GuestEntry(
                places[view.id],
                short(view.comment, LONGEST),
                who=view.author,
                whole="\n\n".join(part for part in (view.comment, view.resolution, _things(view.given)) if part),
                type=view.code,
                status=view.kind,
                code=view.room,
                conversation=view.conversation,
                reservation=view.reservation,
                done=view.resolved_at is not None,
                mine=view.mine,
                version=view.version,
            )
        )
    return found


def _things(given: Sequence[GivenView]) -> str:
    """What was given, a line each, and what it cost."""
    lines = [f"{one.quantity} × {one.name}: {money(one.amount.amount, one.amount.currency)}" for one in given]
    return "\n".join(lines)


_GIVEN = quality_costs.SELECT.where(columns(QualityCost).id.in_(IDS))


def given(page: Page, places: Places) -> list[GuestEntry]:
    """What the guest was given for an occasion."""
    found = []
    for view in quality_costs.views(page.connection, rows_of(page, _GIVEN, places), page.actor):
        names = ", ".join(f"{one.quantity} × {one.name}" if one.quantity > 1 else one.name for one in view.given)
        said = " · ".join(part for part in (view.occasion, names) if part)
        found.append(
            GuestEntry(
                places[view.id],
                short(said or view.comment, LONGEST),
                who=view.author,
                whole="\n\n".join(part for part in (view.occasion, view.comment, _things(view.given)) if part),
                type=view.code,
                code=view.room,
                reservation=view.reservation,
                amount=view.cost[0] if len(view.cost) == 1 else None,
                mine=view.mine,
                version=view.version,
            )
        )
    return found
