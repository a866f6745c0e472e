"""A cheap guess at the language of a mail, from its commonest words."""

from __future__ import annotations

_COMMON = {
    "es": "el la los las de que y en un una por con para es no se lo del al su más pero gracias hola buenos días"
    " estimados quisiera",
    "pl": "i w na z do się nie że to jest o za od po jak co dla czy są oraz dzień dobry proszę pozdrawiam dziękuję"
    " przez pan pani",
    "fr": "le la les de des et en un une du est pour que qui dans pas nous vous avec sur au je bonjour merci"
    " cordialement votre",
    "en": "the and of to in is for that it on with you we are be this have from your please thank dear regards would"
    " our i",
    "de": "der die das und in zu den mit von für ist ein eine nicht wir sie auf bitte ich im dem danke guten tag"
    " grüßen haben",
    "it": "il la di che e in un una per con non è sono del alla grazie buongiorno vorrei cordiali saluti della gli i",
}
_SETS = {language: frozenset(words.split()) for language, words in _COMMON.items()}
SAMPLE = 600
MIN_WORDS = 3


def guess_language(text: str, hint: str = "") -> str:
    """The ISO 639-1 code of the language that most common words of the beginning belong to, else ``hint``."""
    words = set(text[:SAMPLE].lower().replace(",", " ").replace(".", " ").split())
    counts = {language: len(common & words) for language, common in _SETS.items()}
    best = max(counts, key=lambda language: (counts[language], language == hint))
    return best if counts[best] >= MIN_WORDS else hint
