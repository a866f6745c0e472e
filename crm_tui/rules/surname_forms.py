"""The forms in which a surname stands alone in a text: as it is, of a family, in the cases of Polish (SPEC §6, erasure).

Only endings that grammar gives to surnames, on the folded name: the English, French and Spanish plural (*the Nowaks*, *los
Gómez*, *the Joneses*), the German genitive (*Nowaks*), and the Polish declension of names in -ski, -cki, -dzki, in -a and
in a consonant. A possessive needs none: its apostrophe ends the word.
"""

from __future__ import annotations

import re

from crm_tui.rules.folding import fold_text

FEWEST_PLURAL, FEWEST_DECLINED = 3, 4
"""Letters that a name needs before it gets an ending: a shorter one with another letter is another word."""

_ADJECTIVE = re.compile(r"(?:sk|ck|dzk)[ia]$")
_OF_ADJECTIVE = ("i", "a", "iego", "iemu", "im", "iej", "ich", "imi")
_OF_FEMININE = ("y", "i", "ie", "e", "o", "owie", "ow", "om", "ami", "ach")
_OF_CONSONANT = ("a", "owi", "em", "iem", "u", "ie", "owie", "ow", "om", "ami", "ach")


def surname_forms(surname: str) -> tuple[str, ...]:
    """The folded forms, the name itself first; none for a name without letters."""
    name = " ".join(fold_text(surname).split())
    if not any(one.isalnum() for one in name):
        return ()
    found = [name]
    if name.isascii() and len(name) >= FEWEST_PLURAL and name[-1].isalpha():
        found.append(f"{name}es" if re.search(r"(?:s|x|z|ch|sh)$", name) else f"{name}s")
    if name.isascii() and name.isalpha() and len(name) >= FEWEST_DECLINED:
        found += _declined(name)
    return tuple(dict.fromkeys(found))


def _declined(name: str) -> list[str]:
    if _ADJECTIVE.search(name):
        stem = name[:-1]
        return [*(stem + ending for ending in _OF_ADJECTIVE), f"{stem[:-1]}cy"]
    if name.endswith("a"):
        return [name[:-1] + ending for ending in _OF_FEMININE]
    if name[-1] not in "aeiouy":
        return [name + ending for ending in _OF_CONSONANT]
    return []
