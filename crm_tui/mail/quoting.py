"""The text and the subject that a reply or a forwarded mail begins with (SPEC §5)."""

from __future__ import annotations

import re
from datetime import datetime

from crm_tui.mail.text import display_text

_REPLY = re.compile(r"\s*(?:re|aw|sv|odp|rv|r|ref|réf|rép|rif)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|pd|i|rv)\s*[:：]", re.IGNORECASE)
_ATTRIBUTION = {
    "en": ("On {date} at {time}, {who} wrote:", "%d/%m/%Y"),
    "es": ("El {date} a las {time}, {who} escribió:", "%d/%m/%Y"),
    "pl": ("W dniu {date} o {time} {who} napisał(a):", "%d.%m.%Y"),
    "fr": ("Le {date} à {time}, {who} a écrit :", "%d/%m/%Y"),
    "de": ("Am {date} um {time} schrieb {who}:", "%d.%m.%Y"),
    "it": ("Il {date} alle {time}, {who} ha scritto:", "%d/%m/%Y"),
}
_FORWARDED = {
    "en": ("Forwarded message", "From", "Date", "To", "Subject"),
    "es": ("Mensaje reenviado", "De", "Fecha", "Para", "Asunto"),
    "pl": ("Przekazana wiadomość", "Od", "Data", "Do", "Temat"),
    "fr": ("Message transféré", "De", "Date", "À", "Objet"),
    "de": ("Weitergeleitete Nachricht", "Von", "Datum", "An", "Betreff"),
    "it": ("Messaggio inoltrato", "Da", "Data", "A", "Oggetto"),
}


def quote_reply(text: str, date: datetime | None, who: str, language: str = "en") -> str:
    """The quoted text of a reply: an attribution line in the guest's language, then every line behind ``> ``.

    Args:
        text: the readable text of the mail answered, which is what the agent saw (QUALITY S15).
        date: when it was written, in the zone to be shown; None leaves the line out of its date.
        who: the writer's name or address.
        language: ISO 639-1; English where there is no line for it.
    """
    lines = display_text(text, multiline=True).strip("\n").split("\n")
    quoted = "\n".join(">" + line if line.startswith(">") else f"> {line}".rstrip() for line in lines)
    return f"{attribution(date, who, language)}\n{quoted}\n"


def attribution(date: datetime | None, who: str, language: str = "en") -> str:
    """“On … X wrote:” in the guest's language."""
    pattern, day = _ATTRIBUTION.get(language, _ATTRIBUTION["en"])
    who = display_text(who).strip() or "?"
    if date is None:
        return f"{who}:"
    return pattern.format(date=date.strftime(day), time=date.strftime("%H:%M"), who=who)


def quote_forward(text: str, date: datetime | None, who: str, to: str, subject: str, language: str = "en") -> str:
    """The text of a forwarded mail: its headers in the reader's language and its text as it was."""
    title, *names = _FORWARDED.get(language, _FORWARDED["en"])
    values = (who, date.strftime("%Y-%m-%d %H:%M") if date else "", to, subject)
    head = [f"{name}: {display_text(value)}" for name, value in zip(names, values, strict=True) if value]
    body = display_text(text, multiline=True).strip("\n")
    return "\n".join([f"---------- {title} ----------", *head, "", body, ""])


def reply_subject(subject: str) -> str:
    """``Re:`` once, whatever language the reply prefix is in."""
    subject = display_text(subject).strip()
    return subject if _REPLY.match(subject) else f"Re: {subject}".strip()


def forward_subject(subject: str) -> str:
    """``Fwd:`` once."""
    subject = display_text(subject).strip()
    return subject if _FORWARD.match(subject) else f"Fwd: {subject}".strip()
