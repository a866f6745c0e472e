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

_QUOTED = re.compile(
    r"^(?:-{2,} ?[^\n-]{3,80}-{2,}|.*(?:wrote|escribi[oó]|napisał(?:a|\(a\))?|a écrit)[^\n:]{0,120}:)\s*$",
    re.MULTILINE | re.IGNORECASE,
)
"""What other programs put above a mail that is quoted without signs before its lines."""
_SAID = re.compile(r"“[^”]*”|„[^”“]*[”“]|«[^»]*»|\"[^\"]*\"|\w+ (?:wrote|escribio|napisala?|a ecrit) ?:.*")
_NOT = frozenset(
    (
        "not",
        "never",
        "no",
        "nie",
        "ne",
        "ni",
        "nunca",
        "jamas",
        "nigdy",
        "tampoco",
        "jamais",
        "can't",
        "cannot",
        "won't",
    )
)
_NEAR_VERB = 3
"""So many words before a verb may deny it."""
_IF = re.compile(
    r"\b(?:if|once|when|as soon as|unless|si(?!,)|cuando|una vez|en cuanto|jesli|jezeli|gdy|kiedy|jak tylko|quand|"
    r"des que|lorsque|une fois)\b"
)

_DO = (
    "confirm|answer|reply|respond|send|let you know|get back|come back|be back|be in touch|call|ring|phone|write|check|tell|"
    "inform|prepare|update|e-?mail|hold|keep|reserve|book|arrange|organi[sz]e|get you|deliver|provide|forward|issue|refund|"
    "transfer|return|find out|look into|ask|request|order|fix|give|contact|follow up|clarify|sort|settle|finali[sz]e|"
    "have (?:an? |the |your )?(?:answer|reply|offer|price)|make (?:sure|you)|pass|post|decide"
)
_WILL = r"(?:'ll| will| shall|'m going to| am going to|'re going to| are going to| promise to)"
_BETWEEN = r"\s+(?:(?!not\b|never\b|be\b)\w+\s+){0,3}?"
_ENGLISH = re.compile(
    rf"\b(?:(?:we|i){_WILL}{_BETWEEN}(?:{_DO})\b"
    rf"|our (?:\w+ ){{1,2}}will{_BETWEEN}(?:{_DO})\b"
    r"|(?:we|i) can (?:confirm|answer|reply|send|let you know|get back|come back|tell)\b"
    r"|you(?:'ll| will| shall)\s+(?:(?:definitely|certainly|surely)\s+)?(?:hear|receive|get|have) (?:\w+ ){0,2}?"
    r"(?:from us|from me|answer|reply|offer|quote|price|invoice|contract|confirmation|details)\b)"
)
_TO_YOU = r"(?:le|les|te|os|se lo|se la|lo|la|nos)"
_SPANISH = re.compile(
    rf"\b(?:{_TO_YOU} )?(?:(?:confirmar|responder|contestar|enviar|mandar|llamar|avisar|informar|escribir|preparar|comunicar|"
    r"ofrecer|comprobar|reservar|guardar|mantendr|dar|har|dir|devolver|pasar|pondr|volver|gestionar|facilitar|consultar|"
    r"tramitar|remitir|entregar|abonar|reembolsar)(?:emos|e))\b"
    rf"|\b(?:vamos|voy) a (?:confirmar|responder|contestar|enviar|mandar|llamar|avisar|informar|escribir|preparar|dar|reservar|"
    r"guardar|mantener|consultar|hacer)(?:le|les|te|os|se|la|lo|sela|selo)?\b"
    rf"|\b{_TO_YOU} (?:llam|confirm|contest|envi|mand|avis|guard|mantene|reserv|respond|escrib)(?:amos|emos|imos|mos|o)\b"
    r"|\b(?:recibira|recibiran|tendra|tendran) (?:\w+ ){0,2}?(?:oferta|respuesta|noticias|presupuesto|confirmacion|factura)\b"
)
_POLISH = re.compile(
    r"\b(?:odpowie(?:my|m)|(?:odpisze|wysle|przesle|napisze|oddzwoni|zadzwoni|potwierdzi|sprawdzi|przedstawi|zwroci|wroci|"
    r"zrobi|ustali|zalatwi|dostarczy|dopyta|zapyta|przekaze|wystawi|udzieli|powiadomi|zarezerwuje|przygotuje|poinformuje|"
    r"skontaktuje|odezwie|zaproponuje|upewni|przytrzyma|zatrzyma)(?:my)?|potwierdze|zadzwonie|oddzwonie|sprawdze|przedstawie|"
    r"zwroce|wroce|zrobie|ustale|zalatwie|dostarcze|dopytam|zapytam|wystawie|udziele|powiadomie|podam(?:y)?|"
    r"da(?:m|my) (?:\w+ ){0,2}?(?:znac|odpowiedz)|(?:bedziemy|bede) (?:trzymac|dzwonic|pisac)|"
    r"(?:otrzyma|otrzymaja|dostanie|dostana) (?:\w+ ){0,2}?(?:odpowiedz|oferte|wycene|umowe|fakture|potwierdzenie))\b"
)
_FRENCH_TO_YOU = r"(?:(?:vous|te|le|la|les|lui|leur|y|en) ){0,2}"
_FRENCH = re.compile(
    rf"\b(?:nous |je |j')(?!ne\b){_FRENCH_TO_YOU}(?:(?:confirmer|repondr|enverr|rappeller|appeller|tiendr|fer|reviendr|informer|"
    r"ecrir|preparer|proposer|verifier|transmettr|dir|donner|garder|reserver|rembourser|contacter|recontacter|remettr|"
    r"communiquer|adresser|livrer|reglerr?|fournir|faxer|renverr|mettr|prendr)(?:ons|ai)|revenons|reviens)\b"
    rf"|\b(?:nous allons|je vais) (?:vous |te |le |la |les )?(?:confirmer|repondre|envoyer|rappeler|appeler|informer|ecrire|"
    r"preparer|verifier|transmettre|donner|garder|reserver|contacter|recontacter|revenir|faire parvenir)\b"
    r"|\b(?:nous|je) vous (?:rappel(?:le|ons)|confirm(?:e|ons)|envo(?:ie|yons)|gard(?:e|ons)|reserv(?:e|ons)|ecri(?:s|vons)|"
    r"ti(?:ens|endrons)|tenons|repond(?:s|ons)|recontact(?:e|ons))\b"
    r"|\bvous (?:recevrez|aurez) (?:\w+ ){0,2}?(?:offre|reponse|devis|confirmation|facture|nouvelles)\b"
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
        if len(sentence) > LONGEST or sentence.endswith("?"):
            continue
        plain = _SAID.sub(" ", folded(sentence).replace("’", "'"))
        verb = next(
            (match for pattern in _VERBS for match in pattern.finditer(plain) if not _denied(plain, match)), None
        )
        if verb is None:
            continue
        before, after = plain[: verb.start()], _IF.split(plain[verb.end() :], maxsplit=1)[0]
        day = _day(after, today, bare=True) or (None if _IF.search(before) else _day(before, today))
        if day is not None and day >= today:
            found.append(Promise(sentence, day))
    return found


def _denied(plain: str, verb: re.Match[str]) -> bool:
    """Whether a word right before a verb, of the same part of the sentence, says that it will not be."""
    part = re.split(r"[,;:–]", plain[: verb.start()])[-1]
    return not _NOT.isdisjoint(part.split()[-_NEAR_VERB:])


def _sentences(text: str) -> Iterator[str]:
    own = _QUOTED.split(_SIGNATURE.split(text, maxsplit=1)[0], maxsplit=1)[0]
    lines = ["" if line.lstrip().startswith(">") else line for line in own.splitlines()]
    for sentence in _END.split("\n".join(lines)):
        clean = " ".join(sentence.split())
        if clean:
            yield clean


def _day(plain: str, today: date, *, bare: bool = False) -> date | None:
    """The first day that is named; one needs a word such as *by* before it, or says by itself when it is.

    Args:
        bare: a weekday that is written out needs none: *we will call you Monday*.
    """
    if _WEEK_ENDS.search(plain):
        return today + timedelta(days=(4 - today.weekday()) % 7)
    words = [word.rstrip(".!…") for word in _WORD.findall(plain)]
    for place, word in enumerate(words):
        if word in _NEAR:
            return _read(word, today)
        if bare and len(word) > 4 and weekday_word(word) is not None and not _spans(words[:place]):
            return _named(words[place:], today, "")
        two = " ".join(words[place : place + 2])
        led = bool(_BEFORE_DAY.fullmatch(word)) or bool(_BEFORE_DAY.fullmatch(two)) or word.startswith(("d'", "jusqu'"))
        if led and (day := _named(words[place + 1 :], today, word)) is not None:
            return day
    return None


def _spans(words: list[str]) -> bool:
    """Whether what comes next begins a stay, and is no day by which something is done: *from Friday to Sunday*."""
    return bool({"from", "desde", "od", "du", "del", "for", "of", "de"} & {*words[-2:]})


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
