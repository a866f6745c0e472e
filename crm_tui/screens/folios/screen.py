"""The folios of a reservation: side by side on wide desks, one at a time on 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal

from crm_tui import desk
from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.money.folio_views import FolioView, PostingView
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.rules.money import Money
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.folios import rows
from crm_tui.screens.folios.actions import FOLIOS
from crm_tui.screens.folios.commands import FolioCommands
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.days import span
from crm_tui.widgets.dialogs import Tell
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line
from crm_tui.widgets.section import Section
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

TWO, THREE = 100, 150
"""Columns from which on two and three folios stand side by side."""


class Whole(NamedTuple):
    """A reservation and its folios."""

    stay: ReservationView
    folios: list[FolioView]
    currency: str


def whole(ctx: Context, reservation: int) -> Whole:
    """All that the screen shows, as it is now."""
    stay = desk.reservations.get(ctx, reservation)
    return Whole(stay, desk.folios.listed(ctx, reservation), desk.folios.currency(ctx, reservation))


class FoliosScreen(FolioCommands, DeskScreen[None]):
    """The bills of a reservation.

    Args:
        reservation_id: its number.
    """

    CSS = """
    FoliosScreen {
        #headline { background: $surface; }
        #bar { background: $panel; }
        #columns { height: 1fr; }
        Section { width: 1fr; }
        Section.-beside { border-right: solid $desk-line; }
    }
    """
    BINDINGS = bindings(FOLIOS)

    def __init__(self, reservation_id: int) -> None:
        super().__init__()
        self.reservation = reservation_id
        self.found: Whole | None = None
        self.marked: dict[int, None] = {}
        self._current = 0
        self._lists: dict[int, EntryList] = {}
        self._parts: dict[int, Section] = {}

    def body(self) -> ComposeResult:
        """What it is about, the bar of folios, the folios."""
        self.headline, self.bar = Line(id="headline"), Line(id="bar")
        self.columns = Horizontal(id="columns")
        yield self.headline
        yield self.bar
        yield self.columns

    def on_mount(self) -> None:
        """Say that it is being read."""
        self.headline.show([(" " + _("Reading …"), "muted")])
        super().on_mount()

    def desk_ready(self) -> None:
        """Read them."""
        self.reload()

    def desk_changed(self, changes: Changes) -> None:
        """Something of it may have changed, here or at another desk."""
        if changes.everything or changes.ids.keys() & {"folio", "posting", "payment", "reservation", "guest"}:
            self.reload()

    def reload(self) -> None:
        """Read them again; the cursor stays where it is."""
        number = self.reservation
        self.ask(lambda ctx: whole(ctx, number), self.show, topic="folios", failed=self._gone)

    def _gone(self, error: Exception) -> None:
        self.shell.report(error)
        if isinstance(error, NotFound):
            self.dismiss()

    # Showing

    def show(self, found: Whole) -> None:
        """Show what was read."""
        self.found = found
        known = {one.id for folio in found.folios for one in folio.postings}
        self.marked = {number: None for number in self.marked if number in known}
        numbers = [folio.id for folio in found.folios]
        if self._current not in numbers:
            self._current = numbers[0] if numbers else 0
        if numbers != list(self._parts):
            self._build(numbers)
        self._fill()

    def _build(self, numbers: list[int]) -> None:
        """A column a folio; those that stay keep their cursor."""
        for number in [one for one in self._parts if one not in numbers]:
            self._parts.pop(number).remove()
            del self._lists[number]
        for place, number in enumerate(numbers):
            if number not in self._parts:
                self._lists[number] = EntryList(self._nothing, id=f"folio-{number}")
                self._parts[number] = Section("", "", self._lists[number], id=f"part-{number}")
                after = self._parts.get(numbers[place - 1]) if place else None
                if after is not None:
                    self.columns.mount(self._parts[number], after=after)
                else:
                    self.columns.mount(self._parts[number], before=0 if self.columns.children else None)
        self._parts = {number: self._parts[number] for number in numbers}
        self._lists = {number: self._lists[number] for number in numbers}
        self.call_after_refresh(lambda: self._focus(self._current))

    def _nothing(self) -> list[Part]:
        return [(_("Nothing is posted here."), "muted"), (_("n posts; m in another folio moves postings here."), "key")]

    def _fill(self) -> None:
        found = self.found
        if found is None:
            return
        today = self.today()
        for folio in found.folios:
            self._lists[folio.id].show(rows.entries(folio, self.marked, today))
            part = self._parts[folio.id]
            part.label = rows.title(folio)
            part.tell(len(folio.postings), *rows.remarks(folio), (f"  {rows.money(folio.balances)}", "strong"))
        self._place()
        self._show_lines(found)
        self.refresh_bindings()

    def _show_lines(self, found: Whole) -> None:
        stay, today = found.stay, self.today()
        words = [stay.holder.name if stay.holder else "", span(stay.arrival, stay.departure, today), stay.room]
        about = " · ".join(part for part in words if part)
        count = len(self.marked)
        marks = ngettext("{n} marked", "{n} marked", count).format(n=count) + "  " if count else ""
        owed: dict[str, int] = {}
        for folio in found.folios:
            for one in folio.balances:
                owed[one.currency] = owed.get(one.currency, 0) + one.amount
        open_ = rows.money([Money(sum_, unit) for unit, sum_ in owed.items()])
        self.headline.show(
            [(f" {stay.code}", "title"), ("  ", ""), (about, "")],
            [(marks, "accent"), (_("open: {amount}").format(amount=open_) + " ", "muted")],
        )
        bar: list[Part | tuple[str, str, str]] = []
        for folio in found.folios:
            ground = " cursor" if folio.id == self._current else ""
            bar += [(f" {rows.title(folio)} ", ("strong" if ground else "muted") + ground, str(folio.id))]
            bar += [(f"{rows.money(folio.balances)} ", "accent" + ground, str(folio.id))]
        self.bar.show(bar)

    def _place(self) -> None:
        """Show the columns that fit, the current one among them."""
        width = self.app.size.width
        fits = 3 if width >= THREE else 2 if width >= TWO else 1
        numbers = list(self._lists)
        place = numbers.index(self._current) if self._current in numbers else 0
        first = max(0, min(place, len(numbers) - fits))
        shown = numbers[first : first + fits]
        for number in numbers:
            part = self._parts[number]
            part.display = number in shown
            part.set_class(number in shown[:-1], "-beside")
        self.bar.display = len(numbers) > len(shown)

    def _focus(self, number: int) -> None:
        self._current = number
        if number in self._lists:
            self._place()
            self.set_focus(self._lists[number], scroll_visible=False)

    def on_resize(self) -> None:
        """Another number of columns may fit."""
        if self.found is not None:
            self._place()

    def on_descendant_focus(self) -> None:
        """The folio with the focus is the current one."""
        for number, listed in self._lists.items():
            if self.focused is listed and number != self._current:
                self._current = number
                if self.found is not None:
                    self._show_lines(self.found)
        self.refresh_bindings()

    @on(Line.Clicked)
    def _clicked(self, event: Line.Clicked) -> None:
        if event.name.isdecimal() and int(event.name) in self._lists:
            event.stop()
            self._turn_to(int(event.name))

    def _turn_to(self, number: int) -> None:
        self._focus(number)
        if self.found is not None:
            self._show_lines(self.found)

    def action_turn(self, by: int) -> None:
        """The next folio, or the one before, round the end."""
        numbers = list(self._lists)
        if numbers:
            self._turn_to(numbers[(numbers.index(self._current) + by) % len(numbers)])

    # What is under the cursor

    @property
    def folio(self) -> FolioView | None:
        """The folio with the focus."""
        every = self.found.folios if self.found is not None else []
        return next((one for one in every if one.id == self._current), None)

    @property
    def posting(self) -> PostingView | None:
        """The posting under the cursor."""
        folio = self.folio
        listed = self._lists.get(self._current)
        if folio is None or listed is None:
            return None
        return next((one for one in folio.postings if str(one.id) == listed.key), None)

    @on(EntryList.Highlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(EntryList.Opened)
    def _opened(self, event: EntryList.Opened) -> None:
        event.stop()
        one, folio = self.posting, self.folio
        if one is not None and folio is not None:
            when = moment(one.created_at, self.shell.clock.now(), self.shell.zone)
            heading = f"{rows.what(one)} · {one.id}"
            self.app.push_screen(Tell(heading, rows.about(one, folio, when)))

    # Marks

    def action_mark(self) -> None:
        """Mark or unmark the posting and go on."""
        one = self.posting
        if one is not None:
            if one.id in self.marked:
                del self.marked[one.id]
            else:
                self.marked[one.id] = None
            self._fill()
            self._lists[self._current].action_down()

    def action_unmark_all(self) -> None:
        """Take all marks away."""
        if self.marked:
            self.marked.clear()
            self._fill()

    def action_back(self) -> None:
        """Marks go first."""
        if self.marked:
            self.action_unmark_all()
        else:
            super().action_back()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now is offered."""
        return self.can(action, super().check_action(action, parameters))
