"""Reminders of payments: sending one, what the next run sends, what was sent, who wants none, the gateway."""
