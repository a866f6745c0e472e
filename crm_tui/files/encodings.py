"""Which encoding a file of text is in: by its mark, by what is valid, else by which letters come out.

A file is read line by line as UTF-8 where the octets are valid UTF-8, which text in another encoding practically never is,
and in one single-byte encoding where they are not: so a file whose rows were written by two programs is still read right.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from crm_tui.base.i18n import _
from crm_tui.files.limits import FileFault

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SINGLE_BYTE = ("cp1252", "cp1250", "iso8859-15", "iso8859-2", "cp1251", "cp852")
"""The guesses in the order of preference where two fit alike."""
_USUAL = frozenset("áéíóúñüçàèìòùâêîôûäëïöåøãõąćęłńóśźżčďěňřšťůžýőűăâîșțğışß¿¡€ºª°–—’‘“”„·…«»") | frozenset(
    "ÁÉÍÓÚÑÜÇÀÈÂÊÎÔÛÄËÏÖÅØÃÕĄĆĘŁŃÓŚŹŻČĎĚŇŘŠŤŮŽÝŐŰ"
)
_OFTEN = frozenset("áéíóúñçèêäöüßąćęłńóśźżÁÉÍÓÚÑŁŚŻÖÄÜ")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the octets of a file become text.

    Attributes:
        name: the codec's name.
        mark: length of the byte order mark.
        fallback: the codec for lines that are not valid in ``name``; empty: such lines are faulty.
    """

    name: str
    mark: int = 0
    fallback: str = ""

    @property
    def wide(self) -> bool:
        """Whether a character takes two octets or more, so that lines cannot be told apart in the octets."""
        return self.name.startswith(("utf-16", "utf-32"))


def named(label: str) -> Encoding:
    """The encoding that a person named.

    Raises:
        FileFault: there is none of that name.
    """
    try:
        found = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        found = None
    if found is None or not getattr(found, "_is_text_encoding", True) or found.name in _NO_CHARSET:
        raise FileFault(
            _("There is no encoding called {name}.").format(name=ascii(label)[1:-1]),
            _("Known are utf-8, utf-16, cp1250, cp1252, iso-8859-2, iso-8859-15 and others."),
            "encoding",
        )
    return Encoding(found.name)


_NO_CHARSET = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "charmap"})


def with_mark(encoding: Encoding, sample: bytes) -> Encoding:
    """A named encoding with the byte order mark that the file has; ``utf-16`` without one is little-endian."""
    for mark, name in _MARKS:
        if sample.startswith(mark) and name.startswith(encoding.name.removesuffix("-sig")):
            return Encoding(name, len(mark))
    base = {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(encoding.name, encoding.name)
    return Encoding(base)


def detect(sample: bytes, *, whole: bool = True) -> Encoding:
    """The encoding of a file that begins with ``sample`` (some megabytes), or is no longer (``whole``)."""
    if not whole:
        sample = sample[: sample.rfind(b"\n") + 1] or sample  # the end may be cut within a character
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return Encoding(name, len(mark), "" if len(mark) < 3 or name != "utf-8" else guess(_invalid(sample)))
    wide = _wide_without_mark(sample)
    if wide:
        return Encoding(wide)
    invalid = _invalid(sample)
    if not invalid:
        return Encoding("utf-8", 0, "cp1252")
    fallback = guess(invalid)
    return Encoding("utf-8" if _has_utf8(sample) else fallback, 0, fallback)


def _wide_without_mark(sample: bytes) -> str:
    """UTF-16 text of Western writing has a NUL at every other place."""
    head = sample[:4096]
    if len(head) < 4 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _invalid(sample: bytes) -> bytes:
    """The lines that are not UTF-8."""
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError:
        return b"\n".join(line for line in sample.splitlines() if not line.isascii() and not _valid(line))[:65536]
    return b""


def _has_utf8(sample: bytes) -> bool:
    return any(_valid(line) for line in sample.splitlines() if not line.isascii())


def _valid(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def guess(raw: bytes) -> str:
    """The single-byte encoding whose letters look most like names of people."""
    if raw.isascii():
        return "cp1252"
    return max(SINGLE_BYTE, key=lambda codec: _fit(raw, codec))


def _fit(raw: bytes, codec: str) -> float:
    text = raw.decode(codec, "replace")
    if codec == "cp1251":
        letters = [char for char in text if char.isalpha()]
        cyrillic = sum("\u0400" <= char <= "\u04ff" for char in letters)
        return float(cyrillic) if cyrillic * 2 > len(letters) else -float(len(text))
    score = 0.0
    for before, char in zip(" " + text, text, strict=False):
        if char.isascii():
            continue
        if char in _USUAL:
            score += 1.0 + (char in _OFTEN)
            score -= 2.5 * (char.isupper() and before.islower())
        else:
            score += 0.2 if char.isalpha() and not (char.isupper() and before.islower()) else -2.0
    return score
