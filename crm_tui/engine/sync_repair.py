"""Messages that a server does not hand out as asked: too large, missing, empty (QUALITY I4, I7, R8).

What the server names but does not deliver is asked for once more alone; if it stays away, its header stands in for it,
and if even that is refused a note does. Nothing is taken for deleted that the server still lists, and nothing stands in
for mail while the server refuses everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crm_tui.base.errors import ServerError, Unreachable
from crm_tui.base.i18n import _
from crm_tui.mail.imap import Fetched, ImapSession
from crm_tui.mail.imap.large import text_only
from crm_tui.mail.imap.uids import command_sets

_FOR_NOW = frozenset((b"UNAVAILABLE", b"INUSE", b"LIMIT", b"SERVERBUG", b"CONTACTADMIN", b"EXPUNGEISSUED"))
"""Response codes of a NO that says nothing about the message (RFC 5530)."""


def repaired(session: ImapSession, asked: Sequence[int], limit: int) -> Iterator[Fetched]:
    """The messages with these UIDs, whatever the server does; only those that it lists no more are left out.

    Raises:
        Unreachable: the connection is gone; what came before is good.
        ServerError: the server refuses for now; nothing of this call may be counted as done.
    """
    missing = set(asked)
    too_large: list[Fetched] = []
    try:
        for item in session.fetch(asked, limit):
            if not item.raw.strip():
                continue
            missing.discard(item.uid)
            if item.whole:
                yield item
            else:
                too_large.append(item)
    except Unreachable:
        raise
    except ServerError:
        pass  # a NO for one message must not cost the others: they are asked for alone
    for item in too_large:
        yield _large(session, item, limit)
    if missing:
        yield from _one_by_one(session, missing, limit, len(set(asked)) - len(missing))


def _one_by_one(session: ImapSession, missing: set[int], limit: int, delivered: int) -> Iterator[Fetched]:
    """What was missing, asked for alone; ``delivered`` counts what the same visit handed out before.

    Raises:
        ServerError: it refuses for now, or refuses everything: a fault of the server, not of a message, so that nothing may
            stand in for mail that the next visit will get.
    """
    withheld: list[int] = []
    refusal: ServerError | None = None
    for uid in sorted(_still_listed(session, missing)):
        try:
            found = _alone(session, uid, limit)
        except Unreachable:
            raise
        except ServerError as error:
            if session.wire.code[0].upper() in _FOR_NOW:
                raise
            found, refusal = None, error
        if found is None:
            withheld.append(uid)
        else:
            delivered += 1
            yield found
    if refusal is not None and not delivered:
        raise refusal
    for uid in withheld:
        yield _placeholder(session, uid)


def _still_listed(session: ImapSession, uids: set[int]) -> set[int]:
    listed: set[int] = set()
    for uid_set in command_sets(uids):
        listed.update(session.search("UID", uid_set))
    return listed & uids


def _alone(session: ImapSession, uid: int, limit: int) -> Fetched | None:
    for item in session.fetch([uid], limit):
        if item.raw.strip():
            return item if item.whole else _large(session, item, limit)
    return None


def _large(session: ImapSession, item: Fetched, limit: int) -> Fetched:
    """The text of a message over the limit; its first bytes where the server gives no structure."""
    try:
        if not session.fetch_section(item.uid, "", limit, 1):  # exactly as long as the limit; RFC822.SIZE may lie
            return Fetched(item.uid, item.flags, item.internal_date, item.size, item.raw, True, item.modseq)
        raw = text_only(session, item.uid)
    except Unreachable:
        raise
    except ServerError:
        raw = None
    return Fetched(item.uid, item.flags, item.internal_date, item.size, raw or item.raw, False, item.modseq)


def _placeholder(session: ImapSession, uid: int) -> Fetched:
    header = b""
    try:
        header = (session.fetch_section(uid, "HEADER", 0, 1 << 18) or b"").strip()
    except Unreachable:
        raise
    except ServerError:
        pass
    validity = session.selected.uidvalidity if session.selected else 0
    note = _("The server lists this message but does not hand it out.")
    lines = header or b"Subject: " + _("(message not delivered by the server)").encode("ascii", "replace")
    identity = f"X-Place: {session.host} {validity} {uid}".encode("ascii", "replace")
    raw = lines + b"\r\n" + identity + b"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + note.encode() + b"\r\n"
    flags = session.flags_of([uid]).get(uid, ())
    return Fetched(uid, flags, None, len(raw), raw, False)
