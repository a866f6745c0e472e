"""What screens and the command line get of the board of reminders and of their search: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from crm_tui.base.i18n import N_
from crm_tui.desk.requests.inquiry_views import ReminderLink

BUCKETS: Mapping[str, str] = {
    "overdue": N_("Overdue"),
    "today": N_("Today"),
    "tomorrow": N_("Tomorrow"),
    "overmorrow": N_("The day after"),
}
"""The days of the board, in order, and what they are called."""

WHOSE = ("me", "department", "all")
"""Whose reminders: one's own with those of one's department, those of all its members too, everybody's; or an agent's name."""

BoardCursor = tuple[str, int, int]
"""Where a row stands on the board: day, 0 for a reminder and 1 for an inquiry, number."""


@dataclass(frozen=True, slots=True)
class BoardQuery:
    """What the board shows.

    Attributes:
        whose: see :data:`WHOSE`.
        kind: ``reminder`` or ``inquiry`` alone; empty: both.
        bucket: one of :data:`BUCKETS`; empty: all of them.
    """

    whose: str = "me"
    kind: str = ""
    bucket: str = ""


class BoardRow(NamedTuple):
    """A reminder by its due day, or an inquiry by its planned end date.

    Attributes:
        id: unique on the board, ``r12`` or ``i12``.
        kind: reminder or inquiry.
        bucket: of :data:`BUCKETS`.
        who: the agent, or the department, that is to do it.
        links: what a reminder is about; of an inquiry itself.
        detail: of an inquiry: its status.
        repeats: how a reminder comes back, in words.
        cursor: its place on the board.
        mine: the agent's own.
        done: a search shows those too.
    """

    id: str
    kind: str
    number: int
    title: str
    due: date
    bucket: str
    who: str
    links: tuple[ReminderLink, ...]
    cursor: BoardCursor
    mine: bool = False
    detail: str = ""
    repeats: str = ""
    promised: bool = False
    version: int = 0
    done: bool = False


class BoardPage(NamedTuple):
    """A stretch of the board and how many rows there are in all."""

    rows: Sequence[BoardRow]
    total: int


@dataclass(frozen=True, slots=True)
class ReminderQuery:
    """What the search of reminders looks for.

    Attributes:
        text: words of the title, or of the name of its guest; case and accents do not matter.
        state: open, done or all.
        assignee, author: an agent's name; ``me``; empty: anybody.
        department: a department's name.
        kind: guest, reservation, inquiry or conversation: linked to one; ``number``: to that one.
        due_from, due_to: both ends included.
        repeating: only those that come back.
        promised: only promises.
        order: ``due`` or ``latest``: the last day first.
    """

    text: str = ""
    state: str = "all"
    assignee: str = ""
    author: str = ""
    department: str = ""
    kind: str = ""
    number: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    repeating: bool = False
    promised: bool = False
    order: str = "due"
