"""Typed text as the store takes it: before anything that an agent wrote is kept (QUALITY R8)."""

from __future__ import annotations


def storable(text: str) -> str:
    """The text without surrogates and NUL, which no database takes as text.

    A byte of a command line that could not be decoded arrives as a surrogate: it becomes a question mark.
    """
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
