"""What there is to say of a reservation that owes something: who to call, what is missing, since when, what was done."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.watchlists.payment_watch_views import PaymentRow
from crm_tui.screens.payments.rows import due_words, money
from crm_tui.widgets.days import day
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import moment


def details(row: PaymentRow, today: date, now: datetime, zone: tzinfo) -> list[list[Part]]:
    """Lines below the list."""
    return [_who(row, today), _missing(row), _since(row, today), _reminded(row, now, zone)]


def _who(row: PaymentRow, today: date) -> list[Part]:
    stay = f"{day(row.arrival, today)} – {day(row.departure, today)}" if row.arrival and row.departure else ""
    more = " · ".join(part for part in (row.code, row.title, stay, row.email, row.operator) if part)
    return [
        (" " + (row.holder or _("(no guest)")), "strong"),
        (f"  {row.phone or _('no telephone number')}", "accent" if row.phone else "muted"),
        (f"  {more}", "muted"),
    ]


def _missing(row: PaymentRow) -> list[Part]:
    parts: list[Part] = []
    style = "bad" if row.overdue else "warn"
    for letter, amount in (("Z", row.deposit_now), ("D", row.balance_now)):
        if amount:
            parts.append((f" {letter} ", style))
            parts.append((_("{amount} missing").format(amount=money(amount, row.currency)) + " ", "strong"))
    later = row.missing_deposit + row.missing_balance - row.deposit_now - row.balance_now
    told = _("paid {paid} of {price}").format(paid=money(row.paid, row.currency), price=money(row.price, row.currency))
    parts.append((f" · {told}", "muted"))
    if later > 0:
        parts.append((" · " + _("{amount} more later").format(amount=money(later, row.currency)), "muted"))
    return parts


def _since(row: PaymentRow, today: date) -> list[Part]:
    due = day(row.due, today)
    if row.overdue:
        late = (today - row.due).days
        words = ngettext("due {day}: {n} day overdue", "due {day}: {n} days overdue", late).format(day=due, n=late)
        return [(f" ! {words}", "bad")]
    return [
        (f" ● {_('due {day}').format(day=due)} ({due_words(row.due, today)})", "warn" if row.due == today else "accent")
    ]


def _reminded(row: PaymentRow, now: datetime, zone: tzinfo) -> list[Part]:
    if row.last_notice is None:
        return [(" " + _("No reminder was sent yet."), "muted")]
    at = moment(row.last_notice, now, zone)
    words = _("Reminded by SMS {time}") if row.notice_channel == "sms" else _("Reminded by mail {time}")
    count = ngettext("{n} reminder so far", "{n} reminders so far", row.notices).format(n=row.notices)
    return [(f" {words.format(time=at)} · {count}", "muted")]
