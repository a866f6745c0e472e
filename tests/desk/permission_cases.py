"""Every function of the desk that asks for a permission, and how a test calls it; and those that write and ask for none.

A new one fails ``test_permissions.py`` until it stands in :data:`CASES`, in :data:`ELSEWHERE` with the reason, or in :data:`OPEN`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crm_tui import desk
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission
from crm_tui.desk.correspondence.account_form import NewAccount
from crm_tui.desk.histories.journal_view import JournalQuery
from crm_tui.mail.credentials import Credentials
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.periods import Period
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW, add_account, come_in, mail


@dataclass(frozen=True)
class Things:
    """What Ana, who administers, made: by number."""

    ana: int
    leo: int
    mia: int
    memo: int
    event: int
    feedback: int
    cost: int
    draft: int
    posting: int
    folder: Path


P = Permission
Case = Callable[[Context, Things], Any]
MISSING = 900_001
WEEK = Period(date(2026, 6, 29), date(2026, 7, 5))
KEPT = Credentials()


def make_things(ctx: Context, folder: Path) -> Things:
    """A desk with one thing of each kind, all of it Ana's work, and her colleagues Leo and Mia."""
    leo = desk.team.add(ctx, "Leo").id
    mia = desk.team.add(ctx, "Mia", role="manager").id
    add_account(ctx)
    come_in(ctx, mail())
    desk.triage.assign(ctx, [1], "Ana")
    desk.tickets.set_pending(ctx, [1], "What now?")
    guest = desk.guests.create(ctx, {"surname": "Nowak"})
    desk.guests.create(ctx, {"surname": "Lis"})
    wine = desk.quality_items.add(ctx, "Wine", "18 EUR")
    stay = add_reservation(ctx, "R1", guest, currency="EUR", arrival=date(2026, 7, 10), departure=date(2026, 7, 12))
    posting = desk.postings.post(ctx, stay, "12 EUR", text="Bar")
    bill = desk.folios.listed(ctx, stay)[0]
    desk.folios.close(ctx, bill.id, bill.version, sure=True)
    return Things(
        ctx.actor.id or 0,
        leo,
        mia,
        desk.memos.add(ctx, "Hers", guest=guest),
        desk.events.add(ctx, guest, "call", "Hers"),
        desk.feedback.add(ctx, "negative", guest=guest, room="12"),
        desk.quality_costs.add(ctx, [(wine,)], guest=guest),
        desk.replies.new(ctx).id,
        posting.id,
        folder,
    )


def _session(ctx: Context, it: Things) -> Any:
    return desk.timer_corrections.correct(ctx, MISSING, 1, NOW - timedelta(hours=2), NOW - timedelta(hours=1), "late")


