"""The record list under a person's keys."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import App, ComposeResult
from textual.geometry import Region

from crm_tui.widgets.background import Background
from crm_tui.widgets.cells import fit
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part
from crm_tui.widgets.themes import desk_themes


@dataclass(frozen=True)
class Row:
    id: int

    @property
    def text(self) -> str:
        return f"row {self.id}"


class Numbers(ListSource[Row]):
    """A million rows that exist only while they are looked at."""

    def __init__(self, count: int = 1_000_000, start: int = 0) -> None:
        self._count, self._start = count, start
        self.gate = threading.Event()
        self.gate.set()

    def _rows_of(self, first: int, last: int) -> list[Row]:
        self.gate.wait(10)
        return [Row(self._start + index) for index in range(max(0, first), min(last, self._count))]

    def count(self) -> int:
        return self._count

    def after(self, row: Row | None, limit: int) -> Sequence[Row]:
        first = 0 if row is None else row.id - self._start + 1
        return self._rows_of(first, first + limit)

    def before(self, row: Row | None, limit: int) -> Sequence[Row]:
        last = self._count if row is None else row.id - self._start
        return self._rows_of(last - limit, last)

    def at(self, index: int, limit: int) -> Sequence[Row]:
        return self._rows_of(index, index + limit)

    def index_of(self, row: Row) -> int:
        return row.id - self._start

    def find(self, row_id: int | str) -> Row | None:
        place = int(row_id) - self._start
        return Row(int(row_id)) if 0 <= place < self._count else None


class View:
    def parts(self, row: Row, width: int) -> list[Part]:
        return [(fit(row.text, width), "")]

    def empty(self) -> list[Part]:
        return [("Nothing here yet", "muted")]


class ListApp(App[None]):
    def __init__(self, source: ListSource[Row]) -> None:
        super().__init__()
        for theme in desk_themes():
            self.register_theme(theme)
        self.theme = "desk-dark"
        self.background = Background()
        self.source = source
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        self.list: RecordList[Row] = RecordList(View(), self.background)
        yield self.list

    def on_mount(self) -> None:
        self.list.focus()
        self.list.set_source(self.source)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        row = event.list.current
        assert isinstance(row, Row)
        self.told.append(f"opened {row.id}")

    def on_unmount(self) -> None:
        self.background.close()

    @property
    def lines(self) -> list[str]:
        return [self.list.render_line(y).text.rstrip() for y in range(self.list.size.height)]

    async def settle(self, pilot: object) -> None:
        import asyncio

        async with asyncio.timeout(10):
            while True:
                await pilot.pause()  # type: ignore[attr-defined]
                if self.background.idle and self.list.settled:
                    return
                await asyncio.sleep(0.002)


async def test_a_million_rows_open_and_both_ends_are_reached() -> None:
    app = ListApp(Numbers())
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        assert app.lines[0] == "▌ row 0"
        assert len(app.list.pages) < 500
        await pilot.press("end")
        assert app.lines[-1] == "▌ row 999999"
        await pilot.press("home", "j", "down", "pagedown")
        await app.settle(pilot)
        assert app.list.current == Row(11)
        await pilot.press("k", "up", "pageup")
        assert app.list.current == Row(0)


async def test_memory_stays_bounded_while_paging_far() -> None:
    app = ListApp(Numbers())
    async with app.run_test(size=(40, 30)) as pilot:
        await app.settle(pilot)
        for _page in range(150):
            await pilot.press("pagedown")
        await app.settle(pilot)
        assert app.list.current == Row(150 * 29)
        assert len(app.list.pages) <= app.list.pages.keep + 3 * app.list.pages.page


async def test_a_move_of_the_cursor_paints_two_lines() -> None:
    app = ListApp(Numbers())
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        painted: list[Region] = []
        whole: list[str] = []
        original = app.list.refresh

        def refresh(*regions: Region, **options: bool) -> object:
            painted.extend(regions)
            whole.extend([] if regions else ["painted as a whole"])
            return original(*regions, **options)

        app.list.refresh = refresh  # type: ignore[method-assign,assignment]
        await pilot.press("down")
        app.list.refresh = original  # type: ignore[method-assign]
        assert whole == []
        assert sorted((region.y, region.height) for region in painted) == [(0, 1), (1, 1)]


async def test_placeholders_stand_where_rows_are_on_their_way() -> None:
    numbers = Numbers()
    app = ListApp(numbers)
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        numbers.gate.clear()
        app.list.scroll_to(y=500_000, animate=False, force=True)
        await pilot.pause()
        assert set(app.lines[0].strip()) == {"·"}
        numbers.gate.set()
        await app.settle(pilot)
        assert app.lines[0].strip() == "row 500000"


async def test_new_rows_above_do_not_move_what_is_under_the_cursor() -> None:
    app = ListApp(Numbers(1000))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        for _page in range(5):
            await pilot.press("pagedown")
        await app.settle(pilot)
        row, before = app.list.current, app.lines
        app.list._source = Numbers(1003, start=-3)
        app.list.reload()
        await app.settle(pilot)
        assert app.list.current == row
        assert app.list.index == 48
        assert app.lines == before


async def test_the_cursor_goes_to_the_next_row_when_its_row_leaves() -> None:
    rows = [Row(number) for number in range(20)]

    class Leaving(ListSource[Row]):
        def index_of(self, row: Row) -> int:
            return sum(one.id < row.id for one in self._rows)

        def after(self, row: Row | None, limit: int) -> Sequence[Row]:
            return [one for one in self._rows if row is None or one.id > row.id][:limit]

        def before(self, row: Row | None, limit: int) -> Sequence[Row]:
            return [one for one in self._rows if row is None or one.id < row.id][-limit:]

    app = ListApp(Leaving(rows))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        await pilot.press("down", "down")
        app.list._source = Leaving([row for row in rows if row.id != 2])
        app.list.reload()
        await app.settle(pilot)
        assert app.list.current == Row(3)


async def test_rows_that_were_taken_out_stay_out_whatever_is_read_until_they_are_let_in() -> None:
    source = Numbers(300)
    app = ListApp(source)
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        await pilot.press("down", "space", "space", "up")
        app.list.take_out([1, 3])
        assert (app.list.total, app.list.current, app.list.marked) == (298, Row(2), [Row(2)])
        assert [row.id for row in app.list.visible_rows()][:4] == [0, 2, 4, 5]
        app.list.reload()
        await app.settle(pilot)
        assert (app.list.total, app.list.current) == (298, Row(2))
        app.list.take_out([1])  # a second command for the same row
        app.list.let_in([1, 3])
        app.list.reload()
        await app.settle(pilot)
        assert [row.id for row in app.list.visible_rows()][:4] == [0, 2, 3, 4]
        app.list.let_in([1])
        app.list.reload()
        await app.settle(pilot)
        assert (app.list.total, app.list.current) == (300, Row(2))


async def test_the_last_row_taken_out_leaves_the_cursor_on_the_one_before() -> None:
    app = ListApp(Numbers(3))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        await pilot.press("end")
        app.list.take_out([2])
        assert (app.list.total, app.list.current) == (2, Row(1))
        app.list.take_out([0, 1])
        assert (app.list.total, app.list.current) == (0, None)


async def test_marks_are_kept_by_id_and_commands_take_them() -> None:
    app = ListApp(Numbers(100))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        await pilot.press("space", "down", "space")
        assert [row.id for row in app.list.chosen] == [0, 2]
        assert app.lines[0] == " ✓row 0"
        app.list.reload()
        await app.settle(pilot)
        assert [row.id for row in app.list.marked] == [0, 2]
        await pilot.press("ctrl+u")
        assert [row.id for row in app.list.chosen] == [3]


async def test_a_click_selects_and_a_double_click_opens() -> None:
    app = ListApp(Numbers(100))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        await pilot.click(RecordList, offset=(5, 4))
        assert app.list.current == Row(4)
        await pilot.click(RecordList, offset=(5, 6), times=2)
        assert app.told == ["opened 6"]
        await pilot.press("enter")
        assert app.told == ["opened 6", "opened 6"]


async def test_an_empty_list_says_what_would_fill_it() -> None:
    app = ListApp(Numbers(0))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        assert app.lines[1].strip() == "Nothing here yet"
        await pilot.press("down", "end", "pageup", "enter", "space")
        assert app.list.current is None


async def test_the_wheel_scrolls_without_moving_the_cursor() -> None:
    app = ListApp(Numbers(1000))
    async with app.run_test(size=(40, 10)) as pilot:
        await app.settle(pilot)
        app.list.scroll_relative(y=20, animate=False)
        await pilot.pause()
        assert app.list.current == Row(0)
        assert app.lines[0].strip() == "row 20"
        await pilot.press("down")
        assert app.lines[0] == "▌ row 1"
