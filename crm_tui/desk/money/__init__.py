"""Folios, schedules, payments and statements (SPEC §7)."""
