"""One box for everything (SPEC §14), and searches kept under a name."""
