"""The agent's language: gettext on every visible string.

``_`` looks the text up when it is called, so a module may be imported before the language is known. Strings that are
declared at import time are marked with ``N_`` and translated with ``_`` when they are shown.
"""

from __future__ import annotations

import gettext as _gettext
from pathlib import Path

DOMAIN = "crm_tui"
LANGUAGES = ("en", "es", "pl", "fr")
LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"

_current: _gettext.NullTranslations = _gettext.NullTranslations()
_language = "en"


def set_language(language: str) -> None:
    """Choose the language of the desk, an ISO 639-1 code; a language without a catalog falls back to English."""
    global _current, _language
    _language = language if language in LANGUAGES else "en"
    _current = _gettext.translation(DOMAIN, LOCALE_DIR, languages=[_language], fallback=True)


def language() -> str:
    """The language in use, an ISO 639-1 code."""
    return _language


def _(text: str) -> str:
    """``text`` in the agent's language."""
    return _current.gettext(text) if text else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The right plural form for ``n``, in the agent's language."""
    return _current.ngettext(one, many, n)


def N_(text: str) -> str:  # noqa: N802 -- gettext's customary name for "mark, translate later"
    """Mark a text for the catalog without translating it yet."""
    return text
