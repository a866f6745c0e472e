"""The questions on the way to the outbox, and the preview."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown, Static

from crm_tui.base.i18n import N_, _
from crm_tui.mail.markdown import markdown_parser
from crm_tui.widgets.dialogs import Answer, Ask, DialogBox, DialogTitle

SHOWN = 400
"""Characters of a left-over text shown in its question."""


def warning_question(what: str, word: str) -> Ask:
    """Ask about what seems forgotten: "attachment" (spoken of as ``word``) or "subject". Answers: attach, subject, send."""
    if what == "attachment":
        mend = Answer("attach", "a", _("Attach a file"))
        title, text = _("No file is attached"), _("Your text says “{word}”, but nothing goes along.").format(word=word)
    else:
        mend = Answer("subject", "u", _("Write a subject"))
        title, text = _("The subject is empty"), _("Guests find mail without a subject hard to find again.")
    return Ask(title, text, (mend, Answer("send", "s", _("Send it as it is"))))


def left_over_question(text: str) -> Ask:
    """What an external editor had saved when the desk was killed. Answers: take, drop; Esc asks again the next time."""
    answers = (
        Answer("take", "t", _("Take it over")),
        Answer("drop", "d", _("Drop it; the draft stays as it is"), danger=True),
    )
    shown = text[:SHOWN] + ("…" if len(text) > SHOWN else "")
    return Ask(_("Your editor had saved this when the desk ended"), Content(shown), answers)


_QUOTE = re.compile(r"^((?:[ \t]{0,3}>[ \t]?)+)(.*)$")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def preview_markdown(text: str) -> str:
    """The text as Markdown that shows what goes out: line ends stay, quotes and signature are taken as they are."""
    lines: list[str] = []
    signing = False
    for line in text.split("\n"):
        signing = (signing or line == "-- ") and not _QUOTE.match(line)
        quoted = _QUOTE.match(line)
        if quoted:
            line = quoted[1] + _PUNCTUATION.sub(r"\\\1", quoted[2])
        elif signing:
            line = _PUNCTUATION.sub(r"\\\1", line)
        lines.append(f"{line}  " if line.strip() else "")
    return "\n".join(lines)


class Preview(ModalScreen[None]):
    """The mail as its HTML part will look."""

    DEFAULT_CSS = """
    Preview {
        align: center middle;
        DialogBox { width: 90%; max-width: 100; height: 90%; }
        VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        Markdown { padding: 0; margin: 0; background: $surface; }
    }
    """

    BINDINGS = [Binding("escape,f8,q", "dismiss(None)", N_("Back"))]

    def __init__(self, subject: str, text: str) -> None:
        super().__init__()
        self._subject = subject
        self._text = text

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(self._subject or _("no subject"))
            with VerticalScroll():
                yield Markdown(preview_markdown(self._text), parser_factory=markdown_parser, open_links=False)
            yield Static(Content(_("Esc: back to writing")), classes="dialog--keys")
