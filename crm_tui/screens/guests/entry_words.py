"""How an entry of a guest's history is told on one line: by signs and words, on screens and on the command line. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crm_tui.base.i18n import N_, _, language
from crm_tui.desk.client_base.guest_history_views import EntryKind, GuestEntry
from crm_tui.desk.common.words import said
from crm_tui.desk.quality.feedback_views import KINDS, OPEN_SIGN, RESOLVED_SIGN
from crm_tui.desk.requests.inquiry_views import STATUSES
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import FeedbackKind, InquiryStatus, ReservationStatus
from crm_tui.widgets.days import day, span

RESERVATION_STATUSES: Mapping[str, str] = {
    ReservationStatus.OPTION: N_("option"),
    ReservationStatus.CONFIRMED: N_("confirmed"),
    ReservationStatus.CANCELLED: N_("cancelled"),
    ReservationStatus.COMPLETED: N_("completed"),
    ReservationStatus.NO_SHOW: N_("no-show"),
}
"""How reservations stand, in words."""

SIGNS: Mapping[EntryKind, str] = {
    EntryKind.MAIL: "✉",
    EntryKind.INQUIRY: "⌂",
    EntryKind.RESERVATION: "■",
    EntryKind.PAYMENT: "¤",
    EntryKind.EVENT: "◆",
    EntryKind.MEMO: "✎",
    EntryKind.INTERNAL: "»",
    EntryKind.REMINDER: "◷",
    EntryKind.FEEDBACK: "☺",
    EntryKind.GIVEN: "❖",
    EntryKind.CHANGE: "·",
}
"""Kind to the sign before the words."""

SENT = "↗"
"""The sign of a mail of ours."""

_CLOSED = frozenset(
    {InquiryStatus.LOST, InquiryStatus.CANCELLED, ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW}
)


def sign(entry: GuestEntry) -> str:
    """The sign of an entry."""
    return SENT if entry.kind == EntryKind.MAIL and entry.status == "out" else SIGNS[entry.kind]


def head(entry: GuestEntry) -> str:
    """What stands before the words in another colour: the type of an event, how an inquiry or a reservation stands."""
    if entry.kind == EntryKind.EVENT:
        return entry.type
    if entry.kind == EntryKind.INQUIRY:
        return _("inquiry {number}").format(number=entry.number) + f" · {said(STATUSES, entry.status)}"
    if entry.kind == EntryKind.RESERVATION:
        return f"{entry.code} · {said(RESERVATION_STATUSES, entry.status)}"
    if entry.kind == EntryKind.PAYMENT:
        return amount(entry.amount, back=entry.status == "refund")
    if entry.kind == EntryKind.REMINDER:
        return "[x]" if entry.done else "[ ]"
    if entry.kind == EntryKind.FEEDBACK:
        kind = _(KINDS[entry.status]) if entry.status in KINDS else entry.status
        return f"{kind} · {entry.type}" if entry.type else kind
    if entry.kind == EntryKind.GIVEN:
        return _joined(_("given"), entry.type)
    return _("automatic") if entry.status == "automatic" else ""


def words(entry: GuestEntry, today: date) -> str:
    """What an entry says behind its head."""
    if entry.kind in (EntryKind.INQUIRY, EntryKind.RESERVATION):
        role = "" if entry.holder else _("companion") if entry.kind == EntryKind.RESERVATION else ""
        value = amount(entry.amount)
        return _joined(span(entry.first, entry.last, today), party(entry), value, entry.text, role)
    if entry.kind == EntryKind.PAYMENT:
        what = _("given back for {code}") if entry.status == "refund" else _("paid for {code}")
        return _joined(what.format(code=entry.code), entry.text)
    if entry.kind == EntryKind.REMINDER:
        due = day(entry.first, today) if entry.first else ""
        late = not entry.done and entry.first is not None and entry.first < today
        return _joined(entry.text, _("done") if entry.done else f"! {due}" if late else due)
    if entry.kind == EntryKind.FEEDBACK:
        state = f"{RESOLVED_SIGN} " + _("resolved") if entry.done else ""
        state = state or (f"{OPEN_SIGN} " + _("open") if entry.status == FeedbackKind.NEGATIVE else "")
        return _joined(entry.text, entry.code, state)
    if entry.kind == EntryKind.GIVEN:
        return _joined(entry.text, entry.code, amount(entry.amount))
    return entry.text


def plain(entry: GuestEntry, today: date) -> str:
    """The whole line without signs."""
    return " ".join(part for part in (head(entry), words(entry, today)) if part)


def off(entry: GuestEntry) -> bool:
    """Whether it came to nothing: lost, cancelled, taken back."""
    return entry.undone or entry.status in _CLOSED


def party(entry: GuestEntry) -> str:
    """The party: ``2+1``; empty if unknown."""
    if entry.adults is None and not entry.children:
        return ""
    return f"{'?' if entry.adults is None else entry.adults}" + (f"+{entry.children}" if entry.children else "")


def amount(money: Money | None, *, back: bool = False) -> str:
    """An amount in the agent's way; one given back with a minus."""
    if money is None:
        return ""
    return (Money(-money.amount, money.currency) if back else money).written(language())


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
