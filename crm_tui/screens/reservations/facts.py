"""What a reservation says, as entries: facts, guests, money, flights, conversations. Pure; no widget.

Keys of entries lead somewhere: ``guest 5``, ``inquiry 7``, ``line 3``, ``payment 4``, ``folio 1``, ``flight 2``, ``talk 9``,
``feedback 6``, ``cost 3``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo

from rich.cells import cell_len

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.money.money_views import method_words
from crm_tui.desk.quality.feedback_views import KINDS, OPEN_SIGN, RESOLVED_SIGN, FeedbackView
from crm_tui.desk.quality.quality_views import CostView
from crm_tui.desk.requests.inquiry_views import InquiryGuestView
from crm_tui.desk.stays.reservation_views import LINES, STATUSES, FlightView, PaymentView, ReservationView
from crm_tui.desk.stays.reservation_whole_views import DueView, FolioSummary, TalkView, WholeReservation
from crm_tui.desk.watchlists.notice_views import NoticeView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import FlightState, NoticeState
from crm_tui.screens.inquiries.words import HOLDER, amount, channel_word, party
from crm_tui.screens.relations.rows import cost_words, given_words
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, full_day, span, weekday
from crm_tui.widgets.entries import Build, Entry, TextLine, paragraph
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import minute, moment

_NAMES = 13
_STYLES = {"confirmed": "good", "option": "accent", "completed": "muted", "cancelled": "warn", "no-show": "warn"}
_STATES = {
    FlightState.TO_INFORM: (N_("to inform"), "accent"),
    FlightState.INFORMED: (N_("informed"), "good"),
    FlightState.AGAIN: (N_("inform again"), "warn strong"),
}
_NOTICES = {
    NoticeState.QUEUED.value: (N_("waits to be sent"), "muted"),
    NoticeState.SENDING.value: (N_("is being sent"), "muted"),
    NoticeState.SENT.value: (N_("sent"), "good"),
    NoticeState.FAILED.value: (N_("failed"), "warn"),
    NoticeState.UNCERTAIN.value: (N_("uncertain whether it was sent"), "warn"),
    NoticeState.DROPPED.value: (N_("not sent: no longer needed"), "muted"),
}


def status_part(view: ReservationView) -> Part:
    """How it stands, in a word and a colour."""
    return said(STATUSES, view.status), _STYLES.get(view.status, "")


def overview(found: WholeReservation, waiting: Sequence[Sequence[Part]]) -> Build:
    """What it waits for, then what is booked."""

    def build(width: int) -> Sequence[Entry]:
        entries = [Entry("", tuple(_wrapped(line, width))) for line in waiting]
        if entries:
            entries.append(Entry("", (TextLine([]),)))
        told = [*_feedback(found.feedback, width), *_costs(found.costs, width), *_remarks(found.view, width)]
        return [*entries, *_facts(found.view, found.today, width), *told]

    return build


def _wrapped(line: Sequence[Part], width: int) -> list[TextLine]:
    """A sign and its words; words that do not fit go on below."""
    (sign, style), (words, look) = line[0], line[1]
    lines = paragraph(words, max(10, width - cell_len(sign)), look)
    rest = [TextLine([(" " * cell_len(sign), ""), *one.left]) for one in lines[1:]]
    return [TextLine([(sign, style), *lines[0].left]), *rest]


def _facts(view: ReservationView, today: date, width: int) -> Iterator[Entry]:
    stay = span(view.arrival, view.departure, today)
    if view.nights:
        stay += " · " + ngettext("{n} night", "{n} nights", view.nights).format(n=view.nights)
    for label, one in ((_("Arrival"), view.arrival), (_("Departure"), view.departure)):
        if one is not None:
            yield _fact("", label, full_day(one), width)
    where = " · ".join(part for part in (view.destination, view.room) if part)
    rows = [
        ("", _("Nights"), str(view.nights) if view.nights else ""),
        ("", _("Party"), party(view.adults, view.children or 0)),
        ("", _("What"), view.product),
        ("", _("Where"), where),
        ("", _("Value"), amount(view.value)),
        (f"guest {view.company[0]}" if view.company else "", _("Company"), view.company[1] if view.company else ""),
        ("", _("Operator"), view.operator),
        ("", _("Channel"), channel_word(view.channel)),
        ("", _("Booked"), day(view.booked, today) if view.booked else ""),
        ("", _("Reference"), view.reference if view.reference != view.code else ""),
        (f"inquiry {view.inquiry}", _("Inquiry"), str(view.inquiry or "")),
        ("", _("Made by"), view.created_by),
    ]
    for key, label, value in rows:
        if value:
            yield _fact(key, label, value, width)


def _fact(key: str, label: str, value: str, width: int) -> Entry:
    lines = paragraph(value, max(10, width - _NAMES), "key" if key else "")
    more = [TextLine([(" " * _NAMES, ""), *line.left]) for line in lines[1:]]
    return Entry(key, (TextLine([(fit(label, _NAMES), "muted"), *lines[0].left]), *more))


def _remarks(view: ReservationView, width: int) -> Iterator[Entry]:
    if view.remarks:
        yield Entry("", (TextLine([]), TextLine([(_("Remarks"), "title")])))
        yield Entry("", tuple(paragraph(view.remarks, width)))


def _feedback(listed: Sequence[FeedbackView], width: int) -> Iterator[Entry]:
    if listed:
        yield Entry("", (TextLine([]), TextLine([(_("Feedback"), "title")])))
    for one in listed:
        sign: Part = (OPEN_SIGN, "warn") if one.open else (RESOLVED_SIGN, "good")
        words = ": ".join(part for part in (_(KINDS[one.kind]), " ".join(one.comment.split()) or one.code) if part)
        yield _costing(f"feedback {one.id}", sign, words, one.cost, width)


def _costs(listed: Sequence[CostView], width: int) -> Iterator[Entry]:
    if listed:
        yield Entry("", (TextLine([]), TextLine([(_("Costs of quality"), "title")])))
    for one in listed:
        words = ": ".join(part for part in (one.occasion or one.code, given_words(one.given)) if part)
        yield _costing(f"cost {one.id}", ("❖", "mark"), words, one.cost, width)


def _costing(key: str, sign: Part, words: str, cost: Sequence[Money], width: int) -> Entry:
    """Something that was given, or settled, on one line; what it cost at the right."""
    price = cost_words(cost)
    right: list[Part] = [(f" {price} ", "strong")] if price else []
    room = width - 2 - (cell_len(price) + 2 if price else 0)
    return Entry(key, (TextLine([sign, (" ", ""), (cut(words, max(8, room)), "")], right),))


# Guests


def guests(found: WholeReservation) -> Build:
    """The guests, the holder marked, and whose passport does not last."""
    short = {one.guest for one in found.passports}

    def build(width: int) -> Sequence[Entry]:
        return [Entry(f"guest {one.id}", tuple(_guest(one, width, one.id in short))) for one in found.view.guests]

    return build


def _guest(one: InquiryGuestView, width: int, short: bool) -> list[TextLine]:
    sign: Part = (f"{HOLDER} " if one.holder else "  ", "mark")
    role = _("holder") if one.holder else _("company") if one.kind == "company" else ""
    right: list[Part] = [(" ! " + _("passport") + " ", "warn")] if short else []
    right += [(f" {role} ", "muted")] if role else []
    lines = [TextLine([sign, (one.name, "strong" if one.holder else "")], right)]
    reach = " · ".join(part for part in (one.phone, one.email) if part)
    return [*lines, TextLine([("  ", ""), (cut(reach, width - 2), "muted")])] if reach else lines


# Money


def money(found: WholeReservation, now: datetime, zone: tzinfo) -> Build:
    """Schedule with what is covered, payments and refunds, folios, payment reminders."""

    def build(width: int) -> Sequence[Entry]:
        parts = [
            (_("Schedule"), [_due(one, found.today, width) for one in found.schedule]),
            (_("Payments"), [_payment(one, found.today) for one in found.view.payments]),
            (_("Folios"), [_folio(one, width) for one in found.folios]),
            (_("Payment reminders"), [_notice(one, now, zone, width) for one in found.notices]),
        ]
        entries: list[Entry] = []
        for title, inner in parts:
            if inner:
                entries += [Entry("", (*([TextLine([])] if entries else []), TextLine([(title, "title")])))]
                entries += inner
        return entries

    return build


def _due(one: DueView, today: date, width: int) -> Entry:
    line, style = one.line, "warn strong" if one.late else "accent"
    sign: Part = ("✔ ", "good") if one.covered else ("! ", "warn") if one.late else ("· ", "muted")
    left: list[Part] = [sign, (f"{one.letter} ", "good" if one.covered else style)]
    left += [(fit(said(LINES, line.kind), 11), "muted"), (day(line.due, today).ljust(6), "")]
    if one.covered:
        left.append(("  " + _("covered"), "good"))
    else:
        words = _("{amount} missing").format(amount=amount(one.missing)) if one.on.amount else _("missing")
        if one.on.amount and width > 70:
            words = _("{amount} paid, {missing}").format(amount=amount(one.on), missing=words)
        left.append(("  " + words, style))
    lines = [TextLine(left, [(f" {amount(line.amount)} ", "strong")])]
    if line.reason:
        lines.append(TextLine([("    ", ""), (cut(line.reason, width - 4), "muted")]))
    return Entry(f"line {line.id}", tuple(lines))


def _payment(one: PaymentView, today: date) -> Entry:
    gone = one.reversed_at is not None
    word = _("given back") if one.kind == "refund" else _("paid")
    about = " · ".join(part for part in (method_words(one.method), one.note, one.reference, one.by) if part)
    left: list[Part] = [
        ("✕ " if gone else "  ", "muted"),
        (fit(word, _NAMES), "muted"),
        (day(one.day, today).ljust(6), ""),
    ]
    if gone:
        left.append(("  " + _("taken back"), "warn"))
    if about:
        left.append(("  " + about, "muted"))
    sign = "−" if one.kind == "refund" else ""
    return Entry(f"payment {one.id}", (TextLine(left, [(f" {sign}{amount(one.amount)} ", "muted" if gone else "")]),))


def _folio(one: FolioSummary, width: int) -> Entry:
    who = one.payer or _("the holder")
    name = one.name or _("Folio {number}").format(number=one.number)
    left: list[Part] = [("  ", ""), (name, ""), ("  " + _("{name} pays").format(name=who), "muted")]
    if one.closed_at is not None:
        left.append(("  " + _("closed"), "good"))
    count = ngettext("{n} posting", "{n} postings", one.postings).format(n=one.postings)
    left.append((f"  {count}", "muted"))
    totals = ", ".join(amount(total) for total in one.totals) or "–"
    return Entry(
        f"folio {one.id}", (TextLine([(cut(text, width), style) for text, style in left], [(f" {totals} ", "strong")]),)
    )


def _notice(one: NoticeView, now: datetime, zone: tzinfo, width: int) -> Entry:
    word, style = _NOTICES.get(one.state, (one.state, ""))
    way = _("SMS") if one.channel == "sms" else _("mail")
    who = one.agent or (_("automatic") if one.automatic else "")
    left: list[Part] = [("  ", ""), (fit(way, 6), "muted"), (_(word), style)]
    left.append(("  " + " · ".join(part for part in (one.address, who) if part), "muted"))
    lines = [TextLine(left, [(f" {amount(one.amount)}  {moment(one.sent_at or one.created_at, now, zone)} ", "muted")])]
    if one.error:
        lines.append(TextLine([("  ", ""), (cut(one.error, width - 2), "warn")]))
    return Entry(f"notice {one.id}", tuple(lines))


# Flights


def flights(found: WholeReservation, zone: tzinfo, now: datetime) -> Build:
    """The legs with the airports' clocks, and whether the guests know the times."""

    def build(width: int) -> Sequence[Entry]:
        return [
            Entry(f"flight {one.id}", tuple(_flight(one, found.watched.get(one.id), zone, now, found.today, width)))
            for one in found.view.flights
        ]

    return build


