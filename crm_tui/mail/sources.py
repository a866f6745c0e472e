"""Mail on disk: .eml files, mbox files, Maildirs and folders of them, one at a time (SPEC §15 ``import mail``)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from crm_tui.base.i18n import _
from crm_tui.mail.dates import read_date
from crm_tui.mail.text import display_text

MAX_MAIL = 256 * 1024 * 1024
MAX_LINE = 1024 * 1024
_SNIFF = 16 * 1024
_FIELD = re.compile(rb"^[!-9;-~]{1,76}[ \t]*:", re.MULTILINE)
_FROM_LINE = re.compile(rb"From (?:.* )?(?:[A-Z][a-z]{2},? )?.*(?:\d\d:\d\d|\b(?:19|20)\d\d\b)")
_FROM_DATE = re.compile(rb"([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d(?::\d\d)?)(?: ([A-Z]{3,4}|[+-]\d{4}))? (\d{4})")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_STATUS = re.compile(rb"^X?-?Status:[ \t]*([A-Z]+)", re.MULTILINE | re.IGNORECASE)
_MAILDIR_FLAGS = re.compile(r"[:;!]2,([A-Za-z]*)$")
_LETTERS = {"S": "\\Seen", "R": "\\Answered", "F": "\\Flagged", "D": "\\Draft", "T": "\\Deleted"}
_STATUS_LETTERS = {"R": "\\Seen", "A": "\\Answered", "F": "\\Flagged", "T": "\\Draft", "D": "\\Deleted"}
_MAIL_SUFFIXES = (".eml", ".mbox", ".mbx", ".mail", ".emlx")
_MARKS = {b"from", b"date", b"received", b"subject", b"message-id", b"to", b"return-path", b"delivered-to"}
_FEWEST_MARKS = 2
_SPOILT = 0.2
"""The part of a head's lines that may be no header field, as long as the rest says that it is a mail."""

LeftAlone = Callable[[Path], None]
"""Told of each file in a folder that is no mail and is not called like one."""


@dataclass(frozen=True, slots=True)
class FoundMail:
    """One mail found on disk, or a file that could not be read.

    Attributes:
        label: where it is, safe to show: the path, with ``#n`` for the nth of several mails in an mbox.
        raw: the source, without the mbox ``From `` line and its escapes.
        flags: IMAP system flags such as ``\\Seen``.
        date: when it was delivered, as far as the place tells (UTC).
        error: a sentence if it could not be read, else empty.
    """

    label: str
    raw: bytes = b""
    flags: frozenset[str] = frozenset()
    date: datetime | None = None
    error: str = ""


def iter_mail(paths: Iterable[Path], left: LeftAlone = lambda _path: None) -> Iterator[FoundMail]:
    """Every mail under ``paths``, in the order of their names; links to folders are not followed.

    In a folder, Maildirs, files that are called like mail and files that begin like one are taken; ``left`` is told of
    the others. A path that is a file was asked for: if it is no mail, that is an error.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path, left)
        else:
            yield from _file(path, left, asked_for=True)


def looks_like_mail(start: bytes) -> bool:
    """Whether the first octets of a file are a plausible head: header fields, and among them what every mail has."""
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = [line for line in head.splitlines() if line]
    if not lines or b"\0" in head or not _FIELD.match(lines[0]):
        return False
    names = [found[0].rstrip(b" \t:").lower() for line in lines if (found := _FIELD.match(line))]
    folded = sum(line[:1] in b" \t" for line in lines)
    well_formed = len(names) + folded >= (1 - _SPOILT) * len(lines)
    return well_formed and len(_MARKS.intersection(names)) >= _FEWEST_MARKS


def _folder(path: Path, left: LeftAlone) -> Iterator[FoundMail]:
    """A Maildir's messages, or what the folder holds; folders inside come last."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        yield _unreadable(path, error)
        return
    names = {entry.name for entry in entries if entry.is_dir(follow_symlinks=False)}
    maildir = {"cur", "new"} <= names
    if maildir:
        for part in ("new", "cur"):
            yield from _maildir(path / part)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not (maildir and entry.name in ("cur", "new", "tmp")):
                yield from _folder(path / entry.name, left)
        elif not maildir:
            yield from _file(path / entry.name, left, asked_for=False)


def _maildir(path: Path) -> Iterator[FoundMail]:
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        yield _unreadable(path, error)
        return
    for name in names:
        if name.startswith("."):
            continue
        file = path / name
        told = _MAILDIR_FLAGS.search(name)
        flags = frozenset(_LETTERS[letter] for letter in (told[1] if told else "") if letter in _LETTERS)
        stamp = re.match(r"\d{9,10}(?=\.)", name)
        try:
            with open(file, "rb") as source:
                raw = source.read(MAX_MAIL + 1)
                changed = os.fstat(source.fileno()).st_mtime
        except OSError as error:
            yield _unreadable(file, error)
            continue
        if len(raw) > MAX_MAIL:
            yield FoundMail(_label(file), error=_("The mail is too large to be read."))
            continue
        yield FoundMail(_label(file), raw, flags, datetime.fromtimestamp(float(stamp[0] if stamp else changed), UTC))


