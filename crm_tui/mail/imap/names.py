"""Mailbox names: modified UTF-7 (RFC 3501 §5.1.3), quoting, LIST lines and canonical names (QUALITY I8, I10)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from imapclient import imap_utf7

from crm_tui.mail.imap.errors import checked

INBOX = "INBOX"
_SPECIAL_USE = {
    "\\inbox": "inbox",
    "\\sent": "sent",
    "\\junk": "junk",
    "\\spam": "junk",
    "\\trash": "trash",
    "\\drafts": "drafts",
    "\\archive": "archive",
    "\\all": "all",
    "\\allmail": "all",
    "\\flagged": "flagged",
    "\\important": "important",
}
# Names that servers without SPECIAL-USE give the folder, in the desk's languages; compared casefolded, without prefix.
_USUAL_NAMES = {
    "sent": ("sent", "sent items", "sent messages", "sent mail", "enviados", "elementos enviados", "wysłane",
             "elementy wysłane", "envoyés", "éléments envoyés", "messages envoyés", "gesendet"),
    "junk": ("junk", "spam", "junk e-mail", "junk email", "bulk mail", "correo no deseado", "wiadomości-śmieci",
             "indésirables", "courrier indésirable"),
    "trash": ("trash", "deleted items", "deleted messages", "deleted", "papelera", "kosz", "corbeille"),
    "drafts": ("drafts", "borradores", "szkice", "wersje robocze", "brouillons"),
    "archive": ("archive", "archives", "archivo", "archiwum"),
}  # fmt: skip
_LIST_LINE = re.compile(rb"\((?P<flags>[^()]*)\) (?P<separator>NIL|nil|\"(?:\\.|[^\"\\])\") (?P<name>.*)", re.DOTALL)
_QUOTED = re.compile(rb"\"((?:\\.|[^\"\\])*)\"")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox as the server lists it.

    Attributes:
        wire: the name exactly as the server wrote it (modified UTF-7 or whatever bytes it sent); the only name sent back.
        name: the canonical name: decoded, ``/`` between levels, without the personal namespace's prefix, ``INBOX`` upper.
        separator: the server's own hierarchy separator, empty if the server has none.
        special: ``inbox``, ``sent``, ``junk``, ``trash``, ``drafts``, ``archive``, ``all``... or empty.
        selectable: False for ``\\Noselect`` and ``\\NonExistent``.
    """

    wire: bytes
    name: str
    separator: str = ""
    special: str = ""
    selectable: bool = True


def decode_name(wire: bytes) -> str:
    """The readable name; a name that is no modified UTF-7 is shown with its bytes escaped rather than lost (I8)."""
    try:
        name = imap_utf7.decode(wire)
        name.encode("utf-8")
    except (ValueError, UnicodeError):
        return wire.decode("utf-8", "backslashreplace")
    return name if name.isascii() or wire.isascii() else wire.decode("utf-8", "backslashreplace")


def encode_name(name: str) -> bytes:
    """The wire form of a name that a person typed.

    Raises:
        InvalidInput: CR, LF or NUL inside (S5).
    """
    return bytes(imap_utf7.encode(checked(name)))


def quoted(wire: bytes) -> bytes:
    """A quoted string for a command line (RFC 3501 ``quoted``)."""
    checked(wire.decode("latin-1"))
    return b'"' + wire.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def parse_list_line(line: bytes, literal: bytes | None = None) -> tuple[frozenset[str], str, bytes] | None:
    """Flags (lower case), separator and wire name of one LIST answer; None if it can't be read.

    Args:
        line: what stands behind ``* LIST``.
        literal: the name, where the server sent it as a literal.
    """
    match = _LIST_LINE.match(line)
    if not match:
        return None
    flags = frozenset(flag.decode("latin-1").lower() for flag in match["flags"].split())
    separator = b"" if match["separator"].upper() == b"NIL" else match["separator"][1:-1]
    name = literal
    if name is None:
        in_quotes = _QUOTED.match(match["name"])
        name = re.sub(rb"\\(.)", rb"\1", in_quotes[1]) if in_quotes else match["name"].split(b" ")[0]
    if not name or b"\r" in name or b"\n" in name or b"\0" in name:
        return None
    return flags, separator[-1:].decode("latin-1"), name


def canonical(wire: bytes, separator: str, prefix: str) -> str:
    """The name that people see: see :class:`Mailbox`."""
    name = decode_name(wire)
    if name.upper() == INBOX:
        return INBOX
    if prefix and name.lower().startswith(prefix.lower()) and len(name) > len(prefix):
        name = name[len(prefix) :]
    if separator and separator != "/":
        name = name.replace("/", "∕").replace(separator, "/")  # U+2215 keeps a real slash from looking like a level
    if name[:6].upper() == "INBOX/":
        name = INBOX + name[5:]
    return name


def mailbox(flags: frozenset[str], separator: str, wire: bytes, prefix: str) -> Mailbox:
    """Put one LIST answer into the house's form."""
    name = canonical(wire, separator, prefix)
    special = next((_SPECIAL_USE[flag] for flag in sorted(flags) if flag in _SPECIAL_USE), "")
    if name == INBOX:
        special = "inbox"
    return Mailbox(wire, name, separator, special, not flags & {"\\noselect", "\\nonexistent"})


def guess_special(mailboxes: list[Mailbox]) -> list[Mailbox]:
    """Where the server names no special use, the usual names decide; at most one mailbox a use."""
    taken = {box.special for box in mailboxes}
    found: list[Mailbox] = []
    for box in mailboxes:
        use = next((use for use, usual in _USUAL_NAMES.items() if box.name.casefold() in usual), "")
        if use and not box.special and box.selectable and use not in taken:
            taken.add(use)
            box = Mailbox(box.wire, box.name, box.separator, use, box.selectable)
        found.append(box)
    return found