CASES: dict[str, tuple[P, Case]] = {
    "accounts.add": (P.ACCOUNTS, lambda ctx, it: desk.accounts.add(ctx, NewAccount("x"), KEPT)),
    "accounts.change": (P.ACCOUNTS, lambda ctx, it: desk.accounts.change(ctx, MISSING, 1, name="x")),
    "accounts.mend": (P.ACCOUNTS, lambda ctx, it: desk.accounts.mend(ctx, MISSING, KEPT)),
    "accounts.remove": (P.ACCOUNTS, lambda ctx, it: desk.accounts.remove(ctx, MISSING)),
    "accounts.choose_mailboxes": (P.ACCOUNTS, lambda ctx, it: desk.accounts.choose_mailboxes(ctx, MISSING, set())),
    "accounts.require_may_change": (P.ACCOUNTS, lambda ctx, it: desk.accounts.require_may_change(ctx)),
    "attribute_merging.merge": (P.LISTS, lambda ctx, it: desk.attribute_merging.merge(ctx, 1, 2, (1, 1))),
    "attribute_merging.remove": (P.LISTS, lambda ctx, it: desk.attribute_merging.remove(ctx, MISSING, 1)),
    "attributes.add": (P.LISTS, lambda ctx, it: desk.attributes.add(ctx, "VIP")),
    "attributes.rename": (P.LISTS, lambda ctx, it: desk.attributes.rename(ctx, MISSING, 1, "VIP")),
    "cursors.choose": (P.ACCOUNTS, lambda ctx, it: desk.cursors.choose(ctx, [MISSING], chosen=False)),
    "departments.add": (P.TEAM, lambda ctx, it: desk.departments.add(ctx, "Groups")),
    "departments.remove": (P.TEAM, lambda ctx, it: desk.departments.remove(ctx, MISSING)),
    "departments.rename": (P.TEAM, lambda ctx, it: desk.departments.rename(ctx, MISSING, "Groups")),
    "drafts.attach": (P.OTHERS_WORDS, lambda ctx, it: desk.drafts.attach(ctx, it.draft, "a.txt", b"x")),
    "drafts.detach": (P.OTHERS_WORDS, lambda ctx, it: desk.drafts.detach(ctx, it.draft, MISSING)),
    "drafts.drop": (P.OTHERS_WORDS, lambda ctx, it: desk.drafts.drop(ctx, it.draft)),
    "drafts.save": (P.OTHERS_WORDS, lambda ctx, it: desk.drafts.save(ctx, it.draft, 1, text="Mine")),
    "erasing.erase": (P.ERASE, lambda ctx, it: desk.erasing.erase(ctx, MISSING)),
    "erasing.erase_many": (P.ERASE, lambda ctx, it: desk.erasing.erase_many(ctx, [MISSING])),
    "erasing.preview": (P.ERASE, lambda ctx, it: desk.erasing.preview(ctx, MISSING)),
    "event_types.add": (P.LISTS, lambda ctx, it: desk.event_types.add(ctx, "Fax")),
    "event_types.remove": (P.LISTS, lambda ctx, it: desk.event_types.remove(ctx, MISSING)),
    "event_types.rename": (P.LISTS, lambda ctx, it: desk.event_types.rename(ctx, MISSING, 1, "Fax")),
    "events.edit": (P.OTHERS_WORDS, lambda ctx, it: desk.events.edit(ctx, it.event, 1, text="Mine")),
    "events.remove": (P.OTHERS_WORDS, lambda ctx, it: desk.events.remove(ctx, it.event)),
    "feedback.edit": (P.OTHERS_WORDS, lambda ctx, it: desk.feedback.edit(ctx, it.feedback, 1, {"room": "13"})),
    "feedback.remove": (P.OTHERS_WORDS, lambda ctx, it: desk.feedback.remove(ctx, it.feedback)),
    "gateway.remove": (P.NOTICES, lambda ctx, it: desk.gateway.remove(ctx, KEPT)),
    "gateway.require_admin": (P.NOTICES, lambda ctx, it: desk.gateway.require_admin(ctx)),
    "gateway.set_up": (P.NOTICES, lambda ctx, it: desk.gateway.set_up(ctx, KEPT, "session")),
    "gateway.try_out": (P.NOTICES, lambda ctx, it: desk.gateway.try_out(ctx, ctx.settings, KEPT, "x")),
    "guest_merging.merge": (P.MERGE, lambda ctx, it: desk.guest_merging.merge(ctx, MISSING, [MISSING + 1])),
    "guest_record.noted": (P.GUEST_RECORD, lambda ctx, it: desk.guest_record.noted(ctx, MISSING)),
    "guest_record.record": (P.GUEST_RECORD, lambda ctx, it: desk.guest_record.record(ctx, MISSING)),
    "guest_unmerging.unmerge": (P.MERGE, lambda ctx, it: desk.guest_unmerging.unmerge(ctx, MISSING)),
    "journal_view.entities": (P.JOURNAL, lambda ctx, it: desk.journal_view.entities(ctx)),
    "journal_view.page": (P.JOURNAL, lambda ctx, it: desk.journal_view.page(ctx, JournalQuery())),
    "maintenance.backup": (P.KEEPING, lambda ctx, it: desk.maintenance.backup(ctx, it.folder / "none" / "copy.db")),
    "memos.edit": (P.OTHERS_WORDS, lambda ctx, it: desk.memos.edit(ctx, it.memo, 1, "Mine")),
    "memos.remove": (P.OTHERS_WORDS, lambda ctx, it: desk.memos.remove(ctx, it.memo)),
    "metrics.series": (P.FIGURES, lambda ctx, it: desk.metrics.series(ctx, WEEK, agent=it.ana)),
    "notices.switch": (P.NOTICES, lambda ctx, it: desk.notices.switch(ctx, "off")),
    "operators.create": (P.OPERATORS, lambda ctx, it: desk.operators.create(ctx, {"name": "Sol"})),
    "operators.remove": (P.OPERATORS, lambda ctx, it: desk.operators.remove(ctx, MISSING)),
    "operators.set": (P.OPERATORS, lambda ctx, it: desk.operators.set(ctx, MISSING, 1, {"name": "Sol"})),
    "pause_corrections.add": (
        P.CORRECT_TIME,
        lambda ctx, it: desk.pause_corrections.add(
            ctx, "Leo", NOW - timedelta(hours=2), NOW - timedelta(hours=1), "late"
        ),
    ),
    "pause_corrections.correct": (
        P.CORRECT_TIME,
        lambda ctx, it: desk.pause_corrections.correct(
            ctx, MISSING, 1, NOW - timedelta(hours=2), NOW - timedelta(hours=1), "late"
        ),
    ),
    "pause_corrections.remove": (
        P.CORRECT_TIME,
        lambda ctx, it: desk.pause_corrections.remove(ctx, MISSING, 1, "late"),
    ),
    "postings.reverse": (P.CORRECT_BILL, lambda ctx, it: desk.postings.reverse(ctx, it.posting, "wrong")),
    "preferences.save": (P.SETTINGS, lambda ctx, it: desk.preferences.save(ctx, {"lock_minutes": 5})),
    "property.set": (P.PROPERTY, lambda ctx, it: desk.property.set(ctx, 1, {"checkin_days": 2})),
    "quality_codes.add": (P.QUALITY, lambda ctx, it: desk.quality_codes.add(ctx, "Noise")),
    "quality_codes.remove": (P.QUALITY, lambda ctx, it: desk.quality_codes.remove(ctx, MISSING)),
    "quality_codes.rename": (P.QUALITY, lambda ctx, it: desk.quality_codes.rename(ctx, MISSING, 1, "Noise")),
    "quality_costs.edit": (P.OTHERS_WORDS, lambda ctx, it: desk.quality_costs.edit(ctx, it.cost, 1, {"room": "13"})),
    "quality_costs.remove": (P.OTHERS_WORDS, lambda ctx, it: desk.quality_costs.remove(ctx, it.cost)),
    "quality_items.add": (P.QUALITY, lambda ctx, it: desk.quality_items.add(ctx, "Beer", "4 EUR")),
    "quality_items.change": (P.QUALITY, lambda ctx, it: desk.quality_items.change(ctx, MISSING, 1, name="Beer")),
    "quality_items.remove": (P.QUALITY, lambda ctx, it: desk.quality_items.remove(ctx, MISSING)),
    "reports.run": (P.FIGURES, lambda ctx, it: desk.reports.run(ctx, "productivity", WEEK)),
    "retention.add": (P.RETENTION, lambda ctx, it: desk.retention.add(ctx, "Old", 36)),
    "retention.change": (
        P.RETENTION,
        lambda ctx, it: desk.retention.change(ctx, MISSING, "Old", 36, GuestCriteria()),
    ),
    "retention.erase": (P.ERASE, lambda ctx, it: desk.retention.erase(ctx, [MISSING])),
    "retention.keep": (P.ERASE, lambda ctx, it: desk.retention.keep(ctx, [MISSING], date(2027, 1, 1))),
    "retention.proposals": (P.ERASE, lambda ctx, it: desk.retention.proposals(ctx)),
    "retention.remove": (P.RETENTION, lambda ctx, it: desk.retention.remove(ctx, MISSING)),
    "routing_profiles.set": (P.ROUTING, lambda ctx, it: desk.routing_profiles.set(ctx, it.leo, takes=False)),
    "sign_in.reset_pin": (
        P.PINS,
        lambda ctx, it: desk.sign_in.reset_pin(ctx, it.mia if ctx.actor.id == it.ana else it.ana),
    ),
    "team.add": (P.TEAM, lambda ctx, it: desk.team.add(ctx, "Eve", login="eve")),
    "team.change": (P.TEAM, lambda ctx, it: desk.team.change(ctx, it.leo, login="leo")),
    "team.remove": (P.TEAM, lambda ctx, it: desk.team.remove(ctx, MISSING)),
    "team.restore": (P.TEAM, lambda ctx, it: desk.team.restore(ctx, MISSING)),
    "terms.set": (P.TERMS, lambda ctx, it: desk.terms.set(ctx, None, [])),
    "tickets.give": (P.REASSIGN, lambda ctx, it: desk.tickets.give(ctx, [1], "Mia")),
    "tickets.release": (P.REASSIGN, lambda ctx, it: desk.tickets.release(ctx, [1])),
    "tickets.resume": (P.REASSIGN, lambda ctx, it: desk.tickets.resume(ctx, [1])),
    "tickets.set_pending": (P.REASSIGN, lambda ctx, it: desk.tickets.set_pending(ctx, [1], "Ask")),
    "tickets.take": (P.REASSIGN, lambda ctx, it: desk.tickets.take(ctx, [1])),
    "timer_corrections.add": (
        P.CORRECT_TIME,
        lambda ctx, it: desk.timer_corrections.add(
            ctx, "Leo", NOW - timedelta(hours=2), NOW - timedelta(hours=1), "late"
        ),
    ),
    "timer_corrections.correct": (P.CORRECT_TIME, _session),
    "timer_corrections.remove": (
        P.CORRECT_TIME,
        lambda ctx, it: desk.timer_corrections.remove(ctx, MISSING, 1, "late"),
    ),
    "timer_corrections.sessions": (P.FIGURES, lambda ctx, it: desk.timer_corrections.sessions(ctx, WEEK, "Ana")),
    "timer_corrections.pauses": (P.FIGURES, lambda ctx, it: desk.timer_corrections.pauses(ctx, WEEK, "Ana")),
    "timer_corrections.timesheets": (P.FIGURES, lambda ctx, it: desk.timer_corrections.timesheets(ctx, WEEK, "Ana")),
    "triage.assign": (P.REASSIGN, lambda ctx, it: desk.triage.assign(ctx, [1], "Mia")),
}
"""What is refused to an agent, and the permission that it needs."""

