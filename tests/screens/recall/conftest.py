"""A desk with a waitlist."""

from __future__ import annotations

from datetime import date

import pytest

from crm_tui import desk
from tests.desk.asked import add_guest, add_inquiry, consent
from tests.screens.harness import Hotel


@pytest.fixture
def waiting(morning: Hotel) -> Hotel:
    """Three guests wait for nights around 24 November, one of them flexible and one without consent; one was lost."""
    ctx = morning.ctx
    desk.template_starter.add(ctx)
    for name, allowed, values in (
        ("Nowak", True, {"arrival": date(2026, 11, 23), "departure": date(2026, 11, 26)}),
        ("Peña", True, {"period_from": date(2026, 11, 20), "period_to": date(2026, 12, 10), "nights": 3}),
        ("Petit", False, {"arrival": date(2026, 11, 24), "departure": date(2026, 11, 25)}),
        (
            "Lost",
            True,
            {"arrival": date(2026, 11, 24), "departure": date(2026, 11, 25), "status": "lost", "lost_reason": "full"},
        ),
    ):
        guest = add_guest(ctx, name, mails=[f"{name.lower()}@x.example"], language="en")
        consent(ctx, guest, given=allowed)
        add_inquiry(ctx, guest, **({"status": "offer sent", "adults": 2} | values))  # type: ignore[arg-type]
    return morning
