"""What comes back: every day, every second Monday, on the 15th of each month, once a year (SPEC §9). Pure.

A recurrence is kept as the RRULE of RFC 5545, so that a calendar reads it as well. It names its days itself and needs no
beginning: the 31st of a month, or the 29th of February, is the month's last day where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from crm_tui.rules.days import LAST

FREQUENCIES = ("daily", "weekly", "monthly", "yearly")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TIMES = 999
MOST_APART = 366
"""The largest number of days, weeks, months or years between two."""
LAST_DAY = -1
_MISSED = 20_000
"""As many days are looked at to pass over what was missed: more than fifty years of every day."""


class RecurrenceFault(ValueError):
    """What is wrong with a recurrence: ``words`` (they are not understood), ``day``, ``number``, ``until``, ``rule``."""

    def __init__(self, kind: str, given: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.given = given


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a reminder comes back.

    Attributes:
        every: daily, weekly, monthly or yearly.
        apart: so many days, weeks, months or years lie between two.
        weekdays: of a weekly one, 0 is Monday; in order.
        day: of a monthly or yearly one: the day of the month; -1 is its last.
        month: of a yearly one.
        until: the last day it may fall on.
        times: how often it is still to come, this time included; 0: without an end.
    """

    every: str
    apart: int = 1
    weekdays: tuple[int, ...] = ()
    day: int = 0
    month: int = 0
    until: date | None = None
    times: int = 0

    def __post_init__(self) -> None:
        if self.every not in FREQUENCIES:
            raise RecurrenceFault("rule", self.every)
        if not 1 <= self.apart <= MOST_APART:
            raise RecurrenceFault("number", str(self.apart))
        if not 0 <= self.times <= MOST_TIMES:
            raise RecurrenceFault("number", str(self.times))
        if not (self.day == LAST_DAY or 0 <= self.day <= 31):
            raise RecurrenceFault("day", str(self.day))

    def anchored(self, due: date) -> Recurrence:
        """With the days that were not said taken from the day that it begins on."""
        if self.every == "weekly" and not self.weekdays:
            return replace(self, weekdays=(due.weekday(),))
        if self.every == "yearly" and not self.month:
            return replace(self, month=due.month, day=self.day or due.day)
        if self.every in ("monthly", "yearly") and not self.day:
            return replace(self, day=due.day)
        return self

    @property
    def rule(self) -> str:
        """The RRULE, RFC 5545 §3.3.10."""
        parts = [f"FREQ={self.every.upper()}"]
        if self.apart > 1:
            parts.append(f"INTERVAL={self.apart}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(WEEKDAYS[one] for one in self.weekdays))
        if self.month:
            parts.append(f"BYMONTH={self.month}")
        if self.day > 28:
            parts += ["BYMONTHDAY=" + ",".join(str(one) for one in range(28, self.day + 1)), "BYSETPOS=-1"]
        elif self.day:
            parts.append(f"BYMONTHDAY={self.day}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        if self.times:
            parts.append(f"COUNT={self.times}")
        return ";".join(parts)


def read_rule(rule: str) -> Recurrence:
    """The recurrence of an RRULE as :attr:`Recurrence.rule` writes them.

    Raises:
        RecurrenceFault: it is none, or it says what a reminder cannot do.
    """
    fields = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    try:
        until = fields.pop("UNTIL", "")
        days = [int(one) for one in fields.pop("BYMONTHDAY", "0").split(",")]
        if fields.pop("BYSETPOS", "-1") != "-1" or (len(days) > 1 and days != [*range(28, max(days) + 1)]):
            raise RecurrenceFault("rule", rule)
        found = Recurrence(
            fields.pop("FREQ", "").lower(),
            int(fields.pop("INTERVAL", "1")),
            tuple(sorted(WEEKDAYS.index(one) for one in fields.pop("BYDAY", "").split(",") if one)),
            max(days),
            int(fields.pop("BYMONTH", "0")),
            datetime.strptime(until[:8], "%Y%m%d").date() if until else None,  # noqa: DTZ007 -- a day has no zone
            int(fields.pop("COUNT", "0")),
        )
    except (ValueError, OverflowError) as error:
        raise RecurrenceFault("rule", rule) from error
    if fields or not _fits(found):
        raise RecurrenceFault("rule", rule)
    return found


def _fits(found: Recurrence) -> bool:
    """Whether its days are of the kind that it names: what :attr:`Recurrence.rule` never writes means something else."""
    if found.weekdays and found.every != "weekly":
        return False
    if found.every == "yearly":
        return bool(found.month) == bool(found.day) and 0 <= found.month <= 12
    return not found.month and (not found.day or found.every == "monthly")


def days_of(recurrence: Recurrence, start: date) -> Iterator[date]:
    """The days it falls on from a day on; endless ones end with the years that a day may be of. Take only as many as needed."""
    from dateutil.rrule import rrulestr

    # how often it comes is reckoned from the day it is due, which need not be one of its days if it was moved
    rule = replace(recurrence.anchored(start), times=0).rule
    for moment in rrulestr(f"RRULE:{rule}", dtstart=datetime(start.year, start.month, start.day)):  # noqa: DTZ001
        if moment.year > LAST:
            return
        yield moment.date()


def first_day(recurrence: Recurrence, start: date) -> date | None:
    """The first day it falls on, from a day on; None: it has ended before."""
    return next(days_of(recurrence, start), None)


def following(recurrence: Recurrence, due: date, today: date) -> tuple[date, Recurrence] | None:
    """When the next of a series is due, once this one is done, and how it comes back from there.

    What was missed does not pile up: it is the first day after ``due`` that is not over yet.

    Returns:
        The day and the recurrence with so many times less; None: this was the last.
    """
    passed = 0
    for day in islice(days_of(recurrence, due), _MISSED):
        if day <= due:
            continue
        passed += 1
        if recurrence.times and passed >= recurrence.times:
            return None
        if day >= today:
            return day, replace(recurrence.anchored(due), times=recurrence.times - passed if recurrence.times else 0)
    return None


def coming(recurrence: Recurrence, start: date, most: int) -> list[date]:
    """The next days, at most so many: for showing them."""
    return list(islice(days_of(recurrence, start), min(most, recurrence.times or most)))
