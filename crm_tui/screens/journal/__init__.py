"""The journal as managers read it."""
