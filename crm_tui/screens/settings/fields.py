"""A field for every setting, made from the typed class that holds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.base.settings import Settings
from crm_tui.widgets.forms import CheckField, Choice, ChoiceField, Field, NumberField, TextField

LABELS = {
    "agent": N_("Agent"),
    "language": N_("Language"),
    "theme": N_("Colours"),
    "editor": N_("Editor"),
    "opener": N_("Attachment opener"),
    "downloads": N_("Downloads"),
    "after_send": N_("After sending"),
    "undo_seconds": N_("Take back a send for"),
    "mailing_per_minute": N_("Mails of mailings"),
    "draft_seconds": N_("Save a draft every"),
    "poll_seconds": N_("Look for mail every"),
    "message_limit_mib": N_("Fetch whole mail up to"),
    "parsers": N_("Parsing processes"),
    "timer_idle_minutes": N_("Timer without a key"),
    "spell_days": N_("Times as dates after"),
    "passport_months": N_("Passport valid for"),
    "payment_days": N_("Payments watched"),
    "flight_days": N_("Flights watched"),
    "notices": N_("Payment reminders"),
    "notice_first_days": N_("First reminder"),
    "notice_every_days": N_("Further reminders"),
    "notice_quiet_from": N_("Quiet from"),
    "notice_quiet_until": N_("Quiet until"),
    "notice_day_limit": N_("Reminders a day"),
    "notice_gateway": N_("SMS gateway"),
    "notice_gateway_command": N_("Gateway command"),
    "lock_minutes": N_("Lock after"),
    "engine": N_("Background work"),
}

CHOICE_WORDS = {
    "en": "English",
    "es": "Español",
    "pl": "Polski",
    "fr": "Français",
    "desk-dark": N_("dark"),
    "desk-light": N_("light"),
    "desk-contrast": N_("contrast"),
    "desk-16": N_("16 colours"),
    "stay": N_("stay"),
    "Waitlist": N_("Waitlist"),
    "Done": N_("Done"),
    "off": N_("off"),
    "mail": N_("mail"),
    "sms": N_("SMS"),
    "sms or mail": N_("SMS or mail"),
    "none": N_("none"),
    "keyring": N_("keyring"),
    "command": N_("command"),
    "session": N_("asked for"),
}

UNITS: dict[str, Callable[[int], str]] = {
    "undo_seconds": lambda n: ngettext("second", "seconds", n),
    "mailing_per_minute": lambda _n: _("a minute"),
    "draft_seconds": lambda n: ngettext("second", "seconds", n),
    "poll_seconds": lambda n: ngettext("second", "seconds", n),
    "message_limit_mib": lambda _n: "MiB",
    "parsers": lambda n: "" if n else _("(0 = automatic)"),
    "timer_idle_minutes": lambda n: ngettext("minute", "minutes", n),
    "spell_days": lambda n: ngettext("day", "days", n),
    "passport_months": lambda n: ngettext("month", "months", n),
    "payment_days": lambda n: ngettext("day before", "days before", n),
    "flight_days": lambda n: ngettext("day before", "days before", n),
    "notice_first_days": lambda n: ngettext("day before", "days before", n),
    "notice_every_days": lambda n: ngettext("day", "days", n),
    "notice_day_limit": lambda _n: _("a day"),
    "lock_minutes": lambda n: ngettext("minute", "minutes", n) if n else _("(0 = never)"),
}
"""The words beside a number."""

NEXT_START = frozenset({"agent", "language", "parsers", "engine"})
"""Settings that take effect at the next start of the desk."""


def settings_fields(settings: Settings, *, shared: bool = True) -> list[Field]:
    """One field a setting, in the order of the class, with its help and present value.

    Args:
        shared: also those that concern everybody at this workstation.
    """
    shown = [item for item in fields(settings) if shared or not item.metadata["shared"]]
    return [_field(item, getattr(settings, item.name)) for item in shown]


def _field(item: Any, value: Any) -> Field:
    label = _(LABELS.get(item.name, item.name))
    words = _sentence(_(item.metadata["help"]))
    if item.name in NEXT_START:
        words += " " + _("Takes effect at the next start.")
    if item.metadata["choices"]:
        choices = [Choice(choice, _(CHOICE_WORDS.get(choice, choice))) for choice in item.metadata["choices"]]
        return ChoiceField(item.name, label, choices, value, help=words)
    if isinstance(value, bool):
        return CheckField(item.name, label, _("in the desk"), value, help=words)
    if isinstance(value, int):
        low, high = item.metadata["low"], item.metadata["high"]
        limits = _("{low} to {high}; default {default}.").format(low=low, high=high, default=item.default)
        return NumberField(
            item.name,
            label,
            value,
            low=low,
            high=high,
            unit=UNITS.get(item.name),
            required=True,
            help=f"{words} {limits}",
        )
    return TextField(item.name, label, value, help=words)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
