"""The lists that an administrator keeps: attributes and event types."""
