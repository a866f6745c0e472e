"""Whether a passport lasts long enough (SPEC §6)."""

from __future__ import annotations

from datetime import date

import pytest

from crm_tui.rules.passport import PassportState, add_months, judge

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 31), 0, date(2026, 1, 31)),
        (date(9999, 12, 1), 6, date.max),
    ],
)
def test_months_end_where_the_month_does(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@pytest.mark.parametrize(
    ("expiry", "back", "state"),
    [
        (None, date(2027, 1, 3), PassportState.UNKNOWN),
        (date(2026, 11, 20), None, PassportState.EXPIRED),
        (date(2026, 11, 21), None, PassportState.FINE),  # its last day
        (date(2027, 7, 2), date(2027, 1, 3), PassportState.SHORT),
        (date(2027, 7, 3), date(2027, 1, 3), PassportState.FINE),
        (date(2027, 1, 4), None, PassportState.FINE),  # no trip is ahead
        (date(2026, 1, 1), date(2027, 1, 3), PassportState.EXPIRED),
    ],
)
def test_a_passport_lasts_months_beyond_the_return(
    expiry: date | None, back: date | None, state: PassportState
) -> None:
    found = judge(expiry, back, TODAY)
    assert found.state == state
    assert found.warns == (state in (PassportState.SHORT, PassportState.EXPIRED))


def test_how_many_months_is_a_setting() -> None:
    assert judge(date(2027, 1, 3), date(2027, 1, 3), TODAY, 0).state == PassportState.FINE
    assert judge(date(2027, 1, 2), date(2027, 1, 3), TODAY, 0).state == PassportState.SHORT
    assert judge(date(2027, 7, 3), date(2027, 1, 3), TODAY, 7).needed == date(2027, 8, 3)
