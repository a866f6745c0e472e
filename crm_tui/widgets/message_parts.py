"""A conversation as paragraphs: headers, text with folded quotes, attachments, links. Pure; wrapping comes later."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import AttachmentView, MessageView, Person
from crm_tui.desk.common.words import OUTBOX_STATES, said
from crm_tui.rules.subjects import canonical_subject
from crm_tui.widgets.times import exact, minute, moment, size

LINKS_SHOWN = 4
"""More links than this are folded."""

BROKEN_AT = (60, 80)
"""Where programs break lines: shorter or longer ones were broken by a person, or not at all."""

DATES_APART = timedelta(hours=1)
"""How far a sender's date may be from the arrival: mail takes a while, and clocks are a little off."""

PEOPLE_SHOWN = 4
"""More recipients than this are counted."""


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a conversation that the focus can stand on.

    Attributes:
        kind: message, quote, signature, attachment, link or links.
        message: the index of its message.
        number: which of its kind in the message.
    """

    kind: str
    message: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of text that is wrapped as one; display-safe, never markup.

    Attributes:
        style: style names of the whole.
        item: what Enter or a click on it acts on.
        right: text at the right end of its first line.
        indent: blanks before every line.
        marks: ranges with further style names.
        lead: its first characters, repeated where it is wrapped: the signs of a quote.
    """

    text: str
    style: str = ""
    item: Item | None = None
    right: str = ""
    indent: int = 2
    marks: tuple[tuple[int, int, str], ...] = ()
    lead: str = ""


@dataclass(slots=True)
class Folds:
    """What is open in one message."""

    expanded: bool = False
    quotes: bool = False
    signature: bool = False
    links: bool = False
    opened: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the paragraphs depend on besides the message."""

    now: datetime
    zone: tzinfo
    subject: str
    width: int = 78


_FLAGS = {
    "name-has-address": "⚠ The name contains another address than the one it came from.",
    "mixed-script": "⚠ The name mixes alphabets that look alike.",
    "punycode": "⚠ The address uses a domain in foreign letters.",
    "subject-changed": "⚠ The subject is another than that of the mail it answers.",
    "new-in-thread": "⚠ It answers a mail of another conversation, but its sender was not among the people of that one.",
    "claims-to-be-us": "⚠ It names one of our own addresses as its sender, but it lies in no Sent folder: anybody can write that.",
    "reply-to-differs": "⚠ An answer would go to another address than the sender's.",
}

_STATES = {
    "queued": ("↗", "accent"),
    "sending": ("↗", "accent"),
    "failed": ("✕", "bad"),
    "held": ("‖", "warn"),
    "uncertain": ("?", "warn"),
    "recalled": ("↩", "muted"),
}

_QUOTE_SIGNS = re.compile(r"(?:> ?)+")


def paragraphs(message: MessageView, index: int, folds: Folds, setting: Setting) -> list[Paragraph]:
    """A message as paragraphs."""
    head = _headline(message, index, setting)
    if not folds.expanded:
        return [head, Paragraph(_first_words(message), "faint", Item("message", index))]
    return [
        head,
        *_details(message, setting),
        Paragraph(""),
        *_body(message, index, folds, setting.width - 3),
        *_invitation(message, setting),
        *_attachments(message, index),
        *_links(message, index, folds),
        Paragraph(""),
    ]


def _headline(message: MessageView, index: int, setting: Setting) -> Paragraph:
    out = message.direction == "out"
    sign = "↗ " if out else "● " if not message.seen else ""
    name = message.sender.name or message.sender.address or _("(no sender)")
    marks = [(0, len(sign), "key")]
    if message.state in _STATES:
        first, style = _STATES[message.state]
        sign = f"{first} {said(OUTBOX_STATES, message.state)} · "
        marks = [(0, len(sign) - 3, style)]
    text = sign + name
    marks.append((len(sign), len(text), "strong" if out else "title"))
    if message.sender.name and message.sender.address:
        marks.append((len(text), len(text) + len(message.sender.address) + 3, "muted"))
        text += f" <{message.sender.address}>"
    when = moment(message.at, setting.now, setting.zone)
    return Paragraph(text, "headline", Item("message", index), when, 1, tuple(marks))


def people(persons: Sequence[Person]) -> str:
    """Several people with their addresses; many are counted."""
    more = len(persons) - PEOPLE_SHOWN
    shown = ", ".join(full(person) for person in persons[:PEOPLE_SHOWN])
    return shown + (" " + _("and {n} more").format(n=more) if more > 0 else "")


def full(person: Person) -> str:
    """Name and real address (QUALITY S3)."""
    return f"{person.name} <{person.address}>" if person.name else person.address


def _details(message: MessageView, setting: Setting) -> Iterator[Paragraph]:
    receivers = _("to: {people}").format(people=people(message.to)) if message.to else ""
    yield Paragraph(receivers, "muted", right=exact(message.at, setting.zone))
    if message.cc:
        yield Paragraph(_("cc: {people}").format(people=people(message.cc)), "muted")
    if "reply-to-differs" in message.flags and message.reply_to:
        yield Paragraph(_("answers go to: {people}").format(people=people(message.reply_to)), "warn")
    for flag in message.flags:
        yield Paragraph(_(_FLAGS[flag]) if flag in _FLAGS else f"⚠ {flag}", "warn")
    if canonical_subject(message.subject) != canonical_subject(setting.subject):
        yield Paragraph(_("subject: {subject}").format(subject=message.subject or _("(none)")), "accent")
    if message.automatic:
        yield Paragraph(_("automatic mail ({reason})").format(reason=message.automatic), "muted")
    for date in _dates(message, setting):
        yield Paragraph(date, "muted")
    if message.problem:
        yield Paragraph("⚠ " + _("Could not be read whole: {problem}").format(problem=message.problem), "warn")
    if not message.complete:
        yield Paragraph("⚠ " + _("Large message: only its text was fetched."), "warn")


def _dates(message: MessageView, setting: Setting) -> Iterator[str]:
    """Both dates where the sender's clock cannot be right (QUALITY I13); ours always is."""
    if message.direction == "out" or message.sent_at is None:
        return
    if abs(message.sent_at - message.at) > DATES_APART:
        yield _("dated by its sender: {date}").format(date=exact(message.sent_at, setting.zone))


