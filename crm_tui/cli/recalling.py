"""``demand`` and ``recall``: where demand is, and drafts for those who asked for days that became free (SPEC §4)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.requests.recall_views import Recalled, Waitlisted


def demand(run: Invocation) -> int:
    """Print how many ask for each day of a month."""
    from crm_tui import desk
    from crm_tui.rules import demand as rules

    with run.desk() as ctx:
        today = run.clock.now().astimezone(zone_of(ctx)).date()
        first, last = rules.month(*_month(run.options.month, today))
        found = desk.recall.demand(ctx, first, last)
    if run.out.as_json:
        for day, one in found.items():
            run.out.record({"day": day, "asked": one.fixed, "flexible": one.flexible, "booked": one.booked})
        return 0
    rows = [[day.isoformat(), one.fixed, one.flexible, one.booked] for day, one in found.items()]
    run.out.table((_("Day"), _("Asked"), _("Flexible"), _("Booked")), rows, right=(1, 2, 3))
    return 0


def _month(text: str, today: date) -> tuple[int, int]:
    if not text:
        return today.year, today.month
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        day = None
    if day is None or len(text) != 7 or day.year >= date.max.year:
        raise UsageError(_("{text} is not a month.").format(text=text), _("Write it like 2026-08."))
    return day.year, day.month


def recall(run: Invocation) -> int:
    """Print who asked for the free days, or draft the mails to them. Exit code 1 if there was nothing to draft."""
    from crm_tui import desk

    options = run.options
    if options.template and not options.draft:
        raise UsageError(_("A template is for drafting."), _("Add --draft."))
    first, last = _day(options.first), _day(options.last)
    if last < first:
        raise UsageError(_("The last free night is before the first."), _("Give --from and --to in this order."))
    with run.desk() as ctx:
        if options.draft:
            done = desk.recall.draft(
                ctx, first, last, options.inquiry or None, template=options.template, lost=options.lost
            )
            return _drafted(run, done)
        listed = desk.recall.waitlisted(ctx, first, last, lost=options.lost)
        words = desk.recall.summary(listed)
    if run.out.as_json:
        for one in listed:
            run.out.record(_record(one))
        return 0
    if not listed:
        run.out.line(_("Nobody on the waitlist asked for these days."))
        return 0
    run.out.table(
        (_("Inquiry"), _("Guest"), _("From"), _("To"), _("Nights"), _("Address"), _("Recall")),
        [_cells(one) for one in listed],
        right=(0, 4),
    )
    run.out.line(words)
    return 0


def _cells(one: Waitlisted) -> list[Any]:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.requests.recall_views import MARKS

    about = "≈ " if one.flexible else ""
    return [
        one.id,
        one.guest,
        about + one.first.isoformat(),
        one.end,
        one.nights or "",
        one.address,
        said(MARKS, one.mark),
    ]


def _record(one: Waitlisted) -> dict[str, Any]:
    return {
        "inquiry": one.id,
        "guest": one.guest,
        "address": one.address or None,
        "language": one.language or None,
        "status": one.status,
        "lost_reason": one.lost_reason or None,
        "from": one.first,
        "to": one.end,
        "flexible": one.flexible,
        "nights": one.nights,
        "conversation": one.conversation,
        "consent": one.consent_day,
        "mark": str(one.mark),
    }


def _drafted(run: Invocation, done: Recalled) -> int:
    if run.out.as_json:
        for one in done.drafted:
            run.out.record(
                {
                    "inquiry": one.inquiry,
                    "draft": one.draft,
                    "address": one.address,
                    "gaps": list(one.gaps),
                    "reason": None,
                }
            )
        for other in done.left_out:
            run.out.record(
                {"inquiry": other.inquiry, "draft": None, "address": None, "gaps": [], "reason": other.reason}
            )
        return 0 if done.drafted else 1
    number = len(done.drafted)
    words = ngettext(
        "{n} mail waits in Drafts; nothing was sent.", "{n} mails wait in Drafts; nothing was sent.", number
    )
    run.out.line(words.format(n=number) if number else _("There was nothing to draft."))
    for one in done.drafted:
        if one.gaps:
            run.out.line(
                _("Draft {number} lacks: {names}.").format(number=one.draft, names=", ".join(one.gaps)), "yellow"
            )
    for other in done.left_out:
        run.out.line(
            _("{guest} is left out: {reason}.").format(guest=other.guest or other.inquiry, reason=other.reason)
        )
    return 0 if done.drafted else 1


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(_("{text} is not a day.").format(text=text), _("Write it like 2026-07-31.")) from None
