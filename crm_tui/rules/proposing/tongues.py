"""The language that a mail is written in, of the four that the desk speaks."""

from __future__ import annotations

import re

from crm_tui.rules.proposing.source import MAIL, Found, Source

_WORDS = {
    "es": "el la los las de que y en un una por con para es no se lo del al su mas pero gracias hola buenos buenas dias tardes noches estimados quisiera quisieramos somos tienen habitacion"
    " mi yo nos me saludo saludos desde hasta si hay adultos ninos reserva hemos estamos tenemos podeis pueden cuanto quiero teneis seria nuestra nuestro esta sobre como les entrada salida huesped noche habitaciones personas",
    "pl": "i w na z do sie nie ze to jest o za od po jak co dla czy sa oraz dzien dobry prosze pozdrawiam dziekuje przez pan pani witam pokoj mamy osoby osob ile my mnie nasz nasza bedzie"
    " panstwo panstwa chcialbym chcialabym jestesmy nocy noce ze we moje lub dwoje dzieci szukam szukamy bylo rezerwacja rezerwacje macie juz przyjazd wyjazd gosci goscia pokoje",
    "fr": "le la les de des et en un une du est pour que qui dans pas nous vous avec sur au je bonjour merci cordialement votre chambre nuit nuits sommes avez mon ma moi ou serait bonsoir"
    " souhaite souhaitons voudrions notre si ce aux par plus svp auriez peut quel quelle sera chez mais il on deux arrivee depart personnes chambres client",
    "en": "the and of to in is for that it on with you we are be this have from your please thank dear regards would our i hello hi room my me do could us there thanks night nights two kids can"
    " any if at or was has will a an just how what which need want looking one stay room check rooms people adults guests booking",
    "de": "der die das und zu den mit von ist ein eine nicht wir sie auf bitte ich im dem danke guten tag haben zimmer vom bis zum mochten fur wurden unser",
    "it": "il di che e per con non sono del alla grazie buongiorno vorrei cordiali saluti della gli camera dal al siamo una notti vorremmo nostra anche ci",
    "pt": "o os as da do dos das e que em um uma para com nao por obrigado obrigada bom dia ola quarto noites nos voces gostaria temos sao",
    "nl": "de het een en van ik wij we niet voor met zijn dat op aan kamer graag onze bedankt hallo groeten nachten hebben u",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_MARKS = {
    "es": re.compile(r"[ñ¿¡]"),
    "pl": re.compile(r"[ąćęłńśźż]"),
    "fr": re.compile(r"[œèêûîç]|\b[dlnqj]'"),
    "en": re.compile(r"\b(?:'ll|i'm|we'd|we're|don't)\b"),
}
_WORD = re.compile(r"[^\W\d_]{1,24}")
SPOKEN = ("es", "pl", "fr", "en")
SAMPLE, LEAST, MARGIN = 1500, 3, 1.5


def language(source: Source, hint: str) -> Found[str] | None:
    """The mail's language, if it is clearly one of the desk's; ``hint`` counts as a word more."""
    scores = _scores(source, hint)
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    if best not in SPOKEN or scores[best] < LEAST or scores[best] < scores[second] * MARGIN:
        return None
    return Found(best, "", 0, 0, MAIL)


def leaning(source: Source, hint: str) -> str:
    """The language that a mail is rather in than in any other; empty if two are as likely."""
    scores = _scores(source, hint)
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    return best if scores[best] > scores[second] else ""


def _scores(source: Source, hint: str) -> dict[str, float]:
    """Each common word counts once, divided by the languages that share it; letters of one language alone count too."""
    sample = source.folded[:SAMPLE]
    scores = dict.fromkeys(_SETS, 0.0)
    for word in set(_WORD.findall(sample)):
        owners = [code for code, common in _SETS.items() if word in common]
        for code in owners:
            scores[code] += 1 / len(owners)
    written = source.whole[:SAMPLE].lower()
    for code, marks in _MARKS.items():
        scores[code] += 1.5 if marks.search(written) else 0.0
    if scores.get(hint):
        scores[hint] += 1
    return scores
