"""The outbox: what is on its way, what is held or failed, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.correspondence.sending_views import OutboxView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.compose.held import Held
from crm_tui.screens.outbox.actions import OUTBOX
from crm_tui.screens.outbox.words import outbox_detail, outbox_row, summary
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask, ask_once
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

NEEDS = {"edit": ("queued", "failed", "held", "uncertain"), "drop": ("queued", "failed", "held", "uncertain")}
"""The states in which an action makes sense; it is dimmed in others."""


class OutboxScreen(DeskScreen[None]):
    """A list with what the highlighted message needs below it."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(OUTBOX)]

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[int, OutboxView] = {}

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        yield Static("", id="detail")

    def on_mount(self) -> None:
        """Count down."""
        self.set_interval(1, self.tick)

    def desk_ready(self) -> None:
        """Ask for the rows."""
        self.ask(lambda ctx: desk.outbox.items(ctx), self._show, topic="items")

    def desk_changed(self, changes: Changes) -> None:
        """Something was queued, sent or failed."""
        if changes.everything or changes.ids.get("outbox"):
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def tick(self) -> None:
        """Another second: only the rows that count down are painted."""
        rows = self.query_one(Rows)
        for item in self._items.values():
            if item.state == "queued":
                rows.update_row(item.id, outbox_row(item, self.shell.clock, self.size.width))

    def _show(self, items: Sequence[OutboxView]) -> None:
        self._items = {item.id: item for item in items}
        self._paint()

    def _paint(self) -> None:
        items = list(self._items.values())
        rows = [(item.id, outbox_row(item, self.shell.clock, self.size.width)) for item in items]
        self.query_one(Rows).show(rows)
        self.title_line.show(list_title(_("Outbox").upper(), summary(items) if items else ""))
        if not items:
            words = _("Nothing is on its way. What you send waits here for some seconds; n writes a new mail.")
            self.query_one("#detail", Static).update(Content.styled(words, "dim"))

    @on(Rows.Moved)
    def _moved(self) -> None:
        item = self.item
        if item is not None:
            shell = self.shell
            self.query_one("#detail", Static).update(outbox_detail(item, shell.clock.now(), shell.zone))
        self.refresh_bindings()

    @property
    def item(self) -> OutboxView | None:
        """The highlighted message."""
        return self._items.get(self.query_one(Rows).key or 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """An action that makes no sense for the highlighted message is dimmed."""
        if action not in ("edit", "again", "arrived", "look", "drop"):
            return True
        if not self._items:
            return False  # nothing here that anything could be done with
        item = self.item if self.is_mounted else None
        if item is None:
            return None
        able = {
            "edit": item.state in NEEDS["edit"],
            "drop": item.state in NEEDS["drop"],
            "again": item.state not in ("sending", "recalled")
            and (item.state != "sent" or item.copy_state == "failed"),
            "arrived": item.state == "uncertain",
            "look": item.conversation is not None,
        }
        return True if able[action] else None

    def on_option_list_option_selected(self) -> None:
        """Enter or a click."""
        if self.check_action("edit", ()):
            self.action_edit()

    def _do(self, work: Callable[[Context], Any], said: str) -> None:
        def done(_result: Any) -> None:
            self.shell.tell(said)
            self.desk_ready()

        self.ask(work, done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self.shell.report(error)
        self.desk_ready()

    def action_edit(self) -> None:
        """Take it back and open its draft; what may have arrived is only edited after a question."""
        item = self.item
        if item is None:
            return
        number = item.id
        if item.state == "held":
            held = Held(item.news, self.shell.clock.now(), self.shell.zone)
            self.app.push_screen(held, lambda answer: self._held_answered(answer, number))
            return
        if item.state != "uncertain":
            self._edit(number)
            return
        self.app.push_screen(
            _edit_question(item), lambda answer: self._edit(number, may_be_second=True) if answer == "edit" else None
        )

    def _held_answered(self, answer: str | None, number: int) -> None:
        if answer == "send":
            self._do(lambda ctx: desk.outbox.send_anyway(ctx, number), _("It goes out."))
        elif answer == "drop":
            self._do(lambda ctx: desk.outbox.drop(ctx, number), _("Dropped."))
        elif answer == "edit":
            self._edit(number)

    def _edit(self, number: int, *, may_be_second: bool = False) -> None:
        self.ask(
            lambda ctx: desk.outbox.recall(ctx, number, may_be_second=may_be_second),
            lambda draft: self.shell.write("reply", draft_id=draft),
            failed=self._failed,
        )

    def action_again(self) -> None:
        """Send now, again, anyway; or only the copy, where the message itself is sent."""
        item = self.item
        if item is None:
            return
        number = item.id
        if item.state == "sent":
            self._do(lambda ctx: desk.outbox.retry_copy(ctx, number), _("The copy is tried again."))
        elif item.state == "held":
            self._do(lambda ctx: desk.outbox.send_anyway(ctx, number), _("It goes out."))
        elif item.state == "uncertain":
            self.app.push_screen(_second_question(item), lambda answer: self._second(answer, number))
        else:
            self._do(lambda ctx: desk.outbox.retry(ctx, number), _("It goes out now."))

    def _second(self, answer: str | None, number: int) -> None:
        if answer == "again":
            self._do(lambda ctx: desk.outbox.retry(ctx, number, may_be_second=True), _("It goes out a second time."))
        elif answer == "arrived":
            self._do(lambda ctx: desk.outbox.mark_sent(ctx, number), _("Marked as sent."))

    def action_arrived(self) -> None:
        """The agent found out that it did arrive."""
        item = self.item
        if item is not None:
            number = item.id
            self._do(lambda ctx: desk.outbox.mark_sent(ctx, number), _("Marked as sent."))

    def action_look(self) -> None:
        """Show its conversation."""
        item = self.item
        if item is not None and item.conversation is not None:
            self.shell.open_conversation(item.conversation, item.message)

    def action_drop(self) -> None:
        """Give it up, after asking."""
        item = self.item
        if item is None:
            return
        number = item.id
        title = _("Drop “{subject}” to {who}?").format(
            subject=item.subject or _("no subject"), who=", ".join(item.recipients[:2])
        )
        text = _("It is not sent. z brings its draft back.")
        unsure = item.state == "uncertain"
        if unsure:
            text = _("It may have arrived; dropping it here does not take it back from the guest.")
        self.app.push_screen(
            ask_once(title, text, _("Drop it")),
            lambda answer: (
                self._do(lambda ctx: desk.outbox.drop(ctx, number, may_be_second=unsure), _("Dropped."))
                if answer == "yes"
                else None
            ),
        )


def _second_question(item: OutboxView) -> Ask:
    text = _(
        "The connection broke before the server answered, so {who} may have it already. "
        "Look into Sent, or ask, before you send it a second time."
    ).format(who=", ".join(item.recipients[:2]))
    return Ask(
        _("Send “{subject}” a second time?").format(subject=item.subject or _("no subject")),
        text,
        (
            Answer("wait", "n", _("Not now")),
            Answer("arrived", "u", _("It arrived: mark it as sent")),
            Answer("again", "y", _("Send it a second time"), danger=True),
        ),
    )


def _edit_question(item: OutboxView) -> Ask:
    text = _(
        "The connection broke before the server answered, so {who} may have it already; it stays in its conversation. "
        "What you write now goes out as a second message."
    ).format(who=", ".join(item.recipients[:2]))
    return Ask(
        _("Edit “{subject}”, which may have arrived?").format(subject=item.subject or _("no subject")),
        text,
        (Answer("wait", "n", _("Not now")), Answer("edit", "y", _("Edit it: it may arrive twice"), danger=True)),
    )
