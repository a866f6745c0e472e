"""The list of packages: name, size, the search behind each, and a mailing under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.groups.mailing_views import MailingView
from crm_tui.desk.groups.package_views import PackageView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.packages.actions import LIST
from crm_tui.screens.packages.naming import needed, prepare, rename
from crm_tui.screens.packages.rows import PackageRows
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

_NEEDS_ONE = frozenset({"write", "rename", "remove"})
Found = tuple[Sequence[PackageView], Sequence[MailingView]]


class PackagesScreen(DeskScreen[None]):
    """Packages are made from a search in the guests, or here by hand."""

    CSS = "PackagesScreen Line { background: $surface; }"
    BINDINGS = bindings(LIST)

    def body(self) -> ComposeResult:
        """Title and list."""
        self.view = PackageRows(self.shell)
        self.title_line = Line(id="list-title")
        self.list: RecordList[PackageView] = RecordList(self.view, self.shell.background, markable=False, id="list")
        yield self.title_line
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the packages."""

        def read(ctx: Context) -> Found:
            return desk.packages.listed(ctx), desk.mailings.listed(ctx, under_way=True)

        self.ask(read, self._show, topic="packages")

    def desk_changed(self, changes: Changes) -> None:
        """A package, its guests or a mailing changed."""
        if changes.everything or changes.ids.keys() & {"package", "mailing", "guest", "outbox", "attribute"}:
            self.desk_ready()

    def _show(self, found: Found) -> None:
        packages, mailings = found
        self.view.under_way = {one.package: one for one in reversed(mailings)}
        self.view.empty_text = [
            (_("No package yet. A package is a named set of guests to write to or to come back to."), "muted"),
            (_("Search guests and press P there, or + makes an empty one to fill by hand."), "key"),
        ]
        self.list.set_source(ListSource(packages), keep=self.list.current)
        self.list.repaint()
        count = ngettext("{n} package", "{n} packages", len(packages)).format(n=len(packages))
        running = len(self.view.under_way)
        words = ngettext("{n} mailing under way", "{n} mailings under way", running).format(n=running)
        self.title_line.show(
            list_title(_("Packages").upper(), count, filtered=words if running else ""),
            [(_("guests · search · mailing · refreshed") + " ", "faint")] if packages else [],
        )
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What there is nothing to do it with for rests."""
        if action in _NEEDS_ONE:
            return True if self.is_mounted and self.list.total else None
        return True

    @on(RecordList.Loaded)
    def _loaded(self) -> None:
        self.refresh_bindings()

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            self._go(row.id)

    def _go(self, number: int) -> None:
        from crm_tui.screens.packages.package import PackageScreen

        self.app.push_screen(PackageScreen(number))

    def action_add(self) -> None:
        """Make an empty one and open it."""

        def named(name: str | None) -> None:
            if name:
                self.ask(lambda ctx: desk.packages.create(ctx, name, ids=()), self._go)

        self.app.push_screen(AskLine(_("Name of the new package"), judge=needed), named)

    def action_rename(self) -> None:
        """Call it otherwise."""
        if self.list.current is not None:
            rename(self, self.list.current)

    def action_remove(self) -> None:
        """Put it away; z brings it back."""
        row = self.list.current
        if row is not None:
            said = _("“{name}” is put away · z brings it back").format(name=row.name)
            self.ask(lambda ctx: desk.packages.remove(ctx, row.id, row.version), lambda _done: self.shell.tell(said))

    def action_write(self) -> None:
        """Choose a template, and see who may be written to."""
        row = self.list.current
        if row is not None:
            prepare(self, row.id)

    def action_mailings(self) -> None:
        """All mailings, newest first."""
        from crm_tui.screens.packages.mailings import MailingsScreen

        self.app.push_screen(MailingsScreen())
