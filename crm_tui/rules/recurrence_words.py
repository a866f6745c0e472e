"""A recurrence as people say it: ``every Monday``, ``co 2 tygodnie``, ``monthly on the 15th``, ``tous les jours``. Pure.

All languages of the desk are read, whatever the agent's: the words are taken one by one, so that their order does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from crm_tui.rules.day_words import folded, month_word, read_day_words, weekday_word
from crm_tui.rules.days import DayFault
from crm_tui.rules.recurrence import LAST_DAY, MOST_APART, MOST_TIMES, Recurrence, RecurrenceFault

_UNITS = {
    "daily": "day days dia dias dzien dni dziennie jour jours tag tage",
    "weekly": "week weeks semana semanas tydzien tygodnie tygodni semaine semaines woche wochen",
    "monthly": "month months mes meses miesiac miesiaca miesiace miesiecy mois monat monate",
    "yearly": "year years ano anos rok lata lat roku an ans annee annees jahr jahre",
}
_ALWAYS = {
    "daily": "daily everyday diario diaria diariamente codziennie quotidien quotidiennement taglich",
    "weekly": "weekly semanal semanalmente cotygodniowo tygodniowo hebdomadaire wochentlich",
    "monthly": "monthly mensual mensualmente comiesiecznie miesiecznie mensuel mensuellement monatlich",
    "yearly": "yearly annually anual anualmente corocznie rocznie annuel annuellement jahrlich",
}
_QUARTERLY = (
    "quarter quarters quarterly trimestre trimestres trimestral trimestralmente kwartal kwartaly kwartalnie trimestriel "
    "trimestriellement quartal vierteljahrlich"
)
_COUNTED = {
    2: "two dos dwa dwie deux zwei",
    3: "three tres trzy trois drei",
    4: "four cuatro cztery quatre vier",
    6: "six seis szesc sechs",
}
_WORKDAYS = "weekday weekdays workday workdays laborable laborables roboczy robocze ouvrable ouvrables ouvres werktag"
_OTHER = "other second co-drugi drugi drugie druga otra otro"
_LAST = "last ultimo ultima ostatni ostatniego dernier derniere letzten"
_NOISE = (
    "every each cada todo todos toda todas los las el la le les de del du des of the on w we co kazdy kazda kazde kazdego "
    "chaque tous toutes a al au i y e et and und at jeden jede jedes am dniu dnia repeats czyli"
)
_FOREVER = frozenset(("no", "never", "once", "nunca", "nigdy", "nie", "jamais", "non", "-", "–"))
_UNTIL = re.compile(r"\b(?:until|till|hasta(?:\s+el)?|az\s+do|do|jusqu'?\s?(?:au|a|en)|bis)\s+(?P<day>.+)$")
_TIMES = re.compile(r"\b(?:x\s*(?P<x>\d{1,6})|(?P<n>\d{1,6})\s*(?:times|x|veces|vez|razy|raz|fois|mal))\b")
_ORDINAL = re.compile(r"(\d{1,4})\.?(?:st|nd|rd|th|go|ego|-go|er|o|º)?")


def read_recurrence(text: str, today: date) -> Recurrence | None:
    """What these words mean; None: nothing comes back (they are empty, or say *never*).

    Days that are not said are left open: :meth:`Recurrence.anchored` takes them from the first day.

    Raises:
        RecurrenceFault: they are not understood.
    """
    plain = folded(text).replace(",", " ").replace(";", " ")
    if not plain or plain in _FOREVER:
        return None
    plain, until = _until(plain, text, today)
    plain, times = _times(plain, text)
    return _Reading(text).recurrence(plain.split(), until, times)


def _until(plain: str, text: str, today: date) -> tuple[str, date | None]:
    found = _UNTIL.search(plain)
    if found is None:
        return plain, None
    try:
        day = read_day_words(found["day"], today)
    except DayFault:
        raise RecurrenceFault("until", text) from None
    if day < today:
        raise RecurrenceFault("until", text)
    return plain[: found.start()].strip(), day


def _times(plain: str, text: str) -> tuple[str, int]:
    found = _TIMES.search(plain)
    if found is None:
        return plain, 0
    times = int(found["x"] or found["n"])
    if not 1 <= times <= MOST_TIMES:
        raise RecurrenceFault("number", text)
    return f"{plain[: found.start()]} {plain[found.end() :]}", times


class _Reading:
    """Takes the words one by one and puts together what they say."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._every = ""
        self._apart = 0
        self._weekdays: set[int] = set()
        self._day = self._month = 0
        self._workdays = False

    def recurrence(self, words: list[str], until: date | None, times: int) -> Recurrence:
        """All of it."""
        for word, before_unit in _looking_ahead(words):
            self._take(word, before_unit)
        if self._weekdays and (not self._every or (self._workdays and self._every == "daily" and not self._apart)):
            self._every = "weekly"
        if self._month and self._every in ("", "monthly"):
            self._every = "yearly"
        if self._day and not self._every:
            self._every = "monthly"
        every = self._every
        fits = (not self._weekdays or every == "weekly") and (not self._day or every in ("monthly", "yearly"))
        if not every or not fits or (self._month and (every != "yearly" or not self._day)):
            raise RecurrenceFault("words", self._text)
        return Recurrence(every, self._apart or 1, tuple(sorted(self._weekdays)), self._day, self._month, until, times)

    def _take(self, word: str, before_unit: bool) -> None:
        if word in _WORKDAYS.split():
            self._weekdays |= {0, 1, 2, 3, 4}
            self._workdays = True
        elif word in _QUARTERLY.split():
            self._unit("monthly")
            self._number(3, apart=True)
        elif before_unit and (counted := _counted(word)):
            self._number(counted, apart=True)
        elif unit := _unit(word):
            self._unit(unit)
        elif word in _OTHER.split():
            self._number(2, apart=True)
        elif word in _LAST.split():
            self._day = LAST_DAY
        elif (weekday := weekday_word(word)) is not None:
            self._weekdays.add(weekday)
        elif number := _ORDINAL.fullmatch(word):
            self._number(int(number[1]), apart=before_unit)
        elif (month := month_word(word)) is not None:
            self._month = month
        elif word not in _NOISE.split():
            raise RecurrenceFault("words", self._text)

    def _unit(self, unit: str) -> None:
        if self._day == LAST_DAY and unit == "daily" and not self._every:
            return  # the last day (of each month)
        if self._every and unit == "daily":
            return  # the last day, the day of the month
        if self._every and self._every != unit:
            raise RecurrenceFault("words", self._text)
        self._every = unit

    def _number(self, number: int, *, apart: bool) -> None:
        if apart:
            if not 1 <= number <= MOST_APART:
                raise RecurrenceFault("number", self._text)
            self._apart = number
        elif 1 <= number <= 31 and not self._day:
            self._day = number
        else:
            raise RecurrenceFault("day", self._text)


def _looking_ahead(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Each word, and whether a unit or a weekday follows it: then a number says how far apart they are."""
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        yield word, bool(_unit(after)) or weekday_word(after) is not None or after in _WORKDAYS.split()


def _counted(word: str) -> int:
    """The number that a word says; 0: none."""
    return next((number for number, known in _COUNTED.items() if word in known.split()), 0)


def _unit(word: str) -> str:
    for names in (_UNITS, _ALWAYS):
        for unit, known in names.items():
            if word in known.split():
                return unit
    return ""
