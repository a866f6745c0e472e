"""How a terminal is told to look: from one style to the next in the fewest bytes (ECMA-48 SGR)."""

from __future__ import annotations

from functools import cache

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

_OFF = {1: 22, 2: 22, 3: 23, 4: 24, 21: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 51: 54, 52: 54, 53: 55}
"""Which parameter ends an attribute; some end two at once."""
_SEEN_ON_BLANKS = frozenset({4, 21, 7, 9, 51, 52, 53})


Cell = tuple[str, "Look"]
"""A character and its look; without a character it is part of what can only be painted as a whole, or not known."""


class Cells(dict[str, Cell]):
    """The cells of a look by their character: each is one object, so that many of them cost nothing to make and to compare."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def __missing__(self, character: str) -> Cell:
        cell = self[character] = (character, self._look)
        return cell


class Look:
    """Attributes, colour of the text, colour of the ground. Two of the same kind are one object (:func:`look_of`).

    Attributes:
        attributes: SGR numbers that are set.
        text, ground: SGR parameters of the colours; empty for the terminal's own.
        cells: characters that look so.
    """

    __slots__ = ("_solid", "_ways", "attributes", "blank", "cells", "ground", "text")

    def __init__(self, attributes: frozenset[int], text: str, ground: str) -> None:
        self.attributes, self.text, self.ground = attributes, text, ground
        shown = attributes & _SEEN_ON_BLANKS or not (attributes or text)
        self.blank: Look = self if shown else _look(frozenset(), "", ground)
        """How blanks of this look are kept: all of one ground are the same."""
        self.cells = Cells(self)
        self._solid: Look | None = None
        self._ways: dict[Look, str] = {}

    @property
    def solid(self) -> Look | None:
        """How blanks look that are full blocks (█) of this look: its text's colour is their ground. None: it has no colour."""
        if self._solid is None and self.text and not self.attributes:
            first, *more = self.text.split(";")
            self._solid = _look(frozenset(), "", ";".join([str(int(first) + 10), *more]))
        return self._solid

    def way_to(self, other: Look) -> str:
        """What turns the terminal from this look to another."""
        if other is self:
            return ""
        way = self._ways.get(other)
        if way is None:
            way = self._ways[other] = f"\x1b[{self._parameters(other)}m"
        return way

    def _parameters(self, other: Look) -> str:
        ends = {_OFF[one] for one in self.attributes - other.attributes}
        begins = {one for one in other.attributes if one not in self.attributes or _OFF[one] in ends}
        step = [str(number) for number in (*sorted(ends), *sorted(begins))]
        if other.text != self.text:
            step.append(other.text or "39")
        if other.ground != self.ground:
            step.append(other.ground or "49")
        afresh = ["0", *(str(number) for number in sorted(other.attributes)), other.text, other.ground]
        return min((";".join(filter(None, way)) for way in (step, afresh)), key=len)


@cache
def _look(attributes: frozenset[int], text: str, ground: str) -> Look:
    return Look(attributes, text, ground)


PLAIN = _look(frozenset(), "", "")
"""The terminal's own look, before and after every update."""


def look_of(style: Style | None, system: ColorSystem) -> Look:
    """The look of a style, on a terminal with so many colours."""
    if style is None:
        return PLAIN
    return _read(style._ansi if style._ansi is not None else Strip.render_ansi(style, system))


@cache
def _read(parameters: str) -> Look:
    """A look from the parameters that Textual writes for a style."""
    attributes: set[int] = set()
    colours = {"38": "", "48": ""}
    left = parameters.split(";") if parameters else []
    while left:
        one = left.pop(0)
        if one in colours:
            many = 4 if left[:1] == ["2"] else 2
            colours[one] = ";".join((one, *left[:many]))
            del left[:many]
        elif int(one) in _OFF:
            attributes.add(int(one))
        elif one not in ("39", "49"):
            ground = len(one) == 3 or one.startswith("4")  # 40 to 47, 100 to 107
            colours["48" if ground else "38"] = one
    return _look(frozenset(attributes), colours["38"], colours["48"])
