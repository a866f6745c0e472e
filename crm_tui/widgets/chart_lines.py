"""Charts made of text alone: lying bars with names and values, and one-line curves where there is no room for more."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from crm_tui.base.i18n import _, ngettext
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.chart_data import ChartData, ChartKind
from crm_tui.widgets.styled import Part

BAR_SIGNS = ("█", "▒", "░", "▚", "▞", "╳")
"""What the bars of each series are made of: told apart without any colour."""

POINT_SIGNS = ("•", "+", "x", "o", "*", "#")
"""What the lines of each series are made of, where there are several."""

LOOKS = ("badge", "accent", "good", "warn", "muted", "bad")
"""Style of each series."""

_LEVELS = "▁▂▃▄▅▆▇█"


def legend(data: ChartData, width: int) -> list[Part]:
    """Sign and name of each series; nothing where there is only one without a name."""
    signs = POINT_SIGNS if data.kind is ChartKind.LINES and len(data.series) > 1 else BAR_SIGNS
    names = [one.name for one in data.series]
    if not any(names):
        return []
    room = max(4, width // len(names) - 4)
    parts: list[Part] = []
    for number, name in enumerate(names):
        parts += [(f" {signs[number]} ", LOOKS[number]), (cut(name, room) + " ", "")]
    return parts


def rows(data: ChartData, width: int, height: int) -> list[list[Part]]:
    """A lying bar for each label, the series one after the other in it, and the value; the last line counts what is left."""
    many = len(data.labels)
    shown = many if many <= height else max(0, height - 1)
    name = min(max((cell_len(label) for label in data.labels), default=0), max(6, width // 3))
    words = [data.written(data.total(index)) for index in range(many)]
    value = max((cell_len(word) for word in words), default=0)
    room = width - name - value - 3
    longest = max((abs(height_) for height_ in data.heights()), default=0) or 1
    lines = [
        [
            (" " + fit(data.labels[index], name) + " ", ""),
            *_bar(data, index, max(1, room), longest),
            (" " + words[index], "strong"),
        ]
        for index in range(shown)
    ]
    if shown < many:
        left = many - shown
        lines.append([(" " + ngettext("and {n} more", "and {n} more", left).format(n=left), "muted")])
    return lines[: max(0, height)]


def _bar(data: ChartData, index: int, room: int, longest: float) -> list[Part]:
    """The pieces of one bar; each is at least a cell if it counts anything, and together they are never too long."""
    parts: list[Part] = []
    end, reached = 0.0, 0
    for number, one in enumerate(data.series):
        amount = abs(one.values[index] or 0.0)
        if not amount:
            continue
        end += amount
        cells = min(room, max(reached + 1, round(end / longest * room))) - reached
        reached += cells
        parts.append((BAR_SIGNS[number] * cells, LOOKS[number]))
    return parts


def curves(data: ChartData, width: int, height: int) -> list[list[Part]]:
    """One line for each series: its name, a curve of eighths, its highest value."""
    name = min(max((cell_len(one.name) for one in data.series), default=0), max(0, width // 3))
    lines: list[list[Part]] = []
    for number, one in enumerate(data.series):
        known = [value for value in one.values if value is not None]
        most = max(known, default=0.0)
        said = _("at most {n}").format(n=data.written(most if known else None))
        room = width - name - cell_len(said) - 3
        values = one.values[-room:] if room > 0 else ()
        drawn = "".join(_level(value, most) for value in values)
        lines.append(
            [(f" {fit(one.name, name)} " if name else " ", ""), (drawn, LOOKS[number]), (f" {said}", "strong")]
        )
    if data.labels and len(lines) < height:
        lines.append([(f" {data.labels[0]} – {data.labels[-1]}", "muted")])
    return lines[: max(0, height)]


def _level(value: float | None, most: float) -> str:
    if value is None:
        return " "
    if most <= 0 or value <= 0:
        return "▁"
    return _LEVELS[min(7, int(value / most * 7.999))]


def plain(data: ChartData, width: int, height: int) -> list[list[Part]]:
    """The chart without axes: rows where all of them fit or names stand, else curves."""
    if data.kind is ChartKind.ROWS or (data.kind is not ChartKind.LINES and len(data.labels) <= height):
        return rows(data, width, height)
    return curves(data, width, height)


def empty(data: ChartData) -> list[list[Part]]:
    """What is said where there is nothing."""
    return [[(" " + _(data.empty), "muted")]]


def text_of(lines: Sequence[Sequence[Part]]) -> str:
    """The lines without their styles."""
    return "\n".join("".join(text for text, _style in line) for line in lines)
