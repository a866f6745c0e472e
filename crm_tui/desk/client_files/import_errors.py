"""The rows that an import refused, as a file: mended there, it is imported again (SPEC §6)."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.client_files.guest_import_views import Problem
from crm_tui.files.tables import guarded
from crm_tui.mail.text import display_text

ERROR_COLUMN = "crm_tui: what is wrong"
"""The last column of such a file; an import leaves it out, and takes the file for one with the columns before it.

Cells that a row had beyond the head stand after it, and in one that had too few a word: such a row is refused until a person
has put its cells where they belong.
"""


class ErrorFile:
    """Gathers refused rows in a CSV that only its owner can read; there is no file as long as there is no such row.

    Raises:
        InvalidInput: the file exists already, or cannot be written; ``field`` is ``errors``.
    """

    def __init__(self, path: Path, head: Sequence[str]) -> None:
        self._path = path.expanduser()
        if self._path.exists():
            raise InvalidInput(_("{path} exists already.").format(path=display_text(str(path))), field="errors")
        self._head = [display_text(name) for name in head if name != ERROR_COLUMN]
        self._width = len(head)
        self._row = 0
        self._cells: Sequence[str] = ()
        self._wrong: list[str] = []
        self._stream: TextIO | None = None
        self.rows = 0

    def add(self, problem: Problem, cells: Sequence[str]) -> None:
        """Take a problem and the cells of its row; problems of a row come one after the other."""
        if problem.row != self._row:
            self._write()
        self._row, self._cells = problem.row, cells
        self._wrong.append(f"{problem.column}: {problem.message}" if problem.column else problem.message)

    def _write(self) -> None:
        if not self._wrong:
            return
        if self._stream is None:
            self._open()
        assert self._stream is not None
        given = [display_text(cell, multiline=True) for cell in self._cells]
        width = len(self._head)
        if len(given) == self._width > width:
            given = given[:width]  # without what an earlier import said
        beyond = given[width:] or (
            [_("put every cell into its column and empty this one")] if len(given) < width else []
        )
        cells = [*given[:width], *[""] * (width - len(given)), " ".join(self._wrong), *beyond]
        csv.writer(self._stream).writerow([guarded(cell) for cell in cells])
        self.rows += 1
        self._wrong = []

    def _open(self) -> None:
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            shown = display_text(str(self._path))
            raise InvalidInput(
                _("{path} cannot be written: {reason}.").format(path=shown, reason=reason), field="errors"
            ) from None
        self._stream = os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="")
        writer = csv.writer(self._stream, quoting=csv.QUOTE_ALL)
        writer.writerow([guarded(name) for name in [*self._head, ERROR_COLUMN]])

    def __enter__(self) -> ErrorFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._write()
        finally:
            if self._stream is not None:
                self._stream.close()
