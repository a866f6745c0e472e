"""What is kept beside a conversation, in two lines over its messages: its inquiry, and what is noted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui.base.i18n import _, ngettext
from crm_tui.screens.inquiries.words import plan_parts, status_parts
from crm_tui.widgets.line import Line
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.inquiry_views import NotesView


class NoteLines(Vertical):
    """The two lines; each is there only if there is something to say. A click opens the inquiry, or the memos."""

    DEFAULT_CSS = """
    NoteLines { height: auto; }
    NoteLines > Line { background: $surface; display: none; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.inquiry = Line()
        self.noted = Line()

    def compose(self) -> ComposeResult:
        """One over the other."""
        yield self.inquiry
        yield self.noted

    async def on_line_clicked(self, event: Line.Clicked) -> None:
        """What the key would do."""
        event.stop()
        await self.run_action("screen.open_inquiry" if event.name == "inquiry" else "screen.memos")

    def show(self, notes: NotesView | None, today: date) -> None:
        """Tell what is kept beside the conversation that is shown."""
        inquiry, noted = note_lines(notes, today)
        self.inquiry.show([(*part, "inquiry") for part in inquiry], [(_("I opens") + " ", "faint")] if inquiry else [])
        self.noted.show([(*part, "memos") for part in noted])
        self.inquiry.display, self.noted.display = bool(inquiry), bool(noted)


def note_lines(notes: NotesView | None, today: date) -> tuple[list[Part], list[Part]]:
    """What the lines say; empty where there is nothing."""
    if notes is None:
        return [], []
    inquiry: list[Part] = []
    if notes.inquiry is not None:
        inquiry = [(" ⌂ ", "key"), (_("Inquiry {number}").format(number=notes.inquiry), "title"), (" · ", "muted")]
        inquiry += [*status_parts(notes.status), (" · ", "muted"), (notes.handler or _("nobody"), "")]
    line: list[Part] = []
    for parts in _noted(notes, today):
        line += [(" · ", "muted") if line else (" ▸ ", "key"), *parts]
    if line and notes.memo:
        line.append((f"   {notes.memo}", "faint"))
    return inquiry, line


def _noted(notes: NotesView, today: date) -> list[list[Part]]:
    found: list[list[Part]] = []
    if notes.memos:
        found.append([(ngettext("{n} memo", "{n} memos", notes.memos).format(n=notes.memos), "accent")])
    if notes.reminders:
        words = ngettext("{n} reminder", "{n} reminders", notes.reminders).format(n=notes.reminders)
        found.append([(f"! {words}", "warn strong") if notes.overdue else (words, "")])
    plan = plan_parts(notes.planned_end, today, closed=notes.closed, label=True)
    return [*found, plan] if plan else found
