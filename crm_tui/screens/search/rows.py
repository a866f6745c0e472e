"""How a search result looks: its kind, when, who, the subject and the words around the match, matches marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ConversationRow, SearchHit
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part, marked
from crm_tui.widgets.times import age

SIGNS: dict[str, Part] = {
    "message": ("@ ", "muted"),
    "inquiry": ("⌂ ", "accent"),
    "guest": ("◆ ", "good"),
    "reservation": ("▣ ", "key"),
}


def signs() -> list[tuple[str, str]]:
    """The signs of a result and what they mean, for the help."""
    words = {
        "message": _("a mail"),
        "inquiry": _("an inquiry"),
        "guest": _("a guest"),
        "reservation": _("a reservation"),
    }
    return [(SIGNS[kind][0].strip(), word) for kind, word in words.items()]


@dataclass(frozen=True, slots=True)
class Found:
    """A result as a row: things of several kinds may have the same number.

    Attributes:
        conversation: the conversation it belongs to as it stands, where something is to be done with it.
    """

    hit: SearchHit
    conversation: ConversationRow | None = None

    @property
    def id(self) -> str:
        """Unique among the results."""
        return f"{self.hit.kind} {self.hit.id}"


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

    def parts(self, row: Found, width: int) -> list[Part]:
        """Kind, date, counterpart of a mail, subject or name, snippet."""
        shell, hit = self._shell, row.hit
        when = fit(age(hit.date, shell.clock.now(), shell.zone, shell.settings.spell_days), 7, right=True)
        parts: list[Part] = [SIGNS.get(hit.kind, ("? ", "")), (when + "  ", "muted")]
        room = width - 11
        if hit.kind == "message":
            who_width = min(24, max(14, width * 22 // 100))
            room -= who_width
            parts.append((fit(hit.counterpart.label, who_width - 1) + " ", ""))
        share = 45 if hit.kind == "message" else 55
        title_room = room if not hit.snippet else min(max(24, room * share // 100), room)
        title = cut(hit.title or _("(no subject)"), title_room - 1)
        parts += _matched(title, hit.title_matches, "strong")
        used = cell_len(title)
        if hit.snippet and room - used > 8:
            snippet = cut(hit.snippet, room - used - 3)
            parts += [("  ", ""), *_matched(snippet, hit.snippet_matches, "muted")]
            used += 2 + cell_len(snippet)
        parts.append((" " * max(0, room - used), ""))
        return parts


def _matched(text: str, matches: Sequence[tuple[int, int]], style: str) -> list[Part]:
    shown = len(text) - 1 if text.endswith("…") else len(text)
    marks = [(start, min(end, shown), "match") for start, end in matches if start < shown]
    return marked(text, 0, len(text), marks, style)
