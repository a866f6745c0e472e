"""Inquiries: the list, the one screen that shows all of an inquiry, and the form."""
