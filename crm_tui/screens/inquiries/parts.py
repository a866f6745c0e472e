"""The parts of an inquiry's screen: what each holds, and where they stand on narrow and wide desks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from crm_tui.base.i18n import _
from crm_tui.screens.inquiries.actions import GUESTS, MEMOS, REMINDERS
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.section import Section
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


_TIGHTER = ((99, 2), (99, 1), (8, 1), (7, 1), (6, 1), (5, 1), (4, 1), (3, 1), (2, 1))
"""How long the names of the parts may be on the bar, and how many blanks stand between them: the first that fits."""


def bar(sections: Sequence[Section], current: str, width: int) -> list[Part | tuple[str, str, str]]:
    """The line that shows all parts with their keys and counts, on desks where they do not stand side by side.

    Where it is tight, a key that is the first letter of its part's name is shown in the name, and names are cut;
    that of the current part is whole.
    """
    parts: list[Part | tuple[str, str, str]] = []
    for longest, gap in _TIGHTER:
        parts = []
        for section in sections:
            here = section.id == current
            parts += _on_bar(section, " cursor" if here else "", 99 if here else longest, gap)
        if sum(cell_len(part[0]) for part in parts) <= width:
            break
    return parts


def _on_bar(section: Section, ground: str, longest: int, gap: int) -> list[tuple[str, str, str]]:
    """One part: key, name, count, what must not be overlooked. Without a gap to spare the key stands in the name."""
    name, label = section.id or "", section.label
    label = set_cell_size(label, min(longest, cell_len(label))).rstrip()  # an ellipsis would cost a letter each
    style = ("strong" if ground else "muted") + ground
    inside = gap == 1 and label.startswith(section.key)
    found = [(" " + section.key, "key" + ground, name), (label[1:] if inside else f" {label}", style, name)]
    if section.count:
        found.append((f" {section.count}", "accent" + ground, name))
    found += [(text, look + ground, name) for text, look in section.remark]
    return [*found, (" " * (gap - 1), ground.strip(), name)] if gap > 1 else found
