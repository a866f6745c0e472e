"""The editor of a mail's text: soft wrap, quoted lines dimmed, a quote folded."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from rich.text import Text
from textual.content import Content
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from crm_tui.base.i18n import _
from crm_tui.rules.gaps import gaps_in
from crm_tui.widgets.forms.clean import clean_text
from crm_tui.widgets.forms.keys import SCREEN_KEYS, without_keys

_QUOTED = re.compile(r"^\s*>")


class BodyEditor(TextArea, inherit_bindings=False):
    """A text area for mail. What is pasted is cleaned; lines that begin with ``>`` are dimmed."""

    BINDINGS = without_keys(TextArea.BINDINGS, SCREEN_KEYS)

    COMPONENT_CLASSES: ClassVar[set[str]] = {"editor--quote", "editor--gap"}

    DEFAULT_CSS = """
    BodyEditor {
        border: none; padding: 0 1; height: 1fr; background: $background; scrollbar-size-vertical: 1;
        .editor--quote { color: $text-muted; text-style: italic; }
        .editor--gap { color: $text-warning; text-style: bold reverse; }
        &:focus { border: none; background-tint: $foreground 0%; }
        & .text-area--cursor, &:light .text-area--cursor, &:dark .text-area--cursor {
            color: $input-cursor-foreground; background: $input-cursor-background;
            text-style: $input-cursor-text-style;
        }
    }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        self._painted: dict[int, Strip] = {}
        self._painted_in = ""
        self._comparing = False
        super().__init__(
            text,
            id=id,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=Content(_("Write here. Markdown works: *emphasis*, lists, links.")),
        )

    def on_mount(self) -> None:
        """A blinking cursor costs a slow line some hundred bytes a second."""
        self.cursor_blink = False

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Paint only the lines that differ: Textual paints a whole text area for every letter (UX: 2 kB a key)."""
        if regions or recompose or not repaint or not getattr(self, "_painted", None):
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        if layout:
            super().refresh(repaint=False, layout=True)
        if not self._comparing:
            self._comparing = True
            self.call_next(self._refresh_changed)
        return self

    def _refresh_changed(self) -> None:
        self._comparing = False
        width = self.size.width
        changed = [y for y in range(self.size.height) if self._differs(y)]
        if changed:
            super().refresh(*(Region(0, y, width, 1) for y in changed))

    def _differs(self, y: int) -> bool:
        return super().render_line(y) != self._painted.get(y)

    def render_line(self, y: int) -> Strip:
        """Called by Textual for what is painted; remembers it."""
        strip = super().render_line(y)
        self._painted[y] = strip
        return strip

    def notify_style_update(self) -> None:
        """Another theme: paint everything. (The focus comes here too; what it changes is found by comparing.)"""
        if self.app.theme != self._painted_in:
            self._painted, self._painted_in = {}, self.app.theme
        super().notify_style_update()

    def on_resize(self) -> None:
        """Another size: paint everything."""
        self._painted = {}
        super().refresh()

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """An undo that takes the scrollbar away asks for this while the cursor still stands below the text."""
        if self.cursor_location[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)

    def get_line(self, line_index: int) -> Text:
        """The line, dimmed if it quotes somebody; the gaps of a template stand out."""
        line = super().get_line(line_index)
        for gap in gaps_in(line.plain):
            line.stylize(self.get_component_rich_style("editor--gap", partial=True), gap.start, gap.end)
        if _QUOTED.match(line.plain):
            line.stylize(self.get_component_rich_style("editor--quote", partial=True))
        return line

    def edit(self, edit: Edit) -> EditResult:
        """Every change passes here; foreign text that is pasted is cleaned first."""
        edit.text = clean_text(edit.text)
        return super().edit(edit)


def split_quote(text: str) -> tuple[str, str]:
    """The text before the quote at its end, and that quote with its introduction line; joined they are ``text``.

    The quote is the last run of lines that begin with ``>`` (blank lines among them allowed), if nothing else follows.
    """
    lines = text.splitlines(keepends=True)
    end = len(lines)
    start = end
    for index in range(end - 1, -1, -1):
        if _QUOTED.match(lines[index]):
            start = index
        elif lines[index].strip():
            break
    if start == end:
        return text, ""
    before = start - 1
    while before >= 0 and not lines[before].strip():
        before -= 1
    if before >= 0 and lines[before].rstrip().endswith(":"):
        start = before
    return "".join(lines[:start]), "".join(lines[start:])


def quoted_lines(quote: str) -> int:
    """How many lines of ``quote`` are quoted."""
    return sum(1 for line in quote.splitlines() if _QUOTED.match(line))


def joined(own: str, quote: str) -> str:
    """The whole text from its own part and a folded quote, a blank line between them."""
    if not quote:
        return own
    if not own.strip():
        return "\n\n" + quote
    gap = "" if own.endswith("\n\n") else "\n" if own.endswith("\n") else "\n\n"
    return own + gap + quote
