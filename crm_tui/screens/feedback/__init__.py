"""Writing complaints and compliments down, and saying how they were settled."""
