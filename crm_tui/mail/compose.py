"""An agent's message as the bytes that go out (SPEC §5, QUALITY S4)."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.address import Address, read_addresses
from crm_tui.mail.attachments import safe_name
from crm_tui.mail.headers import header_text, read_headers
from crm_tui.mail.markdown import markdown_to_html
from crm_tui.mail.outgoing_headers import (
    ascii_address,
    clean_header,
    fold,
    id_words,
    mailboxes,
    text_words,
)
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import ascii_domain

MAX_SUBJECT = 900
_POLICY = SMTP.clone(cte_type="7bit")
_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]{0,126})/([a-z0-9][a-z0-9!#$&^_.+-]{0,126})")
_AUTO = re.compile(r"auto-(?:generated|replied|notified)")
_CONTENT = ("mime-version", "content-type", "content-transfer-encoding")


class ComposeError(CrmError):
    """The message could not be built as asked; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent.

    Attributes:
        text: what the agent typed, Markdown; goes out as it is, with an HTML alternative.
        message_id: without angle brackets; see :func:`new_message_id`.
        date: aware; its zone is the one that recipients see.
        in_reply_to: Message-ID of the mail answered, without angle brackets, or empty.
        references: Message-IDs of the thread, oldest first, without angle brackets.
        attachments: (name, media type, content).
        auto_submitted: empty for a person's mail, else an RFC 3834 value such as ``auto-generated``.
        smtputf8: the server accepts addresses with letters outside ASCII (RFC 6531).
        language: ISO 639-1 code of the text, or empty.
        unsubscribe: the address that takes the reader off a list (RFC 2369), for mail to many; empty for a person's mail.
    """

    sender: Address
    to: tuple[Address, ...]
    subject: str
    text: str
    message_id: str
    date: datetime
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str, bytes], ...] = ()
    auto_submitted: str = ""
    smtputf8: bool = False
    language: str = ""
    unsubscribe: str = ""


def new_message_id(domain: str) -> str:
    """A new Message-ID at ``domain``, without angle brackets; random, so that it tells nothing of the host."""
    return f"{secrets.token_hex(16)}@{ascii_domain(domain) or 'localhost.localdomain'}"


def recipients(outgoing: Outgoing) -> tuple[str, ...]:
    """The envelope's addresses (to, cc and bcc), once each, in the form SMTP carries.

    Raises:
        InvalidInput: one of them cannot be delivered to; ``field`` says where it stands.
    """
    found: dict[str, None] = {}
    for field, addresses in (("to", outgoing.to), ("cc", outgoing.cc), ("bcc", outgoing.bcc)):
        for one in addresses:
            found[ascii_address(one.address, smtputf8=outgoing.smtputf8, field=field)] = None
    return tuple(found)


def build(outgoing: Outgoing) -> bytes:
    """The message in wire form (RFC 5322, CRLF, 7-bit unless ``smtputf8``). Bcc is never part of it.

    Raises:
        InvalidInput: an address is not usable, or there is no recipient.
        ComposeError: the result does not hold exactly the headers that were meant.
    """
    if not recipients(outgoing):
        raise InvalidInput(_("The message has no recipient."), _("Add one."), "to")
    lines = _header_lines(outgoing)
    raw = b"".join(fold(name, words) for name, words in lines) + _content(outgoing).as_bytes()
    _check(raw, outgoing, [name.lower() for name, _words in lines])
    return raw


def _header_lines(outgoing: Outgoing) -> list[tuple[str, list[str]]]:
    utf8 = outgoing.smtputf8
    ids = id_words([outgoing.message_id])
    if not ids:
        raise ComposeError(_("The message has no valid Message-ID."))
    lines: list[tuple[str, list[str]]] = [
        ("Date", format_datetime(outgoing.date).split(" ")),
        ("From", mailboxes([outgoing.sender], smtputf8=utf8, field="from")),
        ("To", mailboxes(outgoing.to, smtputf8=utf8) or ["undisclosed-recipients:;"]),
        ("Cc", mailboxes(outgoing.cc, smtputf8=utf8, field="cc")),
        ("Reply-To", mailboxes(outgoing.reply_to, smtputf8=utf8, field="reply_to")),
        ("Subject", text_words(clean_header(outgoing.subject)[:MAX_SUBJECT])),
        ("Message-ID", ids),
        ("In-Reply-To", id_words([outgoing.in_reply_to])),
        ("References", id_words(outgoing.references)),
        ("Auto-Submitted", [outgoing.auto_submitted] if _AUTO.fullmatch(outgoing.auto_submitted) else []),
        ("List-Unsubscribe", _unsubscribe(outgoing.unsubscribe)),
        ("Precedence", ["bulk"] if outgoing.unsubscribe else []),
        ("Content-Language", [outgoing.language] if re.fullmatch(r"[a-z]{2}", outgoing.language) else []),
    ]
    return [(name, words) for name, words in lines if words]


def _unsubscribe(address: str) -> list[str]:
    """``<mailto:…>``, percent-encoded as RFC 6068 says; nothing without an address."""
    if not address:
        return []
    return [f"<mailto:{quote(ascii_address(address, field='from'), safe='@')}?subject=unsubscribe>"]


def _content(outgoing: Outgoing) -> EmailMessage:
    """The body: plain text as typed, the HTML alternative, the attachments."""
    text = display_text(outgoing.text, multiline=True).rstrip("\n") + "\n"
    message = EmailMessage(policy=_POLICY)
    message.set_content(text)
    message.add_alternative(markdown_to_html(text, outgoing.language), subtype="html")
    for name, kind, content in outgoing.attachments:
        found = _TYPE.fullmatch(kind.strip().lower())
        maintype, subtype = found.groups() if found else ("application", "octet-stream")
        if maintype in ("multipart", "message"):
            maintype, subtype = "application", "octet-stream"
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=safe_name(clean_header(name)))
    return message


def _check(raw: bytes, outgoing: Outgoing, meant: list[str]) -> None:
    """Read the message back: exactly the headers that were meant, with the addresses and the subject meant (S4)."""
    block = read_headers(raw, 0, len(raw), len(raw))
    names = [name for name, _value in block.fields if name not in _CONTENT]
    contents = [name for name, _value in block.fields if name in _CONTENT]
    told = {name: read_addresses(block.all(name)) for name in ("from", "to", "cc", "reply-to")}
    wanted = {"from": (outgoing.sender,), "to": outgoing.to, "cc": outgoing.cc, "reply-to": outgoing.reply_to}
    again = [name.lower() for name in BytesHeaderParser().parsebytes(raw) if name.lower() not in _CONTENT]
    sound = names == again == meant and len(contents) == len(set(contents)) and block.whole
    for name, addresses in wanted.items():
        specs = [ascii_address(one.address, smtputf8=outgoing.smtputf8, field=name) for one in addresses]
        sound = sound and [one.address for one in told[name]] == specs
    sound = sound and header_text(block.first("subject")) == clean_header(outgoing.subject)[:MAX_SUBJECT].strip()
    if not sound or b"\n" in raw.replace(b"\r\n", b"") or (not raw.isascii() and not outgoing.smtputf8):
        raise ComposeError(
            _("The message was not built as meant, so it is not sent."), _("Check the subject and the addresses.")
        )
