"""The actions of the list of reservations and of its forms."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "reservation-list"
LIST = declare(
    Action("reservation-list.search", "/", N_("Search"), N_("Find reservations as you type: code, guest, destination, room, operator"), scope=_SCOPE, show=True, call="find", instead="desk.search"),
    Action("reservation-list.filter", "f", N_("Filter"), N_("Choose by status, channel, operator, days, what is unpaid"), scope=_SCOPE, show=True),
    Action("reservation-list.which", "U", N_("Which"), N_("Those that have not ended, all open ones, all"), scope=_SCOPE, show=True),
    Action("reservation-list.new", "n", N_("New"), N_("A new reservation"), scope=_SCOPE, show=True, instead="desk.compose"),
    Action("reservation-list.status", "s", N_("Status"), N_("Option, confirmed, cancelled, completed, no-show"), scope=_SCOPE, show=True),
    Action("reservation-list.edit", "E", N_("Edit"), N_("Change the reservation"), scope=_SCOPE, show=True),
    Action("reservation-list.pay", "p", N_("Payment"), N_("Record a payment"), scope=_SCOPE, show=True),
    Action("reservation-list.remind", "u", N_("Reminder"), N_("A reminder about the reservation"), scope=_SCOPE),
    Action("reservation-list.log", "L", N_("Log"), N_("Log a phone call or another event with the holder"), scope=_SCOPE),
    Action("reservation-list.export", "X", N_("Export"), N_("Write the reservations to a file"), scope=_SCOPE),
    Action("reservation-list.sort", "o", N_("Sort"), N_("By arrival, departure, code, or the newest first"), scope=_SCOPE),
    Action("reservation-list.mark-all", "ctrl+a", N_("Mark all"), N_("Mark all that were found"), scope=_SCOPE),
)  # fmt: skip

FILTER = declare(
    Action(
        "reservation-filter.clear-all", "ctrl+u", N_("Clear"), N_("The filter of reservations: ask for nothing"),
        scope="form", show=True, priority=True, instead="guest-filter.clear-all",
    ),
)  # fmt: skip

IMPORT = declare(
    Action("reservation-import.take-in", "ctrl+s", N_("Import"), N_("Import the rows that are right"), scope="reservation-import", show=True, priority=True),
    Action("reservation-import.try", "d", N_("Dry run"), N_("See again what an import would do; nothing is stored"), scope="reservation-import", show=True),
)  # fmt: skip
