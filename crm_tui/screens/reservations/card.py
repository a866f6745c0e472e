"""The card of one reservation, to look at: dates, guests with the holder, money, flights (SPEC §7)."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.reservation_views import ReservationView
from crm_tui.screens import catalog
from crm_tui.screens.base import Dialog
from crm_tui.screens.reservations.facts import card, status_part
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line


class ReservationCard(Dialog[None]):
    """Shows a reservation; Enter opens the guest, the company or the inquiry under the cursor, Esc closes.

    Args:
        reservation_id: its number.
    """

    BINDINGS = [("q", "close", "")]
    DEFAULT_CSS = """
    ReservationCard { align: center middle; background: $background 40%; }
    ReservationCard > Vertical {
        width: 84; max-width: 96%; height: 30; max-height: 96%; background: $panel; border: round $primary;
    }
    ReservationCard EntryList { background: $panel; padding: 0 1; }
    """

    def __init__(self, reservation_id: int) -> None:
        super().__init__()
        self.reservation = reservation_id
        self.view: ReservationView | None = None

    def compose(self) -> ComposeResult:
        """Code and status, then the entries."""
        self._head, self._foot = Line(), Line()
        self._list = EntryList(lambda: [(_("Reading …"), "muted")])
        with Vertical():
            yield self._head
            yield self._list
            yield self._foot

    def on_mount(self) -> None:
        """Read it."""
        self._list.focus()
        self._foot.show([(" " + _("Enter opens a guest · Esc back"), "muted")])
        self._read()

    def _read(self) -> None:
        number = self.reservation
        self.ask(lambda ctx: desk.reservations.get(ctx, number), self.show, topic="reservation")

    def show(self, view: ReservationView) -> None:
        """Draw it as it is now."""
        self.view = view
        today = self.shell.clock.now().astimezone(self.shell.zone).date()
        word, style = status_part(view)
        self._head.show([(" " + view.code, "title"), ("  ", ""), (word, style)], [(view.channel + " ", "muted")])
        self._list.show(card(view, today))

    @on(EntryList.Opened)
    def _opened(self, event: EntryList.Opened) -> None:
        event.stop()
        kind, _blank, number = event.key.partition(" ")
        if kind == "guest":
            self.app.push_screen(catalog.load(catalog.GUEST)(int(number)))
        elif kind == "inquiry":
            self.shell.open_inquiry(int(number))
