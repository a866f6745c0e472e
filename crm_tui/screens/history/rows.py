"""How an entry of a history looks in a list, and where the list comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.histories.history_views import HistoryEntry, HistoryKey
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age, day_heading

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

SIGNS = {"mail": "✉", "memo": "✎", "internal": "»", "reminder": "◷", "change": "·"}
"""Kind to the sign before the words."""

NARROW = 60
"""Cells; with fewer an entry leaves the columns out."""


def signs() -> list[tuple[str, str]]:
    """The signs of a history and what they mean, for the help."""
    return [
        (SIGNS["mail"], _("a mail came in or went out")),
        (SIGNS["memo"], _("a memo")),
        (SIGNS["internal"], _("an internal message")),
        (SIGNS["reminder"], _("a reminder")),
        (SIGNS["change"], _("a change")),
        ("↶", _("taken back")),
    ]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """An entry in its list.

    Attributes:
        opens_day: it is the first of its day, in the order of the list.
    """

    entry: HistoryEntry
    opens_day: bool

    @property
    def id(self) -> str:
        """That of the entry."""
        return self.entry.id


class HistoryRowView:
    """Draws entries: the day once, the time, a sign, who, what.

    Args:
        shell: tells time and zone.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty history says."""
        return self.empty_text

    def parts(self, row: HistoryRow, width: int) -> list[Part]:
        """Day, time, sign, who, text."""
        shell, entry = self._shell, row.entry
        now = shell.clock.now()
        heading = day_heading(entry.at, now, shell.zone) if row.opens_day else ""
        who_width = min(20, max(10, width * 16 // 100))
        room = width - 13 - 7 - 2 - who_width - 1
        comment = entry.kind in ("memo", "internal")
        look = "faint" if entry.undone else "strong" if comment else ""
        if width < NARROW:
            return self._narrow(entry, width, look)
        return [
            (fit(" " + heading, 13), "title"),
            (fit(self._time(entry), 6, right=True) + " ", "muted"),
            ("↶ " if entry.undone else SIGNS.get(entry.kind, "·") + " ", "warn" if entry.undone else "accent"),
            (fit(entry.who or "–", who_width) + " ", "muted"),
            *self._text(entry, room, look),
        ]

    def _narrow(self, entry: HistoryEntry, width: int, look: str) -> list[Part]:
        """In a column beside others the words have the room: how long ago, and who by one name."""
        who = cut((entry.who.split() or [""])[0], 8)
        who = f"{who} " if who else ""
        return [
            (fit(age(entry.at, self._shell.clock.now(), self._shell.zone), 7, right=True) + " ", "muted"),
            ("↶ " if entry.undone else SIGNS.get(entry.kind, "·") + " ", "warn" if entry.undone else "accent"),
            (who, "muted"),
            (fit(entry.text, max(0, width - 10 - cell_len(who))), look),
        ]

    def _time(self, entry: HistoryEntry) -> str:
        """Relative within the hour, else the clock's: the day stands before it."""
        now = self._shell.clock.now()
        if timedelta(0) <= now - entry.at < timedelta(hours=1):
            return age(entry.at, now, self._shell.zone)
        return f"{entry.at.astimezone(self._shell.zone):%H:%M}"

    def _text(self, entry: HistoryEntry, room: int, look: str) -> list[Part]:
        if not entry.undone:
            return [(fit(entry.text, room), look)]
        mark = " · " + _("taken back")
        text = cut(entry.text, max(0, room - len(mark)))
        return [(text, look), (fit(mark, room - len(text)), "warn")] if room > len(mark) else [(fit(text, room), look)]


class HistorySource:
    """A history as a record list reads it: the places of all entries at once, the entries as they are shown.

    Every method blocks: for threads.

    Args:
        ctx: the open store.
        kind, number: conversation, inquiry or guest, and which.
        show, newest_first: as in :func:`crm_tui.desk.histories.history.keys`.
        shell: tells the zone in which days begin.
    """

    def __init__(self, ctx: Context, kind: str, number: int, show: str, newest_first: bool, shell: Shell) -> None:
        self._ctx, self._kind, self._number = ctx, kind, number
        self._show, self._newest_first, self._shell = show, newest_first, shell
        self._keys: Sequence[HistoryKey] | None = None
        self._places: dict[str, int] = {}

    def count(self) -> int:
        """How many entries there are now: read anew."""
        from crm_tui import desk

        keys = desk.history.keys(self._ctx, self._kind, self._number, show=self._show, newest_first=self._newest_first)
        self._places = {key.command or f"m{key.id}": place for place, key in enumerate(keys)}
        self._keys = keys
        return len(keys)

    def after(self, row: HistoryRow | None, limit: int) -> Sequence[HistoryRow]:
        """The entries that follow."""
        start = self.index_of(row) + 1 if row is not None else 0
        return self.at(start, limit)

    def before(self, row: HistoryRow | None, limit: int) -> Sequence[HistoryRow]:
        """The entries before."""
        end = self.index_of(row) if row is not None else len(self._known())
        start = max(0, end - limit)
        return self.at(start, end - start)

    def at(self, index: int, limit: int) -> Sequence[HistoryRow]:
        """The entries from a position on."""
        from crm_tui import desk

        keys = self._known()
        wanted = keys[index : index + limit]
        found = {entry.key: entry for entry in desk.history.entries(self._ctx, self._kind, self._number, wanted)}
        return [
            HistoryRow(found.get(key) or HistoryEntry(key, key.at, "", "…", "change"), self._opens_day(keys, place))
            for place, key in enumerate(wanted, index)
        ]

    def index_of(self, row: HistoryRow) -> int:
        """How many entries stand before it."""
        keys = self._known()
        place = self._places.get(row.id)
        if place is not None:
            return place
        edge = tuple(row.entry.key[:3])
        return sum(1 for key in keys if (key[:3] > edge if self._newest_first else key[:3] < edge))

    def find(self, row_id: int | str) -> HistoryRow | None:
        """The entry as it is now."""
        self._known()
        place = self._places.get(str(row_id))
        return next(iter(self.at(place, 1)), None) if place is not None else None

    def _known(self) -> Sequence[HistoryKey]:
        if self._keys is None:
            self.count()
        return self._keys or ()

    def _opens_day(self, keys: Sequence[HistoryKey], place: int) -> bool:
        zone = self._shell.zone
        return place == 0 or keys[place].at.astimezone(zone).date() != keys[place - 1].at.astimezone(zone).date()
