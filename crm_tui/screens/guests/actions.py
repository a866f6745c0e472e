"""The actions of the list of guests and of its filter."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

_SCOPE = "guest-list"
LIST = declare(
    Action("guest-list.search", "/", N_("Search"), N_("Find guests as you type: name, number, mail, birthday"), scope=_SCOPE, show=True, call="find", instead="desk.search"),
    Action("guest-list.filter", "f", N_("Filter"), N_("Choose by trip, value, attributes, consents and more"), scope=_SCOPE, show=True),
    Action("guest-list.kind", "U", N_("Kind"), N_("All, only persons, only companies"), scope=_SCOPE, show=True),
    Action("guest-list.new-person", "n", N_("New"), N_("A new guest"), scope=_SCOPE, show=True, call="new('person')", instead="desk.compose"),
    Action("guest-list.new-company", "N", N_("Company"), N_("A new company"), scope=_SCOPE, call="new('company')", instead="desk.inquiry"),
    Action("guest-list.tag", "T", N_("Tag"), N_("Put attributes on the guests, or take them off"), scope=_SCOPE, show=True),
    Action("guest-list.edit", "E", N_("Edit"), N_("Change what is known of the guest"), scope=_SCOPE),
    Action("guest-list.package", "P", N_("Package"), N_("Put the guests into a package"), scope=_SCOPE),
    Action("guest-list.merge", "M", N_("Merge"), N_("Merge the marked guests"), scope=_SCOPE),
    Action("guest-list.export", "X", N_("Export"), N_("Write the guests to a file"), scope=_SCOPE),
    Action("guest-list.archive", "A", N_("Archive"), N_("Put the guests away, or take them back"), scope=_SCOPE),
    Action("guest-list.mark-all", "ctrl+a", N_("Mark all"), N_("Mark all that were found"), scope=_SCOPE),
    Action("guest-list.mark-down", "shift+down", N_("Mark on"), N_("Mark from here downwards"), scope=_SCOPE, call="mark_range(1)"),
    Action("guest-list.mark-up", "shift+up", N_("Mark back"), N_("Mark from here upwards"), scope=_SCOPE, call="mark_range(-1)"),
    Action("guest-list.keep", "ctrl+s", N_("Keep"), N_("Keep search and filter as a view"), scope=_SCOPE, show=True),
    Action("guest-list.sort", "o", N_("Sort"), N_("By name, or the newest first"), scope=_SCOPE),
)  # fmt: skip

FILTER = declare(
    Action(
        "guest-filter.clear-all", "ctrl+u", N_("Clear"), N_("The filter of guests: ask for nothing"),
        scope="form", show=True, priority=True,
    ),
)  # fmt: skip
