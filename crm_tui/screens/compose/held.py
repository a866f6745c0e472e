"""The send gate on the screen: exactly what is new since the reply was begun, and what to do about it (SPEC §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.correspondence.sending_views import NewsItem
from crm_tui.rules.vocabulary import OutboxState
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.times import duration, moment

_STATES: dict[str, str] = {
    OutboxState.QUEUED: N_("and it is about to go out"),
    OutboxState.SENDING: N_("and it is going out now"),
    OutboxState.FAILED: N_("but it could not be sent yet"),
    OutboxState.HELD: N_("but it is held"),
    OutboxState.UNCERTAIN: N_("and whether it went out is not known"),
    OutboxState.RECALLED: N_("and took it back"),
}
"""What became of a colleague's answer that is not known to have gone out."""

Parts = list[Content | str | tuple[str, str]]


class Held(Ask):
    """What is new, whole; PgUp and PgDn move a long text. Answers: edit, send, drop; Esc edits."""

    DEFAULT_CSS = """
    Held {
        DialogBox { width: 100; }
        VerticalScroll { max-height: 60vh; scrollbar-size-vertical: 1; }
    }
    """

    BINDINGS = [
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
    ]

    def __init__(self, news: Sequence[NewsItem], now: datetime, zone: tzinfo) -> None:
        answers = (
            Answer("edit", "e", _("Edit my reply")),
            Answer("send", "s", _("Send it anyway")),
            Answer("drop", "d", _("Drop my reply"), danger=True),
        )
        super().__init__(held_title(news, now), held_text(news, now, zone), answers)

    def action_page(self, by: int) -> None:
        """Move the text by a page."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_to(y=scroll.scroll_y + by * max(1, scroll.size.height - 1), animate=False)


def held_title(news: Sequence[NewsItem], now: datetime) -> str:
    """The reason in a line: ``Held: Leo answered 2 min ago``."""
    if not news:
        return _("Held: what was new was taken back meanwhile")
    if len(news) == 1:
        return _("Held: {what}").format(what=_what(news[0], now))
    words = ngettext(
        "Held: {n} message is new since you began", "Held: {n} messages are new since you began", len(news)
    )
    return words.format(n=len(news))


def held_text(news: Sequence[NewsItem], now: datetime, zone: tzinfo) -> Content:
    """Every new message: who, when, and the whole text; what it quotes is dim."""
    parts: Parts = []
    for item in news:
        sign, style = ("→", "bold $text-warning") if item.direction == "out" else ("←", "bold")
        parts += [(f"{sign} {_what(item, now)}", style), (f"  {moment(item.at, now, zone)}\n", "dim")]
        for line in item.text.strip().split("\n"):
            parts.append((f"{line}\n", "dim" if line.startswith(">") else ""))
        parts.append("\n")
    return Content.assemble(*parts).rstrip()


def _what(item: NewsItem, now: datetime) -> str:
    span = now - item.at
    ago = _("just now") if span.total_seconds() < 60 else _("{time} ago").format(time=duration(span))
    if item.direction == "in":
        return _("{who} wrote {ago}").format(who=item.who, ago=ago)
    if not item.agent:
        return _("somebody answered from another mail program {ago}").format(ago=ago)
    text = _("{who} answered {ago}").format(who=item.who, ago=ago)
    more = _STATES.get(item.state, "")
    return text + ", " + _(more) if more else text
