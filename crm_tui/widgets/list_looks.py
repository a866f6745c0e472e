"""How a list looks: its rows, and the line above them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.widgets.styled import Part

RC = TypeVar("RC", contravariant=True)


class RowView(Protocol[RC]):
    """How the rows of a list look."""

    def parts(self, row: RC, width: int) -> Sequence[Part]:
        """The pieces of a row's line, ``width`` cells together."""
        ...

    def empty(self) -> Sequence[Part]:
        """What an empty list says: what would fill it and which key starts that; a part a line."""
        ...


def whole_parts(parts: Sequence[Part], width: int) -> list[Part]:
    """As many of the parts as have room, each whole: what matters most stands first, and nothing is cut in the middle."""
    shown: list[Part] = []
    for part in parts:
        width -= cell_len(part[0])
        if width < 0:
            break
        shown.append(part)
    return shown


def list_title(name: str, count: str, *, filtered: str = "", marked: int = 0, hidden: int = 0) -> list[Part]:
    """The line over a list: what it holds, how many, how it is filtered; ``hidden``: marked ones that it does not show."""
    parts: list[Part] = [(" " + name, "title")]
    if count:
        parts.append((" · " + count, "muted"))
    if filtered:
        parts.append((" · " + filtered, "accent"))
    if marked:
        words = _("{count} marked ({hidden} not shown)") if hidden else _("{count} marked")
        parts.append((" · ✓ " + words.format(count=marked, hidden=hidden), "mark"))
    return parts
