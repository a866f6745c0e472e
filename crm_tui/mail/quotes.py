"""Where a text quotes earlier mail, and where its signature stands.

Only ranges are found; nothing is ever removed (QUALITY R10).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import islice

Range = tuple[int, int]

_QUOTED_BLOCK = re.compile(r"^[ \t]{0,3}>[^\n]*(?:\n+[ \t]{0,3}>[^\n]*)*", re.MULTILINE)
_SUBJECT_NAMES = ("Subject", "Asunto", "Temat", "Objet", "Betreff", "Oggetto", "Onderwerp", "Assunto", "Ämne")
_MOBILE = (
    "Sent from",
    "Sent via",
    "Get Outlook",
    "Enviado desde",
    "Obtener Outlook",
    "Envoyé d",
    "Envoyé à",
    "Obtenez",
    "Télécharger",
    "Wysłan",
    "Pobierz",
    "Von meinem",
    "Gesendet von",
)
# The end of an attribution line: "… wrote:", "… escribió:", "… napisał(a):", "… a écrit :", "… schrieb …:".
_COLON = re.compile(r":[ \t]*$", re.MULTILINE)
_WROTE = re.compile(
    r".*(?:\bwrote|\bwrites|\bescribi[óo]|\bescreveu|\bnapisa[łl](?:\(a\)|a)?|\bpisze|\ba [ée]crit|\bha scritto"
    r"|\b(?:schrieb|schreef|skrev)\b.{0,120})\s*$",
    re.IGNORECASE,
)
_ATTRIBUTION_START = re.compile(
    r"^[ \t]*(?:On|El|Le|W dniu|Dnia|Am|Il|Op|Den|Em|[A-Z][^\W\d]{1,2}[.,]|\d{1,4}[./-]"
    r"|[^\n]{0,80}<[^\n<>]+@[^\n<>]+>)",
    re.MULTILINE,
)
_FROM = r"(?:From|De|Od|Von|Da|Van|Fra|Från)"
_OTHER = (
    r"(?:Sent|Date|To|Cc|Subject|Importance|Reply-To|Enviado(?: el)?|Fecha|Para|Asunto|Responder a"
    r"|Wysłano|Data|Do|DW|Temat|Envoyé|À|A|Objet|Gesendet|Datum|An|Betreff|Inviato|Oggetto|Aan|Onderwerp)"
)
_HEADER_BLOCK = re.compile(
    r"^(?:[ \t]*[_-]{5,}[ \t]*\n+)?"
    rf"[ \t]*\*?{_FROM}[ \t]?:\*?[^\n]+\n(?:[ \t]*\n)?(?:[ \t]*\*?{_OTHER}[ \t]?:\*?[^\n]*\n+){{2,}}",
    re.MULTILINE,
)
_ORIGINAL = re.compile(
    r"^[ \t]*-{2,}[ \t]*(?:Original Message|Original Appointment|Mensaje original|Wiadomość oryginalna"
    r"|Oryginalna wiadomość|Message d'origine|Message original|Ursprüngliche Nachricht|Originalnachricht"
    r"|Messaggio originale)[ \t]*-{2,}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:--[ \t]?|[_]{2,4}[ \t]*)$"
    r"|^(?:Sent from (?:my|Yahoo|Mail|Outlook)|Sent via|Get Outlook for|Enviado desde|Obtener Outlook"
    r"|Envoyé (?:de(?:puis)?|à partir de) |Obtenez Outlook|Télécharger Outlook|Wysłan[eo] z "
    r"|Pobierz (?:aplikację )?Outlook|Von meinem [^\n]{1,40} gesendet|Gesendet von )[^\n]{0,80}$",
    re.MULTILINE | re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"forwarded|reenviad|przekazan|transfér|transmis|weitergeleitet|inoltrat|encaminhad", re.IGNORECASE
)
_DATED_ADDRESS = re.compile(r".*\d.*<[^<>@]+@[^<>@]+>\)?[ \t]*$")
MAX_HEADER_BLOCKS = 50
_INK = re.compile(r"\S")
MAX_SIGNATURE_LINES = 25
MAX_SIGNATURE = 3000
_ATTRIBUTION_SPAN = 400


def find_quotes(text: str) -> tuple[Range, ...]:
    """The ranges of ``text`` that quote earlier mail, attribution lines included, in order and apart.

    Recognised: blocks of ``>`` lines, attribution lines (es, pl, fr, en, de, it, nl, pt, sv) with or without such a
    block, header blocks as Outlook writes them, and "Original message" rules. A text that is nothing but a quote or a
    forwarded mail has no ranges: folding it would leave nothing to read.
    """
    blocks = [(match.start(), match.end()) for match in _QUOTED_BLOCK.finditer(text, _first_mark(text))]
    ranges = _with_attributions(text, blocks)
    tail = _tail_start(text)
    if tail >= 0:
        ranges.append((tail, len(text)))
    merged = _merged(text, ranges)
    return merged if _anything_left(text, merged) else ()


def _first_mark(text: str) -> int:
    """The start of the first line that may be quoted; the end of the text if there is none."""
    at = text.find(">")
    return text.rfind("\n", 0, at) + 1 if at >= 0 else len(text)


def _tail_start(text: str) -> int:
    """Where everything that follows is an earlier mail, or -1."""
    starts = []
    if "--" in text and (found := _ORIGINAL.search(text)):
        starts.append(found.start())
    if any(name in text for name in _SUBJECT_NAMES):
        blocks = (found.start() for found in _HEADER_BLOCK.finditer(text))
        starts += [start for start in islice(blocks, MAX_HEADER_BLOCKS) if not _is_forwarded(text, start)][:1]
    return min(starts, default=-1)


def _is_forwarded(text: str, start: int) -> bool:
    """Whether the line in front says that what follows was forwarded: that is the message itself, no quote."""
    before = text[max(0, start - 200) : start].rstrip().rpartition("\n")[2]
    return _FORWARDED.search(before) is not None


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


def _with_attributions(text: str, blocks: list[Range]) -> list[Range]:
    """The blocks, each joined with the attribution in front of it; one without a block opens a quote to the end."""
    ranges = list(blocks)
    starts = [start for start, _end in blocks]
    for found in _COLON.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        begin = max(line, found.start() - _ATTRIBUTION_SPAN)
        if text.startswith(">", line):
            continue
        wrote = _WROTE.match(text, begin, found.start())
        if not wrote and not _DATED_ADDRESS.match(text, begin, found.start()):
            continue
        start = _attribution_start(text, found)
        following = bisect_left(starts, found.end())
        inked = _INK.search(text, found.end())
        if not inked or (following and blocks[following - 1][1] > line):
            continue
        if following < len(blocks) and inked.start() >= starts[following]:
            ranges[following] = (start if start >= 0 else line, blocks[following][1])
        elif following == len(blocks) and wrote and start >= 0:
            ranges.append((start, len(text)))
            break
    return ranges


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
    starts = [begin for begin, _end in quoted]
    inked = _INK.search(text)
    for found in _SIGNATURE.finditer(text, text.rfind("\n", 0, min(marks)) + 1):
        start = found.start()
        following = bisect_right(starts, start)
        if (following and quoted[following - 1][1] > start) or (inked and inked.start() >= start):
            continue
        end = starts[following] if following < len(starts) else len(text)
        if end - start <= MAX_SIGNATURE:
            block = text[start:end].rstrip()
            if block.count("\n") <= MAX_SIGNATURE_LINES:
                return start, start + len(block)
    return None
