"""HTML mail as readable text: tables, lists, quotes and links kept, hidden text and tracking pixels dropped.

Nothing is ever fetched. Links show their real target (QUALITY S14). What a reader of the HTML would not see does not
come out (S15).
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from crm_tui.mail.html_parts import BLOCKS, SKIPPED, SPACED, Hidden
from crm_tui.mail.links import MAX_LINKS, MAX_TARGET, real_target, says_target
from crm_tui.mail.text import display_text

MAX_DEPTH = 180
MAX_COLUMN = 40

_SPACE = re.compile(r"[ \t\r\n\f]+")
_TOO_MANY_BREAKS = re.compile(r"\n{3,}")
_FONT_SIZE = re.compile(r"(?:^|;)\s*font-size\s*:\s*([\d.]+)", re.IGNORECASE)


class Readable(NamedTuple):
    """The text of an HTML part, safe to show, and its links as (text, target)."""

    text: str
    links: tuple[tuple[str, str], ...]
    language: str


def html_to_text(source: str) -> Readable:
    """Render HTML to text; broken markup is repaired, never refused."""
    from lxml import etree

    clean = source.replace("\x00", "").encode("utf-8", "replace")
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(clean, parser) if clean.strip() else None
    except etree.LxmlError:
        root = None
    if root is None:
        return Readable("", (), "")
    renderer = _Renderer(Hidden(root))
    renderer.walk(root, 0, False)
    language = next((el.get("lang") or "" for el in (root, *root.findall("body")) if el.get("lang")), "")
    return Readable(renderer.finish(), tuple(renderer.links), language[:2].lower())


class _Renderer:
    """Walks the tree once and writes lines; a table's cells are written by renderers of their own."""

    def __init__(self, hidden: Hidden, links: list[tuple[str, str]] | None = None) -> None:
        self.hidden = hidden
        self.links: list[tuple[str, str]] = [] if links is None else links
        self.lines: list[str] = []
        self.inline: list[str] = []
        self.prefix = ""
        self.bullet = ""
        self.literal = False

    def finish(self) -> str:
        self.flush()
        text = display_text("\n".join(self.lines), multiline=True)
        return _TOO_MANY_BREAKS.sub("\n\n", text).strip("\n")

    def flush(self, *, forced: bool = False) -> None:
        """End the line; an empty one is written only if ``forced`` (a ``<br>``)."""
        line = "".join(self.inline)
        self.inline.clear()
        if not self.literal:
            line = line.strip(" ")
        if line or forced:
            self.lines.append(
                (self.prefix + self.bullet + line).rstrip(" ") if not line else self.prefix + self.bullet + line
            )
            if self.bullet:
                self.bullet = " " * len(self.bullet)

    def blank(self) -> None:
        """Leave one empty line, unless there is one."""
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append(self.prefix.rstrip(" "))

    def say(self, text: str | None, tiny: bool) -> None:
        if not text or tiny:
            return
        if self.literal:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self.inline.append(first)
            for line in rest:
                self.flush(forced=True)
                self.inline.append(line)
            return
        text = _SPACE.sub(" ", text).replace("\xa0", " ")
        if text[0] == " " and (not self.inline or self.inline[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.inline.append(text)

    def walk(self, element: Any, depth: int, tiny: bool) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in SKIPPED:
            return
        style = element.get("style")
        if self.hidden.hides(element, style):
            return
        if style:
            size = _FONT_SIZE.search(style)
            tiny = float("0" + size[1].strip(".")) < 1 if size and size[1].count(".") < 2 else tiny
        if depth > MAX_DEPTH:
            self.say(" ".join(element.itertext()), tiny)
            return
        handler = _HANDLERS.get(tag)
        if handler:
            handler(self, element, depth, tiny)
        elif tag in BLOCKS:
            self.block(element, depth, tiny)
        else:
            self.children(element, depth, tiny)

    def children(self, element: Any, depth: int, tiny: bool) -> None:
        self.say(element.text, tiny)
        for child in element:
            self.walk(child, depth + 1, tiny)
            self.say(child.tail, tiny)

    def block(self, element: Any, depth: int, tiny: bool) -> None:
        spaced = element.tag in SPACED
        self.flush()
        if spaced:
            self.blank()
        self.children(element, depth, tiny)
        self.flush()
        if spaced:
            self.blank()

    def line_break(self, _element: Any, _depth: int, _tiny: bool) -> None:
        self.flush(forced=True)

    def rule(self, _element: Any, _depth: int, _tiny: bool) -> None:
        self.flush()
        self.lines.append(self.prefix + "─" * 20)

    def image(self, element: Any, _depth: int, _tiny: bool) -> None:
        """Only what the sender wrote about a picture; one of a pixel is a tracker."""
        alt = (element.get("alt") or "").strip()
        if alt and not any(
            (element.get(side) or "").strip() in ("0", "1", "2", "1px", "0px") for side in ("width", "height")
        ):
            self.say(f"[{alt[:200]}]", False)

    def link(self, element: Any, depth: int, tiny: bool) -> None:
        target = real_target(element.get("href") or "")
        before = len(self.inline)
        lines = len(self.lines)
        self.children(element, depth, tiny)
        said = [*self.lines[lines:], "".join(self.inline[before if lines == len(self.lines) else 0 :])]
        text = " ".join(part.strip() for part in said if part.strip())
        if not target or not text:
            return
        if len(self.links) < MAX_LINKS:
            self.links.append((display_text(text)[:MAX_TARGET], target))
        if not says_target(text, target):
            space = "" if self.inline and self.inline[-1].endswith(" ") else " "
            self.inline.append(f"{space}<{target}>")

    def quote(self, element: Any, depth: int, tiny: bool) -> None:
        self.indented(element, depth, tiny, "> ")

    def indented(self, element: Any, depth: int, tiny: bool, by: str) -> None:
        self.flush()
        self.blank()
        outer, self.prefix = self.prefix, self.prefix + self.bullet + by
        bullet, self.bullet = self.bullet, ""
        self.children(element, depth, tiny)
        self.flush()
        while (
            self.lines
            and not self.lines[-1].strip("> ")
            and self.lines[-1].startswith(self.prefix.rstrip())
            and by == "> "
        ):
            self.lines.pop()
        self.prefix, self.bullet = outer, bullet
        self.lines.append(self.prefix.rstrip(" "))

    def items(self, element: Any, depth: int, tiny: bool) -> None:
        self.flush()
        outer, bullet = self.prefix, self.bullet
        nested = bool(bullet)
        if not nested:
            self.blank()
        if len(outer) < 60:
            self.prefix += " " * len(bullet)
        start = element.get("start") or "1"
        number = int(start) if start.isdecimal() and len(start) < 6 else 1
        self.say(element.text, tiny)
        for child in element:
            if child.tag == "li" and not self.hidden.hides(child, child.get("style")):
                self.flush()
                self.bullet = f"{number}. " if element.tag == "ol" else "• "
                number += 1
                self.children(child, depth + 1, tiny)
                self.flush()
                self.bullet = ""
            else:
                self.walk(child, depth + 1, tiny)
            self.say(child.tail, tiny)
        self.flush()
        self.prefix, self.bullet = outer, bullet
        if not nested:
            self.blank()

    def preformatted(self, element: Any, depth: int, tiny: bool) -> None:
        self.flush()
        self.blank()
        self.literal = True
        self.children(element, depth, tiny)
        self.flush()
        self.literal = False
        self.blank()

    def table(self, element: Any, depth: int, tiny: bool) -> None:
        self.flush()
        grid = [[self.cell(cell, depth, tiny) for cell in row] for row in self.rows(element)]
        if any(len(row) > 1 for row in grid):
            self.blank()
        self.write_grid(grid)
        if any(len(row) > 1 for row in grid):
            self.blank()

    def rows(self, table: Any) -> list[list[Any]]:
        """The table's own rows of cells. What stands where no cell may is a row of its own: nothing is lost."""
        rows: list[list[Any]] = [[table.text]] if table.text and table.text.strip() else []
        for child in table:
            if child.tag == "tr":
                if not self.hidden.hides(child, child.get("style")):
                    texts = (child.text, *(cell.tail for cell in child))
                    rows.append([cell for cell in child if cell.tag not in _COLUMNS])
                    rows[-1] += [text for text in texts if text and text.strip()]
            elif child.tag in ("tbody", "thead", "tfoot"):
                if not self.hidden.hides(child, child.get("style")):
                    rows += self.rows(child)
            elif child.tag not in _COLUMNS:
                rows.append([child])
            if child.tail and child.tail.strip():
                rows.append([child.tail])
        return rows

    def cell(self, element: Any, depth: int, tiny: bool) -> list[str]:
        inner = _Renderer(self.hidden, self.links)
        if isinstance(element, str):
            inner.say(element, tiny)
        else:
            inner.walk(element, depth + 2, tiny)
        inner.flush()
        while inner.lines and not inner.lines[0].strip():
            inner.lines.pop(0)
        while inner.lines and not inner.lines[-1].strip():
            inner.lines.pop()
        return inner.lines

    def write_grid(self, grid: list[list[list[str]]]) -> None:
        """Rows of short cells as columns; a layout table (long cells) as one cell after the other."""
        columns: dict[int, int] = {}
        for row in grid:
            if all(len(cell) <= 1 for cell in row):
                for index, cell in enumerate(row):
                    width = len(cell[0]) if cell else 0
                    if width <= MAX_COLUMN:
                        columns[index] = max(columns.get(index, 0), width)
        for row in grid:
            if all(len(cell) <= 1 for cell in row):
                texts = [cell[0].strip() if cell else "" for cell in row]
                line = "  ".join(
                    text.ljust(columns.get(index, 0)) for index, text in enumerate(texts) if text or columns.get(index)
                ).rstrip()
                if line:
                    self.lines.append(self.prefix + self.bullet + line)
            else:
                for cell in row:
                    self.lines += [self.prefix + line for line in cell]


_COLUMNS = ("col", "colgroup")
_HANDLERS: dict[str, Any] = {
    "br": _Renderer.line_break,
    "hr": _Renderer.rule,
    "img": _Renderer.image,
    "a": _Renderer.link,
    "blockquote": _Renderer.quote,
    "ul": _Renderer.items,
    "ol": _Renderer.items,
    "pre": _Renderer.preformatted,
    "table": _Renderer.table,
}
