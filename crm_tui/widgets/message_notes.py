"""What agents wrote beside a conversation, as paragraphs between its messages. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import MessageView, NoteView
from crm_tui.widgets.message_parts import Paragraph, Setting
from crm_tui.widgets.times import moment

BAR = "┃ "
"""Before every line, so that nobody takes it for mail, in colour or without."""


def after(index: int, messages: Sequence[MessageView], notes: Sequence[NoteView]) -> list[NoteView]:
    """The notes that stand after a message and before the next; the earliest stand after the first message."""
    start = messages[index].at if index else None
    end = messages[index + 1].at if index + 1 < len(messages) else None
    return [note for note in notes if (start is None or note.at >= start) and (end is None or note.at < end)]


def paragraphs(notes: Sequence[NoteView], setting: Setting) -> list[Paragraph]:
    """Each note: who and when, then the text, behind a bar."""
    found = []
    for note in notes:
        kind = _("memo") if note.kind == "memo" else _("internal")
        sign = "● " if note.unread else "▪ " if note.kind == "memo" else "✉ "
        head = f"{BAR}{sign}{note.who}"
        text = f"{head} · {kind}"
        marks = ((0, len(BAR) + len(sign), "key"), (len(head), len(text), "muted"))
        found.append(Paragraph(text, "strong", right=moment(note.at, setting.now, setting.zone), marks=marks))
        for line in note.text.split("\n"):
            found.append(Paragraph(BAR + line.replace("\t", "    "), "", marks=((0, len(BAR), "key"),), lead=BAR))
        found.append(Paragraph(""))
    return found
