"""Who a message is written with: what decides whether two messages can be one conversation (SPEC §1).

A conversation has one counterpart, so that a Message-ID alone joins nothing: all who answer a newsletter name the same
one, and anybody can write one into In-Reply-To. A message joins its parent if whom it is written with took part in the
parent: wrote it, or stood in its To, Cc or Reply-To, or is a colleague (same company domain) of one who did. Messages that
answer the same parent belong together if they are written with the same counterpart. Both rules look at two messages
only, so that the order of arrival changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.mail.threading import company, counterpart_key, written_to

US = "us"
"""Stands for nobody but ourselves: a mail between our accounts, or a mailing."""
BOUNCE = "<>"
"""Stands for the mail systems that return what we sent (RFC 5321 §4.5.5)."""


@dataclass(frozen=True, slots=True)
class Side:
    """Keys of whom a message is written with, and of all who take part in it."""

    counterparts: frozenset[str]
    parties: frozenset[str]

    def joins(self, parent_parties: Collection[str]) -> bool:
        """Whether the message belongs to the conversation of a parent with these parties."""
        return may_join(self.counterparts, parent_parties)


def side_of(
    sender: str,
    answers_to: Iterable[str],
    receivers: Iterable[str],
    *,
    own: Collection[str],
    sent: bool,
    bounce: bool = False,
) -> Side:
    """The side of a message.

    Args:
        sender, answers_to, receivers: keys of From, Reply-To, and To and Cc (:func:`crm_tui.mail.threading.written_to`).
        own: keys of our own addresses.
        sent: it lies in a Sent mailbox.
        bounce: it reports that a mail of ours could not be delivered.
    """
    others = frozenset(key for key in receivers if key not in own)
    if sent or sender in own:
        others = others or frozenset((US,))
        return Side(others, others | {BOUNCE})
    parties = others.union((sender,), (key for key in answers_to if key not in own))
    return Side(frozenset((BOUNCE if bounce else sender,)), parties)


def stored_side(
    sender: str, details: Mapping[str, Any], *, own: Collection[str], sent: bool, bounce: bool = False
) -> Side:
    """The side of a stored message, from its ``details``."""
    to, cc, bcc = (_addresses(details, key) for key in ("to", "cc", "bcc"))
    answers_to = [counterpart_key(one) for one in _addresses(details, "reply_to")]
    return side_of(counterpart_key(sender), answers_to, written_to(to, cc, bcc), own=own, sent=sent, bounce=bounce)


def _addresses(details: Mapping[str, Any], key: str) -> Sequence[str]:
    return [address for _name, address in details.get(key, ())]


def may_join(counterparts: Collection[str], parties: Collection[str]) -> bool:
    """Whether one of a message's counterparts, or a colleague of one, took part in its parent."""
    if any(key and key in parties for key in counterparts):
        return True
    companies = {company(key) for key in counterparts} - {""}
    return bool(companies) and any(company(key) in companies for key in parties)


def alike(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Whether two messages that answer the same parent are written with the same counterpart."""
    return any(key in theirs for key in ours if key not in ("", BOUNCE))
