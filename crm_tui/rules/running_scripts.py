"""Writing in which a name does not stand as a word between blanks: Chinese, Japanese, Thai and their neighbours; Korean. Pure.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no blanks between words. Korean does, but its particles follow a name
without one. What is asked here is folded text (:func:`crm_tui.rules.folding.fold_text`), in which a syllable of Korean is
two or three letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category, normalize

from crm_tui.rules.folding import fold_text

FEWEST_LETTERS, FEWEST_SIGNS = 3, 2
"""A name that is shorter is not looked for alone: letters, and characters of Chinese, Japanese and Korean."""

MOST_TOGETHER = 24
"""Letters of a name written without a blank that are tried as surname and given name."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_KATAKANA = "[\u30a1-\u30fa\u30fc-\u30ff]"
_SPACED = rf"[^\W{_UNSPACED}]"
_RUNS_ON = re.compile(f"[{_UNSPACED}]")
_KANA = re.compile(_KATAKANA)
_HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7a3]")
_SIGN = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
_WITHIN_SYLLABLE = "[\u1160-\u11ff]"


def runs_on(text: str) -> bool:
    """Whether a word of it may stand in a text without blanks around it."""
    return bool(_RUNS_ON.search(text) or _HANGUL.search(text))


def edges(phrase: str) -> tuple[str, str]:
    """What must hold before and after a name where it stands, as regular expressions."""
    return _before(phrase[:1]), _after(phrase)


def _before(letter: str) -> str:
    if _KANA.match(letter):  # foreign names and words stand as runs of katakana
        return rf"(?<!{_KATAKANA})"
    return "" if _RUNS_ON.match(letter) else rf"(?<!{_SPACED})"


def _after(phrase: str) -> str:
    last = phrase[-1:]
    if _KANA.match(last):
        return rf"(?!{_KATAKANA})"
    if _RUNS_ON.match(last):
        return ""
    if _HANGUL.match(last) and signs(phrase) >= FEWEST_SIGNS:  # one syllable begins many words
        return rf"(?!{_WITHIN_SYLLABLE})"
    return rf"(?!{_SPACED})"


def together(one: str, other: str) -> bool:
    """Whether two names are written without a blank between them, too."""
    ends, begins = one[-1:], other[:1]
    if _HANGUL.match(ends) and _HANGUL.match(begins):
        return True
    return bool(_RUNS_ON.match(ends) or _RUNS_ON.match(begins))


def parts(name: str) -> Iterator[tuple[str, str]]:
    """What may be surname and given name, in that order or the other, of a name that is typed without a blank; folded."""
    letters = normalize("NFC", name)[:MOST_TOGETHER]
    for at in range(1, len(letters)):
        one, other = letters[:at], letters[at:]
        if together(one, other) and not category(other[0]).startswith("M"):
            yield fold_text(one), fold_text(other)


def signs(text: str) -> int:
    """How many characters of Chinese, Japanese and Korean there are; a syllable of Korean is one."""
    return len(_SIGN.findall(normalize("NFC", text)))


def long_enough(word: str) -> bool:
    """Whether a folded name is long enough to be looked for alone."""
    whole = normalize("NFC", word)
    return len(whole) >= FEWEST_LETTERS or signs(whole) >= FEWEST_SIGNS
