"""Working time: everybody's week, and what managers correct in it."""
