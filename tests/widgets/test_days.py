"""Days in few cells."""

from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from crm_tui.widgets.days import short_span

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 26), date(2026, 12, 28), "26–28 Dec"),
        (date(2026, 12, 27), date(2027, 1, 3), "27 Dec – 3 Jan"),
        (date(2026, 12, 27), date(2026, 12, 27), "27 Dec"),
        (date(2027, 12, 27), date(2028, 1, 31), "27 Dec – 31 Jan 2028"),
        (date(2028, 7, 3), date(2028, 7, 7), "3–7 Jul 2028"),
    ],
)
def test_a_span_names_the_year_once_and_only_where_it_could_be_mistaken(first: date, last: date, words: str) -> None:
    assert short_span(first, last, TODAY) == words
    assert cell_len(words) <= 20
