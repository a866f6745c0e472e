"""The conversation beside the editor, on screens wide enough for both."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.views import MessageView


class ConversationAside(VerticalScroll):
    """What has been written so far, newest first, quotes and signatures folded. Tab reaches it; the arrows scroll it."""

    DEFAULT_CSS = """
    ConversationAside {
        width: 2fr; border-left: solid $panel; padding: 0 1; scrollbar-size-vertical: 1;
        Static { height: auto; margin: 0 0 1 0; }
        &:focus { border-left: solid $primary; }
    }
    """

    def compose(self) -> ComposeResult:
        yield Static(Content(_("The conversation is being fetched…")))

    def show(self, messages: Sequence[MessageView]) -> None:
        """Show these messages, given oldest first."""
        self.remove_children()
        self.mount_all([Static(message_content(message)) for message in reversed(messages)])


def message_content(message: MessageView) -> Content:
    """One message: who, when, and what they wrote; a fold says how much it hides."""
    sign = "→" if message.direction == "out" else "←"
    when = message.at.astimezone().strftime("%a %d %b %H:%M")
    head = Content.assemble(
        (f"{sign} ", "$primary"), (message.sender.label, "bold"), ("  " + when, "$text-muted"), "\n"
    )
    return Content.assemble(head, *folded_parts(message))


def folded_parts(message: MessageView) -> list[Content | str | tuple[str, str]]:
    """The text with its quotes and signature replaced by a line that says how many lines it hides."""
    hidden = [(start, end, "quote") for start, end in message.quoted]
    if message.signature is not None:
        hidden.append((*message.signature, "signature"))
    parts: list[Content | str | tuple[str, str]] = []
    at = 0
    for start, end, kind in sorted(hidden):
        if start < at:
            continue
        lines = message.text[start:end].strip().count("\n") + 1
        words = (ngettext("{n} quoted line", "{n} quoted lines", lines) if kind == "quote" else _("signature")).format(
            n=lines
        )
        parts += [message.text[at:start].rstrip("\n"), "\n", (f"▸ {words}", "dim"), "\n"]
        at = end
    parts.append(message.text[at:].strip("\n"))
    return parts
