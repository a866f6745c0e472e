"""Accounts, mail as it comes in and is read, and mail as it is written and goes out (SPEC §2, §5)."""
