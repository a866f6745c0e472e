"""Charts with axes, drawn by textual-plotext and turned into the desk's own lines.

Plotext is asked for plain cells with a number for each series; what they look like is decided by the theme of the desk. No
label ever reaches it: each is stood in for by a private character as often as the label has cells, and put back afterwards,
so that wide characters keep the axis straight and nothing foreign is parsed.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len

from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.chart_data import ChartData, ChartKind
from crm_tui.widgets.chart_lines import BAR_SIGNS, LOOKS, POINT_SIGNS
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from textual_plotext.plot import Plot

WIDEST = 5
"""Cells of the widest bar: wider ones say no more, and cost more on a slow line."""
LEAST_WIDTH, LEAST_HEIGHT = 28, 7
"""A chart with axes needs at least so many cells and lines."""

_PRIVATE = 0xE000
_one_plot = threading.Lock()  # plotext keeps what it draws with in its module
_CODES = re.compile("\x1b\\[([0-9;]*)m")
_PIECES = re.compile("([\ue000-\uf8ff])\\1*|[─-╿]+|[^\ue000-\uf8ff─-╿]+")


def draw(data: ChartData, width: int, height: int) -> list[list[Part]]:
    """The chart in exactly ``height`` lines of ``width`` cells. Blocks for some milliseconds, the first time for the
    import: for threads."""
    from textual_plotext.plot import Plot

    ticks = data.ticks(max(3, height // 3))
    names = _Stand(width)
    with _one_plot:
        plot = Plot()
        plot._set_size(width, height)
        plot.theme("clear")
        if data.kind is ChartKind.LINES:
            _plot_lines(plot, data)
        else:
            _plot_bars(plot, data, width / len(data.labels))
        plot.yticks(ticks, [names.of(data.written(tick)) for tick in ticks])
        plot.ylim(ticks[0], ticks[-1])
        plot.xlim(0.5, len(data.labels) + 0.5)
        places = _places(data.labels, width - max(cell_len(data.written(tick)) for tick in ticks) - 2)
        plot.xticks([place + 1 for place in places], [names.of(data.labels[place]) for place in places])
        built = plot.build()
    return [_parts(line, names) for line in built.splitlines()[:height]]


def _plot_bars(plot: Plot, data: ChartData, room: float) -> None:
    """Bar by bar: one of nothing is not drawn at all, so that it covers none that stands there. ``room``: cells a label has."""
    stacked, many = data.kind is ChartKind.STACKED, len(data.series)
    width = min(0.7 if stacked or many == 1 else 0.8 / many, WIDEST / room)
    if not any(value for one in data.series for value in one.values):
        plot.scatter([1], [0], marker=" ")  # without anything on them the axes would have no labels
    for number, one in reversed(list(enumerate(data.series))):
        middle = 1.0 if stacked else 1 + (number - (many - 1) / 2) * width
        for index, value in enumerate(one.values):
            if value:
                top = sum(below.values[index] or 0.0 for below in data.series[: number + 1]) if stacked else value
                plot.bar(
                    [index + middle], [top], marker=BAR_SIGNS[number], color=number + 1, width=width, reset_ticks=False
                )


def _plot_lines(plot: Plot, data: ChartData) -> None:
    single = len(data.series) == 1
    for number, one in enumerate(data.series):
        for run in _runs(one.values):
            points = [one.values[index] for index in run]
            plot.plot(
                [index + 1 for index in run],
                points,
                marker="braille" if single and len(run) > 1 else POINT_SIGNS[number],
                color=number + 1,
            )


def _runs(values: Sequence[float | None]) -> list[list[int]]:
    """Positions of neighbouring values: a gap is not drawn through."""
    runs: list[list[int]] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if runs and runs[-1][-1] == index - 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _places(labels: Sequence[str], width: int) -> list[int]:
    """Which labels have room: every one, or every second, third…"""
    longest = max(cell_len(label) for label in labels) + 2
    room = max(1, width // longest)
    return list(range(0, len(labels), max(1, -(-len(labels) // room))))


class _Stand:
    """Private characters that stand in for labels."""

    def __init__(self, width: int) -> None:
        self._most = max(4, width // 4)
        self._labels: list[str] = []

    def of(self, label: str) -> str:
        """What stands in for a label: as many characters as it has cells."""
        label = cut(label, self._most)
        self._labels.append(label)
        return chr(_PRIVATE + len(self._labels) - 1) * cell_len(label)

    def label(self, stand: str) -> str:
        """The label again, in as many cells as there were characters."""
        return fit(self._labels[ord(stand[0]) - _PRIVATE], len(stand))


def _parts(line: str, names: _Stand) -> list[Part]:
    parts: list[Part] = []
    look, at = "", 0
    for code in (*_CODES.finditer(line), None):
        text = line[at : code.start()] if code else line[at:]
        for piece in _PIECES.finditer(text):
            found = piece[0]
            if "\ue000" <= found[0] <= "\uf8ff":
                parts.append((names.label(found), "muted"))
            else:
                parts.append((found, look or "faint"))
        if code is not None:
            at = code.end()
            number = code[1].rpartition("38;5;")[2] if "38;5;" in code[1] else ""
            look = LOOKS[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(LOOKS) else ""
    return parts
