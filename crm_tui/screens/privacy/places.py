"""Where a surname stands alone in what is about others: one by one, what goes with an erasure (SPEC §6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.screens.privacy.words import place_row
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.signs import SignedList

if TYPE_CHECKING:
    from crm_tui.desk.privacy.erasing_views import Place


class PlacesDialog(ModalScreen["frozenset[str] | None"]):
    """Space ticks a place, ``a`` all or none, Enter is done; the result holds the keys of the ticked ones.

    Args:
        places: in the order in which they are shown.
        ticked: keys of those that are ticked so far.
    """

    DEFAULT_CSS = """
    PlacesDialog {
        align: center middle;
        DialogBox { width: 90%; max-width: 120; }
        OptionList { height: auto; max-height: 1fr; border: none; background: $surface; padding: 0; }
        OptionList { scrollbar-size-vertical: 1; }
    }
    """
    BINDINGS = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("space", "turn", show=False, priority=True),
        Binding("a", "turn_all", show=False, priority=True),
        Binding("enter", "commit", show=False, priority=True),
        Binding("ctrl+s", "commit", show=False, priority=True),
    ]

    def __init__(self, places: Sequence[Place], ticked: Collection[str]) -> None:
        super().__init__()
        self._places = places
        self._ticked = set(ticked)

    def compose(self) -> ComposeResult:
        title = ngettext("The surname stands alone in {n} place", "The surname stands alone in {n} places",
                         len(self._places))  # fmt: skip
        with DialogBox():
            yield DialogTitle(title.format(n=len(self._places)))
            yield SignedList(markup=False)
            keys = _("Space: goes or stays · a: all or none · Enter: done · Esc: leave it")
            yield Static(Content(keys), classes="dialog--keys")

    def on_mount(self) -> None:
        """All places; the list takes the keys."""
        listed = self.query_one(OptionList)
        listed.add_options([Option(self._words(place)) for place in range(len(self._places))])
        listed.highlighted = 0
        listed.focus()

    def _words(self, at: int) -> Content:
        one = self._places[at]
        return place_row(one, ticked=one.key in self._ticked)

    def action_turn(self) -> None:
        """Tick the highlighted place, or take the tick off; go on to the next."""
        listed = self.query_one(OptionList)
        at = listed.highlighted
        if at is None:
            return
        self._ticked ^= {self._places[at].key}
        listed.replace_option_prompt_at_index(at, self._words(at))
        listed.highlighted = min(at + 1, len(self._places) - 1)

    def action_turn_all(self) -> None:
        """Tick all; none if all are."""
        every = {one.key for one in self._places}
        self._ticked = set() if self._ticked == every else every
        listed = self.query_one(OptionList)
        for at in range(len(self._places)):
            listed.replace_option_prompt_at_index(at, self._words(at))

    def action_commit(self) -> None:
        """Done."""
        self.dismiss(frozenset(self._ticked))
