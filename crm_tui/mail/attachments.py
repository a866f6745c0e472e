"""Attachments: safe names, their bytes on demand, and saving them where they can do no harm (QUALITY S11)."""

from __future__ import annotations

import os
import re
from pathlib import Path

from crm_tui.base.errors import CrmError, NotFound
from crm_tui.base.i18n import _
from crm_tui.mail.body import attached, first_text, text_parts, uuencoded
from crm_tui.mail.headers import header_text, read_headers, text_of
from crm_tui.mail.mime import Part, Tree, body_bytes, body_size, read_tree, uu_bytes
from crm_tui.mail.model import Limits, ParsedAttachment
from crm_tui.mail.text import display_text

MAX_NAME_BYTES = 120
_SEPARATORS = re.compile(r"[/\\]")
_FORBIDDEN = re.compile(r'[<>:"|?*‹›]')
_FILE_NAME = re.compile(r"[^/\\:?#@]{1,100}\.\w{1,8}")
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)", re.IGNORECASE)
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "message/rfc822": ".eml",
    "message/delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "text/rfc822-headers": ".txt",
    "application/pgp-signature": ".asc",
    "application/ms-tnef": ".dat",
}


def safe_name(name: str, fallback: str = "attachment") -> str:
    """A file name that stays in its folder: the base name, without controls, leading dots and reserved names.

    At most 120 bytes in UTF-8; the extension survives the cut. Never empty.
    """
    name = _SEPARATORS.split(display_text(name).strip())[-1]
    name = _FORBIDDEN.sub("_", name).strip(". ")
    if _RESERVED.match(name):
        name = "_" + name
    if len(name.encode()) > MAX_NAME_BYTES:
        stem, dot, extension = name.rpartition(".")
        if not dot or not stem or len(extension.encode()) > 20:
            stem, dot, extension = name, "", ""
        room = MAX_NAME_BYTES - len((dot + extension).encode())
        name = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ") + dot + extension
    return name or fallback


class _File:
    """An attachment and where its bytes are: a part, a stretch of uuencoded lines, or a file inside winmail.dat."""

    __slots__ = ("content", "content_id", "inline", "name", "part", "size", "type")

    def __init__(self, name: str, type: str, size: int, part: Part | None = None, content: bytes = b"") -> None:
        self.name = name
        self.type = type
        self.size = size
        self.part = part
        self.content = content
        self.content_id = part.content_id if part else ""
        self.inline = False


def _files(tree: Tree) -> list[_File]:
    """Every attachment in the order of its position."""
    found: list[_File] = []
    packed: list[Part] = []
    first = first_text(tree.root)
    for part, parent in attached(tree):
        one = _File(part.filename, part.type, body_size(tree.raw, part), part)
        related = parent is not None and parent.type == "multipart/related" and bool(one.content_id)
        shown = related or part.disposition == "inline" or part is first
        one.inline = part.disposition != "attachment" and shown
        one.name = safe_name(part.filename) if part.filename else _default_name(tree.raw, part)
        found.append(one)
        if part.type in ("application/ms-tnef", "application/vnd.ms-tnef") or one.name.lower() == "winmail.dat":
            packed.append(part)
    if b"begin " in tree.raw:
        for text in text_parts(tree):
            for name, lines in uuencoded(text):
                content = uu_bytes(lines.encode("latin-1", "replace"))
                found.append(_File(safe_name(name), "application/octet-stream", len(content), content=content))
    for part in packed:
        for name, content in _unpacked(tree.raw, part):
            found.append(_File(safe_name(name), "application/octet-stream", len(content), content=content))
    return found


def _unpacked(raw: bytes, part: Part) -> list[tuple[str, bytes]]:
    from crm_tui.mail.tnef import tnef_files

    return tnef_files(body_bytes(raw, part))


def _default_name(raw: bytes, part: Part) -> str:
    """A name for a part that has none; an enclosed mail is called by its subject."""
    extension = _EXTENSIONS.get(part.type, "")
    location = text_of(part.headers.first("content-location")).strip()
    if location and _FILE_NAME.fullmatch(location):
        return safe_name(location)
    if part.type == "message/rfc822":
        inner = read_headers(raw, part.start, part.end, Limits().header_bytes)
        subject = display_text(header_text(inner.first("subject"))).strip()[:80]
        return safe_name(subject.rstrip(". ") + extension) if subject.strip(". ") else "message.eml"
    if part.type.startswith("message/"):
        return part.type.partition("/")[2] + (extension or ".txt")
    return "attachment" + (extension or ".bin")


def list_attachments(tree: Tree) -> tuple[ParsedAttachment, ...]:
    """The attachments of a message, inline pictures, uuencoded files and the contents of winmail.dat included."""
    return tuple(
        ParsedAttachment(
            position, one.name, display_text(one.type), one.size, display_text(one.content_id)[:200], one.inline
        )
        for position, one in enumerate(_files(tree))
    )


def attachment_bytes(raw: bytes, position: int) -> bytes:
    """The decoded content of the attachment at ``position`` of the message ``raw``.

    Raises:
        NotFound: the message has no such attachment.
    """
    tree = read_tree(raw, Limits())
    files = _files(tree)
    if not 0 <= position < len(files):
        raise NotFound(_("The message has no such attachment."))
    one = files[position]
    return one.content if one.part is None else body_bytes(tree.raw, one.part)


def save_attachment(raw: bytes, position: int, directory: Path, name: str = "") -> Path:
    """Save an attachment into ``directory`` under a safe name, readable by the agent alone (0600).

    An existing file is never replaced and no link is followed: a clash is numbered (``bill (2).pdf``).

    Raises:
        NotFound: the message has no such attachment.
        CrmError: the folder cannot be written.
    """
    content = attachment_bytes(raw, position)
    wanted = safe_name(name) if name else safe_name(_files(read_tree(raw, Limits()))[position].name)
    stem, dot, extension = wanted.rpartition(".")
    if not stem:
        stem, dot, extension = wanted, "", ""
    for number in range(1, 10_000):
        path = directory / (wanted if number == 1 else f"{stem} ({number}){dot}{extension}")
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            raise _not_saved(directory, error) from error
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise _not_saved(directory, error) from error
        return path
    raise CrmError(
        _("The folder already has thousands of files called {name}.").format(name=wanted), _("Choose another folder.")
    )


def _not_saved(directory: Path, error: OSError) -> CrmError:
    return CrmError(
        _("The attachment could not be saved in {folder}: {reason}.").format(
            folder=display_text(str(directory)), reason=display_text(error.strerror or str(error))
        ),
        _("Choose another folder."),
    )
