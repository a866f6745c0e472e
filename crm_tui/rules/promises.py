"""What is promised to a guest in a text that is being written: *we will confirm by Friday* (SPEC §9). Pure.

English, Spanish, Polish and French are read. It is only offered, so that a promise that is missed costs a key and one that is
none costs a look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from crm_tui.rules.day_words import folded, read_day_words, weekday_word
from crm_tui.rules.days import DayFault

LONGEST = 400
"""A longer sentence is no promise that somebody made."""
_MOST = 50_000
"""So many letters of a text are looked at."""

_END = re.compile(r"(?<=[.!?…])\s+|\n\s*\n")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_WORD = re.compile(r"[^\s,;:()\"“”„«»]+")

_DO = "confirm|answer|reply|respond|send|let you know|get back|come back|call|write|offer|check|tell|inform|prepare|update"
_ENGLISH = re.compile(
    rf"\b(?:we|i)(?:'ll| will| shall| can|'m going to| am going to|'re going to| are going to| promise to)\s+"
    rf"(?:(?!not\b|never\b)\w+\s+){{0,3}}?(?:{_DO})\b"
)
_SPANISH = re.compile(
    r"\b(?<!no )(?:(?:le|les|te|os|se lo|lo|la) )?(?:(?:confirmar|responder|contestar|enviar|mandar|llamar|avisar|informar|"
    r"escribir|preparar|comunicar|ofrecer|comprobar)(?:emos|e)|diremos|dire|haremos saber|hare saber|volveremos a escribir)\b"
)
_POLISH = re.compile(
    r"\b(?<!nie )(?:odpowiemy|odpowiem|odpiszemy|odpisze|potwierdzimy|potwierdze|wyslemy|wysle|przeslemy|przesle|"
    r"zadzwonimy|zadzwonie|oddzwonimy|oddzwonie|damy znac|dam znac|napiszemy|napisze|skontaktujemy|skontaktuje|"
    r"przygotujemy|przygotuje|sprawdzimy|sprawdze|poinformujemy|poinformuje|wrocimy|przedstawimy|przedstawie)\b"
)
_FRENCH = re.compile(
    r"\b(?:nous|je)\s+(?!ne\b)(?:(?:vous|le|la|les|lui|y|en)\s+){0,2}(?:(?:confirmer|repondr|enverr|rappeller|appeller|"
    r"tiendr|fer|reviendr|informer|ecrir|preparer|proposer|verifier|transmettr|dir)(?:ons|ai)|revenons)\b"
)
_VERBS = (_ENGLISH, _SPANISH, _POLISH, _FRENCH)

_BEFORE_DAY = re.compile(
    r"(?:by|before|until|till|not later than|no later than|at the latest|latest|within|on|antes de|antes del|para|hasta|"
    r"a mas tardar|dentro de|do|przed|najpozniej|w|we|za|avant|d'ici|d'ici a|pour|au plus tard|jusqu'a|jusqu'au|dans|in|en|"
    r"el|le|this|next|este|ten|ce)"
)
_ARTICLES = ("the", "el", "la", "le", "lo", "les", "los", "de", "du", "del", "al", "au", "end", "of")
_WEEK_ENDS = re.compile(
    r"(?:end of (?:the|this) week|fin(?:al|ales)? de (?:la |esta )?semana|konca tygodnia|la fin de (?:la |cette )?semaine|"
    r"fin de (?:la |cette )?semaine)"
)
_NEAR = (
    *("today", "tonight", "tomorrow", "hoy", "manana", "dzis", "dzisiaj", "jutro", "pojutrze"),
    *("aujourd'hui", "demain", "apres-demain"),
)
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|go|er)")
_WORDS_OF_A_DAY = 4


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence that promises something, as it is written, on one line; and the day it names."""

    sentence: str
    day: date


def find(text: str, today: date) -> list[Promise]:
    """The promises of a text in order; not those in what it quotes, below the signature, or of days that are over."""
    found = []
    for sentence in _sentences(text[:_MOST]):
        plain = folded(sentence).replace("’", "'")
        verb = next((match for pattern in _VERBS if (match := pattern.search(plain)) is not None), None)
        if verb is None or len(sentence) > LONGEST or plain.endswith("?"):
            continue
        day = _day(plain[verb.end() :], today) or _day(plain[: verb.start()], today)
        if day is not None and day >= today:
            found.append(Promise(sentence, day))
    return found


def _sentences(text: str) -> Iterator[str]:
    own = _SIGNATURE.split(text, maxsplit=1)[0]
    lines = ["" if line.lstrip().startswith(">") else line for line in own.splitlines()]
    for sentence in _END.split("\n".join(lines)):
        clean = " ".join(sentence.split())
        if clean:
            yield clean


def _day(plain: str, today: date) -> date | None:
    """The first day that is named; one needs a word such as *by* before it, or says by itself when it is."""
    if _WEEK_ENDS.search(plain):
        return today + timedelta(days=(4 - today.weekday()) % 7)
    words = [word.rstrip(".!…") for word in _WORD.findall(plain)]
    for place, word in enumerate(words):
        if word in _NEAR:
            return _read(word, today)
        two = " ".join(words[place : place + 2])
        led = bool(_BEFORE_DAY.fullmatch(word)) or bool(_BEFORE_DAY.fullmatch(two)) or word.startswith(("d'", "jusqu'"))
        if led and (day := _named(words[place + 1 :], today, word)) is not None:
            return day
    return None


def _named(words: list[str], today: date, lead: str) -> date | None:
    """The day that the next words name, the longest first; articles and a weekday before a date do not count."""
    while words and (words[0] in _ARTICLES or _BEFORE_DAY.fullmatch(words[0])):
        lead, words = words[0] if _BEFORE_DAY.fullmatch(words[0]) else lead, words[1:]
    if len(words) > 1 and weekday_word(words[0]) is not None:
        dated = _longest(words[1:], today)
        if dated is not None:
            return dated
    if (
        lead in ("in", "en", "za", "dans", "within", "dentro")
        and (later := _longest(["in", *words], today)) is not None
    ):
        return later
    return _longest(words, today)


def _longest(words: list[str], today: date) -> date | None:
    for count in range(min(_WORDS_OF_A_DAY, len(words)), 0, -1):
        day = _read(" ".join(_ORDINAL.sub(r"\1", word) for word in words[:count]), today)
        if day is not None:
            return day
    return None


def _read(text: str, today: date) -> date | None:
    if len(text) < 2 or text.startswith("+"):
        return None
    try:
        return read_day_words(text.replace("tonight", "today"), today)
    except (DayFault, OverflowError):
        return None
