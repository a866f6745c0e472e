"""What the desk says about the whole property (SPEC §1): frozen, display-safe."""

from __future__ import annotations

from dataclasses import dataclass

from crm_tui.base.i18n import _, language
from crm_tui.rules.working_hours import HoursFault, grouped, week_of, window_text


@dataclass(frozen=True, slots=True)
class PropertySettings:
    """What holds for the whole property.

    Attributes:
        hours: working hours as they are kept (:mod:`crm_tui.rules.working_hours`); empty: around the clock.
        checkin_days: how many days before arrival the stage before check-in begins.
        resolved_days: how many midnights more resolved feedback stays on its page after the first; -1: it stays.
    """

    name: str
    timezone: str
    currency: str
    hours: str
    checkin_days: int
    resolved_days: int
    version: int


def hours_words(hours: str) -> str:
    """Working hours in the agent's language, as one may type them again: ``Mon–Fri 08:00–20:00; Sat 09:00–14:00``."""
    if not hours:
        return _("around the clock")
    from babel.dates import get_day_names

    try:
        week = week_of(hours)
    except HoursFault:
        return hours
    names = get_day_names("abbreviated", locale="en_GB" if language() == "en" else language())
    parts = []
    for first, last, windows in grouped(week):
        days = names[first] if first == last else f"{names[first]}–{names[last]}"
        parts.append(f"{days} {', '.join(window_text(window).replace('-', '–') for window in windows)}")
    return "; ".join(parts)
