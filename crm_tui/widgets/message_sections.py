"""A conversation in lines: the paragraphs of each message, wrapped as far as they are needed. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crm_tui.desk.common.views import MessageView
from crm_tui.widgets.cells import wrap
from crm_tui.widgets.message_parts import Item, Paragraph

AHEAD = 400
"""Lines wrapped at once; the rest of a long text follows when it is scrolled to or when there is time."""

_ALL = 10_000_000


def first_to_read(messages: Sequence[MessageView], message_id: int | None) -> int:
    """The index of the message named, else of the first unread one that no answer of ours followed, else of the newest."""
    start = max(0, len(messages) - 1)
    for index in range(start, -1, -1):
        message = messages[index]
        if message_id is not None:
            if message.id == message_id:
                return index
        elif message.direction == "out":
            break
        elif not message.seen:
            start = index
    return start


@dataclass(slots=True)
class Section:
    """A message's paragraphs and the lines wrapped so far: (paragraph, start, end)."""

    paragraphs: list[Paragraph]
    lines: list[tuple[int, int, int]]
    wrapped: int = 0

    @property
    def done(self) -> bool:
        return self.wrapped >= len(self.paragraphs)

    def wrap_on(self, width: int, budget: int) -> int:
        """Wrap paragraphs until about ``budget`` further lines exist; returns how many were made."""
        before = len(self.lines)
        while self.wrapped < len(self.paragraphs) and len(self.lines) - before < budget:
            paragraph = self.paragraphs[self.wrapped]
            room, lead = max(8, width - paragraph.indent - 1 - len(paragraph.lead)), len(paragraph.lead)
            if paragraph.right or (paragraph.style == "faint" and paragraph.item and paragraph.item.kind == "message"):
                self.lines.append((self.wrapped, 0, len(paragraph.text)))
            else:
                ranges = [(start + lead, end + lead) for start, end in wrap(paragraph.text[lead:], room)]
                self.lines += [(self.wrapped, start if start > lead else 0, end) for start, end in ranges]
            self.wrapped += 1
        return len(self.lines) - before


class Sections:
    """The sections of a conversation under each other, a section a message; lines are counted through all of them."""

    def __init__(self) -> None:
        self._sections: list[Section] = []
        self.tops: list[int] = []
        self.height = 0
        """Lines that are wrapped so far."""

    @property
    def done(self) -> bool:
        """Whether all is wrapped."""
        return all(section.done for section in self._sections)

    def clear(self) -> None:
        """Show nothing."""
        self.fill(())

    def fill(self, sections: Iterable[Sequence[Paragraph]]) -> None:
        """Show other paragraphs, a message after the other; nothing is wrapped yet."""
        self._sections = [Section(list(paragraphs), []) for paragraphs in sections]
        self._measure()

    def replace(self, index: int, paragraphs: Sequence[Paragraph], width: int) -> None:
        """Show one message otherwise, wrapped as far as it was before."""
        section = Section(list(paragraphs), [])
        section.wrap_on(width, max(AHEAD, len(self._sections[index].lines)))
        self._sections[index] = section
        self._measure()

    def wrap_until(self, line: int, at_least: int, width: int) -> None:
        """Wrap in order until that many lines exist and the section ``at_least`` has begun."""
        total = 0
        for index, section in enumerate(self._sections):
            if total > line and index > at_least:
                break
            if not section.done:
                section.wrap_on(width, AHEAD if index >= at_least else _ALL)
            total += len(section.lines)
        self._measure()

    def wrap_more(self, width: int) -> None:
        """Wrap a further slice of the first section that is not done."""
        section = next((section for section in self._sections if not section.done), None)
        if section is not None:
            section.wrap_on(width, 2 * AHEAD)
            self._measure()

    def wrap_all(self, width: int) -> None:
        """Wrap to the end."""
        for section in self._sections:
            section.wrap_on(width, _ALL)
        self._measure()

    def _measure(self) -> None:
        tops, total = [], 0
        for section in self._sections:
            tops.append(total)
            total += len(section.lines)
        self.tops, self.height = tops, total

    def place(self, line: int) -> tuple[int, int] | None:
        """Which message a line belongs to, and which of its lines it is."""
        if line >= self.height:
            return None
        index = bisect_right(self.tops, line) - 1
        while not self._sections[index].lines and index > 0:
            index -= 1
        return index, line - self.tops[index]

    def line_of(self, place: tuple[int, int]) -> int:
        """Where a place stands now; the end of its message if that has fewer lines."""
        index, offset = place
        return self.tops[index] + min(offset, len(self._sections[index].lines))

    def at(self, line: int) -> tuple[Paragraph, int, int] | None:
        """The paragraph on a line, and the range of its text that the line shows."""
        found = self.place(line)
        if found is None:
            return None
        section = self._sections[found[0]]
        number, start, end = section.lines[found[1]]
        return section.paragraphs[number], start, end

    def items(self) -> list[tuple[Item, int]]:
        """Every part that can have the focus, and the line it starts on."""
        found: list[tuple[Item, int]] = []
        for top, section in zip(self.tops, self._sections, strict=True):
            seen: set[Item] = set()
            for offset, (paragraph, _start, _end) in enumerate(section.lines):
                item = section.paragraphs[paragraph].item
                if item is not None and item not in seen:
                    seen.add(item)
                    found.append((item, top + offset))
        return found