def _file(path: Path, left: LeftAlone, *, asked_for: bool) -> Iterator[FoundMail]:
    """The mails of one file. What is no mail is an error if it was asked for or is called like one."""
    named = asked_for or path.suffix.lower() in _MAIL_SUFFIXES
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            if asked_for:
                yield FoundMail(_label(path), error=_("This is not a file."))
            else:
                left(path)
            return
        with open(path, "rb") as source:
            start = source.peek(_SNIFF)[:_SNIFF]
            if _is_mbox(start, named):
                yield from _mbox(path, source)
            elif _is_single(start, named, lone=asked_for and path.suffix.lower() not in _MAIL_SUFFIXES):
                yield _single(path, source)
            elif named:
                yield FoundMail(_label(path), error=_("The file is empty.") if not start else _("This is not a mail."))
            else:
                left(path)
    except OSError as error:
        if named:
            yield _unreadable(path, error)
        else:
            left(path)


def _is_mbox(start: bytes, named: bool) -> bool:
    begin = start.lstrip(b"\r\n")
    if not begin.startswith(b"From ") or _FIELD.match(begin):
        return False
    line, _newline, rest = begin.partition(b"\n")
    return named or (_FROM_LINE.match(line) is not None and looks_like_mail(rest))


def _is_single(start: bytes, named: bool, *, lone: bool) -> bool:
    """What is called like mail needs one field anywhere, a lone file of another name one that mail has."""
    if lone:
        fields = {found[0].rstrip(b" \t:").lower() for found in _FIELD.finditer(start)}
        return bool(_MARKS & fields) and b"\0\0\0" not in start[:512]
    if named:
        return _FIELD.search(start) is not None and b"\0\0\0" not in start[:512]
    return looks_like_mail(start.lstrip(b"\r\n"))


def _single(path: Path, source: BinaryIO) -> FoundMail:
    raw = source.read(MAX_MAIL + 1)
    if len(raw) > MAX_MAIL:
        return FoundMail(_label(path), error=_("The mail is too large to be read."))
    if path.suffix.lower() == ".emlx":  # a line with the length in front, a property list behind
        length, _newline, rest = raw.partition(b"\n")
        if length.strip().isdigit():
            raw = rest[: int(length)]
    return FoundMail(_label(path), raw)


def _mbox(path: Path, source: BinaryIO) -> Iterator[FoundMail]:
    """The mails of an mbox, streamed: at most one is in memory besides the one read ahead."""
    held: tuple[bytes, bytes | None] | None = None
    number = 0
    for one in _split(source):
        if held is not None:
            yield _from_mbox(f"{_label(path)}#{number}", *held)
        held = one
        number += 1
    if held is not None:
        yield _from_mbox(_label(path) if number == 1 else f"{_label(path)}#{number}", *held)


def _from_mbox(label: str, from_line: bytes, raw: bytes | None) -> FoundMail:
    if raw is None:
        return FoundMail(label, error=_("The mail is too large to be read."))
    head = raw[:_SNIFF].partition(b"\n\n")[0]
    letters = b"".join(_STATUS.findall(head)).decode("ascii").upper()
    flags = frozenset(_STATUS_LETTERS[letter] for letter in letters if letter in _STATUS_LETTERS)
    return FoundMail(label, raw, flags, _from_date(from_line))


def _split(source: BinaryIO) -> Iterator[tuple[bytes, bytes | None]]:
    """(``From `` line, source) of each mail; None for one over the limit."""
    from_line = b""
    lines: list[bytes] = []
    size = 0
    blank = True
    for line in iter(lambda: source.readline(MAX_LINE), b""):
        if blank and line.startswith(b"From ") and (_FROM_LINE.match(line) or not (lines or from_line)):
            if from_line:
                yield from_line, _unescaped(lines) if size <= MAX_MAIL else None
            from_line, lines, size, blank = line, [], 0, False
            continue
        if not from_line and not line.strip():
            continue
        size += len(line)
        if size <= MAX_MAIL:
            lines.append(line)
        blank = line in (b"\n", b"\r\n")
    if from_line:
        yield from_line, _unescaped(lines) if size <= MAX_MAIL else None


def _unescaped(lines: list[bytes]) -> bytes:
    """The mail without the blank line that ends it in an mbox, and without one ``>`` before ``From ``."""
    if len(lines) > 1 and lines[-1] in (b"\n", b"\r\n"):
        lines = lines[:-1]
    raw = b"".join(lines)
    return _ESCAPED.sub(rb"\1", raw) if b">From " in raw else raw


def _from_date(line: bytes) -> datetime | None:
    """The delivery time of an mbox ``From `` line (asctime, UTC unless it says otherwise)."""
    found = _FROM_DATE.search(line)
    if not found:
        return None
    month, day, clock, zone, year = (part or b"" for part in found.groups())
    return read_date(b" ".join((day, month, year, clock, zone or b"+0000")))


def _label(path: Path) -> str:
    return display_text(os.fsencode(path).decode("utf-8", "replace"))


def _unreadable(path: Path, error: OSError) -> FoundMail:
    return FoundMail(
        _label(path),
        error=_("The file could not be read: {reason}.").format(reason=display_text(error.strerror or "?")),
    )
