"""What screens and the command line get of templates: frozen values, display-safe. Imports nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_tui.base.i18n import N_

CATEGORIES = {
    "first reply": N_("First reply"),
    "availability": N_("Availability"),
    "bank details": N_("Bank details"),
    "offer": N_("Offer"),
    "waitlist recall": N_("Waitlist recall"),
    "payment reminder": N_("Payment reminder"),
    "payment sms": N_("Payment reminder by SMS"),
    "flight times": N_("Flight times"),
    "thank you": N_("Thank you"),
    "other": N_("Other"),
}
"""What templates are for, in the order in which they are listed; the keys are stored."""

LANGUAGE_NAMES = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "pl": N_("Polish"),
    "fr": N_("French"),
    "de": N_("German"),
    "it": N_("Italian"),
}
"""The languages a template can be in."""


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A template. ``category`` is a key of :data:`CATEGORIES`; ``agent`` is who wrote it last, empty if it is a starter."""

    id: int
    name: str
    language: str
    category: str
    subject: str
    body: str
    archived: bool
    agent: str
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class VariableView:
    """A variable that templates may use: its name, what it is, and what it is for the sample guest."""

    name: str
    text: str
    sample: str


@dataclass(frozen=True, slots=True)
class Written:
    """A template as it became for somebody.

    Attributes:
        gaps: the variables without a value; each stands in the text as ``⟦name⟧`` and blocks the send.
        error: what is wrong with the template, a sentence; then subject and text are empty.
        line: the line of ``error`` in ``part`` (``subject`` or ``body``), from 1; 0 if it concerns the whole.
    """

    subject: str = ""
    text: str = ""
    gaps: tuple[str, ...] = ()
    error: str = ""
    line: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """The templates to pick from, best language first, and the language the guest seems to write."""

    templates: tuple[TemplateView, ...]
    language: str
