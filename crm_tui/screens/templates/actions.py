"""The actions of the templates and of their editor."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LIST = declare(
    Action("templates.new", "plus", N_("New"), N_("Write a new template"), scope="templates", show=True),
    Action("templates.edit", "enter", N_("Edit"), N_("Change the template"), scope="templates", show=True),
    Action("templates.copy", "y", N_("Copy"), N_("A new template from this one, for another language"), scope="templates"),
    Action("templates.filter", "f", N_("Filter"), N_("Find by a few letters"), scope="templates", show=True),
    Action(
        "templates.language", ">", N_("Language"), N_("Only the next language"), scope="templates", show=True,
        call="language(1)",
    ),
    Action(
        "templates.language-back", "<", N_("Language"), N_("Only the language before"), scope="templates",
        call="language(-1)", palette=False,
    ),
    Action("templates.archive", "delete", N_("Archive"), N_("Put it away; z brings it back"), scope="templates", show=True),
    Action("templates.archived", "f3", N_("Archived"), N_("Show those put away, or those in use"), scope="templates", show=True),
    Action("templates.restore", "u", N_("Use again"), N_("Take it out of the archive"), scope="templates", show=True),
)  # fmt: skip

EDITOR = declare(
    Action(
        "template.variable", "ctrl+t", N_("Variable"), N_("Put a variable where the cursor is"),
        scope="template", show=True, priority=True,
    ),
    Action("template.save", "ctrl+s", N_("Save"), N_("Save the template"), scope="template", show=True, priority=True),
    Action(
        "template.preview", "f8", N_("Preview"), N_("See what it becomes for the sample guest or the conversation"),
        scope="template", show=True, priority=True,
    ),
    Action("template.fault", "f4", N_("Fault"), N_("Go to the line that is wrong"), scope="template", show=True, priority=True),
)  # fmt: skip
