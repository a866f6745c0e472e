"""A handover as plain text: for a printer, a file or the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import tzinfo

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.histories.history_words import when
from crm_tui.desk.shifts.handover_views import KINDS, HandoverView, Item, LineView, Sheet

NARROWEST = 40
"""Cells; a page is never narrower."""
_BOX, _TAKEN = "[ ] ", "[x] "


def as_text(
    page: HandoverView | Sheet, zone: tzinfo, *, width: int = 80, title: str = "", numbers: bool = False
) -> str:
    """A page, or what would be on one, as lines of at most ``width`` letters that end in a newline.

    Args:
        title: of the property, stands first.
        numbers: the number of each line stands before it.
    """
    width = max(NARROWEST, width)
    return (
        "\n".join([*_head(page, zone, width, title), *_parts(page, zone, width, numbers), *_foot(page, width)]) + "\n"
    )


def _head(page: HandoverView | Sheet, zone: tzinfo, width: int, title: str) -> list[str]:
    found = [title] if title else []
    if isinstance(page, HandoverView):
        who = page.author or _("nobody")
        found.append(_("Handover {number} of {name}, {at}").format(number=page.id, name=who, at=when(page.at, zone)))
        found.append(_("closed {at}").format(at=when(page.closed_at, zone)) if page.closed_at else _to_go(page))
    else:
        found.append(_("What a handover made now would hold"))
    return [*(row for text in found for row in textwrap.wrap(text, width)), "=" * width]


def _to_go(page: HandoverView) -> str:
    return ngettext("{n} line to acknowledge", "{n} lines to acknowledge", page.waiting).format(n=page.waiting)


def _parts(page: HandoverView | Sheet, zone: tzinfo, width: int, numbers: bool) -> Iterator[str]:
    rows: list[Item] | list[LineView] = list(page.lines) if isinstance(page, HandoverView) else list(page.items)
    for kind, name in KINDS.items():
        mine = [row for row in rows if row.kind == kind]
        if mine:
            yield ""
            yield f"{_(name)} ({len(mine)})"
        for row in mine:
            yield from _row(row, zone, width, numbers)
    if not rows:
        yield _("Nothing is open.")


def _row(row: Item | LineView, zone: tzinfo, width: int, numbers: bool) -> Iterator[str]:
    taken = isinstance(row, LineView) and row.acknowledged_at is not None
    text = f"{row.id}  {row.text}" if numbers and isinstance(row, LineView) else row.text
    yield from textwrap.wrap(text, width, initial_indent=_TAKEN if taken else _BOX, subsequent_indent=" " * len(_BOX))
    if isinstance(row, Item):
        return
    beside = [row.settled] if row.settled and not taken else []
    if row.acknowledged_at is not None:
        who = row.acknowledged_by or _("nobody")
        beside.append(_("{name}, {at}").format(name=who, at=when(row.acknowledged_at, zone)))
    beside += [row.note] if row.note else []
    if beside:
        yield from textwrap.wrap("→ " + " · ".join(beside), width, initial_indent="    ", subsequent_indent="      ")


def _foot(page: HandoverView | Sheet, width: int) -> list[str]:
    said = []
    if isinstance(page, HandoverView):
        if page.hidden:
            said.append(
                ngettext("{n} line is for others.", "{n} lines are for others.", page.hidden).format(n=page.hidden)
            )
    else:
        for kind, number in (page.more or {}).items():
            said.append(_("{what}: {n} more").format(what=_(KINDS[kind]), n=number))
        if page.left_out:
            words = ngettext(
                "{n} thing that only you may see stays with you.",
                "{n} things that only you may see stay with you.",
                page.left_out,
            )
            said.append(words.format(n=page.left_out))
    return ["", *(row for text in said for row in textwrap.wrap(text, width))] if said else []
