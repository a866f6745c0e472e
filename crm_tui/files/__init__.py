"""Formats of files that guests and bookings come in and go out by: CSV, vCard, JSON. No store, no screen."""
