"""What the figures count is found along indexes, however long the desk was at work: what SQLite says it will do (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Context
from crm_tui.desk.working.metrics_live import Live
from crm_tui.rules.periods import Period
from tests.desk.common.test_plans import Plans
from tests.desk.working_desk import WorkingDesk

DAY = Period(date(2026, 11, 16), date(2026, 11, 16))
WEEK = Period(date(2026, 11, 9), date(2026, 11, 15))
SMALL = {"agent", "property", "department", "routing_profile"}
"""Tables of the house itself, which has few of each."""
OPEN = ("ix_ticket_queue", "ix_ticket_agent", "ix_ticket_pending", "ix_timer_session_running", "ix_intake_pause_open")
"""Indexes that hold only what is open."""


def walks(plans: Plans) -> list[str]:
    """Steps that read a whole table."""
    scans = [line for line in plans.lines if line.startswith("SCAN") and line.split()[1] not in SMALL]
    return [line for line in scans if not line.endswith(OPEN)]


ASKED: dict[str, Callable[[Context], object]] = {
    "team": lambda ctx: desk.metrics.team(ctx, WEEK),
    "team today": lambda ctx: desk.metrics.team(ctx, DAY),
    "days": lambda ctx: desk.metrics.series(ctx, WEEK),
    "conversion": lambda ctx: desk.metrics.enquired(ctx, [WEEK]),
    "by channel": lambda ctx: desk.reports.run(ctx, "response-times", WEEK, by="channel"),
    "loads": desk.tickets.loads,
}


@pytest.mark.parametrize("name", ASKED)
def test_figures_are_found_along_indexes(tmp_path: Path, name: str) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    plans = Plans(work.eva)
    ASKED[name](work.eva)
    assert plans.lines
    assert walks(plans) == []
    work.close()


def test_many_tickets_are_counted_without_looking_at_one(tmp_path: Path) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    plans = Plans(work.eva)
    desk.metrics.team(work.eva, WEEK)
    for index in (
        "ix_ticket_created",
        "ix_ticket_done",
        "ix_ticket_hand_at",
        "ix_ticket_hand_seen",
        "ix_turn_closed_by",
    ):
        assert any(f"COVERING INDEX {index}" in line for line in plans.lines), (index, plans.lines)
    work.close()


def test_a_live_step_reads_along_indexes(tmp_path: Path) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    talk = work.arrives()
    desk.inquiries.from_conversation(work.ana, talk)
    live = Live(work.eva, DAY)
    work.wait(minutes=5)
    work.replies(work.ana, talk)
    plans = Plans(work.eva)
    assert live.step()
    assert live.figures().total.responses == 1
    assert walks(plans) == []
    work.close()
