"""The four themes of the desk. State is never told by colour alone; these only help the eye."""

from __future__ import annotations

from textual.theme import Theme


def _cursor(foreground: str, background: str) -> dict[str, str]:
    """Cursors that show without colour too: the text's own two colours, turned round."""
    return {
        "block-cursor-text-style": "none",
        "input-cursor-text-style": "reverse",
        "input-cursor-foreground": foreground,
        "input-cursor-background": background,
    }


def desk_themes() -> tuple[Theme, ...]:
    """The themes that ``settings.theme`` can name, the default first."""
    return (_dark(), _light(), _contrast(), _sixteen())


def _dark() -> Theme:
    return Theme(
        name="desk-dark",
        primary="#6cb6ff",
        secondary="#8fa8c8",
        accent="#f0b866",
        warning="#ff9070",
        error="#ff7b72",
        success="#7ccf8b",
        foreground="#d9e1ea",
        background="#12171e",
        surface="#171d26",
        panel="#1e2632",
        boost="#222c3a",
        variables=_cursor("#d9e1ea", "#12171e")
        | {
            "desk-muted": "#8794a6",
            "desk-faint": "#5b6878",
            "desk-line": "#2b3646",
            "desk-cursor": "#27405f",
            "desk-cursor-blurred": "#212a37",
            "desk-mark": "#f0b866",
            "footer-key-foreground": "#6cb6ff",
        },
    )


def _light() -> Theme:
    return Theme(
        name="desk-light",
        primary="#0b5cad",
        secondary="#4a6078",
        accent="#9a5b00",
        warning="#c2360b",
        error="#b3261e",
        success="#1a7f37",
        foreground="#1d2430",
        background="#f7f8fa",
        surface="#ffffff",
        panel="#e9edf2",
        boost="#dfe5ec",
        dark=False,
        variables=_cursor("#1d2430", "#f7f8fa")
        | {
            "desk-muted": "#5a6675",
            "desk-faint": "#7e8a98",
            "desk-line": "#cdd5de",
            "desk-cursor": "#cfe2f7",
            "desk-cursor-blurred": "#e4e9ef",
            "desk-mark": "#9a5b00",
            "footer-key-foreground": "#0b5cad",
        },
    )


def _contrast() -> Theme:
    return Theme(
        name="desk-contrast",
        primary="#00e5ff",
        secondary="#ffffff",
        accent="#ffd400",
        warning="#ff9d3c",
        error="#ff6b6b",
        success="#5dff8f",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#101010",
        boost="#1a1a1a",
        variables=_cursor("#ffffff", "#000000")
        | {
            "text-muted": "#e0e0e0",
            "desk-muted": "#e0e0e0",
            "desk-faint": "#c0c0c0",
            "desk-line": "#808080",
            "desk-cursor": "#0033a0",
            "desk-cursor-blurred": "#333333",
            "desk-mark": "#ffd400",
            "footer-key-foreground": "#ffd400",
        },
    )


def _sixteen() -> Theme:
    return Theme(
        name="desk-16",
        ansi=True,
        primary="ansi_bright_cyan",
        secondary="ansi_cyan",
        warning="ansi_bright_magenta",
        error="ansi_bright_red",
        success="ansi_green",
        accent="ansi_yellow",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "ansi-background": "ansi_black",
            "ansi-foreground": "ansi_white",
            "border-blurred": "ansi_bright_black",
            "block-cursor-foreground": "ansi_bright_white",
            "block-cursor-background": "ansi_blue",
            "block-cursor-text-style": "none",
            "input-cursor-text-style": "reverse",
            "input-selection-background": "ansi_blue",
            "input-selection-foreground": "ansi_bright_white",
            "screen-selection-background": "ansi_blue",
            "screen-selection-foreground": "ansi_bright_white",
            "desk-muted": "ansi_default",
            "desk-faint": "ansi_bright_black",
            "desk-line": "ansi_bright_black",
            "desk-cursor": "ansi_blue",
            "desk-cursor-blurred": "ansi_bright_black",
            "desk-mark": "ansi_yellow",
            "footer-key-foreground": "ansi_bright_cyan",
        },
    )
