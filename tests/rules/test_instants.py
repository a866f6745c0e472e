"""An instant that is over, as a person says it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_tui.rules.days import DayFault
from crm_tui.rules.instants import read_instant

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)  # Saturday, 14:05 in Madrid


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", "2026-11-21 14:05"),
        ("now", "2026-11-21 14:05"),
        ("10:30", "2026-11-21 10:30"),
        ("9h15", "2026-11-21 09:15"),
        ("yesterday 9.15", "2026-11-20 09:15"),
        ("wczoraj", "2026-11-20 12:00"),
        ("today 8:00", "2026-11-21 08:00"),
        ("today", "2026-11-21 12:00"),
        ("12 jul 10:30", "2026-07-12 10:30"),
        ("12.7.", "2026-07-12 12:00"),
        ("24.12. 18:00", "2025-12-24 18:00"),  # this year's is still to come
        ("3.12", "2025-12-03 12:00"),
        ("2026-11-02", "2026-11-02 12:00"),
        ("2026-11-02T10:00", "2026-11-02 10:00"),
        ("2026-11-02T10:00+00:00", "2026-11-02 11:00"),
        ("24.12.2026", "2026-12-24 12:00"),
        ("sat", "2026-11-21 12:00"),
        ("fri 17:00", "2026-11-20 17:00"),
        ("sun", "2026-11-15 12:00"),
        ("-2", "2026-11-19 12:00"),
        ("22", "2026-10-22 12:00"),
        ("29.2.", "2024-02-29 12:00"),
        ("tomorrow 9:00", "2026-11-22 09:00"),  # what is ahead the desk refuses
    ],
)
def test_what_is_said_is_understood(text: str, means: str) -> None:
    assert f"{read_instant(text, NOW, MADRID).astimezone(MADRID):%Y-%m-%d %H:%M}" == means


@pytest.mark.parametrize("text", ["25:00", "10:75", "soon", "31.2.2026", "1.1.0001 0:00", "2026-13-01T10:00", "1:2:3"])
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(DayFault):
        read_instant(text, NOW, MADRID)


@pytest.mark.parametrize("text", ["29 mar 2:30", "2026-03-29T02:30"])
def test_an_hour_over_which_the_clocks_went_is_none(text: str) -> None:
    with pytest.raises(DayFault) as wrong:
        read_instant(text, NOW, MADRID)
    assert wrong.value.kind == "skipped"
    assert read_instant("25 oct 2:30", NOW, MADRID).hour == 2  # there twice: the first
