"""The mailings, newest first: to all packages or to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.groups.mailing_views import MailingView
from crm_tui.rules.vocabulary import MailingState
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.packages.actions import MAILINGS
from crm_tui.screens.packages.rows import MailingRows, signs
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes


class MailingsScreen(DeskScreen[None]):
    """Enter opens one; p pauses it or lets it go on."""

    CSS = "MailingsScreen Line { background: $surface; }"
    BINDINGS = bindings(MAILINGS)

    def __init__(self, package: int | None = None) -> None:
        super().__init__()
        self._package = package

    def body(self) -> ComposeResult:
        """Title and list."""
        self.view = MailingRows(self.shell)
        self.title_line = Line(id="list-title")
        self.list: RecordList[MailingView] = RecordList(self.view, self.shell.background, markable=False, id="list")
        yield self.title_line
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read them."""
        package = self._package
        self.ask(lambda ctx: desk.mailings.listed(ctx, package=package), self._show, topic="mailings")

    def desk_changed(self, changes: Changes) -> None:
        """One went on."""
        if changes.everything or changes.ids.keys() & {"mailing", "outbox", "package"}:
            self.desk_ready()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def _show(self, found: Sequence[MailingView]) -> None:
        self.view.empty_text = [
            (_("Nothing was written to this package yet.") if self._package else _("No mailing yet."), "muted"),
            (_("w on a package writes to its guests."), "key"),
        ]
        self.list.set_source(ListSource(found), keep=self.list.current)
        self.list.repaint()
        count = ngettext("{n} mailing", "{n} mailings", len(found)).format(n=len(found))
        name = found[0].package_name if self._package and found else ""
        self.title_line.show(list_title(_("Mailings").upper(), count, filtered=name))
        self.refresh_bindings()

    @on(RecordList.Highlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    @property
    def key_words(self) -> dict[str, str]:
        """What is paused goes on by the same key."""
        mailing = self.list.current if self.is_mounted else None
        paused = mailing is not None and mailing.state == MailingState.PAUSED
        return {"mailings.pause": _("Resume")} if paused else {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What is over cannot be paused; where there is none, nothing of it is said."""
        if action == "pause":
            row = self.list.current if self.is_mounted else None
            if row is None:
                return False
            return True if row is not None and row.state in (MailingState.RUNNING, MailingState.PAUSED) else None
        return True

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            from crm_tui.screens.packages.mailing import MailingScreen

            self.app.push_screen(MailingScreen(row.id))

    def action_pause(self) -> None:
        """Pause it, or go on."""
        row = self.list.current
        if row is not None:
            number, running = row.id, row.state == MailingState.RUNNING
            said = _("Paused; p goes on") if running else _("It goes on")
            self.ask(
                lambda ctx: (desk.mailings.pause if running else desk.mailings.resume)(ctx, number),
                lambda _view: self.shell.tell(said),
            )
