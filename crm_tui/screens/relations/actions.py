"""The actions of guest relations."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

FEEDBACK = "relations"

NEW = declare(
    Action("relations.complaint", "U", N_("Feedback"), N_("Write a complaint or a compliment down"), scope=FEEDBACK, show=True, call="feedback"),
    Action("relations.cost", "Q", N_("Cost of quality"), N_("Write down what a guest is given for an occasion"), scope=FEEDBACK, show=True, call="quality_cost"),
    Action("relations.other", "tab,shift+tab", N_("Other list"), N_("Feedback, or costs of quality"), scope=FEEDBACK),
)  # fmt: skip

ROWS = declare(
    Action("relations.resolve", "e", N_("Resolve"), N_("What was done, what was given; of resolved feedback change that"), scope=FEEDBACK, show=True),
    Action("relations.reopen", "O", N_("Open again"), N_("It is not settled after all"), scope=FEEDBACK),
    Action("relations.edit", "E", N_("Edit"), N_("Change what was written down"), scope=FEEDBACK),
    Action("relations.guest", "B", N_("Guest"), N_("The profile of the guest"), scope=FEEDBACK),
    Action("relations.stay", "v", N_("Stay"), N_("The reservation, or the conversation, that it is about"), scope=FEEDBACK),
    Action("relations.remind", "u", N_("Reminder"), N_("A reminder about it"), scope=FEEDBACK),
    Action("relations.remove", "delete", N_("Remove"), N_("Take it away; the journal keeps that it was there"), scope=FEEDBACK),
)  # fmt: skip

LIST = declare(
    Action("relations.filter", "f", N_("Filter"), N_("What is open, resolved, of one code…"), scope=FEEDBACK),
    Action("relations.sort", "o", N_("Sort"), N_("Newest, oldest, by code, by room"), scope=FEEDBACK),
    Action("relations.export", "X", N_("Export"), N_("Write the list to a CSV file"), scope=FEEDBACK),
)  # fmt: skip
