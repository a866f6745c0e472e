from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_tui.rules.days import DayFault
from crm_tui.rules.session_times import read_end, read_start

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)  # 11:00 there


def there(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MADRID)


@pytest.mark.parametrize(
    ("start", "end", "begins", "ends"),
    [
        ("8:15", "10.45", "2026-07-01T08:15", "2026-07-01T10:45"),
        ("yesterday 22:00", "6:30", "2026-06-30T22:00", "2026-07-01T06:30"),
        ("29.6. 9:00", "17h30", "2026-06-29T09:00", "2026-06-29T17:30"),
        ("2026-06-29T09:00", "2026-06-29T17:30", "2026-06-29T09:00", "2026-06-29T17:30"),
        ("2026-06-28 22:00", "2026-06-29 06:00", "2026-06-28T22:00", "2026-06-29T06:00"),
        ("8:00", "8:00", "2026-07-01T08:00", "2026-07-02T08:00"),
    ],
)
def test_times_are_read_as_one_says_them(start: str, end: str, begins: str, ends: str) -> None:
    first = read_start(start, NOW, MADRID)
    assert first == there(begins)
    assert read_end(end, first, NOW, MADRID) == there(ends)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "8:75", "32.13. 9:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(DayFault):
        read_start(text, NOW, MADRID)
    with pytest.raises(DayFault):
        read_end(text, NOW, NOW, MADRID)


def test_an_hour_that_was_skipped_is_refused() -> None:
    now = there("2026-03-29T09:00").astimezone(UTC)
    with pytest.raises(DayFault) as fault:
        read_end("2:30", now - timedelta(hours=10), now, MADRID)
    assert fault.value.kind == "skipped"
