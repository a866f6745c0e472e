"""One package: who is in it, the search behind it, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.groups.package_views import Difference, PackageGuestRow, PackageView
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked
from crm_tui.screens.packages.actions import PACKAGE
from crm_tui.screens.packages.naming import prepare, rename
from crm_tui.screens.packages.refresh import ask_refresh, told
from crm_tui.screens.packages.rows import MemberRows, PagedSource
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes


class PackageScreen(DeskScreen[None]):
    """The guests of a package by name; the cursor's row is a guest of the client base."""

    CSS = "PackageScreen Line { background: $surface; }"
    BINDINGS = bindings(PACKAGE)

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self._text = ""
        self.package: PackageView | None = None

    def body(self) -> ComposeResult:
        """Title, search, list."""
        self.view = MemberRows()
        self.title_line = Line(id="list-title")
        self.about = Line(id="about")
        self.list: RecordList[PackageGuestRow] = RecordList(self.view, self.shell.background, id="list")
        yield self.title_line
        yield self.about
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read package and guests."""
        self._read_package()
        self._read_list()

    def desk_changed(self, changes: Changes) -> None:
        """The package or a guest changed."""
        if changes.everything or changes.ids.keys() & {"package", "guest", "mailing", "attribute"}:
            self._read_package()
            self.list.reload()

    def _read_package(self) -> None:
        number = self._number
        self.ask(lambda ctx: desk.packages.get(ctx, number), self._show, topic="package", failed=self._gone)

    def _gone(self, error: Exception) -> None:
        if isinstance(error, NotFound):
            self.dismiss()
        else:
            self.shell.report(error)

    def _show(self, package: PackageView) -> None:
        self.package = package
        self.view.empty_text = self._empty(package)
        self._titles()

    def _empty(self, package: PackageView) -> list[tuple[str, str]]:
        if self._text:
            words = _("Nobody in {name} has “{letters}”.").format(name=package.name, letters=self._text)
            return [(words, "muted"), (_("Esc shows all of them."), "key")]
        return [
            (_("Nobody is in this package."), "muted"),
            (_("+ puts a guest in; in a list of guests P puts those marked in."), "key"),
        ]

    def _titles(self) -> None:
        package = self.package
        if package is None:
            return
        count = ngettext("{n} guest", "{n} guests", package.size).format(n=package.size)
        shown = _("{n} with “{letters}”").format(n=self.list.total, letters=self._text) if self._text else ""
        marked = len(self.list.marked)
        self.title_line.show(list_title(package.name, count, filtered=shown, marked=marked))
        shell = self.shell
        when = moment(package.refreshed_at, shell.clock.now(), shell.zone)
        if package.by_hand:
            words = [(" " + _("chosen by hand"), "muted")]
        else:
            words = [(" " + _("search: "), "muted"), (package.words, "accent"), (f" · {when}", "muted")]
        sent = ngettext("{n} mailing", "{n} mailings", package.mailings).format(n=package.mailings)
        self.about.show(words, [(sent + " ", "muted")] if package.mailings else [])
        self.refresh_bindings()

    def _read_list(self) -> None:
        ctx = self.shell.ctx
        number, text = self._number, self._text
        if ctx is not None:
            self.list.set_source(PagedSource(ctx, lambda: desk.package_search.Members(number, text)))

    @on(RecordList.Loaded)
    @on(RecordList.MarksChanged)
    def _changed(self) -> None:
        self._titles()

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None and catalog.exists(catalog.GUEST):
            self.app.push_screen(catalog.load(catalog.GUEST)(row.id))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What makes no sense here rests."""
        package = self.package
        if action == "refresh":
            return None if package is None or package.by_hand else True
        if action == "export":
            return catalog.exists(catalog.GUEST_EXPORT)
        if action in ("take_out", "write", "filter"):
            return True if package is not None and package.size else None
        return True

    # Acting

    def action_back(self) -> None:
        """Marks and letters go first."""
        if self.list.marked:
            self.list.action_unmark_all()
        elif self._text:
            self._find("")
        else:
            super().action_back()

    def action_filter(self) -> None:
        """Ask for letters."""
        title = _("Whose name in the package has these letters")
        self.app.push_screen(AskLine(title, self._text, hint=_("empty: all of them")), self._find)

    def _find(self, text: str | None) -> None:
        if text is not None:
            self._text = text
            if self.package is not None:
                self.view.empty_text = self._empty(self.package)
            self._read_list()

    def action_add(self) -> None:
        """Find a guest and put them in."""
        package = self.package
        if package is None:
            return

        def picked(found: Picked | None) -> None:
            if found is None:
                return
            if found.guest is None:
                self.shell.tell(_("There is no guest called {name}.").format(name=found.name), warning=True)
                return
            self._put_in(found.guest.id, found.guest.name)

        self.app.push_screen(GuestPick(_("Put into {name}").format(name=package.name)), picked)

    def _put_in(self, guest: int, name: str) -> None:
        number = self._number
        inside = _("{name} is in it already").format(name=name)
        put = _("{name} is put in · z takes it back").format(name=name)

        def done(new: int) -> None:
            self.shell.tell(put if new else inside)
            self.list.go_to(guest)

        self.ask(lambda ctx: desk.packages.add(ctx, number, [guest]), done)

    def action_take_out(self) -> None:
        """Take the marked ones out, else the cursor's; z takes it back."""
        number, ids = self._number, [row.id for row in self.list.chosen]

        def done(out: int) -> None:
            words = ngettext(
                "{n} guest is taken out · z takes it back", "{n} guests are taken out · z takes it back", out
            )
            self.shell.tell(words.format(n=out))
            self.list.action_unmark_all()

        if ids:
            self.ask(lambda ctx: desk.packages.take_out(ctx, number, ids), done)

    def action_refresh(self) -> None:
        """Show the difference, then ask."""
        number = self._number
        self.ask(lambda ctx: desk.packages.refresh_preview(ctx, number), self._refresh, topic="refresh")

    def _refresh(self, shown: Difference) -> None:
        package = self.package
        if package is None:
            return
        if not shown.coming and not shown.going:
            self.shell.tell(_("Nobody comes and nobody goes: it holds whom its search finds."))
            return

        def answered(answer: str | None) -> None:
            if answer in ("all", "comers"):
                only = answer == "comers"
                work = lambda ctx: desk.packages.refresh(ctx, package.id, shown, only_comers=only)  # noqa: E731
                self.ask(work, lambda done: self.shell.tell(told(*done)))

        self.app.push_screen(ask_refresh(package.name, shown), answered)

    def action_rename(self) -> None:
        """Call it otherwise."""
        if self.package is not None:
            rename(self, self.package)

    def action_write(self) -> None:
        """Choose a template, and see who may be written to."""

        prepare(self, self._number)

    def action_mailings(self) -> None:
        """The mailings to it."""
        from crm_tui.screens.packages.mailings import MailingsScreen

        self.app.push_screen(MailingsScreen(self._number))

    def action_export(self) -> None:
        """Write the marked ones, else all, to a file."""
        marked, number = [row.id for row in self.list.marked], self._number

        def export(ids: Sequence[int]) -> None:
            self.app.push_screen(catalog.load(catalog.GUEST_EXPORT)(list(ids)))

        if marked:
            export(marked)
        else:
            self.ask(lambda ctx: _everyone(ctx, number), export)


def _everyone(ctx: Context, number: int) -> list[int]:
    return list(desk.package_search.Members(number).ids(ctx))
