"""Guest relations: what guests say, what was done about it, what they are given (SPEC §11)."""
