"""Links: where they really lead (QUALITY S14). Nothing is ever fetched."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

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
    if target[:4].lower() == "www.":
        target = "http://" + target
    elif target.startswith("//"):
        target = "https:" + target
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


class Mailto(NamedTuple):
    """What a ``mailto:`` link may fill in: recipients, subject and text, nothing else (QUALITY S14)."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str


def read_mailto(target: str) -> Mailto:
    """Read a ``mailto:`` link (RFC 6068); fields other than to, cc, subject and body are ignored.

    Raises:
        ValueError: ``target`` is no such link.
    """
    scheme, colon, rest = target.strip().partition(":")
    if not colon or scheme.lower() != "mailto":
        raise ValueError(target)
    addresses, _question, query = rest[:MAX_TARGET].partition("?")
    told: dict[str, list[str]] = {"to": _recipients(addresses), "cc": [], "subject": [], "body": []}
    for pair in query.replace("&amp;", "&").split("&"):
        name, _equals, value = pair.partition("=")
        name = name.lower()
        if name in ("to", "cc"):
            told[name] += _recipients(value)
        elif name in told:
            told[name].append(unquote(value, errors="replace"))
    subject = display_text(" ".join(told["subject"])).strip()
    body = display_text("\n".join(told["body"]), multiline=True)
    return Mailto(tuple(told["to"]), tuple(told["cc"]), subject, body)


def _recipients(text: str) -> list[str]:
    """The addresses of a list whose items are percent-encoded one by one."""
    shown = (display_text(unquote(one, errors="replace")).strip() for one in text.split(","))
    return [one for one in shown if one]
