"""What is typed to find a guest, in FTS5's language (SPEC §6): half a name, digits of a number, a mail, a birthday, a reference.

Every word must be found as the beginning of a word of the name, an address, a number, the city or a reference. A day is looked
for among the birthdays too, and a text of nothing but digits and what stands between them among the telephone numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crm_tui.data.record_search import FACT
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.day_words import named_day
from crm_tui.rules.running_scripts import parts, runs_on

LOOKED_UP = "{names contacts city keys} : "
NO_NUMBERS = "{names city keys} : "
"""The columns that guests are looked up by; memos and remarks are for the search of everything."""

_NO_DIGIT = re.compile(r"\D+")
_PHONE = re.compile(r"[\d\s()+./-]+")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{0,4}))?")
_AROUND = re.compile(r"(?<=\d)\s?([./-])\s?(?=\d)")
SEPARATORS = re.compile(r"[-/.]")
"""What is left out of a reference that is typed in one: ``ab12`` finds AB-12 and the other way round."""
LONGEST_DAY = 5
"""Words of a day at most."""
FEWEST_DIGITS = 3
"""From how many digits on telephone numbers are looked at: fewer are in every other number."""

LONGEST = 200
"""Characters of what is typed that are looked at."""


def expression(text: str) -> str:
    """The guests that a text may mean; empty where there is nothing to find."""
    clean = display_text(text)[:LONGEST]
    words = [found for part in _parts(_AROUND.sub(r"\1", fold_text(clean)).split()) if (found := _part(part))]
    if not words:
        return ""
    whole = " AND ".join(f"({word})" for word in words)
    if len(words) > 1 and (joined := "".join(fold_text(clean).split())) and all(map(runs_on, fold_text(clean).split())):
        whole = f"({whole}) OR (names : {_quoted(joined)})"  # taken down in one field
    digits = phone_digits(clean)
    return f'({whole}) OR (contacts : "{digits}"*)' if digits and len(words) > 1 else whole


def phone_digits(text: str) -> str:
    """The digits of a text that can be (part of) a telephone number, without leading zeros; empty for another text."""
    return _NO_DIGIT.sub("", text.replace("(0)", "")).lstrip("0") if _PHONE.fullmatch(text.strip()) else ""


def fact(letter: str, value: str = "", *, begins: bool = False) -> str:
    """A word of the index's facts: see :data:`crm_tui.data.record_search.FACT`."""
    return f'facts : "{FACT}{letter}{fold_text(value)}"{"*" if begins else ""}'


def beginnings(text: str, column: str) -> str:
    """That every word of a text begins a word of a column."""
    words = [quoted for word in fold_text(display_text(text)).split() if (quoted := _quoted(word))]
    return f"{column} : ({' AND '.join(words)})" if words else ""


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The words one by one, but those together that say a day: ``5 de diciembre de 1985``."""
    at = 0
    while at < len(words):
        lengths = range(min(LONGEST_DAY, len(words) - at), 0, -1)
        length = next((one for one in lengths if named_day(" ".join(words[at : at + one]))), 1)
        yield words[at : at + length]
        at += length


def _part(words: Sequence[str]) -> str:
    found = [one for word in words if (one := _word(word))]
    whole = " AND ".join(f"({one})" for one in found) if len(found) > 1 else "".join(found)
    day = named_day(" ".join(words))
    return " OR ".join([*([f"({whole})"] if whole else []), *_birthdays(day)]) if day else whole


def _word(word: str) -> str:
    quoted = _quoted(word)
    if not quoted:
        return ""
    digits = phone_digits(word)
    columns = LOOKED_UP if len(digits) >= FEWEST_DIGITS or not digits else NO_NUMBERS
    ways = [f"{columns}{quoted}", *_birthdays(word), *_parted(word)]
    if len(digits) >= FEWEST_DIGITS and digits != word:
        ways.append(f'contacts : "{digits}"*')
    if (together := SEPARATORS.sub("", word)) != word and (reference := _quoted(together)):
        ways.append(f"keys : {reference}")
    return " OR ".join(f"({way})" for way in ways) if len(ways) > 1 else ways[0]


def _parted(word: str) -> Iterator[str]:
    """Surname and given names that are written without a blank between them, as in Chinese, Japanese, Korean and Thai."""
    for one, other in parts(word):
        if _quoted(one) and _quoted(other):
            yield f'names : ("{one}" AND "{other}"*)'


def _quoted(word: str) -> str:
    plain = word.replace('"', " ")
    return f'"{plain}"*' if any(letter.isalnum() for letter in plain) else ""


def _birthdays(word: str) -> Iterator[str]:
    """The birthdays that a word may mean: whole, without its year, or while the year is still being typed."""
    if found := _ISO.fullmatch(word):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(word):
        day, month, year = found[1], found[2], found[3] or ""
    else:
        return
    if not (1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        return
    begun = f"{int(month):02}{int(day):02}"
    yield fact("b", begun + year, begins=True)
    if len(year) == 2:
        yield fact("b", f"{begun}19{year}")
        yield fact("b", f"{begun}20{year}")
