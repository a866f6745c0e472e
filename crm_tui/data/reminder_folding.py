"""The title of a reminder as the search folds it, kept by the database (SQLite), so that no way of writing can forget it."""

from __future__ import annotations

TRIGGERS = (
    "CREATE TRIGGER reminder_fold_new AFTER INSERT ON reminder WHEN NEW.folded <> crm_fold(NEW.title) BEGIN "
    "UPDATE reminder SET folded = crm_fold(title) WHERE id = NEW.id; END",
    "CREATE TRIGGER reminder_fold_changed AFTER UPDATE OF title ON reminder WHEN NEW.folded <> crm_fold(NEW.title) BEGIN "
    "UPDATE reminder SET folded = crm_fold(title) WHERE id = NEW.id; END",
)

FILL = "UPDATE reminder SET folded = crm_fold(title)"
"""Folds those of an older store."""
