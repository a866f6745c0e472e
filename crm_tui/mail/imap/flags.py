"""UIDs and flags of the selected mailbox, and what changes them (QUALITY I2, I12, I14)."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from imapclient.response_parser import parse_message_list

from crm_tui.mail.imap.errors import checked, words
from crm_tui.mail.imap.fetch import _ANY_FETCH, Fetching, parse_flags
from crm_tui.mail.imap.names import quoted
from crm_tui.mail.imap.uids import command_sets, expand

_FLAGS = re.compile(
    rb"\* \d+ FETCH \((?:UID (?P<uid>\d+) )?(?:MODSEQ \((?P<modseq>\d+)\) )?FLAGS \((?P<flags>[^()]*)\)"
    rb"(?: UID (?P<uid2>\d+))?(?: MODSEQ \((?P<modseq2>\d+)\))?(?: UID (?P<uid3>\d+))?\)\Z",
    re.IGNORECASE,
)
_ESEARCH_ALL = re.compile(rb"\bALL ([0-9:,]+)")
_COPYUID = re.compile(rb"(\d+) ([0-9:,]+) ([0-9:,]+)")


@dataclass(slots=True)
class Changes:
    """What FETCH ... CHANGEDSINCE told: new flags by UID, and the UIDs that are gone (QRESYNC only)."""

    flags: dict[int, tuple[str, ...]] = field(default_factory=dict)
    vanished: list[int] = field(default_factory=list)
    modseq: int = 0


class Flags(Fetching):
    """The verbs about UIDs and flags."""

    def search(self, *criteria: str) -> list[int]:
        """UIDs of the selected mailbox that match, ascending; ESEARCH where the server has it.

        Raises:
            InvalidInput: CR, LF or NUL in a criterion (S5).
            ServerError, Unreachable: see :meth:`Connection.command`.
        """
        text = " ".join(checked(item) for item in criteria) or "ALL"
        compactly = self.can("ESEARCH")
        wire = self.wire
        with self.command():
            for key in ("SEARCH", "ESEARCH"):
                wire.untagged_responses.pop(key, None)
            arguments = ("UID", "SEARCH", "RETURN (ALL)", text) if compactly else ("UID", "SEARCH", text)
            kind, data = wire._command_complete("UID", wire._command(*arguments))
            if kind != "OK":
                raise imaplib.IMAP4.error(words(data[-1]))
            found: list[int] = []
            for answer in wire.untagged_responses.pop("ESEARCH", []):
                match = _ESEARCH_ALL.search(answer)
                if match:
                    found.extend(expand(match[1]))
            for answer in wire.untagged_responses.pop("SEARCH", []):
                found.extend(parse_message_list([answer]))
        return sorted(set(found))

    def uids_from(self, first: int) -> list[int]:
        """UIDs not below ``first``. ``n:*`` also names the last message, however low: it is dropped (I2)."""
        return [uid for uid in self.search("UID", f"{max(first, 1)}:*") if uid >= first]

    def search_message_id(self, message_id: str) -> list[int]:
        """UIDs whose Message-ID header contains ``message_id`` (without angle brackets).

        Raises:
            InvalidInput: CR, LF or NUL inside (S5).
        """
        return self.search("HEADER", "Message-ID", quoted(checked(message_id).encode()).decode("utf-8"))

    def changed_since(self, modseq: int, *, vanished: bool = False) -> Changes:
        """Flags that changed after ``modseq`` (CONDSTORE), and with QRESYNC what vanished since.

        Raises:
            ServerError, Unreachable: see :meth:`Connection.command`.
        """
        modifier = f"(CHANGEDSINCE {modseq} VANISHED)" if vanished else f"(CHANGEDSINCE {modseq})"
        return self._flag_stream("1:*", modifier)

    def flags_of(self, uids: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The flags of these messages; what the server does not mention is missing."""
        asked = set(uids)
        found: dict[int, tuple[str, ...]] = {}
        for uid_set in command_sets(asked):
            answers = self._flag_stream(uid_set, None).flags
            found.update((uid, flags) for uid, flags in answers.items() if uid in asked)
        return found

    def _flag_stream(self, uid_set: str, modifier: str | None) -> Changes:
        found = Changes()
        wire = self.wire
        with self.command():
            wire.untagged_responses.pop("VANISHED", None)
            tag = wire._command("UID", "FETCH", uid_set, "(UID FLAGS)", modifier)
            while wire.tagged_commands[tag] is None:
                line = wire.next_line()
                match = _FLAGS.match(line)
                if match:
                    uid = match["uid"] or match["uid2"] or match["uid3"]
                    if uid:
                        found.flags[int(uid)] = parse_flags(match["flags"])
                        found.modseq = max(found.modseq, int(match["modseq"] or match["modseq2"] or 0))
                elif _ANY_FETCH.match(line):
                    self._odd_flags(line, found)
                else:
                    self._other(line)
            self._finish(tag)
            for answer in wire.untagged_responses.pop("VANISHED", []):
                found.vanished.extend(expand(answer.upper().replace(b"(EARLIER)", b"").strip()))
        return found

    def _odd_flags(self, line: bytes, found: Changes) -> None:
        values = self._slow_items(line, 1 << 16)
        if values and isinstance(values.get(b"UID"), int) and isinstance(values.get(b"FLAGS"), tuple):
            told = values[b"FLAGS"]
            assert isinstance(told, tuple)
            text = b" ".join(flag if isinstance(flag, bytes) else str(flag).encode() for flag in told)
            found.flags[int(str(values[b"UID"]))] = parse_flags(text)

    def store_flags(self, uids: Collection[int], flags: Iterable[str], *, add: bool) -> None:
        """Set or clear flags. Only names without CR, LF, NUL, parentheses or spaces are sent (S5).

        Raises:
            InvalidInput: a flag that can't be sent.
            ServerError: the mailbox is read-only, or the server refused.
        """
        names = " ".join(_sendable(flag) for flag in flags)
        for uid_set in command_sets(uids):
            self._simple("STORE", uid_set, "+FLAGS.SILENT" if add else "-FLAGS.SILENT", f"({names})")

    def copy(self, uids: Collection[int], wire_name: bytes) -> dict[int, int]:
        """Copy messages to another mailbox; new UID by old one where the server tells (UIDPLUS)."""
        return self._transfer("COPY", uids, wire_name)

    def move(self, uids: Collection[int], wire_name: bytes) -> dict[int, int]:
        """Move messages; COPY, then delete, where the server has no MOVE (I14)."""
        if self.can("MOVE"):
            return self._transfer("MOVE", uids, wire_name)
        moved = self._transfer("COPY", uids, wire_name)
        self.delete(uids)
        return moved

    def delete(self, uids: Collection[int]) -> None:
        """Mark as deleted and, with UIDPLUS, expunge exactly these.

        Without UIDPLUS they stay marked: a bare EXPUNGE would take what others have marked (I14).
        """
        self.store_flags(uids, ["\\Deleted"], add=True)
        if self.can("UIDPLUS"):
            for uid_set in command_sets(uids):
                self._simple("EXPUNGE", uid_set)

    def _transfer(self, verb: str, uids: Collection[int], wire_name: bytes) -> dict[int, int]:
        pairs: dict[int, int] = {}
        for uid_set in command_sets(uids):
            told = self._simple(verb, uid_set, quoted(wire_name))
            for answer in told:
                match = _COPYUID.match(answer)
                if match:
                    pairs.update(zip(expand(match[2]), expand(match[3]), strict=False))
        return pairs

    def _simple(self, verb: str, *arguments: str | bytes) -> list[bytes]:
        """One UID command; returns what COPYUID said."""
        wire = self.wire
        with self.command():
            wire.untagged_responses.pop("COPYUID", None)
            kind, data = wire._command_complete("UID", wire._command("UID", verb, *arguments))
            for noise in ("FETCH", "EXPUNGE", "VANISHED"):
                wire.untagged_responses.pop(noise, None)
            if kind != "OK":
                raise imaplib.IMAP4.error(words(data[-1]))
            return [answer for answer in wire.untagged_responses.pop("COPYUID", []) if isinstance(answer, bytes)]


def _sendable(flag: str) -> str:
    checked(flag)
    if not flag.isascii() or any(sign in flag for sign in ' ()"{%*'):
        from crm_tui.base.errors import InvalidInput
        from crm_tui.base.i18n import _

        raise InvalidInput(_("A flag of that form cannot be sent to the mail server."))
    return flag
