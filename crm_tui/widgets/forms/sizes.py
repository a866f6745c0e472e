"""Sizes in words."""

from __future__ import annotations


def size_words(size: int) -> str:
    """``size`` in bytes, as it is read: ``812 B``, ``14 kB``, ``2.3 MB`` (decimal units)."""
    if size < 1000:
        return f"{size} B"
    for unit in ("kB", "MB", "GB"):
        size_f = size / 1000
        if size_f < 999.5 or unit == "GB":
            return f"{size_f:.1f} {unit}" if size_f < 9.95 else f"{size_f:.0f} {unit}"
        size = int(size_f)
    raise AssertionError(size)
