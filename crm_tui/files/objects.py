"""JSON as a table: one object a line, or a list of objects; keys are columns.

What stands inside an object is flattened: ``{"address": {"city": …}}`` is the column ``address.city``; the entries of a list
stand in one cell, parted by semicolons, those with a label as ``label <value>``.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from crm_tui.base.i18n import _
from crm_tui.files import encodings
from crm_tui.files.dialects import Dialect
from crm_tui.files.encodings import Encoding
from crm_tui.files.limits import USUAL, CellFault, FileFault, Limits
from crm_tui.files.lines import lines, too_big
from crm_tui.files.records import SHOWN, Row
from crm_tui.files.tables import Table

_CHUNK = 256 * 1024
_SAMPLE = 64 * 1024
_SPACE = " \t\r\n\ufeff"
_VALUES = ("address", "number", "value", "email", "phone", "name")
_LABELS = ("label", "type", "kind")
_DEPTH = 8

Parsed = tuple[int, dict[str, str] | None, CellFault | None]
"""The line on which an object begins, its cells, or what is wrong with it."""


def read_objects(path: Path, *, encoding: str = "", limits: Limits = USUAL) -> Table:
    """Begin to read a file of JSON objects. It is read twice: first for the keys.

    Raises:
        FileFault: there are no objects in it, or from an entry on nothing can be read.
        OSError: it cannot be opened.
    """
    if path.stat().st_size > limits.octets:
        raise too_big(limits)
    found: dict[str, None] = {}
    count = 0
    with path.open("rb") as stream:
        for _line, cells, _fault in _objects(stream, encoding, limits):
            count += 1
            found |= dict.fromkeys(cells or ())
            if len(found) > limits.columns:
                raise FileFault(_("Entry {n}: there are more than {most} keys.").format(n=count, most=limits.columns))
    if not found:
        raise FileFault(_("There are no objects in the file."), _("Write one object a line, or a list of them."))
    head = list(found)
    stream = path.open("rb")
    table = Table(head, 0, iter(()), Dialect(), _encoding(stream, encoding), stream)
    stream.seek(0)
    table.rows = _rows(_objects(stream, encoding, limits), head, limits)
    return table


def _encoding(stream: BinaryIO, label: str) -> Encoding:
    sample = stream.read(_SAMPLE)
    if label:
        return encodings.with_mark(encodings.named(label), sample)
    return encodings.detect(sample, whole=len(sample) < _SAMPLE)


def _rows(found: Iterator[Parsed], head: list[str], limits: Limits) -> Iterator[Row]:
    for number, (line, cells, fault) in enumerate(found, 1):
        if number > limits.rows:
            raise FileFault(_("The file has more than {n} rows.").format(n=limits.rows))
        yield Row(number, line, [(cells or {}).get(name, "") for name in head], fault)


def _objects(stream: BinaryIO, label: str, limits: Limits) -> Iterator[Parsed]:
    encoding = _encoding(stream, label)
    stream.seek(0)
    sample = stream.read(_SAMPLE)
    if sample.startswith((b"PK\x03\x04", b"%PDF-")):
        raise FileFault(_("This is no file of text."))
    decoded = sample[encoding.mark :].decode(encoding.name, "replace").lstrip(_SPACE)
    first, _newline, more = decoded.partition("\n")
    if decoded.startswith("[") or (more and not _complete(first)):
        yield from _streamed(stream, sample, encoding, limits)
    else:
        yield from _by_line(stream, sample, encoding, limits)


def _complete(text: str) -> bool:
    try:
        _DECODER.decode(text.strip(_SPACE))
    except (ValueError, RecursionError):
        return not text.lstrip(_SPACE).startswith("{") or text.count("{") == text.count("}")
    return True


# Numbers stay the text that they are.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def _by_line(stream: BinaryIO, sample: bytes, encoding: Encoding, limits: Limits) -> Iterator[Parsed]:
    for number, line in enumerate(lines(stream, sample, encoding, limits), 1):
        text = line.text.strip(_SPACE)
        if line.fault == "long":
            yield number, None, CellFault(0, text[:SHOWN], _("The line is too long."))
        elif text:
            yield (number, *_parsed(text, limits))


def _parsed(text: str, limits: Limits) -> tuple[dict[str, str] | None, CellFault | None]:
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        message = _("This is no JSON: {reason} (character {at}).").format(reason=error.msg, at=error.pos + 1)
        return None, CellFault(0, text[:SHOWN], message)
    except (ValueError, RecursionError):
        return None, CellFault(0, text[:SHOWN], _("This is no JSON that can be read."))
    return _checked(value, limits)


def _checked(value: Any, limits: Limits) -> tuple[dict[str, str] | None, CellFault | None]:
    if not isinstance(value, dict):
        return None, CellFault(0, str(value)[:SHOWN], _("This is no object."))
    cells: dict[str, str] = {}
    _flatten(cells, "", value, 0)
    for at, (_name, cell) in enumerate(cells.items(), 1):
        if len(cell) > limits.cell or "\0" in cell:
            message = _("The value is too long.") if len(cell) > limits.cell else _("The value holds a NUL.")
            return cells, CellFault(at, cell[:SHOWN], message)
    return cells, None


def _flatten(cells: dict[str, str], before: str, value: Any, depth: int) -> None:
    if isinstance(value, dict) and depth < _DEPTH:
        for name, one in value.items():
            _flatten(cells, f"{before}.{name}" if before else str(name), one, depth + 1)
    else:
        cells[before[:200]] = _cell(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(filter(None, map(_entry, value)))
    return str(value)


def _entry(value: Any) -> str:
    if isinstance(value, dict):
        text = next((str(value[name]) for name in _VALUES if value.get(name)), "")
        label = next((str(value[name]) for name in _LABELS if value.get(name)), "")
        return labelled(text, label) if text else ""
    return quoted(str(value)) if isinstance(value, str) else _cell(value)


def quoted(text: str) -> str:
    """An entry of a cell that holds several: in double quotes if it could be taken for two."""
    if any(mark in text for mark in ';,\n"'):
        return '"' + text.replace('"', '""') + '"'
    return text


def labelled(text: str, label: str) -> str:
    """An address or a number with its label, as :func:`crm_tui.desk.guest_import_cells.contacts` reads it."""
    if label:
        plain = not any(mark in label for mark in ',;|()<>"/\n')
        clean = label if plain else '"' + label.replace('"', '""') + '"'
        return f"{clean} <{text}>"
    return f"<{text}>" if any(mark in text for mark in "|(/") else text


def _streamed(stream: BinaryIO, sample: bytes, encoding: Encoding, limits: Limits) -> Iterator[Parsed]:
    """Objects one after the other or in a list, over as many lines as they like."""
    reader = _Reader(stream, sample, encoding, limits)
    number = 0
    if reader.peek() == "[":
        reader.skip(1)
    while (mark := reader.peek()) not in ("", "]"):
        if mark == ",":
            reader.skip(1)
            continue
        number += 1
        yield (reader.line, *_checked(reader.value(number), limits))


class _Reader:
    def __init__(self, stream: BinaryIO, sample: bytes, encoding: Encoding, limits: Limits) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding.name)("replace")
        self._stream = stream
        self._limits = limits
        self._text = self._decoder.decode(sample[encoding.mark :])
        self._at = 0
        self._size = len(sample)
        self._ended = False
        self.line = 1

    def _more(self, octets: int = _CHUNK) -> bool:
        if self._ended:
            return False
        chunk = self._stream.read(octets)
        self._size += len(chunk)
        if self._size > self._limits.octets:
            raise too_big(self._limits)
        self._ended = not chunk
        self._text = self._text[self._at :] + self._decoder.decode(chunk, not chunk)
        self._at = 0
        return True

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self.line += self._text[self._at] == "\n"
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self, count: int) -> None:
        self._at += count

    def value(self, number: int) -> Any:
        """The next value.

        Raises:
            FileFault: there is none, or it is too long; nothing after it can be read.
        """
        wanted = _CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                fatal = isinstance(error, RecursionError) or len(self._text) - self._at > self._limits.line
                if fatal or not self._more(wanted):
                    raise FileFault(
                        _("Entry {n}, line {line}: this is no JSON that can be read.").format(n=number, line=self.line),
                        _("Nothing after it was read."),
                    ) from None
                wanted *= 2
                continue
            self.line += self._text.count("\n", self._at, end)
            self._at = end
            return value
