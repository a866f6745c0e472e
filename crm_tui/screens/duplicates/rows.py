"""How a suggestion looks in the list, and where the list reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.merges.duplicate_views import SuggestionView
from crm_tui.rules.suggestions import Suggestion
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part

SURE, LIKELY = 85, 65
"""Scores from which on the sign is full or half."""


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One line: its place in the search's result, and how it stands now."""

    id: int
    view: SuggestionView


class SuggestionsView:
    """Draws the rows: how sure, the names, what it rests on."""

    def __init__(self) -> None:
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: SuggestionRow, width: int) -> list[Part]:
        """The pieces of a line."""
        view = row.view
        names_width = min(56, max(24, width * 44 // 100))
        sign, look = sign_of(view)
        names = cut(names_of(view), names_width - 1)
        about = cut(view.words, max(0, width - names_width - 8))
        return [
            (f" {sign} ", look),
            (fit(str(view.score), 3, right=True) + "  ", "faint"),
            (names + " " * (names_width - cell_len(names)), "" if view.shared else "strong"),
            (about + " " * max(0, width - names_width - 8 - cell_len(about)), "muted"),
        ]


def sign_of(view: SuggestionView) -> tuple[str, str]:
    """How sure it is, as a sign and its look."""
    if view.shared:
        return "⌂", "muted"
    if view.score >= SURE:
        return "●", "good"
    return ("◐", "accent") if view.score >= LIKELY else ("○", "warn")


def names_of(view: SuggestionView) -> str:
    """The names, each once; how often if it is more than once."""
    names = list(dict.fromkeys(view.names))
    joined = " · ".join(names) if view.shared else " = ".join(names)
    more = len(view.names) - len(names)
    return joined if not more else f"{joined} ×{more + 1}" if len(names) == 1 else f"{joined} +{more}"


def counts_of(found: Sequence[Suggestion]) -> str:
    """How many there are, in words."""
    families = sum(one.shared for one in found)
    sure = len(found) - families
    words = ngettext("{n} suggestion", "{n} suggestions", sure).format(n=grouped(sure))
    if not families:
        return words
    shared = ngettext("{n} shared address", "{n} shared addresses", families)
    return f"{words} · {shared.format(n=f'{families:,}'.replace(',', ' '))}"


Views = Callable[[Sequence[Suggestion]], Sequence[SuggestionView | None]]


class SuggestionSource:
    """The suggestions that still stand, read a page at a time. Used in threads.

    Args:
        found: all that the search found.
        gone: places in it of what is done with.
        views: reads how some of them stand now.
    """

    def __init__(self, found: Sequence[Suggestion], gone: frozenset[int], views: Views) -> None:
        self._found = found
        self._gone = gone
        self._places = [place for place in range(len(found)) if place not in gone]
        self._views = views

    def count(self) -> int:
        """How many still stand."""
        return len(self._places)

    def after(self, row: SuggestionRow | None, limit: int) -> Sequence[SuggestionRow]:
        """The rows that follow."""
        start = self._index(row.id + 1) if row is not None else 0
        return self.at(start, limit)

    def before(self, row: SuggestionRow | None, limit: int) -> Sequence[SuggestionRow]:
        """The rows before."""
        end = self._index(row.id) if row is not None else len(self._places)
        return list(self._rows(self._places[max(0, end - limit) : end]))

    def at(self, index: int, limit: int) -> Sequence[SuggestionRow]:
        """The rows from a position on."""
        return list(self._rows(self._places[index : index + limit]))

    def index_of(self, row: SuggestionRow) -> int:
        """How many rows come before."""
        return self._index(row.id)

    def find(self, row_id: int | str) -> SuggestionRow | None:
        """The row of a place."""
        number = int(row_id)
        standing = [number] if number < len(self._found) and number not in self._gone else []
        return next(self._rows(standing), None)

    def _index(self, place: int) -> int:
        from bisect import bisect_left

        return bisect_left(self._places, place)

    def _rows(self, places: Sequence[int]) -> Iterator[SuggestionRow]:
        for place, view in zip(places, self._views([self._found[one] for one in places]), strict=True):
            yield SuggestionRow(place, view or _nothing(self._found[place]))


def _nothing(one: Suggestion) -> SuggestionView:
    """What is done with since the list was read: it goes with the next reading."""
    return SuggestionView(one.guests, (_("(done)"),), (), one.score, (), one.shared)
