"""``show guest``: all that is known of a guest, with the history (SPEC §6, §15)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import moment, zone_of

if TYPE_CHECKING:
    from datetime import date

    from crm_tui.desk.client_base.guest_history_views import GuestEntry
    from crm_tui.desk.client_base.guest_profile_views import ProfileView

SHOWN = 20
"""So many entries of the history unless it is said otherwise."""


def show(run: Invocation) -> int:
    """Print a guest; the number of one who was merged leads to the survivor."""
    from crm_tui import desk
    from crm_tui.cli.guests import guest_record
    from crm_tui.cli.inquiries import memo_record

    options = run.options
    with run.desk() as ctx:
        found = desk.guest_profile.get(ctx, options.id)
        kinds = desk.guest_history.kinds_named(options.kinds or ())
        limit = SHOWN if options.history is None else options.history
        entries = desk.guest_history.page(ctx, options.id, kinds, limit=limit) if limit else []
        total = len(desk.guest_history.keys(ctx, options.id, kinds))
        memos = desk.memos.listed(ctx, guest=found.guest.id)
        zone = zone_of(ctx)
    if run.out.as_json:
        record = guest_record(found.guest) | _record(found) | {"memos": [memo_record(one) for one in memos]}
        today = found.today
        run.out.record(record | {"entries": total, "history": [entry_record(one, today, zone) for one in entries]})
        return 0
    _print(run, found)
    _print_history(run, entries, total, zone, found.today)
    return 0


def _record(found: ProfileView) -> dict[str, Any]:
    numbers, passport = found.numbers, found.passport
    return {
        "asked_for": found.number,
        "passport_state": str(passport.state),
        "passport_needed_until": passport.needed,
        "stays": numbers.stays,
        "last_stay": numbers.last,
        "next_stay": numbers.coming,
        "cancelled": numbers.cancelled,
        "values": [{"amount": one.decimal, "currency": one.currency} for one in numbers.values],
        "merged": found.merged,
        "erased_at": found.erased,
    }


def entry_record(one: GuestEntry, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """The fields of an entry of the history; those that say nothing of its kind are left out.

    ``day`` is the day of ``at`` at the property; ``day_only``: of the instant nothing but that day is known.
    """
    from crm_tui.screens.guests.entry_words import plain

    fields = {
        "type": one.type,
        "status": one.status,
        "from": one.first,
        "to": one.last,
        "amount": one.amount.decimal if one.amount else None,
        "currency": one.amount.currency if one.amount else None,
        "code": one.code,
        "conversation": one.conversation,
        "inquiry": one.inquiry,
        "reservation": one.reservation,
        "done": one.done or None,
        "taken_back": one.undone or None,
    }
    told = {name: value for name, value in fields.items() if value not in (None, "")}
    return {
        "kind": str(one.kind),
        "id": one.number,
        "at": one.at,
        "day": one.at.astimezone(zone).date(),
        "day_only": one.dated,
        "who": one.who or None,
        "text": one.whole or plain(one, today),
        **told,
    }


def _print(run: Invocation, found: ProfileView) -> None:
    """What the screen shows, a line each."""
    from crm_tui.screens.guests import profile_facts

    head, warnings = profile_facts.headline(found)
    run.out.line("".join(text for text, _style in head).strip(), "bold")
    warning = "".join(text for text, _style in warnings).strip()
    if warning:
        run.out.line(warning, "yellow")
    if found.erased:
        run.out.line(profile_facts.erased_words(found), "yellow")
    for title, text in profile_facts.plain(found):
        run.out.line(f"{title}: {text}")


def _print_history(run: Invocation, entries: Sequence[GuestEntry], total: int, zone: ZoneInfo, today: date) -> None:
    from crm_tui.desk.client_base.guest_history_views import KIND_NAMES
    from crm_tui.screens.guests.entry_words import plain

    if not entries:
        return
    run.out.line("")
    run.out.line(_("History: {shown} of {total}").format(shown=len(entries), total=total), "bold")
    rows = []
    for one in entries:
        when = f"{one.at.astimezone(zone):%Y-%m-%d}" if one.dated else moment(one.at, zone)
        text = plain(one, today) + (" · " + _("taken back") if one.undone else "")
        rows.append((when, _(KIND_NAMES[one.kind]), one.who, text))
    run.out.table((_("When"), _("Kind"), _("Who"), _("What")), rows)
