"""Putting guests into a package: a new one with a name, or one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.groups.package_views import PackageView
from crm_tui.mail.text import fold_text
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.signs import SignedList
from crm_tui.widgets.forms.text import SearchLine

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

SHOWN = 50


class MakePackage(Dialog[int | None]):
    """Type a name: Enter makes the package, or puts the guests into the highlighted one. The result is its number.

    Args:
        criteria: the search that the guests come from, as JSON; it is kept with a new package if all it finds is put in.
        ids: the guests; None or empty: whomever the search finds.
    """

    writes = True

    DEFAULT_CSS = """
    MakePackage {
        align: center middle;
        OptionList { height: auto; max-height: 10; border: none; background: $surface; padding: 0; }
        #said { height: auto; max-height: 2; color: $text-muted; }
        #said.-wrong { color: $text-error; }
    }
    """

    BINDINGS = [
        Binding("escape", "close", N_("Back")),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
    ]

    def __init__(self, criteria: Mapping[str, Any] | None = None, ids: Sequence[int] | None = None) -> None:
        super().__init__()
        self._criteria = dict(criteria) if criteria is not None else None
        self._ids = list(ids or ())
        self._whole = False
        self._packages: Sequence[PackageView] = ()
        self._shown: list[PackageView] = []
        self._new = False
        self._line = SearchLine("", placeholder=_("Name of a new package, or letters of one that is there"))

    def compose(self) -> ComposeResult:
        """Title, line, packages."""
        with DialogBox():
            yield DialogTitle(_("Put into a package"))
            yield self._line
            yield SignedList(markup=False)
            yield Static("", id="said")
            yield Static(Content(_("Enter takes it · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Ask for the packages and for whom the search finds."""
        self.query_one(OptionList).can_focus = False
        self.set_focus(self._line)
        self.ask(self._read, self._show)

    def on_key(self, event: events.Key) -> None:
        """What is typed before the line has the focus is not lost."""
        if event.is_printable and event.character and not self._line.has_focus:
            event.stop()
            self._line.value += event.character

    def _read(self, ctx: Context) -> tuple[Sequence[PackageView], list[int], bool, str]:
        found: list[int] = []
        words = ""
        if self._criteria is not None:
            from crm_tui.rules.guest_criteria import GuestCriteria

            criteria = GuestCriteria.from_json(self._criteria)
            most = len(self._ids) + 1 if self._ids else None  # enough to tell whether they are all it finds
            found = list(desk.guest_lists.ids(ctx, criteria, most))
            words = desk.guest_lists.words(ctx, criteria)
        ids = self._ids or found
        whole = self._criteria is not None and set(ids) == set(found)
        return desk.packages.listed(ctx), ids, whole, words

    def _show(self, answer: tuple[Sequence[PackageView], list[int], bool, str]) -> None:
        self._packages, self._ids, self._whole, words = answer
        count = ngettext("Put {n} guest into a package", "Put {n} guests into a package", len(self._ids))
        self.query_one(DialogTitle).update(Content(count.format(n=len(self._ids))))
        if self._whole:
            self._say(_("search: {words}").format(words=words or _("everyone")))
        self._fill()

    def _say(self, text: str, *, wrong: bool = False) -> None:
        said = self.query_one("#said", Static)
        said.update(Content(text))
        said.set_class(wrong, "-wrong")

    @on(Input.Changed)
    def _fill(self) -> None:
        letters = fold_text(self._line.value.strip())
        words = letters.split()
        self._shown = [one for one in self._packages if all(word in fold_text(one.name) for word in words)][:SHOWN]
        self._new = bool(letters) and all(fold_text(one.name) != letters for one in self._packages)
        listed = self.query_one(OptionList)
        listed.clear_options()
        if self._new:
            new = _("new package “{name}”").format(name=" ".join(self._line.value.split()))
            listed.add_options([Option(Content.assemble(("+ ", "bold $primary"), new))])
        listed.add_options([Option(_option(one)) for one in self._shown])
        listed.highlighted = 0 if listed.option_count else None

    def action_move(self, how: str) -> None:
        """Move in the list while the cursor stays in the line."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    @on(Input.Submitted)
    def _take(self) -> None:
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self._put(place)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._put(event.option_index)

    def _put(self, place: int) -> None:
        if self._new and place == 0:
            self._make(self._line.value)
            return
        package = self._shown[place - self._new]
        ids = self._ids

        def done(new: int) -> None:
            words = ngettext("{n} guest put into {name}", "{n} guests put into {name}", new)
            self.shell.tell(words.format(n=new, name=package.name) + " · " + _("z takes it back"))
            self.dismiss(package.id)

        self.ask(lambda ctx: desk.packages.add(ctx, package.id, ids), done)

    def _make(self, name: str) -> None:
        ids, stored = self._ids, self._criteria if self._whole else None

        def make(ctx: Context) -> int:
            from crm_tui.rules.guest_criteria import GuestCriteria

            criteria = GuestCriteria.from_json(stored) if stored is not None else None
            return int(desk.packages.create(ctx, name, criteria, ids))

        def done(number: int) -> None:
            words = ngettext("{n} guest is in {name} now", "{n} guests are in {name} now", len(ids))
            clean = " ".join(name.split())
            self.shell.tell(words.format(n=len(ids), name=clean) + " · " + _("z takes it back"))
            self.dismiss(number)

        self.ask(make, done, failed=self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, InvalidInput):
            self._say(error.message, wrong=True)
        else:
            self.shell.report(error)


def _option(one: PackageView) -> Content:
    size = ngettext("{n} guest", "{n} guests", one.size).format(n=one.size)
    return Content.assemble(one.name, (f"  {size}", "dim"))
