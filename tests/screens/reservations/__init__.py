"""The screens of reservations."""
