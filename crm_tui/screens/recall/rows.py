"""How a waitlisted inquiry looks in the list of the recall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from rich.cells import cell_len

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.requests.inquiry_views import STATUSES
from crm_tui.desk.requests.recall_views import MARKS, SIGNS, Mark, Waitlisted
from crm_tui.rules.vocabulary import InquiryStatus
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import short_span
from crm_tui.widgets.styled import Part

_LOOKS = {Mark.READY: "good", Mark.DRAFTED: "accent", Mark.WRITTEN: "accent"}


class WaitlistedView:
    """Draws the rows: mark, guest, days, nights, party, room or reason.

    Args:
        today: the property's day; years that go without saying are left out.
    """

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: Waitlisted, width: int) -> list[Part]:
        """The pieces of a line."""
        look = _LOOKS.get(row.mark, "warn")
        state_width = 15
        who_width = min(26, max(13, width * 26 // 100))
        days = ("≈" if row.flexible else " ") + short_span(row.first, row.end, self._today())
        days_width = 21
        state = f"{SIGNS[row.mark]} {said(MARKS, row.mark)}"
        room = width - who_width - days_width - state_width - 1
        about = cut(_about(row), max(0, room - 1))
        return [
            (" " + fit(row.guest or row.address or _("(no guest)"), who_width - 1) + " ", "strong"),
            (fit(days, days_width), "accent" if row.flexible else ""),
            (about + " " * max(0, room - cell_len(about)), "muted"),
            (fit(state, state_width), look),
        ][: 4 if room >= 0 else 2]


def _about(row: Waitlisted) -> str:
    words = [row.lost_reason or said(STATUSES, row.status)] if row.status == InquiryStatus.LOST else []
    if row.flexible and row.nights:
        words.append(ngettext("{n} night", "{n} nights", row.nights).format(n=row.nights))
    if row.party:
        words.append(ngettext("{n} guest", "{n} guests", row.party).format(n=row.party))
    if row.room:
        words.append(row.room)
    if row.status != InquiryStatus.LOST:
        words.append(said(STATUSES, row.status))
    return " · ".join(words)
