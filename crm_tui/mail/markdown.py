"""The HTML alternative of what an agent typed as Markdown (SPEC §5)."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_QUOTE = re.compile(r"^[ \t]{0,3}>")
_MARKS = re.compile(r"^(?:[ \t]{0,3}>[ \t]?)+")
_ALLOWED = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
MAX_DEPTH = 20


def markdown_to_html(text: str, language: str = "") -> str:
    """A whole HTML document; no raw HTML, no pictures, links to http, https and mailto only.

    Quoted lines and the signature are taken as they are, not as Markdown: a guest's text must not change its meaning.
    """
    body = "".join(_segment(kind, lines) for kind, lines in _segments(text))
    lang = f' lang="{language}"' if language.isascii() and language.isalpha() else ""
    return f'<!DOCTYPE html>\n<html{lang}>\n<head><meta charset="utf-8"></head>\n<body>\n{body}</body>\n</html>\n'


def _segments(text: str) -> list[tuple[str, list[str]]]:
    """Runs of lines by kind: ``typed``, ``quote`` or ``signature`` (from ``-- `` to the next quote or the end)."""
    runs: list[tuple[str, list[str]]] = []
    signing = False
    for line in text.split("\n"):
        signing = signing or line.rstrip("\r") == "-- "
        kind = "quote" if _QUOTE.match(line) else "signature" if signing else "typed"
        signing = kind == "signature"
        if not runs or runs[-1][0] != kind:
            runs.append((kind, []))
        runs[-1][1].append(line)
    return runs


def _segment(kind: str, lines: list[str]) -> str:
    if kind == "quote":
        return _quoted(lines)
    if kind == "signature":
        return "<p>" + "<br>\n".join(escape(line) for line in lines) + "</p>\n"
    rendered: str = _renderer().render("\n".join(lines))
    return rendered


def _quoted(lines: list[str]) -> str:
    """Nested blockquotes of literal lines."""
    out: list[str] = []
    depth = 0
    for line in lines:
        marks = _MARKS.match(line)
        level = min(marks[0].count(">"), MAX_DEPTH) if marks else 1
        content = line[marks.end() :] if marks else line
        if level != depth:
            out.append("<blockquote>" * (level - depth) + "</blockquote>" * (depth - level))
            depth = level
        out.append(escape(content) + "<br>\n")
    return "".join(out) + "</blockquote>" * depth + "\n"


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return markdown_parser()


def markdown_parser() -> MarkdownIt:
    """The parser of what goes out, for the preview too: line ends stay, nothing but text, lists, tables and links."""
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    renderer.enable(["table", "strikethrough", "linkify"])
    renderer.disable(["image", "code", "lheading", "html_block", "html_inline"])
    if renderer.linkify is not None:
        renderer.linkify.set({"fuzzy_link": False})
    renderer.validateLink = lambda url: _ALLOWED.match(url.strip()) is not None  # type: ignore[method-assign]
    return renderer
