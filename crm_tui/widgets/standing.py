"""What stands on the terminal, and the shortest way from it to what shall stand there.

Textual paints regions: a list that moves by a row, or a widget that asks for a new layout, costs the whole of it, some twenty
kilobytes on a large screen. Here every update is held against what was painted before and only cells that differ are
written; rows that moved together are moved by the terminal itself. On a slow line that is what a key costs (QUALITY §1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from crm_tui.widgets.terminal_looks import PLAIN, Cell, Look, look_of

_NOTHING: Cell = ("", Look(frozenset(), "", ""))
"""What is not known: it differs from every cell, and nothing else is written in its look."""
_BLANK = PLAIN.cells[" "]
_LEAST_ROWS = 3
"""So many rows have to move together before the terminal is asked to move them."""
_SHORT = 600
"""Bytes below which no shorter way is looked for."""
_KEPT = 600
"""How many pieces keep their cells: those of a list come again at every key."""
_GAP = 5
"""So many cells that are right already are written again rather than stepped over."""

_FULL = "█"
"""Painted as a blank on a ground of its colour: a third of the bytes, and none at all where the terminal empties cells itself."""
_LEAST_TRAILING = 5
"""So many blanks at the end of a run are left to the terminal, where it can; between others it takes more to be worth it."""
_blanks = re.compile(" {13,}").sub
# One cell on every terminal, alone and beside any other: Latin, Greek, Cyrillic, punctuation, currency, arrows, mathematics, lines,
# blocks, geometric shapes, Braille, and the signs that the desk uses of what lies between. No emoji, nothing that joins.
_single = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u2190-\u22ff\u2302\u23f8\u2500-\u25fc\u2605\u2606\u2691\u2709\u2713-\u2718\u2800-\u28ff]*"
).fullmatch


class Whole(Look):
    """A stretch that can only be painted from its first cell to its last: the column at which it begins and its sequences."""

    __slots__ = ("written", "x")

    def __init__(self, x: int, written: str) -> None:
        super().__init__(frozenset(), "", "")
        self.x, self.written = x, written


class Standing:
    """The cells of a terminal as they were written last. Not known at first, and after :meth:`forget`."""

    def __init__(self) -> None:
        self.erases = False
        """Whether the terminal gives cells that it empties the present ground ("bce" of terminfo)."""
        self._size = Size(0, 0)
        self._lines: list[list[Cell]] = []
        self._pieces: dict[tuple[int, int], tuple[Strip, list[Cell]]] = {}

    @property
    def known(self) -> bool:
        """Whether anything was written since the terminal is ours."""
        return bool(self._size)

    def forget(self) -> None:
        """Nothing is known of the terminal any more: whatever comes is painted."""
        self._size = Size(0, 0)

    def change(self, pieces: Iterable[tuple[int, int, Strip]], size: Size, system: ColorSystem) -> str:
        """What to write so that these stand there.

        Args:
            pieces: line, column, content; they do not overlap.
            size: of the terminal.
            system: its colours.

        Returns:
            Terminal sequences; they begin and end in the plain look and leave the cursor anywhere.
        """
        if size != self._size:
            self._size = size
            self._lines = [[_NOTHING] * size.width for _line in range(size.height)]
        wanted = self._with(pieces, system)
        changed = [y for y, line in wanted.items() if line != self._lines[y]]
        moved = self._moved(wanted, changed) if len(changed) >= _LEAST_ROWS else None
        written = (
            moved
            if moved is not None and len(moved) < _SHORT
            else _written(self._lines, wanted, changed, erase=self.erases)
        )
        for y in changed:
            self._lines[y] = wanted[y]
        return written if moved is None else min(moved, written, key=len)

    def _with(self, pieces: Iterable[tuple[int, int, Strip]], system: ColorSystem) -> dict[int, list[Cell]]:
        """The lines that are touched, as they shall be."""
        width, height = self._size
        wanted: dict[int, list[Cell]] = {}
        for y, x, strip in pieces:
            if y >= height:
                continue
            line = wanted.get(y)
            if line is None:
                line = wanted[y] = self._lines[y].copy()
            line[x : x + strip.cell_length] = self._cells_of(strip, x, system)
            del line[width:]
        return wanted

    def _cells_of(self, strip: Strip, x: int, system: ColorSystem) -> list[Cell]:
        found = self._pieces.get((id(strip), x))
        if found is None:
            if len(self._pieces) >= _KEPT:
                self._pieces.clear()
            found = self._pieces[id(strip), x] = (strip, _cells(strip, x, system))
        return found[1]

    def _moved(self, wanted: dict[int, list[Cell]], changed: Sequence[int]) -> str | None:
        """The same with rows moved first, if many of them only stand elsewhere."""
        found = _move(self._lines, wanted, changed)
        if found is None:
            return None
        top, bottom, by = found
        lines = list(self._lines)
        fresh = [[_BLANK] * self._size.width for _line in range(abs(by))]
        kept = lines[top + by : bottom + 1] if by > 0 else lines[top : bottom + 1 + by]
        lines[top : bottom + 1] = [*kept, *fresh] if by > 0 else [*fresh, *kept]
        whole = {y: wanted.get(y, self._lines[y]) for y in range(top, bottom + 1)} | wanted
        if any(_NOTHING in line for line in whole.values()):
            return None
        begin = f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1};1H\x1b[{abs(by)}{'M' if by > 0 else 'L'}\x1b[r"
        return begin + _written(
            lines, whole, sorted(y for y, line in whole.items() if line != lines[y]), erase=self.erases
        )


def _cells(strip: Strip, x: int, system: ColorSystem) -> list[Cell]:
    """The cells of a piece that begins at column ``x``; from the first text that is not certain on, they are a whole."""
    cells: list[Cell] = []
    for place, (text, style, control) in enumerate(strip):
        if control or (style is not None and style._link) or not _single(text):
            start, left = x + len(cells), strip.cell_length - len(cells)
            return [*cells, *([_whole(start, _sequences(list(strip)[place:], start, left, system))] * left)]
        look = look_of(style, system)
        if _FULL in text and look.solid is not None:
            block = look.solid.cells[" "]
            cells += [block if character == _FULL else look.cells[character] for character in text]
        else:
            cells.extend(map((look.blank if text.isspace() else look).cells.__getitem__, text))
    return cells


@lru_cache(_KEPT)
def _whole(x: int, written: str) -> Cell:
    """Its cells, the same object for the same stretch."""
    return "", Whole(x, written)


def _sequences(segments: Sequence[Segment], x: int, width: int, system: ColorSystem) -> str:
    """Where terminals may not agree how many cells a character has, nothing is painted from the middle, and blanks go first."""
    look = look_of(segments[0].style, system).blank
    parts = [PLAIN.way_to(look), " " * width, f"\x1b[{x + 1}G"]
    for text, style, _control in segments:
        if style is not None and style._link:
            parts += [look.way_to(PLAIN), Strip.render_style(style, text, system)]
            look = PLAIN
        else:
            parts += [look.way_to(look := look_of(style, system)), text]
    return "".join([*parts, look.way_to(PLAIN)])


def _move(
    lines: Sequence[list[Cell]], wanted: dict[int, list[Cell]], changed: Sequence[int]
) -> tuple[int, int, int] | None:
    """Which rows have moved: the first and the last line that they leave or reach, and by how many lines up."""
    middle = changed[len(changed) // 2]
    differing = [x for x, pair in enumerate(zip(lines[middle], wanted[middle], strict=True)) if pair[0] is not pair[1]]
    first, last = differing[0], differing[-1] + 1
    stood = {tuple(line[first:last]): y for y, line in enumerate(lines)}
    moves = [(y, stood.get(tuple(wanted[y][first:last]), y) - y) for y in changed]
    by, votes = Counter(by for _y, by in moves if by).most_common(1)[0] if any(by for _y, by in moves) else (0, 0)
    if votes < _LEAST_ROWS:
        return None
    reached = [y for y, moved in moves if moved == by]
    left = [y + by for y in reached]
    return min(*reached, *left), max(*reached, *left), by


class _Run(NamedTuple):
    """Cells beside each other that are written in one look; ``whole``: with sequences of its own, in the plain look."""

    y: int
    x: int
    look: Look
    text: str
    cells: int
    whole: bool = False


def _written(
    lines: Sequence[list[Cell]], wanted: Mapping[int, list[Cell]], changed: Iterable[int], *, erase: bool
) -> str:
    """What turns lines into those that are wanted: run by run, or look by look, whichever is shorter."""
    found = [run for y in changed for run in _runs(y, lines[y], wanted[y])]
    wholes = [run for run in found if run.whole]  # first: they may reach further than they should
    runs = [run for run in found if not run.whole]
    grounds = {ground: place for place, ground in enumerate(dict.fromkeys(run.look.blank for run in runs))}
    order = {look: place for place, look in enumerate(dict.fromkeys(run.look for run in runs))}
    by_look = sorted(runs, key=lambda run: (grounds[run.look.blank], run.text.isspace(), order[run.look]))
    return min((_sequence([*wholes, *way], erase=erase) for way in (runs, by_look)), key=len)


def _sequence(runs: Iterable[_Run], *, erase: bool) -> str:
    """The runs in this order; ``erase``: long stretches of blanks by the terminal itself."""
    parts: list[str] = []
    look, at = PLAIN, (-1, -1)
    for run in runs:
        if look is not run.look and not (look.blank is run.look.blank and run.text.isspace()):
            parts.append(look.way_to(run.look))
            look = run.look
        if at != (run.y, run.x):
            ahead = run.x - at[1] if at[0] == run.y else 0
            parts.append(f"\x1b[{ahead}C" if ahead > 0 else f"\x1b[{run.y + 1};{run.x + 1}H")
        text, end = run.text, run.x + run.cells
        if erase and not look.attributes and not run.whole:
            last = len(text.rstrip(" "))
            if run.cells - last >= _LEAST_TRAILING:
                end = run.x + last
                text = f"{text[:last]}\x1b[{run.cells - last}X"
            text = _blanks(_erased, text)
        parts.append(text)
        at = (-1, -1) if run.whole else (run.y, end)
    parts.append(look.way_to(PLAIN))
    return "".join(parts)


def _erased(blanks: re.Match[str]) -> str:
    """So many cells emptied, and stepped over."""
    return f"\x1b[{len(blanks[0])}X\x1b[{len(blanks[0])}C"


def _runs(y: int, old: list[Cell], new: list[Cell]) -> Iterator[_Run]:
    """What differs in a line; after a stretch whose width is not certain, all to its right."""
    wrong = [one is not other for one, other in zip(old, new, strict=True)]
    _uncovered(wrong, new)
    wrong.append(True)
    x = wrong.index(True)
    while x < len(new):
        start, look = x, new[x][1]
        if isinstance(look, Whole):
            while x < len(new) and new[x] is new[start]:
                x += 1
            yield _Run(y, look.x, PLAIN, look.written, x - look.x, whole=True)
            wrong[x:] = [*(cell is not _NOTHING for cell in new[x:]), True]
        else:
            look, x = _reach(x, wrong, new)
            yield _Run(y, start, look, "".join([text for text, _look in new[start:x]]), x - start)
        x = wrong.index(True, x)


def _uncovered(wrong: list[bool], new: list[Cell]) -> None:
    """Adds what lies over a whole that is written, for that begins where it began, also if its beginning is covered now."""
    places = [x for x, cell in enumerate(new) if isinstance(cell[1], Whole)]
    again = bool(places)
    while again:
        again = written = False
        for x in places:
            written = written or wrong[x]  # after one that is written, all to its right is
            look = new[x][1]
            if not written or not isinstance(look, Whole):
                continue
            for over in range(look.x, x):
                if not wrong[over] and new[over] is not new[x] and new[over] is not _NOTHING:
                    wrong[over] = again = True


def _reach(x: int, wrong: list[bool], new: list[Cell]) -> tuple[Look, int]:
    """In which look the cells from ``x`` on can be written, and up to where: a few that are right already are written again
    rather than stepped over, blanks are written in any look of their ground."""
    text, look = new[x]
    blank, end = text == " ", x + 1
    for at, ((text, found), off) in enumerate(zip(new[end:], wrong[end:], strict=False), end):
        if found is not look:
            if look.blank is not found.blank or (text != " " and not blank):
                break
            if text != " ":
                look = found
        if off:
            end = at + 1
        elif at - end >= _GAP:
            break
        if blank:
            blank = text == " "
    return look.blank if blank else look, end
