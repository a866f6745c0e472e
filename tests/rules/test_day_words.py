"""Days as people say them in a form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from crm_tui.rules import snoozing
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import DAYS, check

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12 jul", date(2027, 7, 12)),
        ("12 Jul 2026", date(2026, 7, 12)),
        ("3 de diciembre", date(2026, 12, 3)),
        ("3 grudnia", date(2026, 12, 3)),
        ("15 sierpnia 2027", date(2027, 8, 15)),
        ("1er juillet", date(2027, 7, 1)),
        ("août 3", date(2027, 8, 3)),
        ("juin 3", date(2027, 6, 3)),
        ("31.12.", date(2026, 12, 31)),
        ("2027-01-05", date(2027, 1, 5)),
        ("29 feb", date(2028, 2, 29)),
        ("fri", date(2026, 11, 27)),
        ("sat", date(2026, 11, 28)),
        ("środa", date(2026, 11, 25)),
        ("today", TODAY),
        ("mañana", date(2026, 11, 22)),
        ("tomorrow", date(2026, 11, 22)),
        ("jutro", date(2026, 11, 22)),
        ("Demain", date(2026, 11, 22)),
        ("pasado mañana", date(2026, 11, 23)),
        ("pojutrze", date(2026, 11, 23)),
        ("Aujourd’hui", TODAY),
        ("wt.", date(2026, 11, 24)),
        ("24.12.", date(2026, 12, 24)),
        ("2026-12-24", date(2026, 12, 24)),
        ("+3", date(2026, 11, 24)),
        ("15", date(2026, 12, 15)),
        ("21", TODAY),
        ("31", date(2026, 12, 31)),
    ],
)
def test_what_is_meant(text: str, day: date) -> None:
    assert read_day_words(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("31 feb", "day"),
        ("31.2.", "day"),
        ("32", "day"),
        ("soon", "date"),
        ("monkey", "date"),
        ("12.13.", "date"),
        ("", "date"),
    ],
)
def test_what_means_no_day(text: str, kind: str) -> None:
    with pytest.raises(DayFault) as fault:
        read_day_words(text, TODAY)
    assert fault.value.kind == kind


SAID = (
    "tomorrow",
    "mañana",
    "jutro",
    "demain",
    "fri",
    "+3",
    "24.12.",
    "2026-12-24",
    "3 de diciembre",
    "pojutrze",
    "15",
)


@pytest.mark.parametrize("text", SAID)
def test_whatever_a_snooze_takes_every_form_takes(text: str) -> None:
    zone = ZoneInfo("Europe/Madrid")
    now = datetime(2026, 11, 21, 10, tzinfo=UTC)
    meant = read_day_words(text, TODAY)
    assert snoozing.read(text, now, zone).astimezone(zone).date() == meant
    for name in DAYS:
        assert check({name: text}, TODAY).values == {name: meant}
