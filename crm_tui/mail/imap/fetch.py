"""Messages from the selected mailbox, as a stream (QUALITY I2–I4, I7, I12, I13, I19).

Asked for is always ``UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.limit>``: one round trip for a batch, never more
than ``limit`` bytes of a message in memory, and no item is accepted unless it carries all of that (I3). The exact
shape that servers answer with is read by one regular expression; anything else goes through imapclient's parser.
"""

from __future__ import annotations

import calendar
import imaplib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from imapclient.datetime_util import parse_to_datetime
from imapclient.response_parser import parse_fetch_response

from crm_tui.base.errors import ServerError
from crm_tui.base.i18n import _
from crm_tui.mail.imap.errors import words
from crm_tui.mail.imap.folders import Folders
from crm_tui.mail.imap.uids import command_sets

DEFAULT_LIMIT = 8 << 20
PIECE = 1 << 20
_MAX_TEXT = 1 << 18
_MAX_OPEN = 2000
"""Bounds of one FETCH answer outside its literals: imapclient's parser is slow and recursive (I8)."""
_FAST = re.compile(
    rb"\* \d+ FETCH \((?:UID (?P<uid>\d+) )?FLAGS \((?P<flags>[^()]*)\)(?: UID (?P<uid2>\d+))?"
    rb" INTERNALDATE \"(?P<date>[^\"]*)\" RFC822\.SIZE (?P<size>\d+)(?: MODSEQ \((?P<modseq>\d+)\))?"
    rb" BODY\[\](?:<0>)? \{(?P<literal>\d+)\}\Z"
)
_ANY_FETCH = re.compile(rb"\* (\d+) FETCH (?=\()", re.IGNORECASE)
_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\Z")
_MONTHS = {name.lower().encode(): number for number, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True, slots=True)
class Fetched:
    """One message as the server handed it out.

    Attributes:
        flags: opaque, as text; system flags are ``\\Seen`` and so on, spelled as usual (I12).
        internal_date: when the server received it, aware; None if it said nothing readable (I13).
        size: RFC822.SIZE in bytes, a hint only (I7).
        raw: the source, or its first ``limit`` bytes.
        whole: whether ``raw`` is the whole source.
    """

    uid: int
    flags: tuple[str, ...]
    internal_date: datetime | None
    size: int
    raw: bytes
    whole: bool = True
    modseq: int = 0


_SYSTEM_FLAGS = {
    flag.lower(): flag for flag in ("\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft", "\\Recent")
}


@lru_cache(maxsize=4096)
def parse_flags(text: bytes) -> tuple[str, ...]:
    """Flags as text, in the server's order; 8-bit ones have their bytes escaped (I12)."""
    found = (flag.decode("ascii", "backslashreplace") for flag in text.split())
    return tuple(_SYSTEM_FLAGS.get(flag.lower(), flag) for flag in found)


def parse_internal_date(text: bytes) -> datetime | None:
    """INTERNALDATE as an aware instant in UTC (I13); None if it can't be read."""
    match = _DATE.match(text)
    try:
        if match:
            day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
            date = (int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), min(int(second), 59))
            offset = timedelta(hours=int(hours), minutes=int(minutes))
            local = datetime(*date, tzinfo=UTC)
            return local - offset if sign == b"+" else local + offset
        other: datetime = parse_to_datetime(text, normalise=False)
        return other.astimezone(UTC)
    except (ValueError, KeyError, OverflowError, TypeError, IndexError):
        return None


