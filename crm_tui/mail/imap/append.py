"""Putting a message into a mailbox (the copy to Sent; RFC 3501 §6.3.11, RFC 4315)."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from crm_tui.mail.imap.errors import FolderGone, words
from crm_tui.mail.imap.flags import _sendable
from crm_tui.mail.imap.idle import Idle
from crm_tui.mail.imap.names import decode_name, quoted

_APPENDUID = re.compile(rb"(\d+) (\d+)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Append(Idle):
    """The verb that stores a message on the server."""

    def append(
        self, wire_name: bytes, raw: bytes, flags: Iterable[str] = ("\\Seen",), date: datetime | None = None
    ) -> tuple[int, int] | None:
        """Store ``raw`` in a mailbox.

        Args:
            date: its INTERNALDATE, aware; None: the server's present.

        Returns:
            (UIDVALIDITY, UID) where the server tells (UIDPLUS), else None.

        Raises:
            FolderGone: the server asks to create the mailbox first (TRYCREATE).
            ServerError: refused, e.g. over quota.
            Unreachable: lost on the way; whether it was stored is then unknown: search by Message-ID.
        """
        names = " ".join(_sendable(flag) for flag in flags)
        wire = self.wire
        with self.command():
            wire.untagged_responses.pop("APPENDUID", None)
            wire.literal = _LINE_END.sub(b"\r\n", raw)
            kind, data = wire._simple_command("APPEND", quoted(wire_name), f"({names})", _date_time(date))
            if kind != "OK":
                raise self._append_refused(wire_name, data[-1])
            match = _APPENDUID.match(wire.code[1]) if wire.code[0] == b"APPENDUID" else None
        return (int(match[1]), int(match[2])) if match else None

    def create(self, wire_name: bytes) -> None:
        """Create a mailbox; that it exists already is no error."""
        with self.command():
            kind, data = self.wire._simple_command("CREATE", quoted(wire_name))
            if kind != "OK" and self.wire.code[0] != b"ALREADYEXISTS" and b"exists" not in data[-1].lower():
                raise imaplib.IMAP4.error(words(data[-1]))

    def _append_refused(self, wire_name: bytes, data: bytes) -> Exception:
        if self.wire.code[0] == b"TRYCREATE":
            from crm_tui.base.i18n import _

            return FolderGone(
                _("The mailbox {name} is not on the server any more.").format(name=words(decode_name(wire_name)))
            )
        return imaplib.IMAP4.error(words(data))


def _date_time(date: datetime | None) -> str | None:
    if date is None:
        return None
    utc = date.astimezone(UTC)
    return f'"{utc.day:02d}-{_MONTHS[utc.month - 1]}-{utc.year:04d} {utc:%H:%M:%S} +0000"'


class ImapSession(Append):
    """One connection with everything it can do; see :class:`crm_tui.mail.imap.connection.Connection`."""
