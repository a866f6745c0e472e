"""Mailboxes: list, select, what a selected mailbox tells of itself (QUALITY I8, I10, I11, I14)."""

from __future__ import annotations

import imaplib
import re
from dataclasses import dataclass

from imapclient.response_parser import parse_response

from crm_tui.base.i18n import _
from crm_tui.mail.imap.connection import Connection
from crm_tui.mail.imap.errors import FolderGone, words
from crm_tui.mail.imap.names import INBOX, Mailbox, decode_name, guess_special, mailbox, parse_list_line, quoted

_MOST, _MOST_MODSEQ = 2**32 - 1, 2**63 - 1  # RFC 9051 section 9 (nz-number), RFC 7162 section 3.1
_NUMBER = re.compile(rb"\d+")
_STATUS_ITEM = re.compile(rb"([A-Za-z]+) (\d{1,20})")
_GONE_CODES = frozenset((b"NONEXISTENT", b"NOPERM"))


@dataclass(frozen=True, slots=True)
class Selected:
    """What SELECT said.

    Attributes:
        uidvalidity: 0 if the server gave none (then nothing known by UID may be trusted, I1).
        uidnext: the lowest UID a new message can get; 0 if unknown.
        exists: how many messages there are.
        modseq: HIGHESTMODSEQ (CONDSTORE); 0 if the mailbox has no change numbers.
        mailbox_id: the name-independent identity (OBJECTID, I11); empty if unknown.
        readonly: nothing can be changed there.
        keywords: whether new flags can be stored (``\\*`` in PERMANENTFLAGS).
    """

    name: bytes
    uidvalidity: int = 0
    uidnext: int = 0
    exists: int = 0
    modseq: int = 0
    mailbox_id: str = ""
    readonly: bool = False
    keywords: bool = False


