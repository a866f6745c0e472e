"""What ``show reservation`` prints beside the facts: money by its formulas, passports, conversations, notes, history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.histories.history_views import HistoryEntry
    from crm_tui.desk.stays.reservation_whole_views import WholeReservation
    from crm_tui.desk.watchlists.notice_views import NoticeView
    from crm_tui.rules.money import Money

SHOWN = 20
"""Entries of the history that are printed as text, the newest; as JSON all of them are."""


def record(found: WholeReservation, history: Sequence[HistoryEntry]) -> dict[str, Any]:
    """What JSON has beside the facts; amounts are decimal strings in the reservation's currency."""
    return {
        **_money_record(found),
        "passports": [
            {"guest": one.guest, "name": one.name, "expiry": one.passport.expiry, "needed": one.passport.needed}
            for one in found.passports
        ],
        "conversations": [
            {"id": one.row.id, "subject": one.row.subject, "unanswered": one.row.unanswered, "by_hand": one.by_hand}
            for one in found.conversations
        ],
        "reminders": [
            {"id": one.id, "title": one.title, "due": one.due, "assignee": one.assignee or None, "done_at": one.done_at}
            for one in found.reminders
        ],
        "memos": [{"id": one.id, "author": one.author, "at": one.created_at, "text": one.text} for one in found.memos],
        "internal": [
            {"id": one.id, "from": one.sender, "to": one.to, "at": one.at, "text": one.text} for one in found.internal
        ],
        "notices": [_notice_record(one) for one in found.notices],
        "feedback": [
            {"id": one.id, "kind": one.kind, "comment": one.comment, "resolved_at": one.resolved_at}
            | _cost_record(one.cost)
            for one in found.feedback
        ],
        "costs": [
            {"id": one.id, "occasion": one.occasion or None, "code": one.code or None, "at": one.at}
            | _cost_record(one.cost)
            for one in found.costs
        ],
        "history": [
            {"at": one.at, "who": one.who or None, "kind": one.kind, "text": one.text, "undone": one.undone}
            for one in history
        ],
    }


def _money_record(found: WholeReservation) -> dict[str, Any]:
    money = found.money
    names = ("missing_deposit", "missing_balance", "overpaid")
    return {
        **{name: getattr(money, name).decimal if money is not None else None for name in names},
        "due": money.due if money is not None else None,
        "overdue": money.late if money is not None else False,
        "schedule": [
            {
                "kind": one.line.kind,
                "due": one.line.due,
                "amount": one.line.amount.decimal,
                "paid": one.on.decimal,
                "missing": one.missing.decimal,
                "reason": one.line.reason or None,
            }
            for one in found.schedule
        ],
    }


def _notice_record(one: NoticeView) -> dict[str, Any]:
    return {
        "id": one.id,
        "channel": one.channel,
        "address": one.address,
        "state": one.state,
        "amount": one.amount.decimal,
        "automatic": one.automatic,
        "at": one.sent_at or one.created_at,
    }


def _cost_record(cost: Sequence[Money]) -> dict[str, Any]:
    from crm_tui.desk.quality import quality_export

    return {"cost": [quality_export.amount_record(money) for money in cost]}


def write(run: Invocation, found: WholeReservation, history: Sequence[HistoryEntry], zone: ZoneInfo) -> None:
    """Print it as text, times by the clock of ``zone``; what is not there takes no line."""
    _money(run, found)
    for one in found.passports:
        months = ngettext("{n} month after the return", "{n} months after the return", found.months)
        text = _("Passport of {name} ends {day}; needed until {needed} ({months}).")
        told = {"name": one.name, "day": one.passport.expiry, "needed": one.passport.needed}
        run.out.line(text.format(**told, months=months.format(n=found.months)), "red")
    for talk in found.conversations:
        text = _("Conversation {number}: {subject}").format(number=talk.row.id, subject=talk.row.subject)
        run.out.line(text + (" · " + _("unanswered") if talk.row.unanswered else ""))
    for task in found.reminders:
        done = " · " + _("done") if task.done_at else ""
        run.out.line(_("Reminder {day}: {title}").format(day=task.due, title=task.title) + done)
    _said_and_given(run, found)
    for memo in found.memos:
        run.out.line(_("Memo of {name}: {text}").format(name=memo.author, text=" ".join(memo.text.split())))
    for note in found.internal:
        words = " ".join(note.text.split())
        run.out.line(_("{sender} to {to}").format(sender=note.sender, to=note.to) + f": {words}")
    if history:
        run.out.line()
        run.out.line(_("History"), "bold")
    for entry in history[-SHOWN:]:
        text = _("{text} (taken back)").format(text=entry.text) if entry.undone else entry.text
        run.out.line("  ".join(part for part in (moment(entry.at, zone), entry.who, text) if part))


def _said_and_given(run: Invocation, found: WholeReservation) -> None:
    from crm_tui.cli.quality import cost_words, things
    from crm_tui.desk.quality.feedback_views import KINDS, OPEN_SIGN, RESOLVED_SIGN

    for said in found.feedback:
        parts = [_(KINDS[said.kind]), said.code, " ".join(said.comment.split()), things(said), cost_words(said)]
        run.out.line(f"{OPEN_SIGN if said.open else RESOLVED_SIGN} " + " · ".join(part for part in parts if part))
    for cost in found.costs:
        parts = [_("Cost of quality"), cost.occasion or cost.code, things(cost), cost_words(cost)]
        run.out.line(" · ".join(part for part in parts if part))


def _money(run: Invocation, found: WholeReservation) -> None:
    money = found.money
    if money is None:
        return
    for text, amount in (
        (_("Missing of the deposit (Z): {amount}"), money.missing_deposit),
        (_("Missing of the rest (D): {amount}"), money.missing_balance),
        (_("Paid too much: {amount}"), money.overpaid),
    ):
        if amount.amount:
            run.out.line(text.format(amount=amount), "red" if money.late else "")
    if money.due is not None:
        run.out.line((_("Overdue since {day}") if money.late else _("Due by {day}")).format(day=money.due))
