"""What the command line writes: aligned tables and sentences for people, one JSON object a line for programs.

Foreign text passes ``display_text`` here once more, whatever came before (QUALITY S1). Colour only on a terminal and
without ``NO_COLOR``. An encoding that cannot show a letter gets a question mark, never a crash.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TextIO
from unicodedata import east_asian_width

from crm_tui.base.i18n import _

_GAP = "  "
_NARROWEST = 8
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What JSON may hold as it is and a terminal must not get: DEL, C1, bidi controls and what is invisible."""


class OutputFailed(Exception):
    """Standard output cannot be written, as on a full device; ``cause`` is the system's error."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Output:
    """Standard output in one of the two manners.

    Attributes:
        carries_on: the work goes on when nobody reads its output any more (``import mail … | head``).
    """

    def __init__(self, *, as_json: bool, stream: TextIO | None = None) -> None:
        self.as_json = as_json
        self.carries_on = False
        self._stream = stream or sys.stdout or io.StringIO()
        soften(self._stream)
        self.terminal = bool(getattr(self._stream, "isatty", lambda: False)())
        self.colour = self.terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns to fill; on no terminal, as many as it takes."""
        return shutil.get_terminal_size((100, 24)).columns if self.terminal else 10_000

    def record(self, fields: Mapping[str, Any]) -> None:
        """One JSON object on one line."""
        plain = not (getattr(self._stream, "encoding", "") or "").lower().replace("-", "").startswith("utf8")
        text = json.dumps(fields, ensure_ascii=plain, default=_json_value)
        self._write(_UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")

    def line(self, text: str = "", style: str = "") -> None:
        """A line for people; ``style`` is bold, dim, red, green or yellow."""
        from crm_tui.mail.text import display_text

        self._write(self._styled(display_text(text), style) + "\n")

    def note(self, text: str) -> None:
        """Something worth saying that is no result: a sentence on standard error, an object with ``--json``."""
        from crm_tui.mail.text import display_text

        tell(json.dumps({"note": text}) if self.as_json else display_text(text))

    def flush(self) -> None:
        """Let what was written be seen now."""
        with self._writing():
            self._stream.flush()

    def text(self, foreign: str) -> None:
        """Foreign text of several lines, made visible."""
        from crm_tui.mail.text import display_text

        self._write(display_text(foreign, multiline=True).rstrip("\n") + "\n")

    def octets(self, content: bytes) -> None:
        """Bytes as they are; on a terminal made visible instead (a source may hold escape sequences)."""
        buffer = getattr(self._stream, "buffer", None)
        if self.terminal or buffer is None:
            self.text(content.decode("utf-8", "replace"))
            return
        with self._writing():
            self._stream.flush()
            buffer.write(content)
            buffer.flush()

    def table(self, titles: Sequence[str], rows: Iterable[Sequence[Any]], *, right: Sequence[int] = ()) -> None:
        """Rows under titles, aligned; the widest column gives way when the terminal is narrow."""
        cells = [[_cell(value) for value in row] for row in rows]
        widths = _widths([list(titles), *cells], self.width)
        self.line(_joined(list(titles), widths, right).rstrip(), "bold")
        for row in cells:
            self.line(_joined(row, widths, right).rstrip())

    def _write(self, text: str) -> None:
        with self._writing():
            self._stream.write(text)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            drop(self._stream)
            if not self.carries_on:
                raise
        except OSError as error:
            drop(self._stream)
            raise OutputFailed(error) from None

    def _styled(self, text: str, style: str) -> str:
        codes = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}
        return f"\x1b[{codes[style]}m{text}\x1b[0m" if style and self.colour else text


def soften(stream: TextIO) -> None:
    """Letters that the stream's encoding lacks become question marks."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def complain(message: str, hint: str, as_json: bool) -> None:
    """An error on standard error: a sentence and what to do about it."""
    from crm_tui.mail.text import display_text

    if as_json:
        tell(json.dumps({"error": message, "hint": hint}))
        return
    tell(f"crm-tui: {display_text(message)}" + (f"\n  {display_text(hint)}" if hint else ""))


def tell(text: str) -> None:
    """Lines on standard error, already safe to show; nothing happens if nobody can read them."""
    stream = sys.stderr
    if stream is None:
        return
    soften(stream)
    with contextlib.suppress(OSError):
        stream.write(text + "\n")
        stream.flush()


def drop(stream: TextIO | None) -> None:
    """Let what is still to be written to a broken stream go nowhere, so that the interpreter ends without a word."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]
        finally:
            os.close(nowhere)


def yes(question: str) -> bool:
    """Ask a yes-or-no question on a terminal; without one the answer is no."""
    if sys.stdin is None or not sys.stdin.isatty():
        return False
    from crm_tui.mail.text import display_text

    sys.stderr.write(_("{question} [y/N]").format(question=display_text(question)) + " ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().casefold() in {"y", "yes", _("y"), _("yes")}


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _cell(value: Any) -> str:
    from crm_tui.mail.text import display_text

    return display_text(str(value)) if value is not None else ""


def columns_of(text: str) -> int:
    """How many columns a text takes on a terminal."""
    from unicodedata import combining

    return sum(0 if combining(letter) else 2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _widths(rows: list[list[str]], width: int) -> list[int]:
    widths = [max((columns_of(row[index]) for row in rows), default=0) for index in range(len(rows[0]))]
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        widths[widest] = max(_NARROWEST, widths[widest] - (sum(widths) - room), sorted(widths)[-2] - 1 or _NARROWEST)
    return widths


def _joined(row: list[str], widths: list[int], right: Sequence[int]) -> str:
    return _GAP.join(
        _fitted(cell, width, alignment=">" if index in right else "<")
        for index, (cell, width) in enumerate(zip(row, widths, strict=True))
    )


def _fitted(text: str, width: int, *, alignment: str) -> str:
    if columns_of(text) > width:
        while text and columns_of(text) >= width:
            text = text[:-1]
        text += "…"
    padding = " " * (width - columns_of(text))
    return padding + text if alignment == ">" else text + padding
