"""Where a text quotes earlier mail, and where its signature stands; only ranges, nothing is ever removed (QUALITY R10)."""

from __future__ import annotations

import re

Range = tuple[int, int]

_QUOTED_BLOCK = re.compile(r"^[ \t]{0,3}>[^\n]*(?:\n+[ \t]{0,3}>[^\n]*)*", re.MULTILINE)
_SUBJECT_NAMES = ("Subject", "Asunto", "Temat", "Objet", "Betreff", "Oggetto", "Onderwerp", "Assunto", "Ämne")
_MOBILE = ("Sent from", "Sent via", "Get Outlook", "Enviado desde", "Obtener Outlook", "Envoyé d", "Envoyé à", "Obtenez", "Télécharger")
_MOBILE += ("Wysłan", "Pobierz", "Von meinem", "Gesendet von")
# The end of an attribution line: "… wrote:", "… escribió:", "… napisał(a):", "… a écrit :", "… schrieb …:".
_COLON = re.compile(r":[ \t]*$", re.MULTILINE)
_WROTE = re.compile(
    r".*(?:\bwrote|\bwrites|\bescribi[óo]|\bescreveu|\bnapisa[łl](?:\(a\)|a)?|\bpisze|\ba [ée]crit|\bha scritto"
    r"|\b(?:schrieb|schreef|skrev)\b.{0,120})\s*$",
    re.IGNORECASE,
)
_ATTRIBUTION_START = re.compile(
    r"^[ \t]*(?:On|El|Le|W dniu|Dnia|Am|Il|Op|Den|Em|[A-Z][^\W\d]{1,2}[.,]|\d{1,4}[./-]|[^\n]{0,80}<[^\n<>]+@[^\n<>]+>)",
    re.MULTILINE,
)
_FROM = r"(?:From|De|Od|Von|Da|Van|Fra|Från)"
_OTHER = (
    r"(?:Sent|Date|To|Cc|Subject|Enviado(?: el)?|Fecha|Para|Asunto|Wysłano|Data|Do|DW|Temat|Envoyé|À|A|Objet|Gesendet|Datum"
    r"|An|Betreff|Inviato|Oggetto|Aan|Onderwerp|Reply-To|Responder a|Importance)"
)
_HEADER_BLOCK = re.compile(
    rf"^(?:[ \t]*[_-]{{5,}}[ \t]*\n+)?[ \t]*\*?{_FROM}[ \t]?:\*?[^\n]+\n(?:[ \t]*\n)?(?:[ \t]*\*?{_OTHER}[ \t]?:\*?[^\n]*\n+){{2,}}",
    re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:Original Message|Original Appointment|Mensaje original|Wiadomość oryginalna|Oryginalna wiadomość"
    r"|Message d'origine|Message original|Ursprüngliche Nachricht|Originalnachricht|Messaggio originale)[ \t]*-{2,}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:--[ \t]?|[_]{2,4}[ \t]*)$"
    r"|^(?:Sent from (?:my|Yahoo|Mail|Outlook)|Sent via|Get Outlook for|Enviado desde|Obtener Outlook|Envoyé (?:de(?:puis)?|à partir de) "
    r"|Obtenez Outlook|Télécharger Outlook|Wysłan[eo] z |Pobierz (?:aplikację )?Outlook|Von meinem [^\n]{1,40} gesendet|Gesendet von )[^\n]{0,80}$",
    re.MULTILINE | re.IGNORECASE,
)
MAX_SIGNATURE_LINES = 25
_ATTRIBUTION_SPAN = 400


def find_quotes(text: str) -> tuple[Range, ...]:
    """The ranges of ``text`` that quote earlier mail, attribution lines included, in order and apart.

    Recognised: blocks of ``>`` lines, attribution lines (es, pl, fr, en, de, it, nl, pt, sv) with or without such a
    block, header blocks as Outlook writes them, and "Original message" rules. A text that is nothing but a quote or a
    forwarded mail has no ranges: folding it would leave nothing to read.
    """
    ranges = [(match.start(), match.end()) for match in _QUOTED_BLOCK.finditer(text, _first_mark(text))]
    tail = _tail_start(text)
    for found in _COLON.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        if text.startswith(">", line) or not _WROTE.match(text, max(line, found.start() - _ATTRIBUTION_SPAN), found.start()):
            continue
        start = _attribution_start(text, found)
        if start >= 0:
            _attach(text, ranges, start, found.end())
    if tail >= 0:
        ranges.append((tail, len(text)))
    merged = _merged(text, ranges)
    return () if not _anything_left(text, merged) else merged


def _first_mark(text: str) -> int:
    """The start of the first line that may be quoted; the end of the text if there is none."""
    at = text.find(">")
    return text.rfind("\n", 0, at) + 1 if at >= 0 else len(text)


def _tail_start(text: str) -> int:
    """Where everything that follows is an earlier mail, or -1."""
    starts = []
    if "--" in text and (found := _ORIGINAL.search(text)):
        starts.append(found.start())
    if any(name in text for name in _SUBJECT_NAMES) and (found := _HEADER_BLOCK.search(text)):
        starts.append(found.start())
    return min(starts, default=-1)


def _attribution_start(text: str, end: re.Match[str]) -> int:
    """The start of the attribution that ends at ``end``: at most four lines back, up to a blank line; or -1."""
    begin = max(0, end.start() - _ATTRIBUTION_SPAN)
    paragraph = max(text.rfind("\n\n", begin, end.start()) + 2, begin if begin == 0 else text.find("\n", begin) + 1)
    start = text.rfind("\n", 0, end.start()) + 1
    for _ in range(4):
        if start < paragraph or text.startswith(">", start):
            return -1
        if _ATTRIBUTION_START.match(text, start):
            return start
        if start == 0:
            return -1
        start = text.rfind("\n", 0, start - 1) + 1
    return -1


def _attach(text: str, ranges: list[Range], start: int, end: int) -> None:
    """Join an attribution to the block it introduces; without one, the rest of the text is the quote."""
    for index, (block_start, block_end) in enumerate(ranges):
        if block_start <= start < block_end:
            return
        if block_start >= end:
            if not text[end:block_start].strip():
                ranges[index] = (start, block_end)
                return
            break
    if not any(block_start >= end for block_start, _ in ranges) and text[end:].strip():
        ranges.append((start, len(text)))


def _merged(text: str, ranges: list[Range]) -> tuple[Range, ...]:
    """In order, overlapping ones and those with only white space between them joined."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and (start <= merged[-1][1] or not text[merged[-1][1] : start].strip()):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _anything_left(text: str, ranges: tuple[Range, ...]) -> bool:
    at = 0
    for start, end in ranges:
        if text[at:start].strip():
            return True
        at = end
    return bool(text[at:].strip())


def find_signature(text: str, quoted: tuple[Range, ...] = ()) -> Range | None:
    """The range of the writer's own signature, or None: from its mark to the next quote or the end of the text."""
    marks = [at for mark in ("\n--", "\n__", *_MOBILE) if (at := text.find(mark)) >= 0]
    if not marks:
        return None
    for found in _SIGNATURE.finditer(text, text.rfind("\n", 0, min(marks)) + 1):
        start = found.start()
        if any(begin <= start < end for begin, end in quoted):
            continue
        end = next((begin for begin, _ in quoted if begin > start), len(text))
        block = text[start:end].rstrip()
        if text[:start].strip() and block.count("\n") <= MAX_SIGNATURE_LINES:
            return start, start + len(block)
    return None
