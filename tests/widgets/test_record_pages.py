"""The rows in memory: fetched by key, bounded, right after every change of the list."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from crm_tui.widgets.record_pages import Fetch, ListSource, Pages, reload, run


@dataclass(frozen=True)
class Row:
    id: int


def source(count: int) -> ListSource[Row]:
    return ListSource([Row(number) for number in range(count)])


def fill(pages: Pages[Row], rows: ListSource[Row], first: int, last: int) -> list[Fetch[Row]]:
    """Fetch until a window is loaded."""
    fetches = []
    while (fetch := pages.plan(first, last)) is not None:
        fetches.append(fetch)
        pages.fill(fetch, run(rows, fetch))
        assert len(fetches) < 20
    return fetches


def shown(pages: Pages[Row], first: int, last: int) -> list[int | None]:
    return [row.id if (row := pages.get(index)) else None for index in range(first, last)]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 99, 1000])
def test_every_window_shows_the_rows_that_stand_there(count: int) -> None:
    rows, pages = source(count), Pages[Row](page=10, keep=50)
    pages.load(reload(rows, None, 10, 10))
    chance = random.Random(count)
    for _try in range(60):
        first = chance.randrange(0, max(1, count))
        last = min(count, first + 7)
        fill(pages, rows, first, last)
        pages.trim(first, last)
        assert shown(pages, first, last) == list(range(first, last))
        assert len(pages) <= 50 + 2 * 10 + 7


def test_the_ends_are_kept_so_that_home_and_end_cost_nothing() -> None:
    rows, pages = source(1000), Pages[Row](page=10, keep=30)
    pages.load(reload(rows, None, 10, 10))
    for first in range(0, 1000, 7):
        fill(pages, rows, first, first + 7)
        pages.trim(first, first + 7)
    assert pages.plan(0, 10) is None
    assert pages.plan(990, 1000) is None


def test_next_page_is_fetched_by_key_and_a_jump_by_position() -> None:
    rows, pages = source(1000), Pages[Row](page=10)
    pages.load(reload(rows, None, 10, 10))
    (fetch,) = fill(pages, rows, 8, 15)
    assert (fetch.how, fetch.row) == ("after", Row(9))
    assert fill(pages, rows, 500, 507)[0].how == "at"
    assert fill(pages, rows, 480, 490)[0].how in {"before", "at"}


def test_a_list_that_became_shorter_is_shortened() -> None:
    pages = Pages[Row](page=10)
    pages.load(reload(source(100), None, 10, 10))
    fetch = pages.plan(10, 20)
    assert fetch is not None
    assert pages.fill(fetch, run(source(15), fetch))
    assert pages.total == 15
    assert shown(pages, 0, 15) == list(range(15))


def test_reload_follows_the_anchor() -> None:
    old = Row(500)
    answer = reload(ListSource([Row(number) for number in [*range(-3, 0), *range(1000)]]), old, 5, 10)
    assert answer.total == 1003
    assert answer.cursor == 503
    assert [row.id for row in answer.rows] == list(range(495, 506))
    assert answer.start == 498


def test_reload_without_the_anchor_stays_at_its_place() -> None:
    class Gone(ListSource[Row]):
        def index_of(self, row: Row) -> int:
            return sum(one.id < row.id for one in self._rows)

        def after(self, row: Row | None, limit: int) -> list[Row]:
            return [one for one in self._rows if row is None or one.id > row.id][:limit]

        def before(self, row: Row | None, limit: int) -> list[Row]:
            return [one for one in self._rows if row is None or one.id < row.id][-limit:]

    answer = reload(Gone([Row(number) for number in range(100) if number != 50]), Row(50), 5, 10)
    assert answer.cursor == 50
    pages = Pages[Row](page=10)
    pages.load(answer)
    assert pages.get(50) == Row(51)
