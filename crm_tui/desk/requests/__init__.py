"""Inquiries, their guests, and whom to recall (SPEC §4)."""
