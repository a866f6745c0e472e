"""Does a text speak of an attachment, in Spanish, Polish, French or English? (SPEC §5: the missing-attachment warning)

Accents and case never matter, as people leave them out when in a hurry. Only what the writer says counts: quoted lines
and what stands below the signature's mark do not.
"""

from __future__ import annotations

import re
from unicodedata import combining, normalize

_WORDS = (
    # English
    r"attach(?:ed|ment|ments|ing)?",
    r"enclos(?:ed|ure|ures|ing)",
    # Spanish
    r"adjunt(?:o|a|os|as|amos|ar|ado|ada|ados|adas|ando|e|en)",
    r"anex(?:o|os|amos)",
    # Polish
    r"zalacz(?:nik\w*|am|amy|ony|ona|one|onym|onych|eniu|ylem|ylam|ylismy)",
    r"w zal\.",
    # French
    r"pieces? jointes?",
    r"ci[- ]?joint(?:e|s|es)?",
    r"(?:je |nous )?(?:joins|joignons) (?:le|la|les|un|une|des|a )\w*",
    r"fichiers? joints?",
    r"documents? joints?",
    r"en annexe",
    r"en pj",
)
# "no attachment", "sin adjuntos", "bez zalacznikow", "sans piece jointe": said of nothing
_NONE = r"(?<!\bno )(?<!\bsin )(?<!\bbez )(?<!\bsans )(?<!\bwithout )(?<!\bnot )"
_SPOKEN = re.compile(rf"\b{_NONE}(?:{'|'.join(_WORDS)})(?!\w)", re.ASCII)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)


def attachment_word(text: str) -> str:
    """The words with which ``text`` speaks of an attachment, exactly as written, or an empty string."""
    own = _QUOTED.sub("", _SIGNATURE.split(text, maxsplit=1)[0])
    plain, places = _plain(own)
    found = _SPOKEN.search(plain)
    if not found:
        return ""
    return " ".join(normalize("NFC", own[places[found.start()] : places[found.end() - 1] + 1]).split())


def _plain(text: str) -> tuple[str, list[int]]:
    """``text`` without case, accents and runs of blanks, and for each of its letters the place it has in ``text``."""
    letters: list[str] = []
    places: list[int] = []
    for place, written in enumerate(text):
        for letter in normalize("NFKD", written).casefold().replace("ł", "l").replace("’", "'"):
            letter = " " if letter in "\t\n\xa0" else letter
            if combining(letter) or (letter == " " and letters[-1:] == [" "]):
                continue
            letters.append(letter)
            places.append(place)
    return "".join(letters), places
