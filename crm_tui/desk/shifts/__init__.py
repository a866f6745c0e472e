"""Reminders, memos, internal messages and the handover of a shift (SPEC §9)."""
