"""Sets of guests: attributes, packages and the mailings to them (SPEC §6)."""
