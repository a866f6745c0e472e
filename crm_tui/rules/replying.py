"""Who gets a reply, and under which subject (SPEC §5)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

Mailbox = tuple[str, str]
"""A name and an address."""

# Prefixes that mail programs of the guests' languages put before the subject of a reply or a forward.
_REPLY = re.compile(r"\s*(?:re|aw|odp|antw|sv|vs|res|rif|ref|rv)\s?(?:\[\d+\]|\(\d+\))?\s?[:：]", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|pd|tr|enc|rv|i)\s?(?:\[\d+\]|\(\d+\))?\s?[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom an answer goes to."""

    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...] = ()


def recipients(
    sender: Mailbox,
    reply_to: Sequence[Mailbox],
    to: Sequence[Mailbox],
    cc: Sequence[Mailbox],
    *,
    own: Collection[str],
    everyone: bool,
) -> Recipients:
    """Whom the answer to a message goes to.

    Reply-To goes before the sender (RFC 5322 §3.6.2). An answer to one's own message goes to whom that went. Own
    addresses are left out, unless nobody else is there. An address is named once, and not in cc if it is in to.

    Args:
        own: addresses of the linked accounts, in lower case.
        everyone: reply all: the message's other recipients too.
    """
    ours = {address.casefold() for address in own}
    mine = sender[1].casefold() in ours and not any(a.casefold() not in ours for _n, a in reply_to if "@" in a)
    first = list(to) if mine else [box for box in reply_to if "@" in box[1]] or [sender]
    others = list(to) if everyone else []
    copies = list(cc) if everyone else []
    target = _distinct([*first, *others], ours)
    if not target and (copies := _distinct(copies, ours)):
        target, copies = copies, []
    if not target:
        target = _distinct(first, set()) or _distinct([sender], set())
    named = {address.casefold() for _name, address in target}
    return Recipients(tuple(target), tuple(_distinct(copies, ours | named)))


def reply_subject(subject: str) -> str:
    """The subject with one ``Re:`` before it, unless a reply prefix of any language stands there already."""
    return subject if _REPLY.match(subject) else f"Re: {subject}".strip()


def forward_subject(subject: str) -> str:
    """The subject with ``Fwd:`` before it, unless it stands there already."""
    return subject if _FORWARD.match(subject) else f"Fwd: {subject}".strip()


def quote(text: str, folded: Iterable[tuple[int, int]] = (), *, mark: str = "[…]") -> str:
    """``text`` as a quotation, without the ranges that the reader had folded away (QUALITY S15: only what was seen).

    Args:
        folded: character ranges of ``text``: older quotes and the signature.
        mark: stands where a range in the middle was left out; ranges at the end leave nothing.
    """
    kept, at = [], 0
    for start, end in sorted(folded):
        if start < at:
            at = max(at, end)
            continue
        kept.append(text[at:start])
        if text[end:].strip():
            kept.append(f"\n{mark}\n")
        at = end
    kept.append(text[at:])
    lines = "".join(kept).strip().splitlines()
    return "\n".join(f"> {line}".rstrip() if not line.startswith(">") else f">{line}" for line in lines)


def _distinct(boxes: Iterable[Mailbox], without: Collection[str]) -> list[Mailbox]:
    seen = set(without)
    found = []
    for name, address in boxes:
        if "@" in address and address.casefold() not in seen:
            seen.add(address.casefold())
            found.append((name, address))
    return found
