"""The lines over a reservation: what it is, whose, what is paid and missing, and what it waits for. Pure; no widget."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.quality.feedback_views import OPEN_SIGN
from crm_tui.desk.stays.reservation_views import ReservationView
from crm_tui.desk.stays.reservation_whole_views import DueView, MoneyView, WholeReservation
from crm_tui.rules.money import Money
from crm_tui.rules.passport import PassportState
from crm_tui.rules.vocabulary import FlightState, ReservationStatus
from crm_tui.screens.inquiries.words import HOLDER, amount, party
from crm_tui.screens.reservations.facts import status_part
from crm_tui.widgets.days import day, distance, nights, span
from crm_tui.widgets.styled import Part

_DOT: Part = (" · ", "muted")


def headline(view: ReservationView, today: date) -> list[Part]:
    """Code, status, what is booked, when, who comes."""
    parts: list[Part] = [(" ⌂ ", "key"), (view.code, "title"), _DOT, status_part(view)]
    days = span(view.arrival, view.departure, today)
    if view.nights:
        days += f", {nights(view.nights)}"
    for words in (days, party(view.adults, view.children or 0), view.title):
        if words:
            parts += [_DOT, (words, "")]
    return parts


def summary(found: WholeReservation) -> list[Part]:
    """Whose it is, its value, what is paid and what is missing with Z and D."""
    view = found.view
    holder = view.holder
    payer = view.company[1] if view.company else ""
    parts: list[Part] = [("   ", "")]
    parts += [(f"{HOLDER} ", "mark"), (holder.name, "strong")] if holder else [(_("no holder yet"), "accent")]
    if view.value is not None:
        parts += [_DOT, (amount(view.value), "strong")]
    if found.money is not None:
        parts += _money(found.money, found.schedule, found.today, view.status)
    if payer:
        parts += [_DOT, (_("{company} pays").format(company=payer), "muted")]
    return parts


def _money(money: MoneyView, lines: Sequence[DueView], today: date, status: str) -> list[Part]:
    parts: list[Part] = []
    if money.paid.amount or lines:
        parts += [_DOT, (_("paid {amount}").format(amount=amount(money.paid)), "")]
    if status == ReservationStatus.CANCELLED:
        return parts
    for letter, missing in (("Z", money.missing_deposit), ("D", money.missing_balance)):
        if missing.amount:
            parts += [_DOT, *_missing(letter, missing, lines, today)]
    if money.overpaid.amount:
        parts += [_DOT, (_("{amount} too much").format(amount=amount(money.overpaid)), "warn")]
    elif lines and not money.missing_deposit.amount and not money.missing_balance.amount:
        parts += [_DOT, ("✔ " + _("all is paid"), "good")]
    return parts


def _missing(letter: str, missing: Money, lines: Sequence[DueView], today: date) -> list[Part]:
    """The letter, what is missing of it, and the first day that it is due."""
    due = min((one.line.due for one in lines if not one.covered and one.letter == letter), default=None)
    late = due is not None and due < today
    style = "warn strong" if late else "accent"
    parts: list[Part] = [(f"{letter} {amount(missing)}", style)]
    if due is not None:
        words = _("since {day}") if late else _("by {day}")
        parts.append((" " + words.format(day=day(due, today)), "warn" if late else "muted"))
    return parts


def waiting(found: WholeReservation) -> list[list[Part]]:
    """What it waits for, and what must not be overlooked: one line each, the most urgent first."""
    return [
        *(line for part in (_due, _flights, _complaints, _talks, passports, _reminders, _lacks) for line in part(found))
    ]


def waiting_line(found: WholeReservation) -> list[Part]:
    """The same in one line."""
    parts: list[Part] = []
    for line in waiting(found):
        parts += [("   " if not parts else "  ", ""), *line]
    return parts


def _due(found: WholeReservation) -> list[list[Part]]:
    money = found.money
    if money is None or money.due is None:
        return []
    late = money.late
    open_lines = [one for one in found.schedule if not one.covered and one.line.due == money.due]
    letter = "".join(sorted({one.letter for one in open_lines}, reverse=True))
    missing = sum(one.missing.amount for one in open_lines)
    words = _("{amount} due {when}").format(
        amount=amount(type(money.paid)(missing, money.paid.currency)), when=distance(money.due, found.today)
    )
    return [[("! " if late else "▸ ", "warn" if late else "key"), (f"{letter} {words}", "warn" if late else "")]]


def _flights(found: WholeReservation) -> list[list[Part]]:
    if found.view.status not in (ReservationStatus.OPTION, ReservationStatus.CONFIRMED):
        return []
    today, until = found.today.isoformat(), (found.today + timedelta(days=found.window)).isoformat()
    days = {one.id: one.departs[:10] for one in found.view.flights}
    ahead = [(days[number], state) for number, state in found.watched.items() if days[number] >= today]
    again = sum(state == FlightState.AGAIN for _day, state in ahead)
    fresh = sum(state == FlightState.TO_INFORM and on <= until for on, state in ahead)
    lines: list[list[Part]] = []
    if again:
        text = ngettext("{n} flight changed: inform again", "{n} flights changed: inform again", again)
        lines.append([("! ", "warn"), (text.format(n=again), "warn")])
    if fresh:
        text = ngettext("{n} flight to tell the guests", "{n} flights to tell the guests", fresh)
        lines.append([("▸ ", "key"), (text.format(n=fresh), "")])
    return lines


def _complaints(found: WholeReservation) -> list[list[Part]]:
    return [
        [
            (f"{OPEN_SIGN} ", "warn"),
            (_("complaint: {text}").format(text=" ".join(one.comment.split()) or one.code), "warn"),
        ]
        for one in found.feedback
        if one.open
    ]


def _talks(found: WholeReservation) -> list[list[Part]]:
    count = sum(one.row.unanswered for one in found.conversations)
    if not count:
        return []
    text = ngettext("{n} mail waits for our answer", "{n} mails wait for our answer", count).format(n=count)
    return [[("? ", "accent"), (text, "accent")]]


def passports(found: WholeReservation) -> list[list[Part]]:
    """Whose passport does not last until the return and so many months after it (a setting)."""
    lines: list[list[Part]] = []
    for one in found.passports:
        expiry, needed = one.passport.expiry, one.passport.needed
        if expiry is None:
            continue
        if one.passport.state == PassportState.EXPIRED:
            words = _("passport of {name} ended on {day}").format(name=one.name, day=day(expiry, found.today))
        else:
            words = ngettext(
                "passport of {name} ends on {day}, needed until {needed} (return + {n} month)",
                "passport of {name} ends on {day}, needed until {needed} (return + {n} months)",
                found.months,
            )
            shown = day(needed, found.today) if needed else ""
            words = words.format(name=one.name, day=day(expiry, found.today), n=found.months, needed=shown)
        lines.append([("! ", "warn"), (words, "warn")])
    return lines


def _reminders(found: WholeReservation) -> list[list[Part]]:
    late = [one for one in found.reminders if one.done_at is None and one.due <= found.today]
    if not late:
        return []
    text = ngettext("{n} reminder is due", "{n} reminders are due", len(late)).format(n=len(late))
    return [[("! ", "warn"), (text, "warn")]]


def _lacks(found: WholeReservation) -> list[list[Part]]:
    view = found.view
    if view.status not in (ReservationStatus.OPTION, ReservationStatus.CONFIRMED):
        return []
    if view.value is not None and not found.schedule and view.value.amount:
        return [[("▸ ", "key"), (_("no schedule yet: d makes one"), "muted")]]
    return []
