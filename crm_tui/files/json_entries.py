"""The entries of a JSON file, one after the other: a bad one is told by its line, and what follows it is read on.

Entries stand one a line, one after the other over several lines, or in lists, of which a file may hold several. Where an entry
cannot be read, the next one is found by its strings and brackets; memory stays bounded however long or deep an entry is.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, BinaryIO, NamedTuple

from crm_tui.base.i18n import _
from crm_tui.files import encodings
from crm_tui.files.encodings import Encoding
from crm_tui.files.limits import FileFault, Limits
from crm_tui.files.lines import lines, too_big

_CHUNK = 256 * 1024
_SAMPLE = 64 * 1024
_SPACE = " \t\r\n\ufeff"
_BETWEEN = re.compile("[,\\s\ufeff]*")
_MARKS = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[{}\[\]]')
_WORD = re.compile(r'[^\s,\[\]{}"]+|"[^"\n]*"?')
_BEGINS = frozenset('{["-0123456789tfnNI')
_DEEPEST = 10_000
_NEAR = 16
_CLOSES = {"}": "{", "]": "["}


class Entry(NamedTuple):
    """An entry as it was read.

    Attributes:
        line: of the file, from 1, on which it begins.
        value: what it says; nothing of use if there is a fault.
        fault: why it cannot be used, a sentence; empty if it can.
        text: how a bad one begins.
    """

    line: int
    value: Any
    fault: str = ""
    text: str = ""


class _Faulty(ValueError):
    """What is said of the entry."""


def encoding_of(stream: BinaryIO, label: str) -> Encoding:
    """The encoding of a file of JSON; the stream is read on from its first octets."""
    sample = stream.read(_SAMPLE)
    if label:
        return encodings.with_mark(encodings.named(label), sample)
    return encodings.detect(sample, whole=len(sample) < _SAMPLE)


def entries(stream: BinaryIO, label: str, limits: Limits) -> Iterator[Entry]:
    """Every entry of a file, from its beginning on.

    Args:
        label: the encoding as a person says; empty: it is found out.

    Raises:
        FileFault: it is no text, or over the limit of size.
    """
    stream.seek(0)
    encoding = encoding_of(stream, label)
    stream.seek(0)
    sample = stream.read(_SAMPLE)
    if sample.startswith((b"PK\x03\x04", b"%PDF-")):
        raise FileFault(_("This is no file of text."))
    decoded = sample[encoding.mark :].decode(encoding.name, "replace").lstrip(_SPACE)
    first, _newline, more = decoded.partition("\n")
    if decoded.startswith("[") or (more and not _complete(first)):
        yield from _Stream(stream, sample, encoding, limits).entries()
    else:
        yield from _by_line(stream, sample, encoding, limits)


def _complete(text: str) -> bool:
    try:
        json.loads(text.strip(_SPACE))
    except (ValueError, RecursionError):
        return not text.lstrip(_SPACE).startswith("{") or text.count("{") == text.count("}")
    return True


def _number(text: str) -> str:
    """A number as it is written; one with an exponent or a fraction of nought, which says the same, in plain digits."""
    if not text.endswith("0") and "e" not in text and "E" not in text:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if abs(number.adjusted()) > 30:
        return text
    plain = format(number, "f")
    return plain.partition(".")[0] if number == number.to_integral_value() else plain


def _whole(text: str) -> str:
    return text


def _no_number(text: str) -> Any:
    raise _Faulty(_("{word} is no number.").format(word=text))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Faulty(_("The key {name} stands in it twice.").format(name=ascii(twice[:60])[1:-1]))
    return found


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_number, parse_constant=_no_number, object_pairs_hook=_once)


def _by_line(stream: BinaryIO, sample: bytes, encoding: Encoding, limits: Limits) -> Iterator[Entry]:
    for number, line in enumerate(lines(stream, sample, encoding, limits), 1):
        text = line.text.strip(_SPACE)
        if line.fault == "long":
            yield Entry(number, None, _("The line is too long."), text)
        elif line.fault:
            yield Entry(number, None, _("The line holds octets that are no letters in this encoding."), text)
        elif text:
            yield _read(text, number, lambda text: _DECODER.decode(text))


def _read(text: str, line: int, decode: Callable[[str], Any]) -> Entry:
    try:
        return Entry(line, decode(text))
    except _Faulty as error:
        return Entry(line, None, str(error), text[:200])
    except json.JSONDecodeError as error:
        place = _("line {line}, character {at}").format(line=line + error.lineno - 1, at=error.colno)
        return Entry(line, None, _("This is no JSON: {error}").format(error=place), text[:200])
    except RecursionError:
        return Entry(line, None, _("It is nested too deep."), text[:200])
    except ValueError:
        return Entry(line, None, _("This is no JSON that can be read."), text[:200])


class _Stream:
    """Entries one after the other or in lists, over as many lines as they like."""

    def __init__(self, stream: BinaryIO, sample: bytes, encoding: Encoding, limits: Limits) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding.name)("replace")
        self._stream = stream
        self._limits = limits
        self._text = self._decoder.decode(sample[encoding.mark :])
        self._at = 0
        self._size = len(sample)
        self._ended = False
        self._line = 1

    def entries(self) -> Iterator[Entry]:
        """All of them."""
        inside = False
        while mark := self._peek():
            if mark == "[" and not inside:
                inside = True
                self._go(self._at + 1)
            elif mark == "]" and inside:
                inside = False
                self._go(self._at + 1)
            else:
                yield self._entry()

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

    def _go(self, end: int) -> None:
        self._line += self._text.count("\n", self._at, end)
        self._at = end

    def _peek(self) -> str:
        """The next character that parts no entries; empty at the end."""
        while True:
            found = _BETWEEN.match(self._text, self._at)
            assert found is not None  # it matches the empty text too
            self._go(found.end())
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _entry(self) -> Entry:
        line, wanted = self._line, _CHUNK
        while self._text[self._at] in _BEGINS:  # the decoder counts all lines before what it refuses
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos >= len(self._text) - _NEAR
                if cut and len(self._text) - self._at <= self._limits.line and self._more(wanted):
                    wanted *= 2
                    continue
                return self._passed_over(line)
            except (ValueError, RecursionError):
                return self._passed_over(line)
            if end - self._at > self._limits.line:
                return self._passed_over(line)
            self._go(end)
            return Entry(line, value)
        return self._passed_over(line)

    def _passed_over(self, line: int) -> Entry:
        """A bad entry; the reader stands behind it."""
        begin = self._text[self._at : self._at + 200]
        if begin[0] not in "{[":
            self._pass_word()
            return Entry(line, None, _("Line {line}: this is no JSON.").format(line=line), begin.partition("\n")[0])
        kept = self._pass_brackets()
        told = _read(kept, line, _DECODER.decode) if kept else Entry(line, None, _("The entry is too long."))
        return Entry(line, None, told.fault or _("This is no JSON that can be read."), begin)

    def _pass_word(self) -> None:
        if len(self._text) - self._at < _CHUNK:
            self._more()
        found = _WORD.match(self._text, self._at)
        self._go(found.end() if found else self._at + 1)

    def _pass_brackets(self) -> str:
        """Skip to where the brackets that open here are closed; returns the text, or nothing if it was too long.

        An entry whose brackets are not closed ends before the line that begins the next one no deeper than it began.
        """
        next_one = re.compile(rf"\n[ \t]{{0,{self._indent()}}}\{self._text[self._at]}")
        open_marks, over, position, length, kept = bytearray(), 0, self._at, 0, True
        while True:
            for found in _MARKS.finditer(self._text, position):
                mark = found[0]
                if mark[0] == '"':
                    if found.end() >= len(self._text) - 1 and not self._ended:
                        break  # the string may go on
                elif mark in "{[":
                    over += len(open_marks) >= _DEEPEST
                    open_marks += b"" if len(open_marks) >= _DEEPEST else mark.encode()
                elif over:
                    over -= 1
                else:
                    at = open_marks.rfind(_CLOSES[mark].encode())
                    if at < 0:  # it closes the list that the entry stands in
                        return self._end(found.start(), length, kept, next_one)
                    del open_marks[at:]
                position = found.end()
                if not open_marks and not over:
                    return self._end(position, length, kept, next_one)
            if len(self._text) - self._at > self._limits.line:
                length, kept = length + position - self._at, False
                self._go(position if position > self._at else len(self._text))
            position -= self._at
            if not self._more():
                return self._end(len(self._text), length, kept, next_one)

    def _end(self, end: int, length: int, kept: bool, next_one: re.Pattern[str]) -> str:
        earlier = next_one.search(self._text, self._at + 1, end) if kept else None
        end = earlier.start() if earlier else end
        text = self._text[self._at : end]
        self._go(end)
        return text.rstrip(",\r\n\t ") if kept and length + len(text) <= self._limits.line else ""

    def _indent(self) -> int:
        begun = self._text.rfind("\n", 0, self._at)
        return min(200, self._at - begun - 1) if not self._text[begun + 1 : self._at].strip() else 0
