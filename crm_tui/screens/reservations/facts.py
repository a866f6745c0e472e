"""What a reservation says, as entries of a card: facts, guests, money, flights. Pure; no widget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.inquiry_views import InquiryGuestView
from crm_tui.desk.reservation_views import LINES, STATUSES, FlightView, LineView, PaymentView, ReservationView
from crm_tui.desk.words import said
from crm_tui.screens.inquiries.words import amount, channel_word, party
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, nights, span
from crm_tui.widgets.entries import Build, Entry, TextLine, paragraph
from crm_tui.widgets.styled import Part

_NAMES = 13
_STYLES = {"confirmed": "good", "option": "accent", "completed": "muted", "cancelled": "warn", "no-show": "warn"}


def status_part(view: ReservationView) -> Part:
    """How it stands, in a word and a colour."""
    return said(STATUSES, view.status), _STYLES.get(view.status, "")


def card(view: ReservationView, today: date) -> Build:
    """All of it. Entries with a key lead somewhere: ``guest 5``, ``inquiry 7``."""

    def build(width: int) -> Sequence[Entry]:
        return [
            *_facts(view, today, width),
            *_part(_("Guests"), [_guest(one, width) for one in view.guests], _("nobody yet")),
            *_part(_("Schedule"), [_due(one, today, width) for one in view.schedule], _("nothing is due")),
            *_part(_("Payments"), [_payment(one, today, width) for one in view.payments], _("nothing was paid")),
            *_part(_("Flights"), [_flight(one, width) for one in view.flights], ""),
            *_remarks(view, width),
        ]

    return build


def _facts(view: ReservationView, today: date, width: int) -> Iterator[Entry]:
    stay = span(view.arrival, view.departure, today)
    if view.nights:
        stay += f" · {nights(view.nights)}"
    where = " · ".join(part for part in (view.destination, view.room) if part)
    money = amount(view.value)
    if view.paid is not None and view.paid.amount:
        money += "  " + _("paid {amount}").format(amount=amount(view.paid))
    rows = [
        ("", _("Dates"), stay),
        ("", _("Party"), party(view.adults, view.children or 0)),
        ("", _("What"), view.product),
        ("", _("Where"), where),
        ("", _("Value"), money),
        (f"guest {view.company[0]}" if view.company else "", _("Company"), view.company[1] if view.company else ""),
        ("", _("Operator"), view.operator),
        ("", _("Channel"), channel_word(view.channel)),
        ("", _("Booked"), day(view.booked, today) if view.booked else ""),
        ("", _("Reference"), view.reference if view.reference != view.code else ""),
        (f"inquiry {view.inquiry}", _("Inquiry"), str(view.inquiry or "")),
    ]
    for key, label, value in rows:
        if value:
            lines = paragraph(value, max(10, width - _NAMES))
            first = TextLine([(fit(label, _NAMES), "muted"), *lines[0].left])
            more = [TextLine([(" " * _NAMES, ""), *line.left]) for line in lines[1:]]
            yield Entry(key, (first, *more))


def _part(title: str, entries: Sequence[Entry], empty: str) -> Iterator[Entry]:
    """A heading with its entries, or with what says that there are none; without either nothing."""
    if not entries and not empty:
        return
    yield Entry("", (TextLine([("", "")]), TextLine([(title, "title")], [] if entries else [(f"{empty} ", "muted")])))
    yield from entries


def _guest(one: InquiryGuestView, width: int) -> Entry:
    sign: Part = ("★ " if one.holder else "  ", "mark")
    role = _("holder") if one.holder else _("company") if one.kind == "company" else ""
    reach = " · ".join(part for part in (one.phone, one.email) if part)
    name = cut(one.name, width - 12)
    left: list[Part] = [sign, (name, "strong" if one.holder else "")]
    if reach:
        left.append(("  " + reach, "muted"))
    return Entry(f"guest {one.id}", (TextLine(left, [(f" {role} ", "muted")] if role else []),))


def _due(one: LineView, today: date, width: int) -> Entry:
    late = one.due < today
    left: list[Part] = [(fit(said(LINES, one.kind), _NAMES), "muted"), (day(one.due, today), "")]
    if one.reason:
        left.append(("  " + cut(one.reason, max(8, width - 40)), "muted"))
    return Entry("", (TextLine(left, [(f" {amount(one.amount)} ", "muted" if late else "strong")]),))


def _payment(one: PaymentView, today: date, width: int) -> Entry:
    word = _("given back") if one.kind == "refund" else _("paid")
    about = " · ".join(part for part in (one.method, one.note, _("taken back") if one.reversed_at else "") if part)
    left: list[Part] = [(fit(word, _NAMES), "muted"), (day(one.day, today), "")]
    if about:
        left.append(("  " + cut(about, max(8, width - 40)), "muted"))
    sign = "−" if one.kind == "refund" else ""
    return Entry("", (TextLine(left, [(f" {sign}{amount(one.amount)} ", "muted" if one.reversed_at else "")]),))


def _flight(one: FlightView, width: int) -> Entry:
    ways = " → ".join((one.from_airport or "?", one.to_airport or "?"))
    left: list[Part] = [(fit(one.number, _NAMES), "muted"), (cut(f"{ways}  {_times(one)}", width - _NAMES), "")]
    return Entry("", (TextLine(left),))


def _times(one: FlightView) -> str:
    """The airports' clocks: the day once where both are of the same."""
    departs, arrives = one.departs.replace("T", " "), one.arrives.replace("T", " ")
    if departs[:10] == arrives[:10]:
        arrives = arrives[11:]
    return " – ".join(time for time in (departs, arrives) if time)


def _remarks(view: ReservationView, width: int) -> Iterator[Entry]:
    if view.remarks:
        yield Entry("", (TextLine([("", "")]), TextLine([(_("Remarks"), "title")])))
        yield Entry("", tuple(paragraph(view.remarks, width)))


def summary(view: ReservationView) -> str:
    """How many come, for the line below the card."""
    return ngettext("{n} guest", "{n} guests", len(view.guests)).format(n=len(view.guests))
