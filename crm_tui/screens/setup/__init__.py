"""Setting the desk up: the property and its first agent, then the first mail account."""
