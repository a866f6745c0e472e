"""Reservations on screen."""
