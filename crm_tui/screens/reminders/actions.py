"""The actions of the board of reminders, of their search, and of its rows wherever they stand."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "reminders"
ROWS = declare(
    Action("board.done", "e", N_("Done"), N_("It is done, or open again"), scope=_SCOPE, show=True, call="reminder_done"),
    Action(
        "board.new", "u,plus", N_("New"), N_("A new reminder"), scope=_SCOPE, show=True, call="new_reminder"
    ),
    Action("board.edit", "E", N_("Edit"), N_("Change the reminder"), scope=_SCOPE, show=True, call="edit_reminder"),
    Action(
        "board.assign", "a", N_("Assign"), N_("Give it to an agent or a department"), scope=_SCOPE, show=True,
        call="assign_reminder",
    ),
    Action(
        "board.day", "D", N_("Day"), N_("Give it another day; an inquiry its planned end"), scope=_SCOPE, show=True,
        call="reminder_day",
    ),
    Action(
        "board.later", "greater_than_sign", N_("Later"), N_("A day later; what is overdue: tomorrow"), scope=_SCOPE,
        call="shift_reminder(1)",
    ),
    Action(
        "board.earlier", "less_than_sign", N_("Earlier"), N_("A day earlier"), scope=_SCOPE, call="shift_reminder(-1)"
    ),
    Action(
        "board.guest", "B", N_("Guest"), N_("The profile of the guest it is about"), scope=_SCOPE, call="reminder_guest"
    ),
    Action(
        "board.remove", "delete", N_("Remove"), N_("Take the reminder away; z brings it back"), scope=_SCOPE,
        call="remove_reminder",
    ),
    Action(
        "board.search", "/", N_("Search"), N_("Find any reminder: later ones, done ones, everybody's"), scope=_SCOPE,
        show=True, call="search_reminders", instead="desk.search",
    ),
)  # fmt: skip

BOARD = declare(
    Action("board.filter", "f", N_("Filter"), N_("Mine, my department's, everybody's, an agent's"), scope=_SCOPE, show=True),
    Action("board.export", "X", N_("Export"), N_("Your open reminders as a calendar file"), scope=_SCOPE),
    Action("board.next-day", "tab", N_("Next day"), N_("To the next day of the board"), scope=_SCOPE, palette=False),
    Action(
        "board.previous-day", "shift+tab", N_("Day before"), N_("To the day before"), scope=_SCOPE, palette=False
    ),
)  # fmt: skip

FOUND = declare(
    Action(
        "board.criteria", "F", N_("Criteria"), N_("By person, department, day, what it is about, done or open"),
        scope=_SCOPE, show=True,
    ),
    Action("board.sort", "o", N_("Sort"), N_("By due day, or the latest first"), scope=_SCOPE),
)  # fmt: skip
