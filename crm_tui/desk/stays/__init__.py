"""Reservations: by hand, from an inquiry, from a booking system (SPEC §7)."""
