"""The team, its property, and who is at the desk (SPEC §13)."""
