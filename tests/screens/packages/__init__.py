"""Screens of packages, mailings and lists."""
