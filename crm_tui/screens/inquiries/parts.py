"""The parts of an inquiry's screen: what each holds, and where they stand on narrow and wide desks."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.base.i18n import _
from crm_tui.screens.inquiries.actions import GUESTS, MEMOS, REMINDERS
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.styled import Part

ORDER = ("messages", "memos", "guests", "offer", "reminders", "history")
"""The parts, in the order of Tab on a narrow desk."""

KEYS = {"messages": "M", "memos": "C", "guests": "G", "offer": "O", "reminders": "T", "history": "H"}
FACTS = ("offer", "guests", "reminders")
NOTES = ("memos", "history")

TWO_PANES, THREE_PANES = 110, 150


class GuestList(EntryList):
    """The guests of an inquiry."""

    BINDINGS = bindings(GUESTS)


class MemoList(EntryList):
    """Memos and internal messages."""

    BINDINGS = bindings(MEMOS)


class ReminderList(EntryList):
    """Reminders."""

    BINDINGS = bindings(REMINDERS)


def names() -> dict[str, str]:
    """What the parts are called."""
    return {
        "messages": _("Messages"),
        "memos": _("Memos"),
        "guests": _("Guests"),
        "offer": _("Offer"),
        "reminders": _("Reminders"),
        "history": _("History"),
    }


def nothing(part: str) -> Sequence[Part]:
    """What an empty part says: what would fill it and which key starts that."""
    words: dict[str, tuple[str, str]] = {
        "messages": (_("No mail belongs to this inquiry."), ""),
        "memos": (_("No memo yet."), _("c writes one; it is never sent.")),
        "guests": (_("No guest yet."), _("A adds one.")),
        "offer": (_("Nothing is known yet."), _("E fills the offer in.")),
        "reminders": (_("Nothing to be reminded of."), _("+ makes a reminder.")),
    }
    first, second = words[part]
    return [(first, "muted"), *([(second, "key")] if second else [])]


def shown_parts(width: int, current: str) -> tuple[str, ...]:
    """The parts that a desk of that width shows, the current one among them, in the order of Tab."""
    if width >= THREE_PANES:
        return ("messages", "memos", "history", "offer", "guests", "reminders")
    if width >= TWO_PANES:
        note = current if current in NOTES else "memos"
        return ("messages", note, "offer", "guests", "reminders")
    return (current,)
