"""Duplicates: found, merged, taken apart again (SPEC §6)."""
