"""Measuring very many pairs says what measuring one says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.working_clock import clock_of
from crm_tui.rules.working_hours import working_seconds

START, END = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC)
HOURS = (
    "",
    ";".join(["09:00-18:00"] * 5 + ["", ""]),
    ";".join(["00:00-24:00"] * 4 + ["22:00-24:00", "00:00-06:00,08:00-12:30", ""]),
    "not hours at all",
)
INSTANTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds


@pytest.mark.parametrize("hours", HOURS)
@pytest.mark.parametrize("zone", ["Europe/Madrid", "America/Santiago", "Australia/Lord_Howe", "UTC"])
def test_says_the_same(hours: str, zone: str) -> None:
    clock = clock_of(hours, ZoneInfo(zone), START, END)

    @given(INSTANTS, st.timedeltas(timedelta(hours=-1), timedelta(days=20)))
    def same(opened: datetime, length: timedelta) -> None:
        assert clock(opened, opened + length) == working_seconds(hours, ZoneInfo(zone), opened, opened + length)

    same()
