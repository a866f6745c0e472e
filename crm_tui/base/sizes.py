"""Numbers and sizes of files as people read them."""

from __future__ import annotations

from crm_tui.base.i18n import _


def grouped(number: int) -> str:
    """A number in groups of three digits: ``1 234 567``."""
    return f"{number:,}".replace(",", " ")


def size(octets: int) -> str:
    """A file's size in decimal units: ``640 B``, ``12 kB``, ``3.4 MB``, ``1.2 GB``."""
    if octets < 1000:
        return _("{n} B").format(n=octets)
    if octets < 999_500:
        return _("{n} kB").format(n=round(octets / 1000))
    if octets < 999_950_000:
        return _("{n} MB").format(n=f"{octets / 1_000_000:.1f}")
    return _("{n} GB").format(n=f"{octets / 1_000_000_000:.1f}")
