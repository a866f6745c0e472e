"""The desk's palette for widgets that draw their own lines: style names are the same in all of them.

Textual's component classes would cost a stylesheet pass a name and widget at every change of a class; a theme's variables
say the same once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.strip import Strip

if TYPE_CHECKING:
    from textual.widget import Widget

    _Base = Widget
else:
    _Base = object

Part = tuple[str, str]
"""A piece of a line: its text (display-safe, never markup) and its style names, blank separated (empty: plain)."""

LOOKS: dict[str, tuple[str, str, str]] = {
    "muted": ("desk-muted", "", ""),
    "faint": ("desk-faint", "", ""),
    "strong": ("", "", "bold"),
    "title": ("primary", "", "bold"),
    "accent": ("accent", "", ""),
    "good": ("success", "", ""),
    "warn": ("warning", "", ""),
    "bad": ("error", "", "bold"),
    "link": ("primary", "", "underline"),
    "key": ("primary", "", "bold"),
    "mark": ("desk-mark", "", "bold"),
    "match": ("accent", "", "bold underline"),
    "cursor": ("", "desk-cursor", ""),
    "cursor-blurred": ("", "desk-cursor-blurred", ""),
    "line": ("desk-line", "", ""),
    "unread": ("", "", "bold"),
    "quote": ("desk-faint", "", ""),
    "badge": ("primary", "", ""),
    "headline": ("", "", ""),
}
"""Style name to theme variable of the text, theme variable of the ground, and attributes."""


class Styled(_Base):
    """Mixin: the desk's styles by name, as Rich styles on top of the widget's own, cached until the theme changes."""

    _looks: dict[str, Style] | None = None

    def look(self, names: str) -> Style:
        """The style of blank-separated names, later ones on top, over the widget's own style."""
        if self._looks is None:
            self._looks = {}
        style = self._looks.get(names)
        if style is None:
            style = self.rich_style
            variables = self.app.theme_variables
            for name in names.split():
                style += _style(name, variables)
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
        segments: list[Segment] = []
        held, held_style = "", None
        for text, names in parts:
            if not text:
                continue
            # blanks have no colour of their own: fewer changes of colour are fewer bytes on a slow line
            style = self.look(ground if text.isspace() else prefix + names)
            if style is held_style:
                held += text
                continue
            if held:
                segments.append(Segment(held, held_style))
            held, held_style = text, style
        if held:
            segments.append(Segment(held, held_style))
        return Strip(segments)


def _style(name: str, variables: dict[str, str]) -> Style:
    text, ground, attributes = LOOKS[name]
    return Style(
        color=Color.parse(variables[text]).rich_color if text else None,
        bgcolor=Color.parse(variables[ground]).rich_color if ground else None,
        bold="bold" in attributes or None,
        underline="underline" in attributes or None,
    )


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
