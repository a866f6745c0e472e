"""Text in terminal cells: cut, padded and wrapped so that wide and combining characters stay whole."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size, split_graphemes

ELLIPSIS = "…"
_one_cell_each = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u203a\u20ac]*").fullmatch


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, its end replaced by an ellipsis if it is longer."""
    if width <= 0:
        return ""
    if text.isascii():
        return text if len(text) <= width else text[: width - 1] + ELLIPSIS
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS


def fit(text: str, width: int, *, right: bool = False) -> str:
    """``text`` in exactly ``width`` cells: cut with an ellipsis or padded, on the left if ``right``."""
    if width <= 0:
        return ""
    text = cut(text, width)
    blank = " " * (width - (len(text) if text.isascii() else cell_len(text)))
    return blank + text if right else text + blank


def wrap(line: str, width: int) -> list[tuple[int, int]]:
    """Where a line breaks at ``width`` cells, between words if it can.

    Returns:
        Character ranges ``(start, end)`` of ``line``, without the blanks at the breaks; at least one range.
    """
    width = max(1, width)
    if line.isascii() or _one_cell_each(line):
        return [(0, len(line))] if len(line) <= width else _wrap_narrow(line, width)
    return [(0, len(line))] if cell_len(line) <= width else _wrap_cells(line, width)


def _wrap_narrow(line: str, width: int) -> list[tuple[int, int]]:
    ranges = []
    start, length = 0, len(line)
    while length - start > width:
        end = line.rfind(" ", start, start + width + 1)
        if end <= start or not line[start:end].strip():
            end = after = start + width
        else:
            after = end + 1
            while after < length and line[after] == " ":
                after += 1
        ranges.append((start, end))
        start = after
    if start < length or not ranges:
        ranges.append((start, length))
    return ranges


def _wrap_cells(line: str, width: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    start = used = 0
    word_end = word_after = -1  # the last break opportunity: before and after its blank
    used_after = 0  # cells from the line's start to word_after
    for first, last, cells in split_graphemes(line)[0]:
        if line[first:last] == " ":
            word_end, word_after, used_after = first, last, used + cells
        elif used + cells > width:
            if word_end > start:
                ranges.append((start, word_end))
                start, used = word_after, used - used_after
            else:
                ranges.append((start, first))
                start, used = first, 0
            word_end = -1
        used += cells
    ranges.append((start, len(line)))
    return ranges
