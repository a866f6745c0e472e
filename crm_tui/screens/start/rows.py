"""How departures, payments, reminders and complaints look in the panels of the start screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from rich.cells import cell_len

from crm_tui.base.i18n import _, language
from crm_tui.desk.quality.feedback_views import FeedbackView
from crm_tui.desk.shifts.reminder_views import BoardRow
from crm_tui.desk.watchlists.departure_views import DepartureRow
from crm_tui.desk.watchlists.payment_watch_views import PaymentRow
from crm_tui.rules.vocabulary import FlightState
from crm_tui.screens.base import Shell
from crm_tui.screens.departures.rows import LOOKS, UNSURE, DepartureRowView, unsure
from crm_tui.screens.departures.rows import signs as departure_signs
from crm_tui.screens.payments.rows import PaymentRowView
from crm_tui.screens.reminders.rows import SIGNS, ReminderRowView
from crm_tui.screens.reminders.rows import signs as reminder_signs
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, weekday
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

DEPARTURE_FROM, PAYMENT_FROM, REMINDER_FROM = 56, 50, 60
"""Cells of a row from which it looks as on its own screen; with fewer it says the same in fewer words."""


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

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._whole = DepartureRowView(shell)

    def parts(self, row: DepartureRow, width: int) -> list[Part]:
        """State, day and hour at the airport, flight, way, holder; informed by whom and when."""
        if width >= DEPARTURE_FROM:
            return self._whole.parts(row, width)
        known = row.state == FlightState.INFORMED
        sign = LOOKS[row.state]
        when = f"{self.short(row.departs.date())} {row.local[11:16]}" + (UNSURE if unsure(row) else "")
        flight = "→".join((row.from_airport or "?", row.airports[-1] or "?"))
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
            return _("again")
        if row.state == FlightState.INFORMED and row.informed_at is not None:
            return f"{cut(row.informed_by, max(4, width // 8))} {row.informed_at.astimezone(self.shell.zone):%H:%M}"
        return ""


class PaymentView(_View):
    """Draws what is due: the letters, since when, who, how much."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._whole = PaymentRowView(shell, lambda: self.today)

    def parts(self, row: PaymentRow, width: int) -> list[Part]:
        """Letters Z and D, due day, holder and code, what is missing."""
        if width >= PAYMENT_FROM:
            return self._whole.parts(row, width)
        when = ("! " if row.overdue else "  ") + self.short(row.due)
        amount = row.missing_now.written(language())
        room = width - 3 - 10 - 1 - cell_len(amount) - 1
        name = row.holder or row.code
        code = f"  {row.code}" if row.holder and room > cell_len(name) + cell_len(row.code) + 3 else ""
        return [
            (fit(row.letters, 2) + " ", "key"),
            (fit(when, 9) + " ", "bad" if row.overdue else "muted"),
            (cut(name, max(0, room - cell_len(code))), "strong"),
            (fit(code, max(0, room - cell_len(cut(name, max(0, room - cell_len(code)))))), "muted"),
            (" ", ""),
            (amount + " ", "warn" if row.overdue else ""),
        ]


class ReminderView(_View):
    """Draws reminders and inquiries by their day."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._whole = ReminderRowView(lambda: self.today, dated=True)

    def parts(self, row: BoardRow, width: int) -> list[Part]:
        """Sign, day, title; where there is room what it is about, and who is to do it."""
        if width >= REMINDER_FROM:
            return self._whole.parts(row, width)
        late = row.bucket == "overdue"
        when = ("! " if late else "  ") + (_("today") if row.bucket == "today" else self.short(row.due))
        title = row.title or _("inquiry {number}").format(number=row.number)
        title += f" · {row.detail}" if row.detail else ""
        return [
            (f"{SIGNS[row.kind][0]} ", SIGNS[row.kind][1]),
            (fit(when, 9) + " ", "bad" if late else "warn" if row.bucket == "today" else "muted"),
            (fit(title, max(0, width - 12)), "strong" if row.mine else ""),
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
        *departure_signs(),
        ("Z D", _("a deposit, a balance is missing")),
        *reminder_signs(),
        ("✕", _("a complaint that nobody resolved")),
    ]
