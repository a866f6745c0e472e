"""What comes back: read from words, kept as RRULE, reckoned day by day (SPEC §9)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.recurrence import LAST_DAY, Recurrence, RecurrenceFault, coming, first_day, following, read_rule
from crm_tui.rules.recurrence_words import read_recurrence

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("every Monday", Recurrence("weekly", weekdays=(0,))),
        ("Mondays and Thursdays", Recurrence("weekly", weekdays=(0, 3))),
        ("every 2 weeks", Recurrence("weekly", 2)),
        ("every other week on fri", Recurrence("weekly", 2, (4,))),
        ("every 2nd monday", Recurrence("weekly", 2, (0,))),
        ("daily", Recurrence("daily")),
        ("every 3 days", Recurrence("daily", 3)),
        ("weekdays", Recurrence("weekly", weekdays=(0, 1, 2, 3, 4))),
        ("monthly on the 15th", Recurrence("monthly", day=15)),
        ("monthly on day 15", Recurrence("monthly", day=15)),
        ("on the last day of each month", Recurrence("monthly", day=LAST_DAY)),
        ("every 31st", Recurrence("monthly", day=31)),
        ("every year on 24 December", Recurrence("yearly", day=24, month=12)),
        ("yearly", Recurrence("yearly")),
        ("every monday, 5 times", Recurrence("weekly", weekdays=(0,), times=5)),
        ("every Monday until 31 dec", Recurrence("weekly", weekdays=(0,), until=date(2026, 12, 31))),
        ("cada lunes", Recurrence("weekly", weekdays=(0,))),
        ("todos los viernes hasta el 31.1.", Recurrence("weekly", weekdays=(4,), until=date(2027, 1, 31))),
        ("cada 2 semanas", Recurrence("weekly", 2)),
        ("mensual el 15", Recurrence("monthly", day=15)),
        ("cada año el 6 de enero", Recurrence("yearly", day=6, month=1)),
        ("co poniedziałek", Recurrence("weekly", weekdays=(0,))),
        ("w każdy piątek do 31.12.", Recurrence("weekly", weekdays=(4,), until=date(2026, 12, 31))),
        ("co 2 tygodnie w środę", Recurrence("weekly", 2, (2,))),
        ("co drugi wtorek", Recurrence("weekly", 2, (1,))),
        ("codziennie 10 razy", Recurrence("daily", times=10)),
        ("co miesiąc 15-go", Recurrence("monthly", day=15)),
        ("tous les lundis", Recurrence("weekly", weekdays=(0,))),
        ("tous les jours jusqu'au 5 décembre", Recurrence("daily", until=date(2026, 12, 5))),
        ("toutes les 2 semaines, 3 fois", Recurrence("weekly", 2, times=3)),
        ("chaque mois le 1er", Recurrence("monthly", day=1)),
        ("every three months", Recurrence("monthly", 3)),
        ("cada dos semanas", Recurrence("weekly", 2)),
        ("co dwa tygodnie", Recurrence("weekly", 2)),
        ("co trzy miesiące", Recurrence("monthly", 3)),
        ("toutes les deux semaines", Recurrence("weekly", 2)),
        ("dni robocze", Recurrence("weekly", weekdays=(0, 1, 2, 3, 4))),
        ("los días laborables", Recurrence("weekly", weekdays=(0, 1, 2, 3, 4))),
        ("jours ouvrables", Recurrence("weekly", weekdays=(0, 1, 2, 3, 4))),
        ("15. dnia miesiąca", Recurrence("monthly", day=15)),
        ("ostatniego dnia miesiąca", Recurrence("monthly", day=LAST_DAY)),
        ("every quarter", Recurrence("monthly", 3)),
        ("co kwartał", Recurrence("monthly", 3)),
        ("trimestral", Recurrence("monthly", 3)),
        ("tous les trimestres", Recurrence("monthly", 3)),
        ("", None),
        ("never", None),
        ("nigdy", None),
    ],
)
def test_words_in(words: str, expected: Recurrence | None) -> None:
    assert read_recurrence(words, TODAY) == expected


@pytest.mark.parametrize(
    "words",
    [
        "sometimes", "every", "every 0 weeks", "every 99999 days", "monthly on the 32nd", "until tomorrow", "3",
        "every monday until yesterdayish", "every monday until 1.1.2020", "every monday 0 times", "daily on the 15th",
        "every monday of january", "workdays monthly", "9" * 400, "every \x1b[31m",
    ],
)  # fmt: skip
def test_what_is_no_recurrence_is_said(words: str) -> None:
    if words == "3":
        assert read_recurrence(words, TODAY) == Recurrence("monthly", day=3)
        return
    with pytest.raises(RecurrenceFault):
        read_recurrence(words, TODAY)


def test_the_31st_is_the_last_day_of_short_months() -> None:
    days = coming(read_rule(Recurrence("monthly", day=31).rule), date(2027, 1, 31), 5)
    assert days == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30), date(2027, 5, 31)]


def test_the_29th_of_february_comes_every_year() -> None:
    found = Recurrence("yearly").anchored(date(2028, 2, 29))
    assert coming(found, date(2028, 2, 29), 3) == [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28)]
    assert date(2032, 2, 29) in coming(found, date(2028, 2, 29), 5)


def test_every_second_week_keeps_its_rhythm() -> None:
    found = Recurrence("weekly", 2, (0,))
    assert coming(found, date(2026, 11, 23), 3) == [date(2026, 11, 23), date(2026, 12, 7), date(2026, 12, 21)]


def test_what_was_missed_does_not_pile_up() -> None:
    mondays = Recurrence("weekly", weekdays=(0,))
    assert following(mondays, date(2026, 10, 26), TODAY) == (date(2026, 11, 23), mondays)


def test_done_early_the_next_is_after_the_day_it_was_due() -> None:
    mondays = Recurrence("weekly", weekdays=(0,))
    assert following(mondays, date(2026, 11, 30), TODAY) == (date(2026, 12, 7), mondays)


def test_so_many_times_and_no_more() -> None:
    found, due = Recurrence("daily", times=3), date(2026, 11, 22)
    days = [due]
    while (after := following(found, due, TODAY)) is not None:
        due, found = after
        days.append(due)
    assert days == [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)]


def test_until_is_the_last_day() -> None:
    found = Recurrence("daily", until=date(2026, 11, 23))
    after = following(found, date(2026, 11, 22), TODAY)
    assert after is not None
    assert after[0] == date(2026, 11, 23)
    assert following(after[1], after[0], TODAY) is None


def test_an_endless_one_ends_with_the_years() -> None:
    assert following(Recurrence("yearly", 366, day=1, month=1), date(2026, 1, 1), TODAY) is None
    assert first_day(Recurrence("daily"), date(2026, 11, 22)) == date(2026, 11, 22)


@pytest.mark.parametrize(
    "rule",
    [
        "", "FREQ=SECONDLY", "FREQ=DAILY;BYHOUR=3", "FREQ=MONTHLY;BYMONTHDAY=1,15", "X", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=MO", "FREQ=DAILY;BYMONTHDAY=13", "FREQ=WEEKLY;BYMONTHDAY=5",
        "FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=5", "FREQ=YEARLY;BYMONTH=4", "FREQ=YEARLY;BYMONTHDAY=5", "FREQ=MONTHLY;BYMONTH=3",
    ],
)  # fmt: skip
def test_other_rules_are_refused(rule: str) -> None:
    with pytest.raises(RecurrenceFault):
        read_rule(rule)


@given(
    every=st.sampled_from(["daily", "weekly", "monthly", "yearly"]),
    apart=st.integers(1, 60),
    times=st.integers(0, 20),
    due=st.dates(date(2020, 1, 1), date(2040, 12, 31)),
)
def test_kept_and_read_again_it_is_the_same(every: str, apart: int, times: int, due: date) -> None:
    found = Recurrence(every, apart, times=times).anchored(due)
    assert read_rule(found.rule) == found
    assert first_day(found, due) == due
    after = following(found, due, due)
    assert after is None or after[0] > due