def _first_words(message: MessageView) -> str:
    end = message.quoted[0][0] if message.quoted and message.quoted[0][0] > 0 else 400
    return " ".join(message.text[: min(end, 400)].split())[:160] or _("(no text)")


def _body(message: MessageView, index: int, folds: Folds, width: int) -> Iterator[Paragraph]:
    text = message.text
    stretches = sorted(
        [(start, end, "quote", number) for number, (start, end) in enumerate(message.quoted)]
        + ([(*message.signature, "signature", 0)] if message.signature else [])
    )
    at = 0
    for start, end, kind, number in stretches:
        if start < at or end <= start:
            continue  # overlapping ranges: the first wins, nothing is lost
        if between := text[at:start].strip("\n"):
            yield from _lines(between if at else text[at:start].rstrip("\n"), "", width)
            yield Paragraph("")
        yield from _fold(text[start:end], kind, number, index, folds, width)
        at = end
    rest = text[at:].rstrip()
    if rest.strip():
        if at:
            yield Paragraph("")
        yield from _lines(rest.strip("\n") if at else rest, "", width)
    if not text.strip():
        yield Paragraph(_("(no text)"), "faint")


def _lines(text: str, style: str, width: int) -> Iterator[Paragraph]:
    if not text:
        return
    block: list[str] = []
    rows = [*text.split("\n"), ""]
    ends, breaks = 0, sum(not row.strip() for row in rows)
    for line in rows:
        line = line.rstrip().replace("\t", "    ")
        if line:
            block.append(line)
            continue
        yield from (Paragraph(joined, style, lead=_lead(joined, width)) for joined in reflow(block, width))
        block = []
        ends += 1
        if ends < breaks:
            yield Paragraph("")


