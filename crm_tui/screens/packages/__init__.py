"""Packages of guests and the mailings to them."""
