"""Builds the sample mails as they would have been on the wire. The same input gives the same bytes."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

_CHARSETS = {"es": "iso-8859-1", "fr": "iso-8859-15", "pl": "iso-8859-2", "en": "us-ascii"}


@dataclass(slots=True)
class Draft:
    """A mail before it is built; addresses are pairs of name and address, files are (name, MIME type, bytes)."""

    sender: tuple[str, str]
    to: list[tuple[str, str]]
    subject: str
    text: str
    date: datetime
    message_id: str
    html: str = ""
    in_reply_to: str = ""
    references: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    files: list[tuple[str, str, bytes]] = field(default_factory=list)
    calendar: str = ""
    charset: str = "utf-8"
    cc: list[tuple[str, str]] = field(default_factory=list)


def build(draft: Draft) -> bytes:
    """The mail as bytes with CRLF line ends (RFC 5322)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(*draft.sender)
    message["To"] = [_address(*person) for person in draft.to]
    if draft.cc:
        message["Cc"] = [_address(*person) for person in draft.cc]
    message["Subject"] = draft.subject
    message["Date"] = draft.date
    message["Message-ID"] = f"<{draft.message_id}>"
    if draft.in_reply_to:
        message["In-Reply-To"] = f"<{draft.in_reply_to}>"
        message["References"] = " ".join(f"<{key}>" for key in draft.references or [draft.in_reply_to])
    for name, value in draft.headers.items():
        message[name] = value
    _fill(message, draft)
    _fix_boundaries(message, draft.message_id)
    return message.as_bytes()


def _fill(message: EmailMessage, draft: Draft) -> None:
    charset = draft.charset
    try:
        draft.text.encode(charset)
    except UnicodeEncodeError:
        charset = "utf-8"
    message.set_content(draft.text, charset=charset, cte="7bit" if charset == "us-ascii" else "quoted-printable")
    if draft.html:
        message.add_alternative(draft.html, subtype="html", charset="utf-8", cte="quoted-printable")
    if draft.calendar:
        message.add_alternative(draft.calendar, subtype="calendar", params={"method": "REQUEST"})
    for name, kind, content in draft.files:
        maintype, subtype = kind.split("/")
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


def _fix_boundaries(message: EmailMessage, key: str) -> None:
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary("=_" + hashlib.sha256(f"{key}/{number}".encode()).hexdigest()[:24])


def charset_of(client: str, language: str) -> str:
    """The charset that a guest's mail program uses; older webmail still sends the national one."""
    return _CHARSETS[language] if client.startswith("Roundcube") else "utf-8"


def html_of(text: str, client: str, quoted: str = "") -> str:
    """A guest's text as the HTML that Outlook or Gmail would send; empty for programs that send plain text."""
    if client.startswith(("iPhone", "Roundcube")):
        return ""
    outlook = "Outlook" in client
    start = '<p class="MsoNormal">' if outlook else "<div>"
    end = "<o:p></o:p></p>" if outlook else "</div><br>"
    body = "\n".join(
        start + html.escape(part).replace("\n", "<br>\n") + end for part in text.strip().split("\n\n") if part.strip()
    )
    lines = html.escape(quoted).replace("\n", "<br>\n")
    quote = f'<blockquote class="gmail_quote" type="cite">{lines}</blockquote>' if quoted else ""
    style = "<style>p.MsoNormal{margin:0cm;font-size:11.0pt}</style>" if outlook else ""
    return f"<html><head>{style}</head><body>{body}{quote}</body></html>\n"


def html_of_markdown(text: str) -> str:
    """The hotel's Markdown as HTML."""
    from markdown_it import MarkdownIt

    return f"<html><body>{MarkdownIt('commonmark').enable('table').render(text)}</body></html>\n"


def quote(text: str, wrote: str) -> str:
    """A reply's quotation: who wrote, then the lines behind ``>``."""
    lines = (f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.strip().splitlines())
    return wrote + "\n" + "\n".join(lines)
