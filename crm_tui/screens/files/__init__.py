"""Guests out of files and into files."""
