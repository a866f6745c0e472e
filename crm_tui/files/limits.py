"""How much a file may hold before it is refused with a sentence (QUALITY S12), and how that is said."""

from __future__ import annotations

from dataclasses import dataclass

from crm_tui.base.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Limits:
    """What a reader accepts.

    Attributes:
        octets: of the whole file.
        rows: records without the head; blank ones beside, as many again.
        columns: of one row.
        cell: characters of one cell.
        line: octets of one line; what is longer is skipped without being kept.
        lines: lines that one quoted cell may span.
        folds: lines that one property of a card may span.
    """

    octets: int = 1024 * 1024 * 1024
    rows: int = 2_000_000
    columns: int = 500
    cell: int = 200_000
    line: int = 4 * 1024 * 1024
    lines: int = 1_000
    folds: int = 500_000


USUAL = Limits()


class FileFault(InvalidInput):
    """The file as a whole cannot be used; nothing was taken from the row on that the message names."""

    @property
    def unreadable(self) -> bool:
        """Whether it is the file, not what was said about it: a failure, not wrong usage."""
        return self.field not in ("encoding", "delimiter")


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a row.

    Attributes:
        column: counted from 1; 0 if it is the row as a whole.
        value: the beginning of what stands there, foreign text as it was read.
        message: what is wrong, a sentence.
    """

    column: int
    value: str
    message: str
