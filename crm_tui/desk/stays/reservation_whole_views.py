"""What the screen of one reservation shows: frozen, display-safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from crm_tui.desk.common.views import ConversationRow
from crm_tui.desk.quality.feedback_views import FeedbackView
from crm_tui.desk.quality.quality_views import CostView
from crm_tui.desk.requests.inquiry_views import MemoView, ReminderView
from crm_tui.desk.shifts.internal_views import InternalView
from crm_tui.desk.stays.reservation_views import LineView, ReservationView
from crm_tui.desk.watchlists.notice_views import NoticeView
from crm_tui.rules.money import Money
from crm_tui.rules.passport import PassportView
from crm_tui.rules.vocabulary import FlightState, LineKind


@dataclass(frozen=True, slots=True)
class DueView:
    """A schedule line and the money on it.

    Attributes:
        on: how much of what was paid stands on it.
        missing: what is not covered; nothing where it is.
        late: it is not covered and its day is over.
    """

    line: LineView
    on: Money
    missing: Money
    late: bool

    @property
    def letter(self) -> str:
        """Z for a deposit, D for all else (SPEC §1)."""
        return "Z" if self.line.kind == LineKind.DEPOSIT else "D"

    @property
    def covered(self) -> bool:
        """Whether its amount is reached."""
        return not self.missing.amount


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The money of a reservation by the formulas of SPEC §7."""

    paid: Money
    price: Money
    missing_deposit: Money
    missing_balance: Money
    overpaid: Money
    due: date | None
    late: bool


@dataclass(frozen=True, slots=True)
class FolioSummary:
    """A bill in short.

    Attributes:
        name: what it is called, or empty.
        payer: the name of who pays it; empty: the holder does.
        totals: the sum of its postings in each currency.
        postings: how many.
    """

    id: int
    number: int
    name: str
    payer: str
    payer_id: int | None
    totals: tuple[Money, ...]
    postings: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PassportNote:
    """A guest whose passport does not last long enough for this trip."""

    guest: int
    name: str
    passport: PassportView


@dataclass(frozen=True, slots=True)
class TalkView:
    """A conversation about the reservation. ``by_hand``: somebody linked it; else it is one of its inquiry's."""

    row: ConversationRow
    by_hand: bool


@dataclass(frozen=True, slots=True)
class WholeReservation:
    """A reservation with all that belongs to it but its history, which reads itself.

    Attributes:
        today: the property's day.
        money: None without a currency.
        months: how long a passport must be valid after the return (a setting).
        window: how many days before its departure a flight is watched: the operator's, else a setting.
        watched: the state of each flight that is watched, by its number; connections have none of their own.
    """

    view: ReservationView
    today: date
    money: MoneyView | None
    schedule: tuple[DueView, ...]
    folios: tuple[FolioSummary, ...]
    passports: tuple[PassportNote, ...]
    months: int
    window: int
    watched: dict[int, FlightState]
    conversations: tuple[TalkView, ...]
    notices: Sequence[NoticeView]
    memos: Sequence[MemoView] = ()
    internal: Sequence[InternalView] = ()
    reminders: Sequence[ReminderView] = ()
    feedback: Sequence[FeedbackView] = ()
    costs: Sequence[CostView] = ()
