"""The agent's internal messages: the unread ones first, the whole text below, one key to what each is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import Changes
from crm_tui.desk.shifts.internal_views import InternalView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.internal.actions import INTERNAL
from crm_tui.screens.internal.writing import About, write_to
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.times import age, moment


class InternalScreen(DeskScreen[None]):
    """A list, and the text of the highlighted message."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(INTERNAL)]

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[int, InternalView] = {}

    def body(self) -> ComposeResult:
        """Title, rows, text."""
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        with VerticalScroll(id="detail", can_focus=False):
            yield Static("", id="text")

    def desk_ready(self) -> None:
        """Ask for the messages."""
        self.ask(desk.internal.mine, self._show, topic="messages")

    def desk_changed(self, changes: Changes) -> None:
        """One came, was read or taken back."""
        if changes.everything or changes.ids.keys() & {"internal", "inquiry"}:
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self._paint()

    def _show(self, found: Sequence[InternalView]) -> None:
        self._found = {one.id: one for one in found}
        self._paint()

    def _paint(self) -> None:
        found = list(self._found.values())
        self.query_one(Rows).show([(one.id, self._row(one)) for one in found])
        waiting = sum(one.mine and one.unread for one in found)
        words = [ngettext("{n} message", "{n} messages", len(found)).format(n=len(found))]
        words += [_("{n} unread").format(n=waiting)] if waiting else []
        self.title_line.show(list_title(_("Internal messages").upper(), " · ".join(words) if found else ""))
        if not found:
            text = _("Nothing was written yet. W on a conversation or an inquiry writes to a colleague about it.")
            self.query_one("#text", Static).update(Content.styled(text, "dim"))
        self.refresh_bindings()

    def _row(self, one: InternalView) -> Content:
        now, zone, width = self.shell.clock.now(), self.shell.zone, self.size.width
        fresh = one.mine and one.unread
        who = one.sender or _("somebody who left") if one.mine else _("to {name}").format(name=one.to)
        about = one.about or (_("hidden from you") if one.hidden else "–")
        who_width, about_width = max(10, min(20, width // 6)), max(16, min(44, width // 3))
        sign = ("● ", "bold $primary") if fresh else ("✓ ", "dim") if not one.mine and not one.unread else ("  ", "")
        return Content.assemble(
            (" ", ""),
            sign,
            (f"{age(one.at, now, zone):>7}  ", "dim"),
            Content.styled(who, "bold" if fresh else "").truncate(who_width, ellipsis=True, pad=True),
            "  ",
            Content.styled(about, "dim").truncate(about_width, ellipsis=True, pad=True),
            "  ",
            Content(" ".join(one.text.split())).truncate(
                max(8, width - who_width - about_width - 18), ellipsis=True, pad=True
            ),
        )

    @on(Rows.Moved)
    def _moved(self) -> None:
        one = self.message
        if one is not None:
            when = moment(one.at, self.shell.clock.now(), self.shell.zone)
            head = _("{sender} to {to}").format(sender=one.sender or "?", to=one.to)
            parts: list[Content | str | tuple[str, str]] = [(head, "bold"), (f"  {when}  ", "dim"), (one.about, "dim")]
            if one.hidden:
                parts.append((" " + _("What it was about is hidden from you now."), "$text-warning"))
            self.query_one("#text", Static).update(Content.assemble(*parts, "\n", one.text))
        self.refresh_bindings()

    @property
    def message(self) -> InternalView | None:
        """The highlighted message."""
        return self._found.get(self.query_one(Rows).key or 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What makes no sense for the highlighted message is dimmed."""
        if action not in ("open", "answer", "read"):
            return True
        one = self.message if self.is_mounted else None
        if one is None:
            return False
        there = any(number is not None for number in (one.conversation, one.inquiry, one.guest))
        able = {"open": there, "answer": there and bool(one.sender), "read": one.mine and one.unread}
        return True if able[action] else None

    def on_option_list_option_selected(self) -> None:
        """Enter or a click."""
        if self.check_action("open", ()):
            self.action_open()

    def action_open(self) -> None:
        """Go to what it is about; it counts as read then."""
        one = self.message
        if one is None:
            return
        self._mark_read(one)
        if one.conversation is not None:
            self.shell.open_conversation(one.conversation)
        elif one.inquiry is not None:
            self.shell.open_inquiry(one.inquiry)
        elif one.guest is not None:
            self.shell.open_guest(one.guest)

    def action_read(self) -> None:
        """Mark it read."""
        one = self.message
        if one is not None:
            self._mark_read(one)

    def _mark_read(self, one: InternalView) -> None:
        ctx = self.shell.ctx
        if one.mine and one.unread and ctx is not None and not ctx.readonly:
            number = one.id
            self.ask(lambda ctx: desk.internal.mark_read(ctx, [number]), lambda _count: self.desk_ready())

    def action_answer(self) -> None:
        """Write back; the message counts as read."""
        one = self.message
        if one is not None and one.sender:
            self._mark_read(one)
            write_to(
                self.app,
                [one.sender if one.mine else one.to],
                About(one.conversation, one.inquiry, one.about, one.guest),
            )
