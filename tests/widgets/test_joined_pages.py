"""Lists below each other are one list: however they are cut, it reads as if it were at hand as a whole."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.widgets.joined_pages import JoinedSource
from crm_tui.widgets.record_pages import ListSource


class Line(NamedTuple):
    """A row, and the list it is of."""

    id: int
    part: int


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4), st.integers(1, 6))
def test_it_reads_like_the_whole(lengths: list[int], size: int) -> None:
    rows = [Line(part * 100 + number, part) for part, many in enumerate(lengths) for number in range(many)]
    parts = [ListSource([row for row in rows if row.part == part]) for part in range(len(lengths))]
    joined, whole = JoinedSource(parts, lambda row: row.part), ListSource(rows)
    for index in range(len(rows) + 1):
        assert list(joined.at(index, size)) == list(whole.at(index, size))
    assert joined.count() == len(rows)
    assert list(joined.after(None, size)) == list(whole.after(None, size))
    assert list(joined.before(None, size)) == list(whole.before(None, size))
    for row in rows:
        assert list(joined.after(row, size)) == list(whole.after(row, size))
        assert list(joined.before(row, size)) == list(whole.before(row, size))
        assert joined.index_of(row) == whole.index_of(row)
        assert joined.find(row.id) == row
    assert joined.find(-1) is None