def _lead(line: str, width: int) -> str:
    """The signs before a quoted line, if they leave room for words."""
    found = _QUOTE_SIGNS.match(line)
    return found[0] if found and len(found[0]) < min(len(line), width // 3) else ""


def reflow(lines: Sequence[str], width: int) -> list[str]:
    """Lines that their writer's program broke at a width larger than ours are joined again, so that they do not break twice.

    A line is joined with the next only where the break was forced: the next word would not have fitted.
    """
    longest = max(map(len, lines), default=0)
    if longest <= width or not BROKEN_AT[0] <= longest <= BROKEN_AT[1]:
        return list(lines)
    joined = [lines[0]]
    for before, line in pairwise(lines):
        word = line.split(" ", 1)[0]
        forced = len(before) + 1 + len(word) > longest - 1
        if forced and line[0].isalnum() and not line.startswith(">") and not before.endswith("  "):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _fold(text: str, kind: str, number: int, index: int, folds: Folds, width: int) -> Iterator[Paragraph]:
    count = len(text.strip("\n").split("\n"))
    if kind == "quote":
        is_open = folds.quotes != (number in folds.opened)
        words = ngettext("{n} quoted line", "{n} quoted lines", count).format(n=count)
    else:
        is_open = folds.signature
        words = ngettext("signature, {n} line", "signature, {n} lines", count).format(n=count)
    yield Paragraph(f"{'▾' if is_open else '▸'} {words}", "faint", Item(kind, index, number))
    if is_open:
        yield from _lines(text.strip("\n"), "quote", width)


def _invitation(message: MessageView, setting: Setting) -> Iterator[Paragraph]:
    invitation = message.invitation
    if invitation is None:
        return
    yield Paragraph("")
    yield Paragraph("◷ " + _("Invitation: {summary}").format(summary=invitation.summary or "–"), "accent")
    if invitation.method.upper() == "CANCEL":
        yield Paragraph(_("cancelled by its organizer"), "warn", indent=4)
    times = _span(invitation.start, invitation.end, setting)
    for label, value in ((_("when"), times), (_("where"), invitation.location), (_("from"), invitation.organizer)):
        if value:
            yield Paragraph(f"{label}: {value}", "", indent=4)


def _span(start: str, end: str, setting: Setting) -> str:
    """From when to when, in the property's zone; the day once, if it is the same."""
    first, last = (_instant(text, setting) for text in (start, end))
    if ":" in first and last:
        day, _space, _hour = first.rpartition(" ")
        last = last.removeprefix(day + " ")
    return " – ".join(part for part in dict.fromkeys((first, last)) if part)


def _instant(text: str, setting: Setting) -> str:
    """An instant as the desk says it, a day as a day; what is neither stays as it was written."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) > 10 and at.tzinfo is not None:
        return minute(at, setting.now, setting.zone)
    return minute(at.replace(tzinfo=UTC), setting.now, UTC).rpartition(" ")[0] if len(text) == 10 else text


def _attachments(message: MessageView, index: int) -> Iterator[Paragraph]:
    if message.attachments:
        yield Paragraph("")
    for number, item in enumerate(message.attachments):
        text = "⊞ " + item.name
        remark = "  " + attachment_remark(item)
        marks = ((0, 2, "accent"), (len(text), len(text) + len(remark), "muted"))
        yield Paragraph(text + remark, "", Item("attachment", index, number), marks=marks)


def attachment_remark(item: AttachmentView) -> str:
    """Type and size of a file, and that it belongs into the text if it does."""
    parts = [item.type, size(item.size)] + ([_("in the text")] if item.inline else [])
    return " · ".join(part for part in parts if part)


def _links(message: MessageView, index: int, folds: Folds) -> Iterator[Paragraph]:
    links = message.links
    if not links:
        return
    yield Paragraph("")
    is_open = folds.links or len(links) <= LINKS_SHOWN
    if len(links) > LINKS_SHOWN:
        words = ngettext("{n} link", "{n} links", len(links)).format(n=len(links))
        yield Paragraph(f"{'▾' if is_open else '▸'} {words}", "faint", Item("links", index))
    if is_open:
        for number, (text, target) in enumerate(links):
            words = "" if text.strip() == target else " ".join(text.split())[:80] + " → "
            sign = f"[{number + 1}] "
            marks = ((0, len(sign), "faint"), (len(sign) + len(words), len(sign) + len(words) + len(target), "link"))
            yield Paragraph(sign + words + target, "", Item("link", index, number), marks=marks)
