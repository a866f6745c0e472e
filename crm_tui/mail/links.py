"""Links: where they really lead (QUALITY S14). Nothing is ever fetched."""

from __future__ import annotations

import re

from crm_tui.mail.text import display_text

MAX_TARGET = 2000
_URL = re.compile(r"(?:https?://|www\.|mailto:)[^\s<>\"'«»]{3,2000}", re.IGNORECASE)
_URL_MARKS = (("://", 5), ("www.", 0), ("mailto:", 0))
MAX_URL = 2010
MAX_LINKS = 2000
_TRAILING = ".,;:!?)]}’”"
_SHOWN_SCHEMES = ("http", "https", "mailto", "tel", "ftp", "sms", "geo", "whatsapp")

_SPACE = re.compile(r"\s+")


def find_links(text: str) -> tuple[tuple[str, str], ...]:
    """The addresses written out in a plain text, each as (text, target)."""
    found: dict[int, str] = {}
    for mark, before in _URL_MARKS:
        at = text.find(mark)
        while at >= 0:
            start = max(at - before, 0)
            match = _URL.search(text, start, at + MAX_URL)
            if match and match.start() <= at and not text[max(match.start() - 1, 0) : match.start()].isalnum():
                found.setdefault(match.start(), match[0].rstrip(_TRAILING))
            if len(found) >= MAX_LINKS:
                break
            at = text.find(mark, match.end() if match and match.end() > at else at + len(mark))
    return tuple(
        (shown, "https://" + shown if shown[:4].lower() == "www." else shown)
        for shown in dict.fromkeys(found[start] for start in sorted(found))
    )


def real_target(href: str) -> str:
    """Where a link leads, safe to show; empty for what no reader could follow (scripts, anchors, data)."""
    target = display_text(_SPACE.sub("", href))[:MAX_TARGET]
    scheme, colon, rest = target.partition(":")
    return target if colon and rest and scheme.lower() in _SHOWN_SCHEMES else ""


def says_target(text: str, target: str) -> bool:
    """Whether the text of a link already tells its target, so that it needs no repeating."""
    return _plain(text) == _plain(target)


def _plain(address: str) -> str:
    address = address.strip().strip("<>").casefold()
    for scheme in ("https://", "http://", "mailto:", "tel:"):
        address = address.removeprefix(scheme)
    return address.removeprefix("www.").rstrip("/").replace(" ", "")