class Folders(Connection):
    """The verbs about mailboxes."""

    selected: Selected | None = None
    _prefix: str | None = None

    def list_mailboxes(self) -> list[Mailbox]:
        """All mailboxes, each decoded on its own: one bad name does not lose the others (I8).

        Raises:
            ServerError, Unreachable: see :meth:`Connection.command`.
        """
        prefix = self._personal_prefix()
        lines = self._list_lines()
        parsed = [found for line, literal in lines if (found := parse_list_line(line, literal))]
        if not prefix and not self.can("NAMESPACE"):
            prefix = _common_prefix([(separator, name) for _flags, separator, name in parsed])
        boxes = {
            name: mailbox(flags, separator, name, prefix) for flags, separator, name in parsed if not _is_root(name)
        }
        if not any(box.name == INBOX for box in boxes.values()):
            boxes[b"INBOX"] = Mailbox(b"INBOX", INBOX, "", "inbox")  # it always exists (RFC 3501 §5.1)
        return guess_special(list(boxes.values()))

    def _list_lines(self) -> list[tuple[bytes, bytes | None]]:
        extended = self.can("SPECIAL-USE") and self.can("LIST-EXTENDED")
        with self.command():
            self.wire.untagged_responses.pop("LIST", None)
            arguments = ('""', '"*"', "RETURN (SPECIAL-USE)") if extended else ('""', '"*"')
            kind, data = self.wire._simple_command("LIST", *arguments)
            if kind != "OK":
                raise imaplib.IMAP4.error(words(data[-1]))
            found = self.wire.untagged_responses.pop("LIST", [])
        lines: list[tuple[bytes, bytes | None]] = []
        for piece in found:
            if isinstance(piece, tuple):
                lines.append((piece[0], piece[1]))
            elif piece.startswith(b"("):
                lines.append((piece, None))
        return lines

    def _personal_prefix(self) -> str:
        if not self.can("NAMESPACE"):
            return ""
        if self._prefix is None:
            self._prefix = self._ask_prefix()
        return self._prefix

    def _ask_prefix(self) -> str:
        with self.command():
            self.wire.untagged_responses.pop("NAMESPACE", None)
            kind, _data = self.wire._simple_command("NAMESPACE")
            told = self.wire.untagged_responses.pop("NAMESPACE", [])
        try:
            personal = parse_response(told)[0] if kind == "OK" and told else None
            return decode_name(personal[0][0]) if personal else ""
        except (imaplib.IMAP4.error, ValueError, IndexError, TypeError, AttributeError, RecursionError):
            return ""  # an unreadable answer costs only the pretty names

    def select(self, wire_name: bytes, *, readonly: bool = False) -> Selected:
        """Open a mailbox; CONDSTORE and QRESYNC are switched on where the server has them.

        Raises:
            FolderGone: there is no such mailbox, or it can't be opened.
            ServerError, Unreachable: see :meth:`Connection.command`.
        """
        if not self.enabled and self.wire.state == "AUTH":
            self.enable("QRESYNC") if self.can("QRESYNC") else self.enable("CONDSTORE")
        parameters = "(CONDSTORE)" if self.can("CONDSTORE") else None
        wire = self.wire
        with self.command():
            self.selected = None
            wire.untagged_responses = {}
            wire.state = "AUTH"
            kind, data = wire._simple_command("EXAMINE" if readonly else "SELECT", quoted(wire_name), parameters)
            told, code = wire.untagged_responses, wire.code[0]
            wire.untagged_responses = {}
            if kind != "OK":
                raise self._not_opened(wire_name, code, data[-1])
            wire.state = "SELECTED"
            wire.stirred = False
        self.selected = Selected(
            name=wire_name,
            uidvalidity=_number(told, "UIDVALIDITY"),
            uidnext=_number(told, "UIDNEXT"),
            exists=_number(told, "EXISTS"),
            modseq=0 if "NOMODSEQ" in told else _number(told, "HIGHESTMODSEQ", _MOST_MODSEQ),
            mailbox_id=_last(told, "MAILBOXID").strip(b"() ").decode("ascii", "replace"),
            readonly=readonly or code == b"READ-ONLY",
            keywords=b"\\*" in _last(told, "PERMANENTFLAGS"),
        )
        return self.selected

    def still(self, wire_name: bytes) -> Selected | None:
        """What SELECT said, if that mailbox is open and the server knows of no change since: one NOOP, no SELECT.

        Raises:
            ServerError, Unreachable: see :meth:`Connection.command`.
        """
        if self.selected is None or self.selected.name != wire_name or self.wire.stirred:
            return None
        self.noop()
        return None if self.wire.stirred else self.selected

    def status(self, wire_name: bytes) -> Selected | None:
        """How a mailbox stands, without opening it: a fraction of SELECT's work for a server with much mail.

        None where that can't be trusted: no CONDSTORE, or the mailbox is the open one (RFC 3501 §6.3.10).

        Raises:
            ServerError, Unreachable: see :meth:`Connection.command`.
        """
        if not self.can("CONDSTORE") or (self.selected is not None and self.selected.name == wire_name):
            return None
        wire = self.wire
        with self.command():
            wire.untagged_responses.pop("STATUS", None)
            items = "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)"
            kind, _data = wire._simple_command("STATUS", quoted(wire_name), items)
            told = wire.untagged_responses.pop("STATUS", [b""])[-1]
        if kind != "OK":
            return None
        text = b"".join(told) if isinstance(told, tuple) else told
        counts = {key.upper(): int(value) for key, value in _STATUS_ITEM.findall(text[text.rfind(b"(") :])}
        if not counts.get(b"UIDVALIDITY"):
            return None
        return Selected(
            wire_name, counts[b"UIDVALIDITY"], counts.get(b"UIDNEXT", 0), counts.get(b"MESSAGES", 0),
            counts.get(b"HIGHESTMODSEQ", 0),
        )  # fmt: skip

    def _not_opened(self, wire_name: bytes, code: bytes, data: bytes) -> Exception:
        name = words(decode_name(wire_name))
        if code in _GONE_CODES or re.search(rb"exist|unknown|not found|no such|permission|denied", data, re.IGNORECASE):
            return FolderGone(
                _("The mailbox {name} is not on the server any more.").format(name=name),
                _("What was read from it stays in the desk."),
            )
        return imaplib.IMAP4.error(words(data))


def _is_root(name: bytes) -> bool:
    return name in (b"", b"/", b".")


def _common_prefix(names: list[tuple[str, bytes]]) -> str:
    """``INBOX.`` where everything lies below the Inbox (Courier without NAMESPACE)."""
    others = [(separator, name) for separator, name in names if name.upper() != b"INBOX"]
    if not others or not all(name.upper().startswith(b"INBOX" + separator.encode()) for separator, name in others):
        return ""
    return INBOX + others[0][0]


def _last(told: dict[str, list[object]], key: str) -> bytes:
    values = told.get(key) or [b""]
    return values[-1] if isinstance(values[-1], bytes) else b""


def _number(told: dict[str, list[object]], key: str, most: int = _MOST) -> int:
    """A number that the server told, no larger than the protocol and the store allow (I7)."""
    match = _NUMBER.search(_last(told, key))
    return min(int(match[0][:20]), most) if match else 0
