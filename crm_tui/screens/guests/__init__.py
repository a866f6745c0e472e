"""Guests: lists, profile, editor."""
