"""The files that guests and bookings come from, opened as tables whatever their format."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from crm_tui.base.i18n import _
from crm_tui.files.limits import USUAL, FileFault, Limits
from crm_tui.files.objects import read_objects
from crm_tui.files.tables import Table, read_rows
from crm_tui.files.vcards import read_vcards
from crm_tui.mail.text import display_text

_BY_SUFFIX = {".vcf": "vcard", ".vcard": "vcard", ".json": "json", ".jsonl": "json", ".ndjson": "json"}


def format_of(path: Path) -> str:
    """``csv``, ``json`` or ``vcard``: by the file's name, else by how it begins.

    Raises:
        FileFault: it cannot be read.
    """
    known = _BY_SUFFIX.get(path.suffix.lower())
    if known:
        return known
    with opened(path) as stream:
        begin = stream.read(4096).lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if begin[:12].upper().startswith(b"BEGIN:VCARD"):
        return "vcard"
    return "json" if begin[:1] in (b"{", b"[") else "csv"


def opened(path: Path) -> BinaryIO:
    """The file, for reading octets.

    Raises:
        FileFault: it cannot be read, with the reason.
    """
    try:
        if path.is_dir():
            raise FileFault(_("{path} is a folder.").format(path=display_text(str(path))), field="path")
        return path.open("rb")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileFault(
            _("{path} cannot be read: {reason}.").format(path=display_text(str(path)), reason=reason), field="path"
        ) from None


def open_table(
    path: Path, *, encoding: str = "", delimiter: str = "", format_name: str = "", limits: Limits = USUAL
) -> Table:
    """A file as a table; close it after use.

    Raises:
        FileFault: it cannot be read, or there is no table in it.
    """
    kind = format_name or format_of(path)
    opened(path).close()
    if kind == "csv":
        return read_rows(path, encoding=encoding, delimiter=delimiter, limits=limits)
    reader = read_vcards if kind == "vcard" else read_objects
    return reader(path, encoding=encoding, limits=limits)
