"""How long a short message is: in letters, and in the parts that a gateway sends and charges (3GPP TS 23.038)."""

from __future__ import annotations

from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")

LONGEST = 1000
"""Letters of a short message at most; more is a letter."""


class Size(NamedTuple):
    """How long a text is.

    Attributes:
        letters: as the network counts them: some take the room of two.
        parts: how many messages it takes.
        plain: all letters are of the small alphabet; with one that is not, a message holds less than half.
    """

    letters: int
    parts: int
    plain: bool


def size(text: str) -> Size:
    """The size of a text."""
    plain = all(letter in _BASIC or letter in _EXTENDED for letter in text)
    if plain:
        letters = len(text) + sum(letter in _EXTENDED for letter in text)
        one, many = 160, 153
    else:
        letters = len(text.encode("utf-16-le")) // 2
        one, many = 70, 67
    return Size(letters, 0 if not letters else 1 if letters <= one else -(-letters // many), plain)
