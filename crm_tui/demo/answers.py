"""What the guests of the sample hotel answer, and the bounce for who does not exist."""

from __future__ import annotations

import email
import random
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from crm_tui.demo import phrases
from crm_tui.demo.conversations import HOTEL, message_id
from crm_tui.demo.mime import Draft, build, quote
from crm_tui.demo.people import HOTEL_DOMAIN, HOTEL_NAME, HOTEL_ZONE
from crm_tui.demo.scenarios import answers
from crm_tui.demo.specials import delivery_report

_PREFIXES = ("re:", "re :", "odp:", "aw:", "fwd:", "rv:", "tr:", "pd:")


def answer(raw: bytes, recipient: str, language: str, when: datetime) -> bytes:
    """A guest's answer in their language, threaded and quoting, dated ``when``; empty if none is due (RFC 3834)."""
    asked: EmailMessage = email.message_from_bytes(raw, policy=default)
    if str(asked.get("Auto-Submitted", "no")).strip().lower() != "no":
        return b""
    asked_id = str(asked.get("Message-ID", "")).strip().strip("<>")
    rng = random.Random(asked_id or raw)
    name = _name(asked, recipient)
    body = f"{rng.choice(phrases.GUEST_HELLO[language])}\n\n{_text(asked, language, rng)}\n\n"
    body += f"{rng.choice(phrases.GUEST_BYE[language])}\n{name}\n"
    local = when.astimezone(ZoneInfo(HOTEL_ZONE))
    quoted = quote(_readable(asked), phrases.wrote(language, HOTEL_NAME, local))
    return build(
        Draft(
            sender=(name, recipient),
            to=[_reply_to(asked)],
            subject=_subject(str(asked.get("Subject", "")), language),
            text=f"{body}\n{quoted}\n",
            date=local,
            message_id=message_id(f"{asked_id}/{recipient}", 1, recipient.partition("@")[2] or HOTEL_DOMAIN),
            in_reply_to=asked_id,
            references=[*_references(asked), asked_id],
            headers={"X-Mailer": "Roundcube Webmail/1.6.9"},
        )
    )


def bounce(raw: bytes, recipient: str, when: datetime) -> bytes:
    """The delivery report for an address that nobody has."""
    return delivery_report(raw, recipient, when, message_id(f"{recipient}/{when.isoformat()}", 9, HOTEL_DOMAIN))


def _name(asked: EmailMessage, recipient: str) -> str:
    for header in ("To", "Cc"):
        for entry in asked.get_all(header, []):
            for address in getattr(entry, "addresses", ()):
                if address.addr_spec.casefold() == recipient.casefold() and address.display_name:
                    return str(address.display_name)
    return recipient.partition("@")[0].replace(".", " ").title()


def _reply_to(asked: EmailMessage) -> tuple[str, str]:
    name, address = parseaddr(str(asked.get("Reply-To") or asked.get("From") or ""))
    return (name, address) if "@" in address else HOTEL


def _references(asked: EmailMessage) -> list[str]:
    return [key.strip("<>") for key in str(asked.get("References", "")).split()]


def _subject(subject: str, language: str) -> str:
    clean = " ".join(subject.split())
    return clean if clean.casefold().startswith(_PREFIXES) else phrases.REPLY[language][0] + clean


def _text(asked: EmailMessage, language: str, rng: random.Random) -> str:
    texts = answers(language)
    said = len(_references(asked))  # the longer the thread, the further down the list
    return texts[(rng.randrange(len(texts)) + said) % len(texts)]


def _readable(asked: EmailMessage) -> str:
    part = asked.get_body(("plain",))
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, UnicodeError, ValueError):
        return ""
