"""Where the panels of the start screen stand: columns by width, heights by need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.containers import Container
from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

COLUMNS: Mapping[int, Sequence[Sequence[str]]] = {
    1: (("unanswered", "waitlist", "departures", "payments", "reminders", "complaints"),),
    2: (("unanswered", "waitlist", "complaints"), ("departures", "payments", "reminders")),
    3: (("unanswered", "waitlist"), ("departures", "payments"), ("reminders", "complaints", "arrivals")),
}
"""Which panels stand in which column, by the number of columns. New mail has a place only where there are three."""

WEIGHTS: Mapping[int, Sequence[int]] = {1: (1,), 2: (11, 10), 3: (12, 11, 10)}
"""How wide the columns are beside each other: subjects of mails need the most."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a panel asks for.

    Attributes:
        rows: how many its list has; a panel without any is one line.
        favourite: it has the focus: where there is little room it gets more than its share.
    """

    rows: int
    favourite: bool = False


def shares(needs: Sequence[Need], height: int) -> list[int]:
    """How many lines each panel of a column gets, its title among them; together ``height``, or less if it is too low.

    Every title is seen, then a row of each that has any, then half of the rest is the favourite's, and the others share by
    need. What nobody needs is spread over those that have rows, so that what comes in has a place.
    """
    given = [1] * len(needs)
    left = height - len(needs)
    order = sorted(range(len(needs)), key=lambda place: not needs[place].favourite)
    wanted = [one.rows for one in needs]

    def give(place: int, lines: int) -> None:
        nonlocal left
        lines = max(0, min(lines, left))
        given[place] += lines
        left -= lines

    for place in order:
        give(place, min(1, wanted[place]))
    for place in order:
        if needs[place].favourite:
            give(place, min(wanted[place] + 1 - given[place], (left + 1) // 2))
    while left > 0 and any(wanted[place] + 1 > given[place] for place in order):
        for place in order:
            give(place, min(1, wanted[place] + 1 - given[place]))
    filled = [place for place in range(len(needs)) if wanted[place]] or [0]
    while left > 0:
        for place in filled:
            give(place, 1)
    return given


class Panels(Container):
    """Holds the panels. Heights are kept until :meth:`settle`, so that nothing moves under the cursor while rows come and go."""

    def __init__(self, *children: Widget, id: str) -> None:
        super().__init__(*children, id=id)
        self._heights: dict[str, int] = {}
        self._key: tuple[int, int] = (0, 0)
        self.needs: dict[str, Need] = {}
        self._layout = _Columns()

    @property
    def layout(self) -> Layout:
        """By columns."""
        return self._layout

    @property
    def columns(self) -> int:
        """How many columns there are at this width."""
        screen = self.screen
        return 1 if screen.has_class("-one-pane") else 2 if screen.has_class("-two-panes") else 3

    def shown(self, panel_id: str) -> bool:
        """Whether a panel has a place at this width."""
        return any(panel_id in column for column in COLUMNS[self.columns])

    def rows_of(self, panel_id: str) -> int:
        """How many rows of a panel are seen."""
        return self._heights.get(panel_id, 0) - 1 if self.shown(panel_id) else 0

    def settle(self, needs: Mapping[str, Need]) -> None:
        """Share the height anew."""
        heights = dict(self._heights)
        self.needs, self._heights = dict(needs), {}
        self.places(self.size)
        if heights != self._heights:
            self._clear_arrangement_cache()  # Textual does that for those above only
            self.refresh(layout=True)

    def places(self, size: Size) -> dict[str, Region]:
        """Where each panel stands in a space of this size."""
        columns = COLUMNS[self.columns]
        key = (len(columns), size.height)
        if key != self._key or not self._heights:
            self._key = key
            for column in columns:
                needs = [self.needs.get(name, Need(0)) for name in column]
                if len(columns) > 1:
                    needs = [Need(one.rows) for one in needs]
                self._heights |= dict(zip(column, shares(needs, size.height), strict=True))
        found: dict[str, Region] = {}
        for number, column in enumerate(columns):
            weights = WEIGHTS[len(columns)]
            left, right = (size.width * sum(weights[:one]) // sum(weights) for one in (number, number + 1))
            top = 0
            for name in column:
                found[name] = Region(left, top, right - left, self._heights[name])
                top += self._heights[name]
        return found


class _Columns(Layout):
    """Lays out :class:`Panels`."""

    name = "panels"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:  # noqa: ARG002
        """Each panel where :meth:`Panels.places` says."""
        if not isinstance(parent, Panels):
            return []
        parent.pre_layout(self)
        places = parent.places(size)
        for child in children:
            if child.id in places:
                child.set_class(places[child.id].x > 0, "-beside")
        return [
            WidgetPlacement(places[child.id], NULL_OFFSET, Spacing(), child)
            for child in children
            if child.id is not None and child.id in places
        ]
