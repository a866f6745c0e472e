"""What happened: histories of things, with their notes, and the journal they stand on (SPEC §4, §13)."""
