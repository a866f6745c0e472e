"""Typed and pasted text: nothing in it may reach the terminal as a command (QUALITY S1)."""

from __future__ import annotations

from crm_tui.mail.text import display_text


def clean_line(text: str) -> str:
    """One line, safe to show and to send; line ends and tabs become one space."""
    return display_text(text)


def clean_text(text: str) -> str:
    """Several lines, safe to show and to send; every line break becomes ``\\n``."""
    return display_text(text, multiline=True)
