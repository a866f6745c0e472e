"""The parts of a reservation's screen: what each holds, and where they stand on narrow and wide desks."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.base.i18n import _
from crm_tui.screens.reservations.detail_actions import FLIGHTS, GUESTS, MAIL, MEMOS, MONEY, REMINDERS
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.styled import Part

ORDER = ("facts", "guests", "money", "flights", "mail", "memos", "reminders", "history")
"""The parts, in the order of Tab on a narrow desk."""
KEYS = {
    "facts": "O",
    "guests": "G",
    "money": "D",
    "flights": "F",
    "mail": "M",
    "memos": "C",
    "reminders": "T",
    "history": "H",
}
LEFT = ("facts", "guests", "flights")
MIDDLE = ("money", "mail")
RIGHT = ("memos", "reminders", "history")

TWO_PANES, THREE_PANES = 110, 150


class GuestList(EntryList):
    """The guests."""

    BINDINGS = bindings(GUESTS)


class MoneyList(EntryList):
    """Schedule, payments, folios, payment reminders."""

    BINDINGS = bindings(MONEY)


class FlightList(EntryList):
    """The legs."""

    BINDINGS = bindings(FLIGHTS)


class MailList(EntryList):
    """The conversations."""

    BINDINGS = bindings(MAIL)


class MemoList(EntryList):
    """Memos and internal messages."""

    BINDINGS = bindings(MEMOS)


class ReminderList(EntryList):
    """Reminders."""

    BINDINGS = bindings(REMINDERS)


def names() -> dict[str, str]:
    """What the parts are called."""
    return {
        "facts": _("Overview"),
        "guests": _("Guests"),
        "money": _("Money"),
        "flights": _("Flights"),
        "mail": _("Mail"),
        "memos": _("Memos"),
        "reminders": _("Reminders"),
        "history": _("History"),
    }


def nothing(part: str) -> Sequence[Part]:
    """What an empty part says: what would fill it and which key starts that."""
    words: dict[str, tuple[str, str]] = {
        "facts": (_("Reading …"), ""),
        "guests": (_("Nobody yet."), _("+ adds a guest.")),
        "money": (_("Nothing is due and nothing was paid."), _("d makes a schedule, p records a payment.")),
        "flights": (_("No flights."), _("+ adds one.")),
        "mail": (_("No conversation is about this reservation."), _("+ links one of its guests'.")),
        "memos": (_("No memo yet."), _("c writes one; it is never sent.")),
        "reminders": (_("Nothing to be reminded of."), _("u makes a reminder.")),
    }
    first, second = words[part]
    return [(first, "muted"), *([(second, "key")] if second else [])]


def shown_parts(width: int, current: str, beside: str = "money") -> tuple[str, ...]:
    """The parts that a desk of that width shows, the current one among them, in the order of Tab.

    ``beside`` stands at the right of two columns while the current one is at the left.
    """
    if width >= THREE_PANES:
        note = current if current in RIGHT else "memos"
        rest = ("history",) if note != "history" else ("history", "memos")
        return tuple(part for part in ORDER if part in {*LEFT, *MIDDLE, note, *rest})
    if width >= TWO_PANES:
        other = current if current in (*MIDDLE, *RIGHT) else beside
        return tuple(part for part in ORDER if part in {*LEFT, other})
    return (current,)