def _flight(
    one: FlightView, state: FlightState | None, zone: tzinfo, now: datetime, today: date, width: int
) -> list[TextLine]:
    ways = " → ".join((one.from_airport or "?", one.to_airport or "?"))
    right: list[Part] = []
    over = one.departs[:10] < today.isoformat() and state == FlightState.TO_INFORM
    if state is not None and not over:
        word, style = _STATES[state]
        right = [(f" {_(word)} ", style)]
    lines = [TextLine([("✈ ", "key"), (one.number or "–", "strong"), (f"  {ways}", "")], right)]
    lines.append(TextLine([("  ", ""), (times(one, today), "")]))
    if one.informed_at is not None:
        words = _("told by {name}, {when}").format(name=one.informed_by or "?", when=minute(one.informed_at, now, zone))
        told = (one.told_departs, one.told_arrives)
        if state == FlightState.AGAIN and told != (one.departs, one.arrives):
            words += ": " + times(FlightView(0, "", "", "", *told), today)
        lines.append(TextLine([("  ", ""), (cut(words, width - 2), "muted")]))
    return lines


def times(one: FlightView, today: date) -> str:
    """``Fri 14 Aug 06:35 – 09:50`` by the airports' clocks: the day once where both are of the same."""
    departs, arrives = _local(one.departs, today), _local(one.arrives, today)
    if one.departs[:10] == one.arrives[:10] and one.arrives:
        arrives = one.arrives[11:16]
    return " – ".join(time for time in (departs, arrives) if time) or _("no times yet")


def _local(text: str, today: date) -> str:
    if len(text) < 16:
        return text
    on = date.fromisoformat(text[:10])
    return f"{weekday(on)} {day(on, today)} {text[11:16]}"


# Conversations


def talks(listed: Sequence[TalkView], now: datetime, zone: tzinfo) -> Build:
    """The conversations, the newest first; those linked by hand are marked."""

    def build(width: int) -> Sequence[Entry]:
        return [Entry(f"talk {one.row.id}", tuple(_talk(one, now, zone, width))) for one in listed]

    return build


def _talk(one: TalkView, now: datetime, zone: tzinfo, width: int) -> list[TextLine]:
    row = one.row
    sign: Part = ("? ", "accent") if row.unanswered else ("  ", "")
    count = f" ({row.messages})" if row.messages > 1 else ""
    right: list[Part] = [(" " + _("linked") + " ", "muted")] if one.by_hand else []
    right.append((f" {moment(row.last_at, now, zone)} ", "muted"))
    head = TextLine([sign, (row.counterpart.label + count, "strong" if row.unanswered else "")], right)
    return [head, TextLine([("  ", ""), (cut(row.subject or _("(no subject)"), width - 2), "muted")])]
