"""The desk's palette for widgets that draw their own lines: style names are the same in all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    _Base = object

Part = tuple[str, str]
"""A piece of a line: its text (display-safe, never markup) and its style names, blank separated (empty: plain)."""

STYLES = (
    "muted",
    "faint",
    "strong",
    "title",
    "accent",
    "good",
    "warn",
    "bad",
    "link",
    "key",
    "mark",
    "match",
    "cursor",
    "cursor-blurred",
    "line",
    "unread",
    "quote",
    "badge",
)
"""Style names; ``desk.tcss`` gives each a look as ``.desk--NAME``."""


class Styled(_Base):
    """Mixin: the desk's styles by name, as Rich styles on top of the widget's own, cached until the theme changes."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Textual looks for component classes on widget classes only, so every widget names the desk's."""
        cls.COMPONENT_CLASSES = {f"desk--{name}" for name in STYLES}
        super().__init_subclass__(**kwargs)

    _looks: dict[str, Style] | None = None

    def look(self, names: str) -> Style:
        """The style of blank-separated names, later ones on top, over the widget's own style."""
        if self._looks is None:
            self._looks = {}
        style = self._looks.get(names)
        if style is None:
            style = self.rich_style
            for name in names.split():
                style += self.get_component_rich_style(f"desk--{name}", partial=True)
            self._looks[names] = style
        return style

    @property
    def line_width(self) -> int:
        """How many cells a line has: the widget without its scrollbar."""
        return max(0, self.scrollable_content_region.width)

    def forget_looks(self) -> None:
        """Compute the styles anew: the theme or the focus changed."""
        self._looks = None

    def notify_style_update(self) -> None:
        """Called by Textual when the styles of this widget changed."""
        self.forget_looks()
        super().notify_style_update()

    def strip(self, parts: Iterable[Part], ground: str = "") -> Strip:
        """One line from its parts; ``ground`` names styles that lie under every part."""
        prefix = f"{ground} " if ground else ""
        return Strip([Segment(text, self.look(prefix + names)) for text, names in parts if text])


def marked(text: str, start: int, end: int, marks: Sequence[tuple[int, int, str]], style: str) -> list[Part]:
    """A stretch of text in pieces of one style each; ``marks`` are sorted ranges of the whole text."""
    parts: list[Part] = []
    at = start
    for first, last, names in marks:
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        if first > at:
            parts.append((text[at:first], style))
        parts.append((text[first:last], f"{style} {names}".strip()))
        at = last
    if at < end:
        parts.append((text[at:end], style))
    return parts
