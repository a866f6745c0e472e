"""The reading pane: a conversation's messages stacked, drawn line by line, long texts wrapped only as far as they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from crm_tui.desk.common.views import AttachmentView, ConversationView, MessageView
from crm_tui.widgets import message_notes
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import cut
from crm_tui.widgets.message_actions import ACTIONS
from crm_tui.widgets.message_parts import Folds, Item, Paragraph, Setting, paragraphs
from crm_tui.widgets.message_sections import AHEAD, Sections, first_to_read
from crm_tui.widgets.styled import Part, Styled, marked

READABLE = 100
"""Text is wrapped at this many cells at most, however wide the pane is."""


class Surroundings(Protocol):
    """Tells the reading pane the time and zone."""

    def setting(self, subject: str, width: int) -> Setting:
        """What headers depend on, now."""
        ...


class ReadingPane(Styled, ScrollView, can_focus=True):
    """Shows one conversation.

    Args:
        surroundings: tells time and zone.
    """

    BINDINGS = bindings(ACTIONS)
    DEFAULT_CSS = """
    ReadingPane { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    @dataclass
    class Asked(Message):
        """Something was asked for about a part: ``what`` is open, save, save-all, source or link."""

        pane: ReadingPane
        what: str
        message: MessageView
        attachment: AttachmentView | None = None
        link: tuple[str, str] | None = None

    class CurrentChanged(Message):
        """Another message has the focus."""

    def __init__(self, surroundings: Surroundings, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._surroundings = surroundings
        self.conversation: ConversationView | None = None
        self._messages: Sequence[MessageView] = ()
        self._folds: list[Folds] = []
        self._sections = Sections()
        self._item: Item | None = None
        self._current = 0
        self._note: Sequence[Part] = ()
        self.expected_width = 0
        """How wide the pane will be once it is shown: so that the text is wrapped right before the first paint."""
        self._wrapped_at = 0

    # What is shown

    @property
    def current(self) -> MessageView | None:
        """The message with the focus: what a reply answers."""
        return self._messages[self._current] if self._messages else None

    @property
    def position(self) -> tuple[int, int]:
        """Which message of how many, from 1."""
        return (self._current + 1 if self._messages else 0, len(self._messages))

    def show_note(self, *lines: Part) -> None:
        """Show a remark instead of a conversation."""
        self.conversation, self._messages = None, ()
        self._sections.clear()
        self._item, self._current, self._note = None, 0, lines
        self.virtual_size = Size(0, len(lines))
        self.refresh()

    def show(self, conversation: ConversationView, message_id: int | None = None) -> None:
        """Show a conversation from its first unread message on, or from the one named.

        A conversation that is shown already keeps its place and what is unfolded; only new messages are added.
        """
        same = self.conversation is not None and self.conversation.row.id == conversation.row.id
        known = {message.id: folds for message, folds in zip(self._messages, self._folds, strict=True)} if same else {}
        focused = self.current.id if same and self.current and message_id is None else message_id
        top = self.scroll_offset.y if same and message_id is None else None
        item = self._item if top is not None else None
        self.conversation, self._messages = conversation, conversation.messages
        start = first_to_read(self._messages, message_id)
        self._folds = [
            known.get(message.id) or Folds(expanded=index >= start or not message.seen)
            for index, message in enumerate(self._messages)
        ]
        ids = [message.id for message in self._messages]
        self._current = ids.index(focused) if focused in ids else start
        self._item = Item("message", self._current) if self._messages else None
        if item is not None and focused in ids:
            self._item = replace(item, message=self._current)
        self._layout()
        if top is None:
            self._scroll_to_line(self._sections.tops[self._current] if self._messages else 0)
        self.post_message(self.CurrentChanged())

    def refresh_times(self) -> None:
        """Relative dates moved on."""
        if self._messages:
            self._layout()

    # Laying out

    def _layout(self) -> None:
        """Build all sections; wrap what is seen, the rest in slices."""
        if self.conversation is None:
            return
        self._wrapped_at = self._width
        setting = self._surroundings.setting(self.conversation.row.subject, self._width)
        self._sections.fill([self._paragraphs(index, setting) for index in range(len(self._messages))])
        self._sections.wrap_until(self.scroll_offset.y + self.size.height + AHEAD, self._current, self._width)
        self._resized()
        self._wrap_later()

    def _paragraphs(self, index: int, setting: Setting) -> list[Paragraph]:
        """A message, and what agents wrote beside the conversation until the next one came."""
        notes = self.conversation.notes if self.conversation is not None else ()
        beside = message_notes.after(index, self._messages, notes) if notes else ()
        message = paragraphs(self._messages[index], index, self._folds[index], setting)
        return [*message, *message_notes.paragraphs(beside, setting)]

    def _rebuild(self, index: int) -> None:
        """One message looks different now."""
        if self.conversation is None:
            return
        setting = self._surroundings.setting(self.conversation.row.subject, self._width)
        self._sections.replace(index, self._paragraphs(index, setting), self._width)
        self._resized()
        self._wrap_later()

    @property
    def _width(self) -> int:
        return max(20, min(READABLE, self.line_width or self.expected_width))

    def _wrap_later(self) -> None:
        if not self._sections.done:
            self.call_later(self._wrap_slice)

    def _wrap_slice(self) -> None:
        if not self._sections.done:
            self._sections.wrap_more(self._width)
            self._resized()
            self._wrap_later()

    def _resized(self) -> None:
        """The text has another length: tell Textual how high it is, and draw."""
        size = Size(0, self._sections.height)
        if size != self.virtual_size:
            self.virtual_size = size
        self.refresh()

    def on_resize(self) -> None:
        """Wrap anew if the width is another."""
        if self._messages and self._width == self._wrapped_at:
            self._resized()
        elif self._messages:
            first = self._sections.place(self.scroll_offset.y)
            self._layout()
            if first is not None:
                self._scroll_to_line(self._sections.line_of(first))
        else:
            self.refresh()

    # Moving

    def action_down(self) -> None:
        """One line down."""
        self._scroll_by(1)

    def action_up(self) -> None:
        """One line up."""
        self._scroll_by(-1)

    def action_page_down(self) -> None:
        """One page down."""
        self._scroll_by(max(1, self.size.height - 2))

    def action_page_up(self) -> None:
        """One page up."""
        self._scroll_by(-max(1, self.size.height - 2))

    def action_first(self) -> None:
        """To the oldest message."""
        self._scroll_to_line(0)
        self._focus_message(0)

    def action_last(self) -> None:
        """To the end."""
        self._sections.wrap_all(self._width)
        self._resized()
        self._scroll_to_line(self.virtual_size.height)
        self._focus_message(len(self._messages) - 1)

    def action_next_item(self) -> None:
        """To the next part."""
        self._step(1)

    def action_previous_item(self) -> None:
        """To the part before."""
        self._step(-1)

    def _scroll_by(self, lines: int) -> None:
        self._scroll_to_line(self.scroll_offset.y + lines)
        found = self._sections.place(self.scroll_offset.y + min(3, max(0, self.size.height - 1)))
        at_end = self.scroll_offset.y >= self.max_scroll_y
        if found is not None and not (at_end and lines > 0 and self._current > found[0]):
            self._focus_message(found[0])

    def _scroll_to_line(self, line: int) -> None:
        self.scroll_to(y=max(0, line), animate=False, force=True)

    def _focus_message(self, index: int) -> None:
        if index != self._current and 0 <= index < len(self._messages):
            self._current = index
            self._item = Item("message", index)
            self.refresh()
            self.post_message(self.CurrentChanged())

    def _step(self, by: int) -> None:
        items = self._sections.items()
        places = [index for index, (item, _line) in enumerate(items) if item == self._item]
        index = (places[0] + by) if places else 0
        if not 0 <= index < len(items):
            return
        self._focus_item(*items[index])

    def _focus_item(self, item: Item, line: int) -> None:
        self._focus_message(item.message)
        self._item = item
        line = next((at for found, at in self._sections.items() if found == item), line)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= line < top + height - 1:
            self._scroll_to_line(line - 1 if item.kind != "message" else line)
        self.refresh()

    # Acting

    def action_act(self) -> None:
        """Do what the part is for."""
        item = self._item
        if item is None or not self._messages:
            return
        folds, message = self._folds[item.message], self._messages[item.message]
        if item.kind == "message":
            folds.expanded = not folds.expanded
        elif item.kind == "quote":
            folds.opened ^= {item.number}
        elif item.kind == "signature":
            folds.signature = not folds.signature
        elif item.kind == "links":
            folds.links = not folds.links
        elif item.kind == "attachment":
            self.post_message(self.Asked(self, "open", message, message.attachments[item.number]))
            return
        elif item.kind == "link":
            self.post_message(self.Asked(self, "link", message, link=message.links[item.number]))
            return
        self._rebuild(item.message)

    def action_fold_all(self) -> None:
        """Unfold or fold everything in the message with the focus."""
        if self._messages:
            folds = self._folds[self._current]
            folds.expanded, folds.quotes, folds.opened = True, not folds.quotes, frozenset()
            folds.signature = folds.quotes
            self._rebuild(self._current)

    def action_save(self) -> None:
        """Save the attachment with the focus, else all of the message."""
        message = self.current
        if message is not None and message.attachments:
            item = self._item
            one = message.attachments[item.number] if item is not None and item.kind == "attachment" else None
            self.post_message(self.Asked(self, "save" if one else "save-all", message, one))

    def action_source(self) -> None:
        """Show the raw source of the message with the focus."""
        if self.current is not None:
            self.post_message(self.Asked(self, "source", self.current))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Saving needs attachments, folding something to fold."""
        message = self.current
        if action == "save" and not parameters:
            return bool(message and message.attachments)
        if action == "fold_all":
            return bool(message and (message.quoted or message.signature))
        return True

    def on_click(self, event: events.Click) -> None:
        """A click does what Enter on that part does."""
        offset = event.get_content_offset(self)
        line = offset.y + self.scroll_offset.y if offset is not None else 0
        place, found = self._sections.place(line), self._sections.at(line)
        if offset is None or place is None or found is None:
            return
        item = found[0].item
        self._focus_message(place[0])
        if item is not None:
            event.stop()
            self._item = item
            self.action_act()

    # Drawing

    def render_line(self, y: int) -> Strip:
        width = self.line_width
        line = y + self.scroll_offset.y
        if not self._messages:
            text, names = self._note[line - 1] if 0 < line <= len(self._note) else ("", "")
            return self._padded([("  " + cut(text, width - 2), names)], width, "")
        found = self._sections.at(line)
        if found is None:
            return Strip([Segment(" " * width, self.look(""))])
        return self._draw(*found, width)

    def _draw(self, paragraph: Paragraph, start: int, end: int, width: int) -> Strip:
        headline = paragraph.style == "headline"
        focused = paragraph.item is not None and paragraph.item == self._item
        ground = ("cursor" if self.has_focus else "cursor-blurred") if focused or headline else ""
        if headline and not focused:
            ground = "cursor-blurred"
        bar = "▌" if focused and self.has_focus else " "
        lead = bar + " " * (paragraph.indent - 1)
        style = "" if headline else paragraph.style
        parts: list[Part] = [(lead, "key")]
        if paragraph.right or (paragraph.item is not None and paragraph.item.kind == "message"):
            right = f"  {paragraph.right} " if paragraph.right and cell_len(paragraph.right) < width * 2 // 3 else " "
            room = width - len(lead) - cell_len(right)
            text = cut(paragraph.text, room)
            parts += marked(text, 0, len(text), paragraph.marks, style)
            parts.append((" " * (room - cell_len(text)), style))
            parts.append((right, "muted" if paragraph.right else style))
            return self._padded(parts, width, ground)
        if start:
            parts.append((paragraph.lead, style))
        parts += marked(paragraph.text, start, end, paragraph.marks, style)
        return self._padded(parts, width, ground)

    def _padded(self, parts: list[Part], width: int, ground: str) -> Strip:
        strip = self.strip(parts, ground)
        missing = width - strip.cell_length
        if missing > 0:
            return Strip([*strip, Segment(" " * missing, self.look(ground))], width)
        return strip.crop(0, width) if missing < 0 else strip

    def watch_has_focus(self, value: bool) -> None:
        super().watch_has_focus(value)
        if self.is_mounted:
            self.refresh()
