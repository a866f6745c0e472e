"""The last screen of the desk, on the terminal before anything heavy is imported; the desk draws over it a moment later.

What is painted was drawn by the desk itself when it was left, from display-safe text. Nothing but text and colours is let
through all the same: a file is a file.
"""

from __future__ import annotations

import json
import os
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # typing itself costs a millisecond
    from pathlib import Path

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LINE = re.compile(r"(?:\x1b\[[0-9;]*m|[^\x00-\x1f\x7f-\x9f])*")
_KIND = ("TERM", "COLORTERM", "NO_COLOR", "TEXTUAL_COLOR_SYSTEM")


def terminal_kind() -> str:
    """What the colours of a frame depend on."""
    return " ".join(f"{name}={os.environ.get(name, '')}" for name in _KIND)


def keeper(settings: Path) -> str:
    """Whose frame it is, as far as that is known without reading anything: the system's user, and the settings' age.

    Both decide who the desk opens for; after a change of the settings the next frame is drawn by the desk itself.
    """
    from crm_tui.base.person import system_user

    try:
        age = settings.stat().st_mtime_ns
    except OSError:
        age = 0
    return f"{system_user()} {age}"


_shown = False


def paint_first_frame(home: str | None) -> bool:
    """Paint the frame kept in a home (``None``: that of ``CRM_TUI_HOME`` or the platform); whether there was one that fits."""
    global _shown
    try:
        if not sys.stdout.isatty():
            return False
        from crm_tui.base.paths import find_home

        size = os.get_terminal_size(sys.stdout.fileno())
        place = find_home(home, os.environ)
        lines = fitting_lines(place.frame.read_text(encoding="utf-8"), size.columns, size.lines, place.settings)
    except (OSError, ValueError):
        return False
    if not lines:
        return False
    placed = "".join(f"\x1b[{number};1H{line}\x1b[0m" for number, line in enumerate(lines, 1))
    sys.stdout.write(_ENTER + placed)
    sys.stdout.flush()
    _shown = True
    return True


def is_shown() -> bool:
    """Whether a first frame is on the terminal, so that the alternate screen is entered already."""
    return _shown


def take_away() -> None:
    """Leave the alternate screen: the desk does not open, something is to be said instead."""
    global _shown
    if _shown:
        _shown = False
        sys.stdout.write("\x1b[?1049l\x1b[?25h")
        sys.stdout.flush()


def fitting_lines(text: str, columns: int, lines: int, settings: Path) -> list[str]:
    """The lines of a kept frame if it was drawn for this user and such a terminal, and holds nothing but text and colours, else none.

    Raises:
        ValueError: the text is no JSON.
    """
    frame = json.loads(text)
    if not isinstance(frame, dict) or frame.get("size") != [columns, lines] or frame.get("kind") != terminal_kind():
        return []
    if frame.get("who") != keeper(settings):
        return []
    rows = frame.get("lines")
    if not isinstance(rows, list) or len(rows) > lines:
        return []
    return rows if all(isinstance(row, str) and _LINE.fullmatch(row) for row in rows) else []


def frame_text(lines: list[str], columns: int, height: int, who: str) -> str:
    """A frame as it is kept; ``who`` as :func:`keeper` said when the desk was opened."""
    frame = {"size": [columns, height], "kind": terminal_kind(), "who": who, "lines": lines}
    return json.dumps(frame, ensure_ascii=False)
