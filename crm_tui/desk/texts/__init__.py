"""Templates: their texts, variables and what is wrong with them (SPEC §5)."""
