"""The actions of the screens about money."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

SCHEDULE = declare(
    Action("schedule.payment", "p", N_("Payment"), N_("Record a payment; what is missing is filled in"), scope="schedule", show=True),
    Action("schedule.edit", "E", N_("Edit"), N_("Change the line: kind, day, amount, with a reason"), scope="schedule", show=True),
    Action("schedule.add", "plus", N_("Add"), N_("One more line"), scope="schedule", show=True),
    Action("schedule.remove", "delete", N_("Remove"), N_("Take the line out, with a reason"), scope="schedule", show=True),
    Action("schedule.anew", "A", N_("By the terms"), N_("Make the schedule anew from the terms, after a look"), scope="schedule", show=True),
)  # fmt: skip

OPERATORS = declare(
    Action("operators.terms", "T", N_("Terms"), N_("Change what is due when"), scope="operators", show=True),
    Action("operators.add", "n", N_("New"), N_("A new operator"), scope="operators", show=True, instead="desk.compose"),
    Action("operators.edit", "E", N_("Edit"), N_("Name, contact, days that flights are watched"), scope="operators", show=True),
    Action("operators.remove", "delete", N_("Remove"), N_("Take the operator off the list"), scope="operators", show=True),
)  # fmt: skip

TERMS = declare(
    Action("terms.save", "ctrl+s", N_("Save"), N_("Save these terms"), scope="terms", show=True),
    Action("terms.add", "plus", N_("Add"), N_("One more line"), scope="terms", show=True),
    Action("terms.edit", "E", N_("Edit"), N_("Change the line"), scope="terms", show=True),
    Action("terms.remove", "delete", N_("Remove"), N_("Take the line out"), scope="terms", show=True),
)  # fmt: skip

STATEMENT = declare(
    Action("statement.confirm", "y", N_("Book it"), N_("Book the line as a payment of the proposed reservation"), scope="statement", show=True),
    Action("statement.other", "a", N_("Another"), N_("Choose another reservation for the line"), scope="statement", show=True),
    Action("statement.aside", "x", N_("Not ours"), N_("Put the line aside: it pays no reservation"), scope="statement", show=True),
    Action("statement.paste", "v", N_("Paste"), N_("A box to paste bank lines into; pasting onto the list does too"), scope="statement", show=True),
)  # fmt: skip
