"""A chart on a screen: legend and bars or lines in the desk's theme; text alone where it is too small for axes."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from crm_tui.widgets import chart_lines
from crm_tui.widgets.background import Background
from crm_tui.widgets.chart_data import ChartData, ChartKind, Series, Unit
from crm_tui.widgets.styled import Part, Styled

__all__ = ["Chart", "ChartData", "ChartKind", "Series", "Unit"]


class Chart(Styled, Widget):
    """Shows a :class:`ChartData`. Series are told apart by sign, name and colour together.

    It is drawn in a thread (the library that draws axes is imported there, at the first chart only); until it is, the chart
    before stands there, or the same chart as plain text.

    Args:
        background: runs the drawing.
        tallest: it takes no more lines than these.
    """

    DEFAULT_CSS = "Chart { height: 1fr; width: 1fr; min-height: 1; }"

    def __init__(
        self, background: Background, *, tallest: int = 1000, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._tallest = tallest
        self._background = background
        self._data: ChartData | None = None
        self._lines: list[list[Part]] = []
        self._drawing = False
        self._canvas: Size | None = None
        """For which size the axes were drawn that stand there; they stay until others take their place."""

    def show(self, data: ChartData | None) -> None:
        """Show this from now on; None: nothing."""
        if data != self._data or data is None:
            self._data = data
            self._draw()

    @property
    def settled(self) -> bool:
        """It is drawn as it will stay."""
        return not self._drawing

    @property
    def text(self) -> str:
        """What is shown, without styles."""
        return chart_lines.text_of(self._lines)

    def on_resize(self, _event: events.Resize) -> None:
        """Draw it anew for the room there is."""
        self._draw()

    def _draw(self) -> None:
        from crm_tui.widgets.chart_canvas import LEAST_HEIGHT, LEAST_WIDTH

        data, width, height = self._data, self.size.width, min(self.size.height, self._tallest)
        self._background.forget(self, "chart")
        self._drawing = False
        if data is None or not width or not height:
            self._put([])
            return
        if data.blank:
            self._put(chart_lines.empty(data))
            return
        head = [legend] if (legend := chart_lines.legend(data, width)) and height > 2 else []
        room = height - len(head)
        text_only = data.kind is ChartKind.ROWS or width < LEAST_WIDTH or room < LEAST_HEIGHT
        if text_only or self._canvas != self.size:
            self._put([*head, *chart_lines.plain(data, width, room)])
        if text_only:
            return
        self._drawing = True
        self._background.submit(
            self,
            lambda: _canvas(data, width, room),
            lambda lines: self._drawn([*head, *lines]),
            self._failed,
            "chart",
        )

    def _drawn(self, lines: list[list[Part]]) -> None:
        self._drawing = False
        self._put(lines, self.size)

    def _failed(self, error: Exception) -> None:
        self._drawing = False  # what stands there stays
        self.log.error(str(error))

    def _put(self, lines: list[list[Part]], canvas: Size | None = None) -> None:
        self._canvas = canvas
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        parts: Sequence[Part] = self._lines[y] if y < len(self._lines) else ()
        return self.strip(parts).adjust_cell_length(self.size.width, self.look(""))


def _canvas(data: ChartData, width: int, height: int) -> list[list[Part]]:
    from crm_tui.widgets.chart_canvas import draw

    return draw(data, width, height)
