"""Writing mail: the compose screen, its editor, and the way to the outbox."""
