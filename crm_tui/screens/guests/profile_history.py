"""The history of a guest as a list: where its rows come from, and how they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_history_views import KINDS, EntryKind, GuestEntry, Place
from crm_tui.screens.base import Shell
from crm_tui.screens.guests.entry_words import SENT, SIGNS, head, off, sign, words
from crm_tui.screens.guests.profile_actions import ENTRIES
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age, day_heading

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

WIDE = 66
"""Cells; with fewer an entry names no agent."""
_DAY = 13


@dataclass(frozen=True, slots=True)
class GuestHistoryRow:
    """An entry in its list.

    Attributes:
        opens_day: it is the first of its day, in the order of the list.
    """

    entry: GuestEntry
    opens_day: bool

    @property
    def id(self) -> str:
        """That of the entry."""
        return self.entry.id


class HistoryList(RecordList[GuestHistoryRow]):
    """The entries."""

    BINDINGS = bindings(ENTRIES)


class GuestHistoryView:
    """Draws entries: the day once, the time, a sign, what, who.

    Args:
        shell: tells time and zone.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty history says."""
        return self.empty_text

    def parts(self, row: GuestHistoryRow, width: int) -> list[Part]:
        """Day, time, sign, words; at the right end who, where there is room."""
        entry, shell = row.entry, self._shell
        now = shell.clock.now()
        heading = day_heading(entry.at, now, shell.zone) if row.opens_day else ""
        who_width = min(16, width * 18 // 100) if width >= WIDE and entry.who else 0
        room = width - _DAY - 6 - 3 - (who_width + 2 if who_width else 0)
        look = "faint" if off(entry) else ""
        return [
            (fit(heading, _DAY), "title"),
            (fit(self._time(entry), 5, right=True) + " ", "muted"),
            (f" {sign(entry)} ", "warn" if entry.undone else _SIGN_LOOKS.get(entry.kind, "muted")),
            *self._told(entry, room, look),
            *([("  " + fit(entry.who, who_width), "muted")] if who_width else []),
        ]

    def _told(self, entry: GuestEntry, room: int, look: str) -> list[Part]:
        today = self._shell.clock.now().astimezone(self._shell.zone).date()
        first = head(entry)
        first = cut(first, room) + " " if first else ""
        mark = " · " + _("taken back") if entry.undone else ""
        left = room - cell_len(first) - cell_len(mark)
        said = cut(words(entry, today), max(0, left))
        rest = max(0, left - cell_len(said))
        strong = "strong" if entry.kind in _SPOKEN and not look else look
        return [
            (first, look or "accent"),
            (said, strong if not first else look),
            (mark, "warn"),
            (" " * rest, ""),
        ]

    def _time(self, entry: GuestEntry) -> str:
        """Relative within the hour, else the clock's: the day stands before it."""
        if entry.dated:
            return ""
        now, zone = self._shell.clock.now(), self._shell.zone
        if timedelta(0) <= now - entry.at < timedelta(hours=1):
            return age(entry.at, now, zone).replace(" ", "")
        return f"{entry.at.astimezone(zone):%H:%M}"


_SPOKEN = frozenset({EntryKind.MEMO, EntryKind.INTERNAL})
_SIGN_LOOKS = {
    EntryKind.MAIL: "accent",
    EntryKind.INQUIRY: "key",
    EntryKind.RESERVATION: "good",
    EntryKind.PAYMENT: "good",
    EntryKind.EVENT: "mark",
    EntryKind.MEMO: "key",
    EntryKind.INTERNAL: "key",
    EntryKind.REMINDER: "accent",
    EntryKind.FEEDBACK: "mark",
    EntryKind.GIVEN: "mark",
}