ELSEWHERE = {
    "account_testing.test": "saves nothing",
    "drafts.check_owner": "what the others ask",
    "erasing.listed": "names nobody; its permission decides whether the reason is shown",
    "events.get": "shows whether it may be changed",
    "events.listed": "shows whether it may be changed",
    "events.view": "shows whether it may be changed",
    "feedback_rows.may_change": "what the others ask",
    "feedback_rows.one": "shows whether it may be changed",
    "feedback_rows.require_own": "what the others ask",
    "feedback_rows.view": "shows whether it may be changed",
    "feedback_rows.views": "shows whether it may be changed",
    "memos.get": "shows whether it may be changed",
    "memos.listed": "shows whether it may be changed",
    "memos.listed_in": "shows whether it may be changed",
    "metrics.enquired": "counts for an agent what they may see",
    "metrics.figures": "given what its callers may see",
    "metrics.own": "one's own",
    "metrics.sees_others": "what the others ask",
    "metrics.team": "shows an agent their own line only: tests/desk/working/test_metrics_week.py",
    "metrics.whose": "what the others ask",
    "morning.read": "shows whose words may be changed",
    "permissions.may": "what the others ask",
    "routing_profiles.set_in": "routing_profiles.set within a command that does more",
    "quality_codes.filed_under": "an administrator's new code is added on the way: tests/desk/quality/test_quality.py",
    "quality_costs.get": "shows whether it may be changed",
    "quality_costs.listed": "shows whether it may be changed",
    "quality_costs.of_guest": "shows whether it may be changed",
    "quality_costs.of_reservation": "shows whether it may be changed",
    "quality_costs.view": "shows whether it may be changed",
    "quality_costs.views": "shows whether it may be changed",
    "reports.choices": "offers an agent their own name only: tests/desk/reports/test_reports.py",
    "reports.listed": "leaves out what the actor may not see: tests/desk/reports/test_reports.py",
    "reports.own_only": "what the screen asks",
    "ticket_loads.loads": "shows an agent their own line only: tests/desk/ticketing/test_tickets.py",
    "tickets.may_reassign": "what the others ask",
    "timer_corrections.get": "shows whether it may be corrected",
    "timer_corrections.must_manage": "what the others ask",
    "timer_corrections.sees_all": "what the others ask",
    "timer_corrections.working": "one's own without the permission: tests/desk/working/test_timers.py",
    "erasing_again.erase_again": "a part of restoring, which asks before it: tests/cli/test_permissions.py",
    "setup.init": "refused where there is a team",
    "sign_in.check": "counts and tells wrong ones: tests/desk/staff/test_sign_in.py",
    "sign_in.identify": "says who it is that asks: tests/desk/staff/test_sign_in.py",
    "sign_in.switch": "says who it is that asks: tests/desk/staff/test_sign_in.py",
    "sign_in.remove_pin": "one's own, with the old one: tests/desk/staff/test_sign_in.py",
    "sign_in.set_pin": "one's own, with the old one: tests/desk/staff/test_sign_in.py",
    "undo.undo": "what one did, under the permission it needed: below",
}
"""What asks in another way, and how that is tested."""

