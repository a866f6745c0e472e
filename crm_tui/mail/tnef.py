"""The files inside winmail.dat, Outlook's private wrapping (MS-OXTNEF): names and contents, nothing else."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from crm_tui.mail.charset import decode

SIGNATURE = 0x223E9F78
_ATTACHMENT_BEGINS = 0x9002
_TITLE = 0x8010
_DATA = 0x800F
_PROPERTIES = 0x9005
_LONG_NAME = 0x3707
# Bytes of a MAPI property's value by its type; the types of variable length follow.
_FIXED = {
    **dict.fromkeys((0x0002, 0x0003, 0x0004, 0x000A, 0x000B), 4),
    **dict.fromkeys((0x0005, 0x0006, 0x0007, 0x0014, 0x0040), 8),
    0x0048: 16,
}
_VARIABLE = frozenset({0x000D, 0x001E, 0x001F, 0x0102})
MAX_FILES = 500


def tnef_files(raw: bytes) -> list[tuple[str, bytes]]:
    """(name, content) of each file; a broken stream gives those before the break, other data none."""
    files: list[tuple[str, bytes]] = []
    name, content, opened = "", b"", False
    for attribute, value in _attributes(raw):
        if attribute == _ATTACHMENT_BEGINS:
            if opened and (name or content):
                files.append((name or "attachment", content))
            name, content, opened = "", b"", True
        elif attribute == _TITLE:
            name = name or decode(value.rstrip(b"\0"))
        elif attribute == _DATA:
            content = value
        elif attribute == _PROPERTIES:
            name = _long_name(value) or name
        if len(files) >= MAX_FILES:
            return files
    if opened and (name or content):
        files.append((name or "attachment", content))
    return files


def _attributes(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """(low word of the id, value) of the stream's attributes until its end or its first break."""
    if len(raw) < 6 or struct.unpack_from("<I", raw)[0] != SIGNATURE:
        return
    at = 6
    while at + 9 <= len(raw):
        _level, attribute, length = struct.unpack_from("<BII", raw, at)
        at += 9
        if at + length > len(raw):
            return
        yield attribute & 0xFFFF, raw[at : at + length]
        at += length + 2


def _long_name(raw: bytes) -> str:
    """PR_ATTACH_LONG_FILENAME from a block of MAPI properties, or an empty string."""
    try:
        (count,) = struct.unpack_from("<I", raw)
        at = 4
        for _ in range(min(count, 1000)):
            kind, identifier = struct.unpack_from("<HH", raw, at)
            at += 4
            if identifier >= 0x8000:
                at = _named(raw, at)
            if kind in _FIXED:
                at += _FIXED[kind]
                continue
            if kind not in _VARIABLE:
                return ""
            values, length = struct.unpack_from("<II", raw, at)
            at += 8
            if identifier == _LONG_NAME:
                value = raw[at : at + length]
                return (value.decode("utf-16-le", "replace") if kind == 0x001F else decode(value)).rstrip("\0")
            at += (length + 3) & ~3
            for _ in range(min(values, 100) - 1):
                (length,) = struct.unpack_from("<I", raw, at)
                at += 4 + ((length + 3) & ~3)
    except struct.error:
        pass
    return ""


def _named(raw: bytes, at: int) -> int:
    """The offset behind the name of a named property."""
    at += 16
    (kind,) = struct.unpack_from("<I", raw, at)
    if kind == 0:
        return at + 8
    length: int = struct.unpack_from("<I", raw, at + 4)[0]
    return at + 8 + ((length + 3) & ~3)
