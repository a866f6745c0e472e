"""A conversation in lines: the paragraphs of each message, wrapped as far as they are needed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.desk.common.views import MessageView
from crm_tui.widgets.cells import wrap
from crm_tui.widgets.message_parts import Paragraph


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
