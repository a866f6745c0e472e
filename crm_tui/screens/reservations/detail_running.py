"""How the screen of a reservation runs commands and opens other screens; what all its mixins stand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.desk.stays.reservation_whole_views import WholeReservation
from crm_tui.screens import catalog
from crm_tui.screens.inquiries import calls
from crm_tui.screens.inquiries.days import Today
from crm_tui.widgets.entries import EntryList

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class Running(Today):
    """Mixin of the screen that shows one reservation."""

    if TYPE_CHECKING:
        app: Any
        found: WholeReservation | None
        entries: dict[str, EntryList]

        @property
        def part(self) -> str: ...

        def reload(self) -> None: ...

    @property
    def view(self) -> ReservationView | None:
        """The reservation as it was read last."""
        return self.found.view if self.found is not None else None

    def run(
        self, work: Callable[[Context], Any], said: str, *, failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Run a command; when it is done, say so and show the reservation as it is now."""

        def done(outcome: calls.Done) -> None:
            if said:
                self.shell.tell(calls.said(outcome, said))
            self.reload()

        if not self.ask(calls.noticing(work), done, failed=failed, in_order=True):
            self.shell.tell(_("The desk is still opening."), warning=True)

    def show_over(self, path: str, *args: Any, **more: Any) -> None:
        """Open a screen of the catalog over this one; when it closes, what it changed is read."""
        self.app.push_screen(catalog.load(path)(*args, **more), lambda _result: self.reload())

    def number_of(self, part: str, kind: str) -> int | None:
        """The number of what the cursor of a part stands on, if it is of that kind."""
        word, _blank, number = self.entries[part].key.partition(" ")
        return int(number) if word == kind else None
