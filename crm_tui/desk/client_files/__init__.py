"""Guests from files and into files (SPEC §6, import and export)."""
