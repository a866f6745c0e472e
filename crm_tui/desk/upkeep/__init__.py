"""Checks, diagnosis, backups (SPEC §15)."""
