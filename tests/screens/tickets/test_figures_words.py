"""A figure says the same on the screen of tickets and in a report (SPEC §12)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.desk.reports import words
from crm_tui.rules.metrics import mean
from crm_tui.rules.reporting import mean as rounded
from crm_tui.screens.tickets.figures import NONE, clocked, lasted


@given(st.integers(0, 10**8), st.integers(1, 10**5))
def test_averages_are_told_alike(total: int, count: int) -> None:
    report = rounded(total, count)
    assert report is not None
    told = words.duration(report)
    assert lasted(mean(total, count)) in (told, told.removesuffix(" m"))


@given(st.integers(60, 10**7))
def test_working_time_is_told_alike(seconds: int) -> None:
    hours, minutes = clocked(seconds).split(":")
    said = words.duration(seconds)
    assert said == (f"{hours} h {minutes} m" if int(hours) else f"{int(minutes)} min")


def test_nothing_is_a_dash() -> None:
    assert lasted(mean(0, 0)) == NONE == words.NOTHING
