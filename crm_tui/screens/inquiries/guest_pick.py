"""Finding a guest by a few letters of the name, the address or the number; or saying that it is a new one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from crm_tui import desk
from crm_tui.base.i18n import N_, _
from crm_tui.desk.client_base.guest_views import GuestRow
from crm_tui.screens.base import Dialog
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.signs import SignedList
from crm_tui.widgets.forms.text import SearchLine

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

SHOWN = 9


@dataclass(frozen=True, slots=True)
class Picked:
    """Who was picked: a guest of the client base, or the name of a new one."""

    guest: GuestRow | None = None
    name: str = ""


class GuestPick(Dialog[Picked | None]):
    """Type a few letters, Enter takes the highlighted guest; the last line makes a new one of what is typed.

    Args:
        title: what the guest is picked for; display-safe.
        seed: letters typed already.
        makes_new: whether somebody new may be meant.
        without: guests who cannot be meant.
        likely: reads who is shown while nothing is typed; runs in a thread.
    """

    DEFAULT_CSS = """
    GuestPick {
        align: center middle;
        OptionList { height: auto; max-height: 12; border: none; background: $surface; padding: 0; }
    }
    """

    BINDINGS = [
        Binding("escape", "close", N_("Back")),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("ctrl+s", "take_new", N_("New guest"), priority=True),
    ]

    def __init__(
        self,
        title: str,
        seed: str = "",
        *,
        makes_new: bool = True,
        without: Collection[int] = (),
        likely: Callable[[Context], Sequence[GuestRow]] | None = None,
    ) -> None:
        super().__init__()
        self._without = frozenset(without)
        self._likely = likely
        self._title = title
        self._makes_new = makes_new
        self._line = SearchLine(seed, placeholder=_("Name, mail address or phone number"), select_on_focus=False)
        self._found: Sequence[GuestRow] = ()
        self._query = ""
        self._waiting = False

    def compose(self) -> ComposeResult:
        """Title, line, guests."""
        with DialogBox():
            yield DialogTitle(self._title)
            yield self._line
            yield SignedList(markup=False)
            words = _("Enter takes it · ctrl+s makes a new guest · Esc back")
            if not self._makes_new:
                words = _("Enter takes it · Esc back")
            yield Static(Content(words), classes="dialog--keys")

    def on_mount(self) -> None:
        """Look for what is typed already."""
        self.query_one(OptionList).can_focus = False
        self.set_focus(self._line)
        self._look()

    def type(self, letters: str) -> None:
        """Letters that were typed before the line could take them."""
        self._line.value += letters
        self._line.cursor_position = len(self._line.value)

    def on_key(self, event: events.Key) -> None:
        """What is typed before the line has the focus is not lost."""
        if event.is_printable and event.character and not self._line.has_focus:
            event.stop()
            self.type(event.character)

    @on(Input.Changed)
    def _look(self) -> None:
        query, without, likely = self._line.value.strip(), self._without, self._likely

        def read(ctx: Context) -> tuple[str, Sequence[GuestRow]]:
            found = desk.guests.find(ctx, query, SHOWN + len(without)) if query else likely(ctx) if likely else ()
            return query, [row for row in found if row.id not in without][:SHOWN]

        self.ask(read, self._show, topic="guests")

    def _show(self, answer: tuple[str, Sequence[GuestRow]]) -> None:
        self._query, self._found = answer
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(_line(row)) for row in self._found])
        if self._query and self._makes_new:
            words = _("new guest “{name}”").format(name=self._query)
            listed.add_options([Option(Content.assemble(("+ ", "bold $primary"), words))])
        listed.highlighted = 0 if listed.option_count else None
        if self._waiting:
            self._waiting = False
            self._take()

    def action_move(self, how: str) -> None:
        """Move in the list while the cursor stays in the line."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    @on(Input.Submitted)
    def _take(self) -> None:
        if self._query != self._line.value.strip():
            self._waiting = True  # the answer is on its way: Enter was faster than the search
            return
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self._dismiss_with(place)

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._dismiss_with(event.option_index)

    def _dismiss_with(self, place: int) -> None:
        self.dismiss(Picked(self._found[place]) if place < len(self._found) else Picked(name=self._query))

    def action_take_new(self) -> None:
        """A new guest of what is typed."""
        name = self._line.value.strip()
        if name and self._makes_new:
            self.dismiss(Picked(name=name))


def _line(row: GuestRow) -> Content:
    reach = " · ".join(part for part in (row.phone, row.email) if part)
    return Content.assemble(row.name, (f"  {reach}" if reach else "", "dim"))


def split_name(name: str) -> tuple[str, str]:
    """Given names and surname, as a name is most often said: the last word is the surname."""
    *given, surname = name.split() or [""]
    return " ".join(given), surname
