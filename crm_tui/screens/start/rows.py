"""How departures, payments, reminders and complaints look in the panels of the start screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rich.cells import cell_len

from crm_tui.base.i18n import _, language
from crm_tui.desk.departure_views import DepartureRow
from crm_tui.desk.feedback_views import FeedbackView
from crm_tui.desk.payment_watch_views import PaymentRow
from crm_tui.desk.reminder_views import BoardRow
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, weekday
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

INFORMED, TO_INFORM, AGAIN = "✔", "○", "↻"
_NARROW = 46


class _View:
    """Knows the time; an empty panel says so in its title, not here."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def empty(self) -> Sequence[Part]:
        """Nothing."""
        return []

    @property
    def today(self) -> date:
        """The property's day."""
        return self.shell.clock.now().astimezone(self.shell.zone).date()

    def short(self, on: date) -> str:
        """A day near by its weekday, else by day and month."""
        return weekday(on) if 0 <= (on - self.today).days < 7 else day(on, self.today)


class DepartureView(_View):
    """Draws departures: whether the guests know, when, where to, who, and who told them."""

    def parts(self, row: DepartureRow, width: int) -> list[Part]:
        """State, day and hour at the airport, flight, way, holder; informed by whom and when."""
        known = row.state == FlightState.INFORMED
        sign: Part = {
            FlightState.INFORMED: (INFORMED, "good"),
            FlightState.AGAIN: (AGAIN, "warn strong"),
        }.get(row.state, (TO_INFORM, "accent strong"))
        when = f"{self.short(row.departs.date())} {row.departs:%H:%M}" + ("" if row.zone_known else "?")
        way = "→".join((row.from_airport or "?", row.airports[-1] or "?"))
        flight = f"{row.number} {way}" if width >= _NARROW else way
        beside = self._beside(row, width)
        when = fit(when, max(10, cell_len(when)))
        room = width - 2 - cell_len(when) - 1 - cell_len(flight) - 2 - (cell_len(beside) + 1 if beside else 0)
        who = row.holder or row.code
        return [
            (sign[0] + " ", sign[1]),
            (when + " ", "muted" if known else "warn" if self._soon(row.departs) else ""),
            (flight + "  ", "muted" if known else "accent"),
            (fit(who, max(0, room)), "muted" if known else "strong"),
            (" " + beside if beside else "", "good" if known else "warn"),
        ]

    def _soon(self, departs: datetime) -> bool:
        return departs.date() <= self.today

    def _beside(self, row: DepartureRow, width: int) -> str:
        if row.state == FlightState.AGAIN:
            return _("inform again") if width >= _NARROW else _("again")
        if row.state == FlightState.INFORMED and row.informed_at is not None:
            return cut(f"{row.informed_by} {row.informed_at.astimezone(self.shell.zone):%H:%M}", max(8, width // 4))
        return cut(row.phone, 16) if width >= 60 else ""


class PaymentView(_View):
    """Draws what is due: the letters, since when, who, how much."""

    def parts(self, row: PaymentRow, width: int) -> list[Part]:
        """Letters Z and D, due day, holder and code, what is missing."""
        when = ("! " if row.overdue else "  ") + self.short(row.due)
        amount = row.missing_now.written(language())
        told = ""
        if row.last_notice is not None and width >= _NARROW:
            told = "✉" if row.notice_channel == "mail" else "☏"
            told += age(row.last_notice, self.shell.clock.now(), self.shell.zone).replace(" ", "") + " "
        room = width - 3 - 10 - 1 - cell_len(amount) - 1 - cell_len(told)
        name = row.holder or row.code
        code = f"  {row.code}" if row.holder and room > cell_len(name) + cell_len(row.code) + 3 else ""
        return [
            (fit(row.letters, 2) + " ", "key"),
            (fit(when, 9) + " ", "bad" if row.overdue else "muted"),
            (cut(name, max(0, room - cell_len(code))), "strong"),
            (fit(code, max(0, room - cell_len(cut(name, max(0, room - cell_len(code)))))), "muted"),
            (" " + told, "muted"),
            (amount + " ", "warn" if row.overdue else ""),
        ]


class ReminderView(_View):
    """Draws reminders and inquiries by their day."""

    def parts(self, row: BoardRow, width: int) -> list[Part]:
        """Sign, day, title, what it is about, who is to do it."""
        late = row.bucket == "overdue"
        when = ("! " if late else "  ") + (_("today") if row.bucket == "today" else self.short(row.due))
        who = cut(row.who, 8) if width >= _NARROW else ""
        about = "" if row.kind == "inquiry" else " · ".join(link.title for link in row.links[:1])
        title = row.title or _("inquiry {number}").format(number=row.number)
        title += f" · {row.detail}" if row.detail else ""
        room = width - 2 - 10 - (cell_len(who) + 1 if who else 0)
        words = cut(title, room)
        rest = room - cell_len(words)
        return [
            ("◷ " if row.kind == "reminder" else "⌂ ", "accent" if row.mine else "muted"),
            (fit(when, 9) + " ", "bad" if late else "warn" if row.bucket == "today" else "muted"),
            (words, "strong" if row.mine else ""),
            (fit("  " + about if about and rest > 6 else "", rest), "muted"),
            (" " + who if who else "", "muted"),
        ]


class ComplaintView(_View):
    """Draws open complaints: since when, whose, what about."""

    def parts(self, row: FeedbackView, width: int) -> list[Part]:
        """Age, face, guest and room, what was said."""
        at = age(row.at, self.shell.clock.now(), self.shell.zone, self.shell.settings.spell_days)
        who = cut(row.title, max(12, width * 34 // 100))
        said = " · ".join(part for part in (row.code, " ".join(row.comment.split())) if part)
        room = width - 2 - 8 - cell_len(who) - 2
        return [
            ("✕ ", "bad"),
            (fit(at, 7, right=True) + " ", "warn"),
            (who + "  ", "strong"),
            (fit(said, max(0, room)), ""),
        ]


def signs() -> list[tuple[str, str]]:
    """The signs and what they mean, for the help."""
    return [
        (TO_INFORM, _("the guests do not know the times of their flight yet")),
        (AGAIN, _("the times changed after they were told")),
        (INFORMED, _("they were told, by whom and when")),
        ("Z D", _("a deposit, a balance is missing")),
        ("!", _("overdue")),
        ("◷ ⌂", _("a reminder, an inquiry by its planned end")),
        ("✕", _("a complaint that nobody resolved")),
    ]