class Fetching(Folders):
    """The verbs that bring messages."""

    def fetch(self, uids: Collection[int], limit: int = DEFAULT_LIMIT) -> Iterator[Fetched]:
        """The messages with these UIDs, in the server's order, each at most once; what is missing is simply missing.

        Leaving the iteration early closes the connection, because the rest of the answer would be in the way.

        Args:
            uids: of the selected mailbox.
            limit: bytes of a message that are fetched at most; a longer one comes with ``whole=False``.

        Raises:
            ServerError, Unreachable: see :meth:`Connection.command`; items that came before are good.
        """
        wanted = set(uids)
        for uid_set in command_sets(wanted):
            items = f"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.{limit}>)"
            with self.command():
                for item in self._stream(uid_set, items, limit):
                    if item.uid in wanted:
                        wanted.discard(item.uid)
                        yield item

    def _stream(self, uid_set: str, items: str, limit: int) -> Iterator[Fetched]:
        wire = self.wire
        tag = wire._command("UID", "FETCH", uid_set, items)
        pending, next_line, read, fast = wire.tagged_commands, wire.next_line, wire.channel.read, _FAST.match
        while pending[tag] is None:
            line = next_line()
            match = fast(line)
            if match is None:
                if _ANY_FETCH.match(line):
                    item = self._slow(line, limit)
                    if item is not None:
                        yield item
                else:
                    self._other(line)
                continue
            length = int(match["literal"])
            raw = read(length) if length <= limit else wire.read_literal(length, limit)
            rest = next_line()
            uid = match["uid"] or match["uid2"]
            if rest != b")" or uid is None:
                item = self._slow(line, limit, raw, rest)
                if item is not None:
                    yield item
                continue
            size = int(match["size"])
            yield Fetched(
                int(uid),
                parse_flags(match["flags"]),
                parse_internal_date(match["date"]),
                size,
                raw,
                length < limit,
                int(match["modseq"] or 0),
            )
        self._finish(tag)

    def _other(self, line: bytes) -> None:
        """A response that is no FETCH: file it; a BYE ends the command (I9)."""
        self.wire.take(line)
        self.wire._check_bye()

    def _finish(self, tag: bytes) -> None:
        kind, data = self.wire.tagged_commands.pop(tag)
        self.wire.untagged_responses.pop("FETCH", None)
        if kind != "OK":
            raise imaplib.IMAP4.error(words(data[-1]))

    def _slow(self, line: bytes, limit: int, raw: bytes | None = None, rest: bytes = b"") -> Fetched | None:
        """Any other order or form of a FETCH answer; None if it is unreadable or lacks something (I3, I4, I8)."""
        found = self._slow_items(line, limit, raw, rest)
        if found is None:
            return None
        body = next((found[key] for key in (b"BODY[]<0>", b"BODY[]") if key in found), None)
        uid, flags, size = found.get(b"UID"), found.get(b"FLAGS"), found.get(b"RFC822.SIZE")
        if not isinstance(body, bytes) or not isinstance(uid, int) or not isinstance(flags, tuple):
            return None
        modseq = found.get(b"MODSEQ")
        date = found.get(b"INTERNALDATE")
        return Fetched(
            uid,
            parse_flags(b" ".join(flag if isinstance(flag, bytes) else str(flag).encode() for flag in flags)),
            date.astimezone(UTC) if isinstance(date, datetime) and date.tzinfo else None,
            size if isinstance(size, int) else len(body),
            body,
            len(body) < limit,
            modseq[0] if isinstance(modseq, tuple) and modseq and isinstance(modseq[0], int) else 0,
        )

    def _slow_items(
        self, line: bytes, limit: int, raw: bytes | None = None, rest: bytes = b""
    ) -> dict[bytes, object] | None:
        start = _ANY_FETCH.match(line)
        text = line[2:] if start is None else start[1] + b" " + line[start.end() :]
        if raw is None:
            pieces = self.wire.pieces(text, limit, cut=True)
        else:
            head = text[: text.rfind(b"{")] + b"{%d}" % len(raw)
            pieces = [(head, raw), *self.wire.pieces(rest, limit, cut=True)]
        outside = b"".join(piece[0] if isinstance(piece, tuple) else piece for piece in pieces)
        if len(outside) > _MAX_TEXT or outside.count(b"(") > _MAX_OPEN:
            return None
        try:
            answers = parse_fetch_response(pieces, normalise_times=False, uid_is_key=False)
        except (imaplib.IMAP4.error, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            return None
        for values in answers.values():
            return dict(values)
        return None

    def fetch_piecewise(self, uid: int, section: str = "", *, piece: int = PIECE) -> Iterator[bytes]:
        """The bytes of a message or of one part, a MiB at a time: bounded memory for any size (I7, I19).

        Args:
            section: ``""`` for the whole source, else a part number such as ``2`` or ``1.2``.

        Raises:
            ServerError: the server has no such message, or knows no partial fetch; what came is not all of it.
            Unreachable: see :meth:`Connection.command`.
        """
        offset = 0
        while True:
            data = self.fetch_section(uid, section, offset, piece)
            if data is None:
                raise ServerError(_("{host} does not hand out the whole message.").format(host=words(self.host)))
            if data:
                yield data
            if len(data) < piece:
                return
            offset += len(data)

    def fetch_section(self, uid: int, section: str, offset: int = 0, length: int = PIECE) -> bytes | None:
        """``length`` bytes from ``offset`` of a section, fewer at its end; None if the server gives nothing (I4)."""
        whole = f"BODY[{section}]".encode().upper()
        partial = whole + b"<%d>" % offset
        found: bytes | None = None
        with self.command():
            for values in self._raw_items(uid, f"(UID BODY.PEEK[{section}]<{offset}.{length}>)", length):
                for key, value in values.items():
                    fits = key.upper() == partial or (key.upper() == whole and not offset)
                    if values.get(b"UID") == uid and fits and isinstance(value, bytes | None):
                        found = value[:length] if value else (b"" if offset else found)
        return found

    def fetch_values(self, uid: int, items: str, limit: int = PIECE) -> dict[bytes, object]:
        """Anything else about one message, as imapclient parses it; empty if the server gives nothing."""
        merged: dict[bytes, object] = {}
        with self.command():
            for values in self._raw_items(uid, items, limit):
                if values.get(b"UID") == uid:
                    merged.update(values)
        return merged

    def _raw_items(self, uid: int, items: str, limit: int) -> Iterator[dict[bytes, object]]:
        wire = self.wire
        tag = wire._command("UID", "FETCH", str(uid), items)
        while wire.tagged_commands[tag] is None:
            line = wire.next_line()
            if _ANY_FETCH.match(line):
                values = self._slow_items(line, limit)
                if values is not None:
                    yield values
            else:
                self._other(line)
        self._finish(tag)
