"""Who gets a reply, and what it quotes (SPEC §5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Mailbox = tuple[str, str]
"""A name and an address."""

ATTRIBUTION = {
    "en": ("On {date} at {time}, {who} wrote:", "%d/%m/%Y"),
    "es": ("El {date} a las {time}, {who} escribió:", "%d/%m/%Y"),
    "pl": ("W dniu {date} o {time} {who} napisał(a):", "%d.%m.%Y"),
    "fr": ("Le {date} à {time}, {who} a écrit :", "%d/%m/%Y"),
    "de": ("Am {date} um {time} schrieb {who}:", "%d.%m.%Y"),
    "it": ("Il {date} alle {time}, {who} ha scritto:", "%d/%m/%Y"),
}
"""Language (ISO 639-1) to the line above a quotation and how it writes a day."""


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


def attribution(at: datetime, who: str, language: str) -> str:
    """“On … X wrote:” in the language of whom the answer goes to; in English where there is no line for it.

    Args:
        at: when it was written, in the zone to be shown.
        who: the writer's name or address, fit to be shown.
    """
    line, day = ATTRIBUTION.get(language, ATTRIBUTION["en"])
    return line.format(date=at.strftime(day), time=at.strftime("%H:%M"), who=who)


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
