"""Tickets: who answers what (SPEC §10)."""
