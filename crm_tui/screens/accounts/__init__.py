"""Linked mail accounts: the list, the guided form, and which mailboxes are synced."""
