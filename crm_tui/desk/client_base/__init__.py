"""Guests and companies: their fields, lists, profile and events (SPEC §6)."""
