"""The actions of the departure watchlist. What it shares with a reservation's screen has the same keys."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "departures"
ON_ROWS = declare(
    Action("departures.informed", "I", N_("Informed"), N_("The guests were told the times of the flight"), scope=_SCOPE, show=True),
    Action("departures.times", "E", N_("Times"), N_("Change when the flight leaves and lands"), scope=_SCOPE, show=True),
    Action("departures.log", "L,l", N_("Log"), N_("Log a phone call or another event with the holder"), scope=_SCOPE, show=True),
    Action("departures.write", "r,w", N_("Write"), N_("Write a mail about the flight to the holder"), scope=_SCOPE, show=True, call="write_mail"),
    Action("departures.remind", "u", N_("Reminder"), N_("A reminder for this reservation"), scope=_SCOPE, call="remind_me"),
    Action("departures.memo", "c", N_("Memo"), N_("Write a memo on the reservation; it is never sent"), scope=_SCOPE),
    Action("departures.guest", "B", N_("Guest"), N_("Open the holder's profile"), scope=_SCOPE),
    Action("departures.uninform", "delete", N_("Not informed"), N_("They were not told after all"), scope=_SCOPE),
)  # fmt: skip
LIST = declare(
    Action("departures.filter", "f", N_("Filter"), N_("Choose by state, operator, destination, name or flight"), scope=_SCOPE, show=True),
    Action("departures.sort", "o", N_("Sort"), N_("By departure, to be told first, name, or operator"), scope=_SCOPE, show=True),
    Action("departures.export", "X", N_("Export"), N_("Write the list to a CSV file"), scope=_SCOPE),
)  # fmt: skip
