"""Reminders: the board, the search, the form that makes and changes one (SPEC §9)."""
