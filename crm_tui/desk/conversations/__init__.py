"""Where a conversation stands and what becomes of it (SPEC §3)."""
