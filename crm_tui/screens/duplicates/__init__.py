"""Guests who may be the same: the list of suggestions, and merging side by side."""
