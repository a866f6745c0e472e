"""What a chart shows, apart from how: labelled series of numbers, their unit, and where its axis has ticks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from math import ceil, floor, log10

from crm_tui.base.i18n import N_, _
from crm_tui.mail.text import display_text
from crm_tui.widgets.times import duration

MOST_SERIES = 6
"""As many series have a sign and a colour of their own; more of them nobody could tell apart."""

_SECONDS = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)


class ChartKind(StrEnum):
    """How the values stand."""

    GROUPED = "grouped"  # a bar for each value, those of one label side by side
    STACKED = "stacked"  # one bar for each label, the series on top of each other
    LINES = "lines"  # one line for each series
    ROWS = "rows"  # one lying bar for each label, with its name and value: for names rather than days


class Unit(StrEnum):
    """What a value counts."""

    COUNT = "count"
    SECONDS = "seconds"
    RATIO = "ratio"  # 1.0 is written as 100 %


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers.

    Attributes:
        name: what the legend says; made safe to show here.
        values: one for each label; None: there is none (not zero).
    """

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class ChartData:
    """A chart's content.

    Attributes:
        labels: below the bars or points, or before the rows; made safe to show here.
        series: at most :data:`MOST_SERIES`, each as long as ``labels``.
        unit: how values are written and where the axis has its ticks.
        write: writes a value otherwise than the unit does (money); display-safe.
        empty: what is said where there is no value at all.

    Raises:
        ValueError: too many series, or one that is not as long as the labels.
    """

    labels: Sequence[str]
    series: Sequence[Series]
    kind: ChartKind = ChartKind.GROUPED
    unit: Unit = Unit.COUNT
    write: Callable[[float], str] | None = None
    empty: str = field(default=N_("Nothing to show for this period."))

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"a chart shows at most {MOST_SERIES} series")
        if any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("every series needs one value for each label")
        names = tuple(Series(display_text(one.name), tuple(one.values)) for one in self.series)
        object.__setattr__(self, "labels", tuple(display_text(label) for label in self.labels))
        object.__setattr__(self, "series", names)

    @property
    def blank(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value is not None for one in self.series for value in one.values)

    def written(self, value: float | None) -> str:
        """A value in words; ``—`` where there is none."""
        if value is None:
            return "—"
        if self.write is not None:
            return self.write(value)
        if self.unit is Unit.SECONDS:
            sign = "-" if value < 0 else ""
            return sign + duration(timedelta(seconds=abs(value)))
        if self.unit is Unit.RATIO:
            return _("{n} %").format(n=f"{value * 100:.0f}")
        return f"{value:.0f}" if value == round(value) else f"{value:.1f}"

    def total(self, index: int) -> float | None:
        """All series of one label together; None if none has a value there."""
        values = [one.values[index] for one in self.series]
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    def heights(self) -> list[float]:
        """Every end of a bar or point, zero among them: what the axis must reach."""
        if self.kind in (ChartKind.STACKED, ChartKind.ROWS):
            return [0.0, *(self.total(index) or 0.0 for index in range(len(self.labels)))]
        return [0.0, *(value for one in self.series for value in one.values if value is not None)]

    def ticks(self, most: int) -> list[float]:
        """Round values for the axis, from the lowest to the highest, about ``most`` of them at the most."""
        low, high = min(self.heights()), max(self.heights())
        if high == low:
            high = low + (60 if self.unit is Unit.SECONDS else 1)
        step = self._step((high - low) / max(1, most - 1))
        first, last = floor(low / step), ceil(high / step)
        return [number * step for number in range(first, last + 1)]

    def _step(self, least: float) -> float:
        if self.unit is Unit.SECONDS:
            days = ceil(least / 86400) * 86400
            return float(next((step for step in _SECONDS if step >= least), days))
        power = 10.0 ** floor(log10(least))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * 0.999)
        whole = all(value == round(value) for value in self.heights())
        return max(1.0, step) if whole and self.unit is Unit.COUNT else step
