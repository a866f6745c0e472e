"""Screens of payment reminders."""
