"""Labelled mails: see README.md here."""
