"""Bytes to text when the label is missing, unknown or wrong (QUALITY R9)."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Labels seen in mail that Python does not know, or knows as something narrower than what senders mean by them.
_ALIASES = {
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "ansi": "cp1252",
    "windows1252": "cp1252",
    "windows1250": "cp1250",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode-2-0-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-ce": "mac-latin2",
    "cp-850": "cp850",
}
# Codecs that are no charset, or that would run what the sender wrote as an escape language.
_REFUSED = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "charmap"}
)
_SINGLE_BYTE = re.compile(r"cp125\d|iso8859|mac-|koi8|cp85\d|cp437|cp874|ascii|latin|hp-roman")
_GUESSES = ("cp1252", "cp1250", "iso8859-2", "cp1251", "koi8-r")
_COMMON = frozenset("áéíóúñüçàèìòùâêîôûäëïöąćęłńóśźżÁÉÍÓÚÑÜŁŚŻÖÄß¿¡€«»“”’–…·ºª°") | frozenset(
    map(chr, range(0x430, 0x450))
)
_SAMPLE = 4096


@lru_cache(maxsize=256)
def codec_of(label: str) -> str:
    """Python's name of the charset that a mail calls ``label``; empty if there is none."""
    name = label.strip(" \t\"'<>[]").lower().partition("*")[0]
    name = _ALIASES.get(name, name)
    for candidate in (name, name.replace("_", "-"), name.removeprefix("x-"), name.removeprefix("charset=")):
        candidate = _ALIASES.get(candidate, candidate)
        try:
            found = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        if getattr(found, "_is_text_encoding", True) and found.name.replace("-", "_") not in _REFUSED:
            return found.name
    return ""


def decode(raw: bytes, label: str = "") -> str:
    """Decode a body or a header value; never raises.

    A label is believed if the bytes agree with it. UTF-8 under a single-byte label, 8-bit text under ``us-ascii`` and
    text with no or an unknown label are recognised; what is left undecodable becomes U+FFFD.
    """
    codec = codec_of(label) if label else ""
    if raw.isascii() and (not codec or _SINGLE_BYTE.match(codec) or codec == "utf-8"):
        if b"\x1b" in raw and not codec:
            return _guess(raw)
        return raw.decode("ascii")
    if codec == "utf-8":
        return _utf8(raw, 4)
    if codec and not _SINGLE_BYTE.match(codec):
        return _labelled(raw, codec)
    if codec and codec != "ascii":
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            return raw.decode(codec, "replace")
    return _utf8(raw, 1)


def _utf8(raw: bytes, trust: int) -> str:
    """Text that should be UTF-8: broken bytes are marked as long as they are few, else the charset is guessed.

    ``trust`` is how many broken bytes one sound character outweighs.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(not c.isascii() for c in text) - broken
    if sound and sound * trust >= broken:
        return text
    guess = _guess(raw)
    return text if "\ufffd" in guess else guess


def _labelled(raw: bytes, codec: str) -> str:
    """Text under a multi-byte label; if the bytes contradict it they are decoded as what they are."""
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return raw.decode("utf-8", "replace")


def _guess(raw: bytes) -> str:
    """Unlabelled bytes: ISO-2022-JP by its escapes, else the single-byte charset whose letters fit best."""
    if b"\x1b$" in raw or b"\x1b(J" in raw:
        try:
            return raw.decode("iso2022_jp_ext")
        except UnicodeDecodeError:
            pass
    if raw.isascii():
        return raw.decode("ascii")
    sample = raw[:_SAMPLE] if not raw[:_SAMPLE].isascii() else raw
    best = max(_GUESSES, key=lambda codec: _fit(sample, codec))
    return raw.decode(best, "replace")


def _fit(raw: bytes, codec: str) -> float:
    """How much the non-ASCII characters look like letters of the languages that a reception reads."""
    text = raw.decode(codec, "replace")
    score = 0.0
    cyrillic = 0
    for before, char in zip(" " + text, text, strict=False):
        if char.isascii():
            continue
        if char in _COMMON:
            cyrillic += "а" <= char <= "я"
            score += 1
        elif char.isalpha() and not (char.isupper() and before.islower()):
            score += 0.2
        else:
            score -= 2
    if codec in ("cp1251", "koi8-r"):
        letters = sum(map(str.isalpha, text))
        return score if cyrillic * 2 > letters else -len(text)
    return score
