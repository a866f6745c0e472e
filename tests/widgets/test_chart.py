"""Charts: their numbers can be read off without any colour, whatever the labels hold and however small they are."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.containers import Grid
from textual.pilot import Pilot

from crm_tui.widgets import chart_canvas, chart_lines
from crm_tui.widgets.background import Background
from crm_tui.widgets.chart import Chart, ChartData, ChartKind, Series, Unit
from crm_tui.widgets.themes import desk_themes

WEEK = ChartData(
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    (Series("before booking", (3, 4, 2, 8, 1, 0, 4)), Series("after booking", (1, 2, 3, None, 5, 6, 7))),
    ChartKind.STACKED,
)
MONTH = ChartData(
    tuple(str(day) for day in range(1, 32)),
    (Series("", tuple(None if day in (9, 10) else 900.0 * (day % 8) for day in range(1, 32))),),
    ChartKind.LINES,
    Unit.SECONDS,
)
NAMES = ChartData(
    ("Ana", "Łucja", "佐藤 花子", "Zoë-Marie von und zu Hohenstein-Lichtenfels"),
    (Series("opened", (4, 0, 2, 1)), Series("waiting", (3, 1, 0, 5))),
    ChartKind.ROWS,
)


class Board(App[None]):
    """Four charts, the last one too small for axes."""

    CSS = "Grid { grid-size: 2 2; grid-rows: 1fr 6; grid-gutter: 1 2; }"

    def __init__(self, theme: str = "desk-dark") -> None:
        super().__init__()
        for one in desk_themes():
            self.register_theme(one)
        self.theme = theme
        self.background = Background()

    def compose(self) -> ComposeResult:
        with Grid():
            for _number in range(4):
                yield Chart(self.background)

    def on_mount(self) -> None:
        small = replace(WEEK, kind=ChartKind.GROUPED)
        for chart, data in zip(self.query(Chart), (WEEK, MONTH, NAMES, small), strict=True):
            chart.show(data)

    def on_unmount(self) -> None:
        self.background.close()


async def drawn(pilot: Pilot[Any]) -> None:
    async with asyncio.timeout(20):
        while True:
            await pilot.pause()
            if all(chart.settled and chart.text for chart in pilot.app.query(Chart)):
                return await pilot.pause()
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("theme", ["desk-dark", "desk-16"])
def test_picture(theme: str, snap_compare: Callable[..., bool]) -> None:
    assert snap_compare(Board(theme), terminal_size=(120, 30), run_before=drawn)


def text_of(data: ChartData, width: int = 70, height: int = 14) -> list[str]:
    return chart_lines.text_of(chart_canvas.draw(data, width, height)).splitlines()


def test_stacked_bars_reach_the_sum_of_their_series() -> None:
    lines = text_of(WEEK, 80, 20)
    tops = [sum(line[column] in chart_lines.BAR_SIGNS for line in lines) for column in _columns(lines, WEEK)]
    assert sorted(range(7), key=lambda at: tops[at]) == sorted(range(7), key=lambda at: WEEK.total(at) or 0)


def _columns(lines: list[str], data: ChartData) -> list[int]:
    return [lines[-1].index(label) + 1 for label in data.labels]


def test_series_differ_by_their_signs_alone() -> None:
    whole = "\n".join(text_of(WEEK))
    assert "█" in whole
    assert "▒" in whole
    lines = "\n".join(text_of(replace(WEEK, kind=ChartKind.LINES)))
    assert "•" in lines
    assert "+" in lines
    assert len(set(chart_lines.BAR_SIGNS)) == len(set(chart_lines.POINT_SIGNS)) == 6


def test_a_bar_of_nothing_covers_none() -> None:
    bottom = text_of(WEEK, 80, 20)[-3]
    saturday = _columns(text_of(WEEK, 80, 20), WEEK)[5]
    assert bottom[saturday] == "▒"


def test_where_all_is_nothing_the_axes_are_labelled_still() -> None:
    text = text_of(ChartData(["16.11.", "17.11."], [Series("done", [0.0, 0.0])]), 40, 8)
    assert text[-1].split() == ["16.11.", "17.11."]
    assert [line[0] for line in text if line[1] == "┤"] == ["1", "0"]


def test_a_gap_is_not_drawn_through() -> None:
    lines = text_of(MONTH, 100, 14)
    places = {int(label): lines[-1].index(label) for label in ("1", "31")}
    day = (places[31] - places[1]) / 30
    gap = range(round(places[1] + 8.2 * day), round(places[1] + 8.8 * day))
    assert gap
    assert not any("⠀" < line[column] <= "⣿" for line in lines for column in gap)


@pytest.mark.parametrize("kind", [ChartKind.GROUPED, ChartKind.STACKED, ChartKind.LINES])
@pytest.mark.parametrize("size", [(28, 7), (40, 9), (150, 30)])
def test_every_line_has_the_width(kind: ChartKind, size: tuple[int, int]) -> None:
    labels = ("[@click=app.quit]x[/x]", "\x1b[31mred\x07", "佐藤花子", "‮evil", "5", "\ue000", "7")
    lines = text_of(replace(WEEK, kind=kind, labels=labels), *size)
    assert len(lines) == size[1]
    assert {cell_len(line) for line in lines} == {size[0]}
    assert not any(ord(sign) < 32 or sign == "\u202e" for line in lines for sign in line)


def test_labels_stand_as_they_are_written() -> None:
    last = text_of(replace(WEEK, labels=("[b]x", "佐藤", "c", "d", "e", "f", "g")), 90, 12)[-1]
    assert "[b]x" in last
    assert "佐藤" in last


def test_a_label_for_every_bar_is_left_out_where_there_is_no_room() -> None:
    assert text_of(MONTH, 40, 10)[-1].split() == ["1", "5", "9", "13", "17", "21", "25", "29"]


def test_negative_values_hang_below_zero() -> None:
    lines = text_of(ChartData(("a", "b"), (Series("", (-3, 4)),)), 30, 12)
    zero = next(number for number, line in enumerate(lines) if line.lstrip().startswith("0┤"))
    assert any("█" in line for line in lines[:zero])
    assert any("█" in line for line in lines[zero + 1 :])


@pytest.mark.parametrize(
    ("unit", "high", "ticks"),
    [
        (Unit.COUNT, 8, ["0", "5", "10"]),
        (Unit.COUNT, 1, ["0", "1"]),
        (Unit.COUNT, 0, ["0", "1"]),
        (Unit.SECONDS, 7000, ["0 s", "1 h", "2 h"]),
        (Unit.SECONDS, 0, ["0 s", "30 s", "1 min"]),
        (Unit.RATIO, 0.4, ["0 %", "20 %", "40 %"]),
    ],
)
def test_ticks_are_round(unit: Unit, high: float, ticks: list[str]) -> None:
    data = ChartData(("a",), (Series("", (high,)),), unit=unit)
    assert [data.written(tick) for tick in data.ticks(3)] == ticks


def test_rows_name_and_number_everything() -> None:
    lines = chart_lines.text_of(chart_lines.rows(NAMES, 50, 6)).splitlines()
    assert [line.rsplit(maxsplit=1)[-1] for line in lines] == ["7", "1", "2", "6"]
    assert lines[0].count("█") > lines[0].count("▒") > 0
    assert all(cell_len(line) <= 50 for line in lines)


def test_rows_say_how_many_are_left_out() -> None:
    assert chart_lines.text_of(chart_lines.rows(NAMES, 50, 3)).splitlines()[-1] == " and 2 more"


def test_a_value_that_is_missing_is_no_zero() -> None:
    data = ChartData(("Ana", "Leo"), (Series("", (None, 0)),), ChartKind.ROWS, Unit.SECONDS)
    assert [line.split()[1:] for line in chart_lines.text_of(chart_lines.rows(data, 40, 2)).splitlines()] == [
        ["—"],
        ["0", "s"],
    ]


def test_curves_take_a_line_each() -> None:
    lines = chart_lines.text_of(chart_lines.plain(WEEK, 60, 3)).splitlines()
    assert lines == [" before booking ▃▄▂█▁▁▄ at most 8", " after booking  ▂▃▄ ▆▇█ at most 7", " Mon – Sun"]


async def test_it_says_when_there_is_nothing() -> None:
    app = Board()
    async with app.run_test(size=(120, 30)) as pilot:
        await drawn(pilot)
        chart = app.query(Chart).first()
        chart.show(ChartData(("Mon",), (Series("", (None,)),)))
        assert chart.text.strip() == "Nothing to show for this period."
        chart.show(None)
        assert chart.text == ""


async def test_it_is_drawn_anew_for_another_size() -> None:
    app = Board()
    async with app.run_test(size=(120, 30)) as pilot:
        await drawn(pilot)
        assert "┤" in app.query(Chart).first().text
        await pilot.resize_terminal(40, 12)
        await drawn(pilot)
        assert "┤" not in app.query(Chart).first().text


def test_too_many_series_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        ChartData(("a",), tuple(Series(str(number), (1,)) for number in range(7)))
    with pytest.raises(ValueError, match="one value"):
        ChartData(("a", "b"), (Series("x", (1,)),))


def test_no_screen_pays_for_it_before_it_shows_one() -> None:
    code = "import sys, crm_tui.widgets.chart; print([name for name in sys.modules if 'plotext' in name])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
