"""Flags both ways, and mail that is gone: by change numbers where the server has them, else by comparing sets.

Without CONDSTORE four searches (all, unseen, answered, flagged) say everything that matters in a few kilobytes; a
fingerprint of their answers tells whether anything differs from the last visit before the store is read at all.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from crm_tui.base.errors import ServerError, Unreachable
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import cursors, flags
from crm_tui.desk.correspondence.cursors import Cursor
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.imap.folders import Selected
from crm_tui.mail.imap.uids import compact

KNOWN_FLAGS = ("\\Seen", "\\Answered", "\\Flagged")
PUSH_AT_ONCE = 500


@dataclass(slots=True)
class Memory:
    """What the server answered at the last visits; lives as long as the engine.

    Attributes:
        prints: fingerprints of the answers of a server without change numbers, by mailbox.
        stands: how each mailbox stood when it was last looked at, by its name on the wire.
    """

    prints: dict[int, bytes] = field(default_factory=dict)
    stands: dict[bytes, tuple[int, ...]] = field(default_factory=dict)

    def note(self, selected: Selected) -> bool:
        """Remember how a mailbox stands; True if it stood differently, or was not known."""
        stand = (selected.uidvalidity, selected.uidnext, selected.exists, selected.modseq)
        before = self.stands.get(selected.name)
        self.stands[selected.name] = stand
        return before != stand

    def forget(self, mailbox_id: int) -> None:
        """The store has changed: compare again at the next visit."""
        self.prints.pop(mailbox_id, None)


def has_pending_flags(ctx: Context, box: Cursor) -> bool:
    """Whether the server has still to be told something about a mailbox."""
    return bool(flags.to_tell(ctx, box.id, box.uidvalidity, 1))


def push_flags(ctx: Context, session: ImapSession, box: Cursor) -> int:
    """Tell the server what was read, answered and flagged at the desk; returns how many changes it knows now.

    A mailbox that refuses keeps its changes pending; that never stops the sync.
    """
    total = 0
    while changes := flags.to_tell(ctx, box.id, box.uidvalidity, PUSH_AT_ONCE):
        groups: dict[tuple[str, bool], list[int]] = defaultdict(list)
        for _change, uid, flag, present in changes:
            groups[flag, present].append(uid)
        try:
            for (flag, present), uids in groups.items():
                session.store_flags(uids, [flag], add=present)
        except Unreachable:
            raise
        except ServerError:
            return total
        flags.told(ctx, [change for change, *_rest in changes])
        total += len(changes)
    return total


def take_over(ctx: Context, session: ImapSession, box: Cursor, selected: Selected, memory: Memory) -> tuple[int, int]:
    """Take over what changed on the server since the last visit.

    Returns:
        how many messages changed their flags, and how many are gone.
    """
    if not box.high_uid:
        return 0, 0
    if selected.modseq and box.highest_modseq:
        return _by_change_number(ctx, session, box, selected)
    if not selected.modseq or box.complete:
        return _by_sets(ctx, session, box, memory)
    return 0, 0


def _by_change_number(ctx: Context, session: ImapSession, box: Cursor, selected: Selected) -> tuple[int, int]:
    if selected.modseq == box.highest_modseq and selected.exists == box.exists_count:
        return 0, 0
    knows_vanished = "QRESYNC" in session.enabled
    told = session.changed_since(box.highest_modseq, vanished=knows_vanished)
    news = {uid: frozenset(names) - {"\\Recent"} for uid, names in told.flags.items() if uid <= box.high_uid}
    changed = flags.from_server(ctx, box.id, box.uidvalidity, news) if news else 0
    if knows_vanished:
        vanished = [uid for uid in told.vanished if uid <= box.high_uid]
    else:
        vanished = _missing(ctx, session, box, selected)
    return changed, flags.expunged(ctx, box.id, box.uidvalidity, vanished) if vanished else 0


def _missing(ctx: Context, session: ImapSession, box: Cursor, selected: Selected) -> list[int]:
    """UIDs that are stored and that the server lists no more; asked for only if the numbers don't match."""
    if box.complete and cursors.count_places(ctx, box.id, box.uidvalidity) == selected.exists:
        return []
    listed = set(session.search("ALL"))
    return sorted(cursors.stored_uids(ctx, box.id, box.uidvalidity) - listed)


def _by_sets(ctx: Context, session: ImapSession, box: Cursor, memory: Memory) -> tuple[int, int]:
    listed = session.search("ALL")
    unseen, answered, flagged = (session.search(name) for name in ("UNSEEN", "ANSWERED", "FLAGGED"))
    fingerprint = _fingerprint(box.uidvalidity, listed, unseen, answered, flagged)
    if memory.prints.get(box.id) == fingerprint:
        return 0, 0
    present = set(listed)
    holders = {
        "\\Seen": present.difference(unseen),
        "\\Answered": set(answered),
        "\\Flagged": set(flagged),
    }
    stored = cursors.places(ctx, box.id, box.uidvalidity)
    gone = stored.keys() - present
    news = _differences(stored, present, holders)
    changed = flags.from_server(ctx, box.id, box.uidvalidity, news) if news else 0
    went = flags.expunged(ctx, box.id, box.uidvalidity, sorted(gone)) if gone else 0
    memory.prints[box.id] = fingerprint
    return changed, went


def _differences(
    stored: Mapping[int, str], present: set[int], holders: Mapping[str, set[int]]
) -> dict[int, frozenset[str]]:
    """The new flags of every stored message whose known flags differ from the server's."""
    news: dict[int, frozenset[str]] = {}
    seen, answered, flagged = (holders[flag] for flag in KNOWN_FLAGS)
    splits: dict[str, tuple[bool, bool, bool]] = {}
    for uid, text in stored.items():
        had = splits.get(text)
        if had is None:
            names = text.split()
            had = splits[text] = ("\\Seen" in names, "\\Answered" in names, "\\Flagged" in names)
        if had != (uid in seen, uid in answered, uid in flagged) and uid in present:
            others = frozenset(text.split()).difference(KNOWN_FLAGS)
            news[uid] = others | {flag for flag in KNOWN_FLAGS if uid in holders[flag]}
    return news


def _fingerprint(uidvalidity: int, *answers: list[int]) -> bytes:
    hashed = hashlib.blake2b(str(uidvalidity).encode(), digest_size=16)
    for uids in answers:
        hashed.update(",".join(compact(uids)).encode() + b";")
    return hashed.digest()
