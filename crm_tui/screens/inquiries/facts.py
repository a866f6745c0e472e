"""What an inquiry says, as entries: its offer, guests, reminders, memos and history. Pure; no widget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from rich.cells import cell_len

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import MessageView
from crm_tui.desk.common.words import said
from crm_tui.desk.requests.inquiry_views import FIELD_NAMES, InquiryGuestView, InquiryView, MemoView, ReminderView
from crm_tui.desk.shifts.internal_views import InternalView
from crm_tui.desk.stays.reservation_views import STATUSES as RESERVATION_STATUSES
from crm_tui.desk.stays.reservation_views import ReservationRow
from crm_tui.screens.inquiries.calls import Whole
from crm_tui.screens.inquiries.words import (
    HOLDER,
    PROPOSED,
    ages,
    amount,
    channel_word,
    party,
    plan_parts,
    scope_words,
    status_parts,
    stay,
)
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, distance, span
from crm_tui.widgets.entries import Build, Entry, TextLine, paragraph
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import moment

MEMO_LINES = 12
"""A longer memo is cut here; Enter shows all of it."""

NAMES = 15
"""Cells for the names of facts."""


def offer(view: InquiryView, today: date, reservations: Sequence[ReservationRow] = ()) -> Build:
    """What was booked of it, then the facts of the offer, the key of each its first field; what is not known is not there.

    The key of a reservation is ``reservation 5``.
    """

    def build(width: int) -> Sequence[Entry]:
        found = [Entry(f"reservation {one.id}", tuple(_booked(one, today, width))) for one in reservations]
        for label, value, fields in _facts(view, today):
            if value:
                words = next((view.proposed[name] for name in fields if name in view.proposed), None)
                found.append(Entry(fields[0], tuple(_fact(label, value, words, width))))
        return found

    return build


def _booked(one: ReservationRow, today: date, width: int) -> list[TextLine]:
    words = [
        said(RESERVATION_STATUSES, one.status),
        span(one.arrival, one.departure, today),
        one.title,
        amount(one.value),
    ]
    lines = paragraph(" · ".join(part for part in (one.code, *words) if part), max(10, width - NAMES - 1), "good")
    head = TextLine([(fit(_("Reservation"), NAMES), "muted"), *lines[0].left])
    return [head, *(TextLine([(" " * NAMES, ""), *line.left]) for line in lines[1:])]


def _facts(view: InquiryView, today: date) -> list[tuple[str, str, tuple[str, ...]]]:
    children = ages(view.children)
    people = party(view.adults, len(view.children))
    if children:
        people += "  " + ngettext("(child of {ages})", "(children of {ages})", len(view.children)).format(ages=children)
    plan = day(view.planned_end, today) if view.planned_end else ""
    return [
        (_("Stay"), stay(view, today), ("arrival", "departure", "period_from", "period_to", "nights")),
        (_("Party"), people, ("adults", "children")),
        (_(FIELD_NAMES["room"]), view.room, ("room",)),
        (_(FIELD_NAMES["destination"]), view.destination, ("destination",)),
        (_(FIELD_NAMES["board"]), view.board, ("board",)),
        (_(FIELD_NAMES["budget"]), amount(view.budget), ("budget",)),
        (_("From airport"), view.airport, ("airport",)),
        (_(FIELD_NAMES["preferences"]), " ".join(view.preferences.split()), ("preferences",)),
        (_(FIELD_NAMES["price"]), amount(view.price), ("price",)),
        (_(FIELD_NAMES["valid_until"]), day(view.valid_until, today) if view.valid_until else "", ("valid_until",)),
        (_(FIELD_NAMES["channel"]), channel_word(view.channel), ("channel",)),
        (_(FIELD_NAMES["handler"]), view.handler or _("nobody"), ("handler",)),
        (_(FIELD_NAMES["planned_end"]), plan, ("planned_end",)),
        (_(FIELD_NAMES["scope"]), scope_words(view.scope), ("scope",)),
        (_(FIELD_NAMES["lost_reason"]), view.lost_reason, ("lost_reason",)),
    ]


def _fact(label: str, value: str, source: str | None, width: int) -> list[TextLine]:
    """A name and a value; where it was read, on the same line if it fits, else on the next."""
    room = max(10, width - NAMES - 1)
    style = "accent strong" if source is not None else ""
    lines = paragraph(value, room, style)
    head: list[Part] = [(fit(label, NAMES), "muted"), *lines[0].left]
    rest = [TextLine([(" " * NAMES, ""), *line.left]) for line in lines[1:]]
    if source is None:
        return [TextLine(head), *rest]
    words = f"{PROPOSED} " + (_("“{words}”").format(words=source) if source else _("from the mail"))
    beside = room - cell_len(value) - 2
    if not rest and beside >= min(cell_len(words), 16):
        return [TextLine([*head, ("  " + cut(words, beside), "muted")])]
    return [TextLine(head), *rest, TextLine([(" " * NAMES, ""), (cut(words, room), "muted")])]


def guests(people: Sequence[InquiryGuestView]) -> Build:
    """The guests, the holder marked."""

    def build(width: int) -> Sequence[Entry]:
        return [Entry(str(guest.id), tuple(_guest(guest, width))) for guest in people]

    return build


def _guest(guest: InquiryGuestView, width: int) -> list[TextLine]:
    sign: Part = (f"{HOLDER} " if guest.holder else "  ", "mark")
    role = _("holder") if guest.holder else _("company") if guest.kind == "company" else ""
    right: list[Part] = [(f" {role} ", "muted")] if role else []
    name: Part = (cut(guest.name, width - 2), "strong" if guest.holder else "")
    reach = " · ".join(part for part in (guest.phone, guest.email) if part)
    lines = [TextLine([sign, name], right)]
    return [*lines, TextLine([("  ", ""), (cut(reach, width - 2), "muted")])] if reach else lines


def reminders(listed: Sequence[ReminderView], today: date) -> Build:
    """The reminders: open ones first, those overdue marked."""

    def build(width: int) -> Sequence[Entry]:
        return [Entry(str(one.id), (_reminder(one, today, width),)) for one in listed]

    return build


def _reminder(one: ReminderView, today: date, width: int) -> TextLine:
    if one.done_at is not None:
        return TextLine([("[x] ", "muted"), (cut(one.title, width - 4), "muted")], [(" " + _("done") + " ", "muted")])
    late = one.due < today
    due = f"! {day(one.due, today)}" if late else distance(one.due, today) if one.due <= today else day(one.due, today)
    who = f" {one.assignee or one.department}" if one.assignee or one.department else ""
    right: list[Part] = [(who, "muted"), (f"  {due} ", "warn strong" if late else "accent" if one.due == today else "")]
    return TextLine([("[ ] ", "key"), (one.title, "")], right)


def memos(
    notes: Sequence[MemoView],
    messages: Sequence[InternalView],
    now: datetime,
    zone: tzinfo,
    me: int | None,
    *,
    whole: bool = False,
) -> Build:
    """Memos and internal messages together, newest first; long ones are cut unless they are wanted ``whole``."""
    most = 0 if whole else MEMO_LINES
    both: list[MemoView | InternalView] = sorted(
        [*notes, *messages], key=lambda one: one.created_at if isinstance(one, MemoView) else one.at, reverse=True
    )

    def build(width: int) -> Sequence[Entry]:
        return [
            _memo(one, now, zone, width, most)
            if isinstance(one, MemoView)
            else _internal(one, now, zone, width, me, most)
            for one in both
        ]

    return build


def _memo(one: MemoView, now: datetime, zone: tzinfo, width: int, most: int) -> Entry:
    edited = " " + _("(edited)") if one.edited_at else ""
    head = TextLine(
        [("▪ ", "key"), (one.author or _("nobody"), "strong"), (edited, "muted")],
        [(f" {moment(one.created_at, now, zone)} ", "muted")],
    )
    return Entry(f"memo {one.id}", (head, *_text(one.text, width, most), TextLine([])))


def _internal(one: InternalView, now: datetime, zone: tzinfo, width: int, me: int | None, most: int) -> Entry:
    unread = one.read_at is None and one.to_id == me
    head = TextLine(
        [("✉ ", "accent"), (f"{one.sender} → {one.to}", "strong" if unread else ""), (" ●" if unread else "", "key")],
        [(f" {moment(one.at, now, zone)} ", "muted")],
    )
    return Entry(f"internal {one.id}", (head, *_text(one.text, width, most), TextLine([])))


def _text(text: str, width: int, most: int) -> list[TextLine]:
    """What is written, its end folded where it is long; ``most`` 0 folds nothing."""
    lines = paragraph(text, width - 2, most=most + 1 if most else 0)
    shown = [TextLine([("  ", ""), *line.left]) for line in (lines[:most] if most else lines)]
    if most and len(lines) > most:
        shown[-1:] = [TextLine([("  ▸ ", "key"), (_("goes on: Enter shows all of it"), "muted")])]
    return shown


def headline(view: InquiryView, today: date) -> list[Part]:
    """The line that says how it stands: number, status, handler, planned end, who sees it."""
    parts: list[Part] = [(" ⌂ ", "key"), (_("Inquiry {number}").format(number=view.id), "title"), (" · ", "muted")]
    parts += status_parts(view.status)
    parts += [(" · ", "muted"), (view.handler or _("nobody"), "" if view.handler else "accent")]
    plan = plan_parts(view.planned_end, today, closed=view.closed, label=True)
    if plan:
        parts += [(" · ", "muted"), *plan]
    parts += [(" · ", "muted"), (scope_words(view.scope), "muted" if view.scope.kind == "everyone" else "accent")]
    return parts


def summary(view: InquiryView, today: date) -> list[Part]:
    """The line below it: whose it is and what is wanted, at a glance."""
    facts = [
        (stay(view, today), ("arrival", "departure", "period_from", "period_to", "nights")),
        (party(view.adults, len(view.children)), ("adults", "children")),
        (view.room, ("room",)),
        (view.destination, ("destination",)),
        (view.board, ("board",)),
        (amount(view.price or view.budget), ("price", "budget")),
    ]
    parts: list[Part] = [("   ", ""), (view.title or _("no guest yet"), "strong")]
    for words, fields in facts:
        if words:
            proposed = any(name in view.proposed for name in fields)
            parts += [(" · ", "muted"), (words + (f" {PROPOSED}" if proposed else ""), "accent" if proposed else "")]
    return parts


def preview(found: Whole, today: date, now: datetime, zone: tzinfo) -> Build:
    """All of it in short, for beside the list."""

    def build(width: int) -> Sequence[Entry]:
        parts: list[tuple[str, Build]] = [
            ("", offer(found.view, today, found.reservations)),
            (_("Guests"), guests(found.view.guests)),
            (_("Reminders"), reminders([one for one in found.reminders if one.done_at is None], today)),
            (_("Memos"), memos(found.memos[:2], (), now, zone, None)),
            (_("Newest message"), message(found.mail.messages[-1], now, zone) if found.mail else lambda _width: ()),
        ]
        entries: list[Entry] = []
        for title, make in parts:
            inner = [Entry("", entry.lines) for entry in make(width)]
            if inner and title:
                entries.append(Entry("", (TextLine([]), TextLine([(title, "title")]))))
            entries += inner
        return entries

    return build


def message(one: MessageView, now: datetime, zone: tzinfo) -> Build:
    """The first lines of a message, without what it quotes and without its signature."""

    def build(width: int) -> Sequence[Entry]:
        ends = [start for start, _end in (*one.quoted, *([one.signature] if one.signature else [])) if start]
        end = min(ends, default=len(one.text))
        text = "\n".join(line for line in one.text[:end].strip().split("\n") if line.strip())
        sign = "↗ " if one.direction == "out" else ""
        head = TextLine([(sign + one.sender.label, "strong")], [(f" {moment(one.at, now, zone)} ", "muted")])
        return [Entry("", (head, *paragraph(text, width, most=14)))]

    return build
