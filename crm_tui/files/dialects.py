"""How the cells of a CSV are told apart: what stands between them and around them (RFC 4180 and its relatives)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 100
_SEP = re.compile(r'"?sep=(.)"?[,;\t| ]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Attributes: ``delimiter`` and ``quote``, one character each; ``declared``: the file says so in a ``sep=`` line."""

    delimiter: str = ","
    quote: str = '"'
    declared: bool = False


@dataclass(frozen=True, slots=True)
class Cells:
    """A record, as far as its text goes.

    Attributes:
        cells: what was read; the last one is unfinished if ``opened``.
        opened: the column, from 1, whose quote is not closed yet; 0 if there is none.
        broken: the column, from 1, in which text follows a closed quote; 0 if there is none.
        many: there are more columns than the limit, the rest was not read.
    """

    cells: list[str]
    opened: int = 0
    broken: int = 0
    many: bool = False


@lru_cache(maxsize=64)
def _patterns(quote: str, delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The inside of a quoted cell, and what may stand between its end and the next cell."""
    q, d = re.escape(quote), re.escape(delimiter)
    return re.compile(f"(?:[^{q}]++|{q}{q})*+"), re.compile(f" *(?:{d}|$)")


def split(text: str, dialect: Dialect, most: int) -> Cells:
    """The cells of a line, of which a quoted one may go on in the next line.

    Args:
        most: columns that are read.
    """
    if dialect.quote not in text:
        if len(text) >= most and text.count(dialect.delimiter) >= most:
            return Cells(text.split(dialect.delimiter, most)[:most], many=True)
        return Cells(text.split(dialect.delimiter))
    return _quoted(text, dialect, most)


def _quoted(text: str, dialect: Dialect, most: int) -> Cells:
    quote, delimiter = dialect.quote, dialect.delimiter
    inside, after = _patterns(quote, delimiter)
    cells: list[str] = []
    position, broken = 0, 0
    while True:
        if len(cells) >= most:
            return Cells(cells, many=True)
        start = position
        while text.startswith(" ", start):
            start += 1
        if not text.startswith(quote, start):
            end = text.find(delimiter, position)
            cells.append(text[position:] if end < 0 else text[position:end])
            if end < 0:
                return Cells(cells, broken=broken)
            position = end + 1
            continue
        found = inside.match(text, start + 1)
        assert found is not None  # it matches the empty text too
        cell, end = found[0].replace(quote * 2, quote), found.end()
        if end >= len(text):
            return Cells([*cells, found[0]], opened=len(cells) + 1, broken=broken)
        follows = after.match(text, end + 1)
        if follows is None:
            broken = broken or len(cells) + 1
            close = text.find(delimiter, end)
            cells.append(text[start:] if close < 0 else text[start:close])
            if close < 0:
                return Cells(cells, broken=broken)
            position = close + 1
            continue
        cells.append(cell)
        if follows.end() >= len(text) and not follows[0].endswith(delimiter):
            return Cells(cells, broken=broken)
        position = follows.end()


def closes(text: str, dialect: Dialect) -> int:
    """Where in a line the cell ends that was opened in a line before: the place of its quote, or -1."""
    if dialect.quote not in text:
        return -1
    inside, _after = _patterns(dialect.quote, dialect.delimiter)
    found = inside.match(text)
    assert found is not None
    return found.end() if found.end() < len(text) else -1


def declared(line: str) -> str:
    """What a line ``sep=;`` says, as spreadsheets write it; empty if it is none."""
    found = _SEP.fullmatch(line.strip("\r\n ")) if len(line) < 20 else None
    return found[1] if found else ""


def detect(lines: Sequence[str]) -> Dialect:
    """The dialect of a file that begins with these lines.

    The delimiter is the one that cuts the most lines into as many cells as the head; among equals the one that makes more
    columns. Apostrophes are quotes where cells stand between them and none stands between double quotes.
    """
    shown = [line[:10_000] for line in lines[:_SAMPLE_ROWS] if line.strip()]
    if shown and declared(shown[0]):
        delimiter = declared(shown[0])
        return Dialect(delimiter, _quote(shown[1:], delimiter), True)
    best = max(DELIMITERS, key=lambda delimiter: _regularity(shown, delimiter))
    return Dialect(best, _quote(shown, best))


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    if not lines:
        return 0.0, 0
    dialect = Dialect(delimiter, _quote(lines, delimiter))
    head = split(lines[0], dialect, 1_000)
    if len(head.cells) < 2:
        return 0.0, 1
    widths: Counter[int] = Counter()
    inside = False
    for line in lines:
        if inside:
            inside = closes(line, dialect) < 0
            continue
        found = split(line, dialect, 1_000)
        inside = bool(found.opened)
        if not inside:
            widths[len(found.cells)] += 1
    share = widths[len(head.cells)] / max(1, widths.total())
    return round(share, 2) if share > 0.1 else 0.1, len(head.cells)


def _quote(lines: Sequence[str], delimiter: str) -> str:
    text = "\n".join(lines)
    d = re.escape(delimiter)

    def enclosed(quote: str) -> int:
        return len(re.findall(f"(?:^|{d}){quote}[^{quote}\n]*{quote}(?={d}|$)", text, re.MULTILINE))

    double, single = enclosed('"'), enclosed("'")
    return "'" if single >= 2 and not double and '"' not in text else '"'