OPEN: dict[str, str] = {
    "accounts": "set_state",
    "attributes": "tag untag",
    "booking": "book change",
    "checking": "mend",
    "completing": "complete",
    "cursors": "forget_old_places note_listing rename set_cursor start_over",
    "delivery": "begin found_in_sent heed_clock job not_in_sent postpone recover settle",
    "departures": "inform uninform",
    "duplicates": "tell_apart",
    "events": "add",
    "feedback": "add amend reopen resolve resolve_all",
    "flags": "expunged from_server set_locally told",
    "flights": "add remove set",
    "folio_routes": "apply set_route set_routes",
    "folios": "close create remove set",
    "guest_export": "to_file to_stream",
    "guests": "archive create set set_consent unarchive",
    "handover": "acknowledge make",
    "inquiries": "accept create from_conversation reject remove set",
    "inquiry_guests": "add add_new remove set_holder",
    "inquiry_links": "link unlink",
    "internal": "mark_read send",
    "linking": "link make unlink",
    "mailbox": "receive",
    "mailing_queue": "queue_next",
    "mailings": "pause resume retry start stop",
    "memos": "add",
    "notice_queue": "begin drop_stale heed_clock postpone queue_due recover settle",
    "notice_stops": "start stop",
    "notices": "again arrived by_hand take_back",
    "outbox": "drop mark_sent queue recall retry retry_copy send_anyway",
    "packages": "add create refresh remove rename take_out",
    "payments": "add reverse",
    "postings": "move post split",
    "presence": "enter leave",
    "quality_costs": "add",
    "quality_export": "to_file",
    "recall": "draft",
    "reminders": "add assign done move remove reopen set",
    "replies": "new start",
    "reports": "to_file",
    "reservation_guests": "add add_new remove set_holder",
    "reservation_import": "import_rows",
    "reservation_links": "link unlink",
    "reservation_status": "set_status",
    "reservations": "create set",
    "saved_views": "change create remove shift",
    "schedules": "regenerate set_lines",
    "sent_copies": "copied copy_failed",
    "snoozing": "snooze snooze_again unsnooze wake_due",
    "splitting": "merge split",
    "stages": "heed",
    "statements": "confirm dismiss dismiss_read paste",
    "tagging": "tag_many",
    "template_starter": "add",
    "templates": "archive change create restore",
    "ticket_routing": "heed_rest step",
    "tickets": "opened",
    "timers": "beat cap pause resume start stop",
    "triage": "move no_answer_needed star",
    "watch_export": "to_file",
    "wishes": "ask_sync ask_whole refuse_whole",
}
"""What everybody writes (and the engine for everybody), by module: answers, triage, inquiries, guests, reservations, money,
reminders, templates, what is one's own."""
