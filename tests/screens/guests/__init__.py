"""The screens of guests."""
