"""The agent's drafts: go on with one, or throw it away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.correspondence.sending_views import DraftView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.outbox.actions import DRAFTS
from crm_tui.screens.outbox.words import draft_detail, draft_row
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes


class DraftsScreen(DeskScreen[None]):
    """What is begun and not sent, latest first."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(DRAFTS)]

    def __init__(self) -> None:
        super().__init__()
        self._drafts: dict[int, DraftView] = {}

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield Rows(id="rows")
        yield Static("", id="detail")

    def desk_ready(self) -> None:
        """Ask for the rows."""
        self.ask(lambda ctx: desk.drafts.mine(ctx), self._show, topic="drafts")

    def on_screen_resume(self) -> None:
        """Back from writing: saving a draft leaves no journal row, so it is looked up."""
        self.desk_ready()

    def desk_changed(self, changes: Changes) -> None:
        """A draft was begun, queued or dropped."""
        if changes.everything or changes.ids.get("draft") or changes.ids.get("outbox"):
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def minute_passed(self) -> None:
        """Ages change."""
        self._paint()

    def _show(self, drafts: Sequence[DraftView]) -> None:
        self._drafts = {draft.id: draft for draft in drafts}
        self._paint()

    def _paint(self) -> None:
        shell = self.shell
        now, width = shell.clock.now(), self.size.width
        rows = [(draft.id, draft_row(draft, now, shell.zone, width)) for draft in self._drafts.values()]
        self.query_one(Rows).show(rows)
        count = ngettext("{n} draft of yours", "{n} drafts of yours", len(rows)).format(n=len(rows)) if rows else ""
        self.title_line.show(list_title(_("Drafts").upper(), count))
        if not rows:
            words = _("No drafts. What you leave half-written is kept here; n writes a new mail.")
            self.query_one("#detail", Static).update(Content.styled(words, "dim"))

    @on(Rows.Moved)
    def _moved(self) -> None:
        draft = self.draft
        if draft is not None:
            self.query_one("#detail", Static).update(draft_detail(draft))
        self.refresh_bindings()

    @property
    def draft(self) -> DraftView | None:
        """The highlighted draft."""
        return self._drafts.get(self.query_one(Rows).key or 0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Without a draft there is nothing to do with it."""
        if action not in ("go_on", "look", "drop"):
            return True
        if not self._drafts:
            return False  # nothing here that anything could be done with
        draft = self.draft if self.is_mounted else None
        return True if draft is not None and (action != "look" or draft.conversation is not None) else None

    def on_option_list_option_selected(self) -> None:
        """Enter or a click."""
        self.action_go_on()

    def action_go_on(self) -> None:
        """Open it."""
        draft = self.draft
        if draft is not None:
            self.shell.write(draft.kind, draft_id=draft.id)

    def action_look(self) -> None:
        """Show its conversation."""
        draft = self.draft
        if draft is not None and draft.conversation is not None:
            self.shell.open_conversation(draft.conversation)

    def action_drop(self) -> None:
        """Throw it away, after asking."""
        draft = self.draft
        if draft is None:
            return
        number = draft.id
        title = _("Drop the draft “{subject}”?").format(subject=draft.subject or _("no subject"))

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.ask(lambda ctx: desk.drafts.drop(ctx, number), self._dropped)

        self.app.push_screen(ask_once(title, _("z brings it back, with its files."), _("Drop it")), answered)

    def _dropped(self, _nothing: Any) -> None:
        self.shell.tell(_("Dropped."))
        self.desk_ready()
