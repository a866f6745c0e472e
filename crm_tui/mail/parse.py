"""``parse()``: the bytes of a mail as safe, readable values. It never raises (QUALITY R8, R9, S10)."""

from __future__ import annotations

import hashlib
import time

from crm_tui.mail.address import NOBODY, Address, read_addresses, sender_flags
from crm_tui.mail.attachments import attachment_bytes, list_attachments
from crm_tui.mail.automatic import automatic_reason
from crm_tui.mail.body import EMPTY, Body, leaves, read_body
from crm_tui.mail.calendar import find_invitation
from crm_tui.mail.dates import read_date
from crm_tui.mail.headers import HeaderBlock, header_text
from crm_tui.mail.language import guess_language
from crm_tui.mail.mime import Tree, read_tree
from crm_tui.mail.model import Invitation, Limits, ParsedAttachment, ParsedMessage
from crm_tui.mail.quotes import find_quotes, find_signature
from crm_tui.mail.text import display_text
from crm_tui.mail.threading import message_ids
from crm_tui.rules.subjects import canonical_subject

__all__ = ["Invitation", "Limits", "ParsedAttachment", "ParsedMessage", "attachment_bytes", "parse"]

MAX_SUBJECT = 2000
_DEFAULTS = Limits()


def parse(raw: bytes, *, limits: Limits = _DEFAULTS) -> ParsedMessage:
    """Read a message as it came over the wire.

    Args:
        raw: the source, of any shape.
        limits: how far to read.

    Returns:
        The message. Where something could not be read its field is empty and ``problem`` says why: the name of the
        limit that was met (``headers``, ``depth``, ``parts``, ``text``, ``time``) or of the error.
    """
    deadline = time.monotonic() + limits.seconds
    problem = ""
    try:
        tree = read_tree(raw, limits, deadline)
        headers, problem = tree.root.headers, tree.problem
    except Exception as error:  # a bug must not block a folder (R8); it shows as the message's problem
        headers = HeaderBlock([], 0, True)
        return _message(raw, headers, Body(_last_resort(raw), False, (), "", False), None, deadline, _named(error))
    try:
        body = read_body(tree, limits)
        problem = problem or ("" if body.whole else "text")
    except Exception as error:
        body, problem = EMPTY, problem or _named(error)
    return _message(raw, headers, body, tree, deadline, problem)


def _named(error: Exception) -> str:
    return type(error).__name__


def _last_resort(raw: bytes) -> str:
    return display_text(raw[:65536].decode("utf-8", "replace"), multiline=True)


def _message(
    raw: bytes, headers: HeaderBlock, body: Body, tree: Tree | None, deadline: float, problem: str
) -> ParsedMessage:
    """Put the message together; each piece that fails is left empty and named in ``problem``."""
    fields = _by_name(headers)
    senders = read_addresses(fields.get("from", ()))
    sender = _sender(senders, fields)
    reply_to = read_addresses(fields.get("reply-to", ()))
    subject = display_text(header_text(_first(fields, "subject")))[:MAX_SUBJECT].strip()
    quoted = find_quotes(body.text)
    attachments, invitation, failed = _attached(raw, tree)
    problem = problem or failed
    if time.monotonic() > deadline:
        problem = problem or "time"
    return ParsedMessage(
        digest=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        message_id=next(iter(message_ids(_first(fields, "message-id"))), ""),
        in_reply_to=message_ids(b" ".join(fields.get("in-reply-to", ()))),
        references=message_ids(b" ".join(fields.get("references", ()))),
        subject=subject,
        canonical_subject=canonical_subject(subject),
        sender=sender,
        reply_to=reply_to,
        to=read_addresses(fields.get("to", ())),
        cc=read_addresses(fields.get("cc", ())),
        bcc=read_addresses(fields.get("bcc", ())),
        date=next((found for value in fields.get("date", ()) if (found := read_date(value))), None),
        automatic=automatic_reason(fields, sender, reply_to, *_kind(tree)),
        flags=sender_flags(sender, reply_to, len({one.address.casefold() for one in senders if one.address})),
        text=body.text,
        from_html=body.from_html,
        quoted=quoted,
        signature=find_signature(body.text, quoted),
        attachments=attachments,
        invitation=invitation,
        links=body.links,
        language=guess_language(body.text, _language_hint(fields, body)),
        problem=problem,
    )


def _by_name(headers: HeaderBlock) -> dict[str, list[bytes]]:
    fields: dict[str, list[bytes]] = {}
    for name, value in headers.fields:
        fields.setdefault(name, []).append(value)
    return fields


def _attached(raw: bytes, tree: Tree | None) -> tuple[tuple[ParsedAttachment, ...], Invitation | None, str]:
    """The attachments, the invitation among them, and why they could not be read."""
    if tree is None:
        return (), None, ""
    root = tree.root
    if root.type == "text/plain" and b"begin " not in raw and not root.disposition and not root.filename:
        return (), None, ""
    attachments: tuple[ParsedAttachment, ...] = ()
    try:
        attachments = list_attachments(tree)
        return attachments, find_invitation(tree) if _has_calendar(tree) else None, ""
    except Exception as error:
        return attachments, None, _named(error)


def _kind(tree: Tree | None) -> tuple[str, str]:
    """The type of the whole message, and of which kind of report it is."""
    return (tree.root.type, tree.root.params.get("report-type", "").lower()) if tree else ("", "")


def _first(fields: dict[str, list[bytes]], name: str) -> bytes:
    """The first field of that name that says something."""
    return next((value for value in fields.get(name, ()) if value.strip()), b"")


def _sender(senders: tuple[Address, ...], fields: dict[str, list[bytes]]) -> Address:
    """The author: the first From with an address; without one, who else the headers name."""
    for one in senders:
        if "@" in one.address:
            return one
    named = senders[0] if senders else NOBODY
    for name in ("sender", "resent-from", "return-path", "x-sender", "x-envelope-from"):
        for one in read_addresses(fields.get(name, ())):
            if "@" in one.address:
                return Address(named.name or one.name, one.address)
    return named


def _has_calendar(tree: Tree) -> bool:
    return any(part.type in ("text/calendar", "application/ics", "text/x-vcalendar") for part, _ in leaves(tree.root))


def _language_hint(fields: dict[str, list[bytes]], body: Body) -> str:
    """What the sender says the language is: an ISO 639-1 code or an empty string."""
    told = _first(fields, "content-language").decode("ascii", "ignore").strip()[:2].lower() or body.language
    return told if len(told) == 2 and told.isalpha() and told.isascii() else ""
