"""Taking back what was done (SPEC §3): one key, through the session and after a restart."""
