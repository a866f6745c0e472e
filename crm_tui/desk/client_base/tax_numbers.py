"""Tax numbers of companies: written as the country writes them, and doubted where the check digits do not fit (SPEC §6).

The check digits are those that ``python-stdnum`` knows of each country's VAT number. A number that does not fit is kept: a
registry may know better, so it is a warning and never a refusal.
"""

from __future__ import annotations

from typing import Any

from crm_tui.base.i18n import _
from crm_tui.desk.client_base import countries
from crm_tui.mail.text import display_text


def clean(text: str) -> str:
    """One line, without spaces around it."""
    return " ".join(display_text(text).split())


def doubt(text: str, country: str) -> str:
    """What speaks against a tax number, one sentence; empty if nothing does, or nothing is known of the country's."""
    number = clean(text)
    module = _module(country) if number else None
    if module is None or module.is_valid(number):
        return ""
    return _("This is no tax number of {country} as far as its check digits tell; it is kept as written.").format(
        country=countries.name(country)
    )


def _module(country: str) -> Any:
    from stdnum import get_cc_module

    if len(country) != 2 or not country.isascii() or not country.isalpha():
        return None
    return get_cc_module(country.lower(), "vat")
