"""How a search result looks: when, who, the subject and the words around the match, matches marked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.views import SearchHit
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part, marked
from crm_tui.widgets.times import age


class HitView:
    """Draws results.

    Args:
        shell: tells time and zone.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What is said where nothing was found or asked."""
        return self.empty_text

    def parts(self, row: SearchHit, width: int) -> list[Part]:
        """Date, counterpart, subject, snippet."""
        shell = self._shell
        when = fit(age(row.date, shell.clock.now(), shell.zone, shell.settings.spell_days), 7, right=True)
        who_width = min(24, max(14, width * 22 // 100))
        room = width - 7 - 2 - who_width
        title_room = room if not row.snippet else min(max(24, room * 45 // 100), room)
        title = cut(row.title or _("(no subject)"), title_room - 1)
        parts: list[Part] = [(when + "  ", "muted"), (fit(row.counterpart.label, who_width - 1) + " ", "")]
        parts += _matched(title, row.title_matches, "strong")
        used = cell_len(title)
        if row.snippet and room - used > 8:
            snippet = cut(row.snippet, room - used - 3)
            parts += [("  ", ""), *_matched(snippet, row.snippet_matches, "muted")]
            used += 2 + cell_len(snippet)
        parts.append((" " * max(0, room - used), ""))
        return parts


def _matched(text: str, matches: Sequence[tuple[int, int]], style: str) -> list[Part]:
    shown = len(text) - 1 if text.endswith("…") else len(text)
    marks = [(start, min(end, shown), "match") for start, end in matches if start < shown]
    return marked(text, 0, len(text), marks, style)
