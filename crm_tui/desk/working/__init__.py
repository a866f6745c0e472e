"""Working time and the figures of productivity (SPEC §10)."""
