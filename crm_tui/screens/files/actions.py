"""The actions of files."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("files.open", "plus", N_("Open a file"), N_("Choose a file with guests or reservations to import"), scope="files", show=True),
    Action("files.dry-run", "d", N_("Dry run"), N_("See what an import would do; nothing is stored"), scope="files", show=True),
    Action("files.take-in", "ctrl+s", N_("Import"), N_("Import the rows that are right"), scope="files", show=True, priority=True),
    Action("files.reading", "E", N_("Encoding"), N_("Choose how the file is read: encoding and delimiter"), scope="files"),
    Action("files.days", "D", N_("Days"), N_("Turn day and month round in this column"), scope="files"),
    Action("files.save", "s", N_("Save errors"), N_("Save the rows that are wrong in a file, to be mended"), scope="files", show=True),
    Action("files.export", "X", N_("Export"), N_("Export all guests into a file"), scope="files", show=True),
    Action("files.pane", "tab", N_("Other list"), N_("From the columns to the result and back"), scope="files", palette=False),
)  # fmt: skip