def signs() -> list[tuple[str, str]]:
    """The signs of a guest's history and what they mean, for the help."""
    return [
        (SIGNS[EntryKind.MAIL], _("a mail of the guest")),
        (SENT, _("a mail of ours")),
        (SIGNS[EntryKind.INQUIRY], _("an inquiry")),
        (SIGNS[EntryKind.RESERVATION], _("a reservation")),
        (SIGNS[EntryKind.PAYMENT], _("a payment")),
        (SIGNS[EntryKind.EVENT], _("an event: a call, a visit, a complaint…")),
        (SIGNS[EntryKind.MEMO], _("a memo")),
        (SIGNS[EntryKind.INTERNAL], _("an internal message")),
        (SIGNS[EntryKind.REMINDER], _("a reminder")),
        (SIGNS[EntryKind.FEEDBACK], _("a complaint or a compliment")),
        (SIGNS[EntryKind.GIVEN], _("what the guest was given: a cost of quality")),
        (SIGNS[EntryKind.CHANGE], _("a change of the profile")),
    ]


class GuestHistorySource:
    """A guest's history as a record list reads it: the places of all entries at once, the entries as they are shown.

    Every method blocks: for threads.

    Args:
        ctx: the open store.
        guest: whose.
        only: the kind that is wanted; None: all.
        shell: tells the zone in which days begin.
    """

    def __init__(self, ctx: Context, guest: int, only: EntryKind | None, newest_first: bool, shell: Shell) -> None:
        self._ctx, self._guest, self._only = ctx, guest, only
        self._newest_first, self._shell = newest_first, shell
        self._places: Sequence[Place] | None = None
        self._at: dict[str, int] = {}
        self.tally: Counter[EntryKind] = Counter()

    def count(self) -> int:
        """How many entries there are now: read anew."""
        from crm_tui import desk

        every = desk.guest_history.keys(self._ctx, self._guest, newest_first=self._newest_first)
        ranks = Counter(place.rank for place in every)
        self.tally = Counter({KINDS[rank]: number for rank, number in ranks.items()})
        places = every if self._only is None else [place for place in every if place.kind == self._only]
        self._at = {place.id: index for index, place in enumerate(places)}
        self._places = places
        return len(places)

    def after(self, row: GuestHistoryRow | None, limit: int) -> Sequence[GuestHistoryRow]:
        """The entries that follow."""
        return self.at(self.index_of(row) + 1 if row is not None else 0, limit)

    def before(self, row: GuestHistoryRow | None, limit: int) -> Sequence[GuestHistoryRow]:
        """The entries before."""
        end = self.index_of(row) if row is not None else len(self._known())
        start = max(0, end - limit)
        return self.at(start, end - start)

    def at(self, index: int, limit: int) -> Sequence[GuestHistoryRow]:
        """The entries from a position on."""
        from crm_tui import desk

        places = self._known()
        wanted = places[index : index + limit]
        found = {entry.place: entry for entry in desk.guest_history.entries(self._ctx, self._guest, wanted)}
        return [
            GuestHistoryRow(found.get(place) or GuestEntry(place, "…"), self._opens_day(places, number))
            for number, place in enumerate(wanted, index)
        ]

    def index_of(self, row: GuestHistoryRow) -> int:
        """How many entries stand before it."""
        places = self._known()
        known = self._at.get(row.id)
        if known is not None:
            return known
        edge = row.entry.place
        return sum(1 for place in places if (place > edge if self._newest_first else place < edge))

    def find(self, row_id: int | str) -> GuestHistoryRow | None:
        """The entry as it is now."""
        self._known()
        index = self._at.get(str(row_id))
        return next(iter(self.at(index, 1)), None) if index is not None else None

    def _known(self) -> Sequence[Place]:
        if self._places is None:
            self.count()
        return self._places or ()

    def _opens_day(self, places: Sequence[Place], index: int) -> bool:
        return index == 0 or opens_day(places[index - 1], places[index], self._shell)


def opens_day(before: Place, place: Place, shell: Shell) -> bool:
    """Whether a place is of another day than the one before it."""
    return before.instant.astimezone(shell.zone).date() != place.instant.astimezone(shell.zone).date()


def rows_of(entries: Sequence[GuestEntry], shell: Shell) -> list[GuestHistoryRow]:
    """The first rows of a history."""
    return [
        GuestHistoryRow(entry, not number or opens_day(entries[number - 1].place, entry.place, shell))
        for number, entry in enumerate(entries)
    ]
