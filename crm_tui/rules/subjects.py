"""The prefixes that mail programs put before subjects, in one place: replies, forwards, automatic answers, [tags] of lists."""

from __future__ import annotations

import re

REPLY = (
    "re",
    "aw",
    "antw",
    "odp",
    "sv",
    "vs",
    "res",
    "rif",
    "ref",
    "réf",
    "rép",
    "resp",
    "ynt",
    "bls",
    "r",
    "回复",
    "答复",
)
"""Before an answer: English, German, Dutch, Polish, Nordic, Portuguese, Italian, French, Turkish, Indonesian, Chinese."""
FORWARD = ("fwd", "fw", "wg", "doorst", "pd", "vb", "vl", "enc", "tr", "rv", "ilt", "trs", "i", "转发")
"""Before what is passed on, in the same languages; ``rv`` is Spanish."""
AUTOMATIC = (
    "automatic reply",
    "automatyczna odpowiedź",
    "respuesta automática",
    "réponse automatique",
    "automatische antwort",
)
"""Before what a program answered."""

_COUNT = r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]"


def _any_of(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


_REPLY = re.compile(rf"\s*{_any_of(REPLY)}{_COUNT}", re.IGNORECASE)
_FORWARD = re.compile(rf"\s*{_any_of(FORWARD)}{_COUNT}", re.IGNORECASE)
_PREFIXES = re.compile(
    rf"\s*(?:{_any_of(REPLY + FORWARD + AUTOMATIC)}{_COUNT}\s*|\[(?![^\]]*\d)[^\]\n]{{1,40}}\]\s*)+", re.IGNORECASE
)
_SUFFIX = re.compile(r"\s*\((?:fwd|fw|rv|tr)\)\s*$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def reply_subject(subject: str) -> str:
    """The subject with one ``Re:`` before it, unless a reply prefix of any language stands there already."""
    return subject if _REPLY.match(subject) else f"Re: {subject}".strip()


def forward_subject(subject: str) -> str:
    """The subject with ``Fwd:`` before it, unless a forward prefix of any language stands there already."""
    return subject if _FORWARD.match(subject) else f"Fwd: {subject}".strip()


def canonical_subject(subject: str) -> str:
    """The subject that threads compare: casefolded, without reply and forward prefixes and the [tags] of lists.

    A tag with digits (``[Ticket#12]``) tells conversations apart and stays.
    """
    subject = _SUFFIX.sub("", subject)
    found = _PREFIXES.match(subject)
    rest = subject[found.end() :] if found else subject
    return _SPACE.sub(" ", rest or subject).strip().casefold()
