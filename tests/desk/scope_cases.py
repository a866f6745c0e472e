"""Every function of the desk that is given the number of something that a scope can hide, and how a test calls it.

A new one fails ``test_scope.py`` until it stands in :data:`CASES`, or in :data:`OUTSIDE` with the reason why scope does not
concern it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from crm_tui import desk
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.requests.inquiry_views import InquiryQuery
from crm_tui.desk.shifts.reminder_views import ReminderQuery
from crm_tui.desk.texts.template_views import TemplateView
from crm_tui.desk.ticketing.ticket_views import TicketQuery

ID_WORDS = re.compile(
    r"(^|_)(conversation|message|inquir(y|ie)|memo|reminder|event|draft|item|origin|ticket)s?(_ids?)?$|^ids?$|^number$"
)
"""Names of parameters that say: a number of something that a scope can hide."""


@dataclass(frozen=True)
class Thing:
    """A conversation and what belongs to it, by number; all of it is Ana's work."""

    scope: str
    conversation: int
    message: int
    inquiry: int
    draft: int
    item: int
    memo: int
    reminder: int
    event: int
    ticket: int


MISSING = Thing("", 900_001, 900_002, 900_003, 900_004, 900_005, 900_006, 900_007, 900_008, 900_010)
GUEST = 1
"""A guest of the client base, holder of nothing."""

Case = Callable[[Context, Thing], Any]


def template(ctx: Context) -> TemplateView:
    """A text that names the guest."""
    return desk.templates.listed(ctx)[0]


def _done(work: Callable[[], object]) -> str:
    """For what returns nothing when it works."""
    work()
    return "done"


def _give(ctx: Context, conversation: int) -> None:
    """A bottle for whoever wrote."""
    admin = ctx.acting_as(ENGINE)
    items = desk.quality_items.listed(ctx)
    wine = items[0].id if items else desk.quality_items.add(admin, "Wine", "18 EUR")
    desk.quality_costs.add(ctx, [(wine,)], room="12", conversation=conversation)


CASES: dict[str, Case] = {
    "completing.is_complete": lambda ctx, it: desk.completing.is_complete(ctx, it.message),
    "completing.places": lambda ctx, it: desk.completing.places(ctx, it.message),
    "completing.require_whole": lambda ctx, it: _done(lambda: desk.completing.require_whole(ctx, it.message)),
    "drafts.attach": lambda ctx, it: desk.drafts.attach(ctx, it.draft, "a.txt", b"x"),
    "drafts.detach": lambda ctx, it: desk.drafts.detach(ctx, it.draft, 1),
    "drafts.drop": lambda ctx, it: desk.drafts.drop(ctx, it.draft),
    "drafts.get": lambda ctx, it: desk.drafts.get(ctx, it.draft),
    "drafts.save": lambda ctx, it: desk.drafts.save(ctx, it.draft, 1, text="Mine now"),
    "events.add": lambda ctx, it: desk.events.add(ctx, GUEST, "call", "He called", conversation=it.conversation),
    "events.edit": lambda ctx, it: desk.events.edit(
        ctx.acting_as(replace(ctx.actor, role="manager")), it.event, 1, text="x"
    ),
    "events.get": lambda ctx, it: desk.events.get(ctx, it.event),
    "events.remove": lambda ctx, it: _done(
        lambda: desk.events.remove(ctx.acting_as(replace(ctx.actor, role="manager")), it.event)
    ),
    "feedback.add": lambda ctx, it: desk.feedback.add(ctx, "negative", room="12", conversation=it.conversation),
    "quality_costs.add": lambda ctx, it: _done(lambda: _give(ctx, it.conversation)),
    "feedback_whose.whose": lambda ctx, it: desk.feedback.whose(ctx, conversation=it.conversation),
    "feedback_whose.about": lambda ctx, it: desk.feedback.about(ctx, conversation=it.conversation),
    "flags.set_locally": lambda ctx, it: desk.flags.set_locally(ctx, [it.message], seen=True),
    "folders.row": lambda ctx, it: desk.folders.row(ctx, it.conversation),
    "folders.row_in_list": lambda ctx, it: desk.folders.row_in_list(ctx, ListQuery("All"), it.conversation),
    "folders.rows_of": lambda ctx, it: list(desk.folders.rows_of(ctx, [it.conversation])),
    "guest_mail.guests_of": lambda ctx, it: (desk.guest_mail.guests_of(ctx, it.conversation), "found"),
    "history.entries": lambda ctx, it: desk.history.entries(ctx, "conversation", it.conversation, []),
    "history.keys": lambda ctx, it: desk.history.keys(ctx, "inquiry", it.inquiry),
    "history.of_conversation": lambda ctx, it: len(desk.history.of_conversation(ctx, it.conversation)),
    "history.of_inquiry": lambda ctx, it: len(desk.history.of_inquiry(ctx, it.inquiry)),
    "inquiries.accept": lambda ctx, it: desk.inquiries.accept(ctx, it.inquiry),
    "inquiries.create": lambda ctx, it: desk.inquiries.create(
        ctx, {}, guest={"surname": "Nowak"}, conversations=[it.conversation]
    ),
    "inquiries.from_conversation": lambda ctx, it: desk.inquiries.from_conversation(ctx, it.conversation),
    "inquiries.get": lambda ctx, it: desk.inquiries.get(ctx, it.inquiry),
    "inquiry_links.link": lambda ctx, it: desk.inquiries.link(ctx, it.inquiry, [it.conversation]),
    "inquiry_links.of_conversation": lambda ctx, it: desk.inquiries.of_conversation(ctx, it.conversation),
    "inquiries.reject": lambda ctx, it: desk.inquiries.reject(ctx, it.inquiry),
    "inquiries.remove": lambda ctx, it: _done(lambda: desk.inquiries.remove(ctx, it.inquiry)),
    "inquiries.set": lambda ctx, it: desk.inquiries.set(ctx, it.inquiry, 1, {"room": "12"}),
    "inquiry_links.unlink": lambda ctx, it: desk.inquiries.unlink(ctx, it.inquiry, [it.conversation]),
    "linking.link": lambda ctx, it: _done(lambda: desk.linking.link(ctx, it.conversation, GUEST)),
    "linking.make": lambda ctx, it: desk.linking.make(ctx, it.conversation, {"surname": "Kowal"}),
    "linking.propose": lambda ctx, it: desk.linking.propose(ctx, it.conversation),
    "linking.unlink": lambda ctx, it: _done(lambda: desk.linking.unlink(ctx, it.conversation)),
    "linking.who": lambda ctx, it: desk.linking.who(ctx, it.conversation),
    "inquiry_guests.add": lambda ctx, it: desk.inquiry_guests.add(ctx, it.inquiry, GUEST),
    "inquiry_guests.add_new": lambda ctx, it: desk.inquiry_guests.add_new(ctx, it.inquiry, {"surname": "Kowal"}),
    "inquiry_guests.remove": lambda ctx, it: desk.inquiry_guests.remove(ctx, it.inquiry, GUEST),
    "inquiry_guests.set_holder": lambda ctx, it: desk.inquiry_guests.set_holder(ctx, it.inquiry, GUEST),
    "inquiry_lists.row_in_list": lambda ctx, it: desk.inquiry_lists.row_in_list(ctx, InquiryQuery("all"), it.inquiry),
    "inquiry_origin.look": lambda ctx, it: desk.inquiry_origin.look(ctx, it.conversation),
    "internal.listed": lambda ctx, it: (desk.internal.listed(ctx, conversation=it.conversation), "listed"),
    "internal.send": lambda ctx, it: desk.internal.send(ctx, _other(ctx, it), "Look", conversation=it.conversation),
    "memos.add": lambda ctx, it: desk.memos.add(ctx, "Call back", conversation=it.conversation),
    "memos.edit": lambda ctx, it: desk.memos.edit(ctx, it.memo, 1, "Call again"),
    "memos.get": lambda ctx, it: desk.memos.get(ctx, it.memo),
    "memos.listed": lambda ctx, it: desk.memos.listed(ctx, inquiry=it.inquiry),
    "memos.remove": lambda ctx, it: _done(lambda: desk.memos.remove(ctx, it.memo)),
    "noted.conversation": lambda ctx, it: desk.noted.conversation(ctx, it.conversation),
    "notes.of_conversation": lambda ctx, it: desk.notes.of_conversation(ctx, it.conversation),
    "outbox.drop": lambda ctx, it: desk.outbox.drop(ctx, it.item),
    "outbox.get": lambda ctx, it: desk.outbox.get(ctx, it.item),
    "outbox.mark_sent": lambda ctx, it: desk.outbox.mark_sent(ctx, it.item),
    "outbox.news_of_draft": lambda ctx, it: desk.outbox.news_of_draft(ctx, it.draft),
    "outbox.queue": lambda ctx, it: desk.outbox.queue(ctx, it.draft, 1),
    "outbox.recall": lambda ctx, it: desk.outbox.recall(ctx, it.item),
    "outbox.retry": lambda ctx, it: desk.outbox.retry(ctx, it.item),
    "outbox.retry_copy": lambda ctx, it: desk.outbox.retry_copy(ctx, it.item),
    "outbox.send_anyway": lambda ctx, it: desk.outbox.send_anyway(ctx, it.item),
    "proposing.for_conversation": lambda ctx, it: desk.proposing.for_conversation(ctx, it.conversation),
    "proposing.for_message": lambda ctx, it: desk.proposing.for_message(ctx, it.message),
    "reading.attachment": lambda ctx, it: desk.reading.attachment(ctx, it.message, 0),
    "reading.conversation": lambda ctx, it: desk.reading.conversation(ctx, it.conversation),
    "reading.mark_seen": lambda ctx, it: desk.reading.mark_seen(ctx, [it.message]),
    "reading.message": lambda ctx, it: desk.reading.message(ctx, it.message),
    "reading.source": lambda ctx, it: desk.reading.source(ctx, it.message),
    "reminders.add": lambda ctx, it: desk.reminders.add(ctx, "Call", "2026-07-09", inquiry=it.inquiry),
    "reminders.assign": lambda ctx, it: desk.reminders.assign(ctx, [it.reminder], "me"),
    "reminders.move": lambda ctx, it: desk.reminders.move(ctx, it.reminder, by=3),
    "reminders.set": lambda ctx, it: desk.reminders.set(ctx, it.reminder, 1, {"title": "Call again"}),
    "reminder_search.find": lambda ctx, it: desk.reminder_search.find(ctx, ReminderQuery(), it.reminder) or "none",
    "reminders.done": lambda ctx, it: desk.reminders.done(ctx, it.reminder),
    "reminders.get": lambda ctx, it: desk.reminders.get(ctx, it.reminder),
    "reminders.listed": lambda ctx, it: desk.reminders.listed(ctx, inquiry=it.inquiry),
    "reminders.remove": lambda ctx, it: _done(lambda: desk.reminders.remove(ctx, it.reminder)),
    "reminders.reopen": lambda ctx, it: desk.reminders.reopen(ctx, it.reminder),
    "replies.start": lambda ctx, it: desk.replies.start(ctx, "reply", it.message),
    "booking.book": lambda ctx, it: desk.booking.book(ctx, {}, conversation=it.conversation),
    "booking.from_conversation": lambda ctx, it: desk.booking.from_conversation(ctx, it.conversation).title,
    "booking.from_inquiry": lambda ctx, it: desk.booking.from_inquiry(ctx, it.inquiry).title,
    "reservation_links.link": lambda ctx, it: desk.reservation_links.link(ctx, 900_009, [it.conversation]),
    "reservation_links.of_conversation": lambda ctx, it: desk.reservation_links.of_conversation(ctx, it.conversation),
    "reservation_links.of_inquiry": lambda ctx, it: (
        desk.reservation_links.of_inquiry(ctx, it.inquiry),
        "listed",
    ),
    "reservation_links.unlink": lambda ctx, it: desk.reservation_links.unlink(ctx, 900_009, [it.conversation]),
    "snoozing.snooze": lambda ctx, it: desk.snoozing.snooze(ctx, [it.conversation], until=None),
    "snoozing.snooze_again": lambda ctx, it: desk.snoozing.snooze_again(ctx, [it.conversation]),
    "snoozing.unsnooze": lambda ctx, it: desk.snoozing.unsnooze(ctx, [it.conversation]),
    "splitting.candidates": lambda ctx, it: desk.splitting.candidates(ctx, it.conversation),
    "splitting.merge": lambda ctx, it: desk.splitting.merge(ctx, [it.conversation]),
    "splitting.split": lambda ctx, it: desk.splitting.split(ctx, it.conversation, [it.message]),
    "template_use.offered": lambda ctx, it: desk.template_use.offered(ctx, it.conversation).language,
    "template_use.preview": lambda ctx, it: desk.template_use.preview(
        ctx, "", "{{ guest.name }}", "en", it.conversation
    ),
    "template_use.write": lambda ctx, it: desk.template_use.write(ctx, template(ctx), it.conversation),
    "tickets.get": lambda ctx, it: desk.tickets.get(ctx, it.ticket),
    "tickets.give": lambda ctx, it: desk.tickets.give(ctx, [it.ticket], "Ana"),
    "tickets.of_conversation": lambda ctx, it: desk.tickets.of_conversation(ctx, it.conversation),
    "tickets.opened": lambda ctx, it: (desk.tickets.opened(ctx, it.conversation), "looked"),
    "tickets.release": lambda ctx, it: desk.tickets.release(ctx, [it.ticket]),
    "tickets.resume": lambda ctx, it: desk.tickets.resume(ctx, [it.ticket]),
    "tickets.row_in_list": lambda ctx, it: desk.tickets.row_in_list(ctx, TicketQuery(), it.ticket),
    "tickets.set_pending": lambda ctx, it: desk.tickets.set_pending(ctx, [it.ticket], "?"),
    "tickets.take": lambda ctx, it: desk.tickets.take(ctx, [it.ticket]),
    "tickets.why": lambda ctx, it: desk.tickets.why(ctx, it.ticket),
    "triage.assign": lambda ctx, it: desk.triage.assign(ctx, [it.conversation], "Ana"),
    "triage.move": lambda ctx, it: desk.triage.move(ctx, [it.conversation], "Booked"),
    "triage.no_answer_needed": lambda ctx, it: desk.triage.no_answer_needed(ctx, [it.conversation]),
    "triage.star": lambda ctx, it: desk.triage.star(ctx, [it.conversation], starred=True),
    "wishes.ask_whole": lambda ctx, it: desk.wishes.ask_whole(ctx, [it.message]),
    "wishes.whole_refused": lambda ctx, it: desk.wishes.whole_refused(ctx, it.message, 0),
}

ALIKE_WHEN_SEEN = frozenset(
    {
        *("completing.places", "drafts.detach", "drafts.drop", "outbox.drop", "outbox.news_of_draft"),
        *("splitting.candidates", "reservation_links.of_conversation"),
    }
)
"""Their answer is the same for a visible thing of this house as for a missing one; their own tests show that they work."""

_ENGINE = "the engine's, which acts for everybody"

OUTSIDE: dict[str, str] = {
    "completing.complete": _ENGINE + "; refused for hidden ones all the same",
    "delivery.found_in_sent": _ENGINE,
    "delivery.job": _ENGINE,
    "delivery.not_in_sent": _ENGINE,
    "gateway.try_out": "its number is that of a telephone",
    "guests.archive": "guests are everybody's",
    "guests.unarchive": "guests are everybody's",
    "history.of_reservation": "reservations are everybody's; what hangs on them is tested in test_reservation_whole.py",
    "history.of_guest": "guests are everybody's; what is told of them is tested below",
    "internal.mark_read": "marks only what was written to the agent",
    "mailings.retry": "a mailing goes to guests, who are everybody's; its items are its own",
    "packages.add": "its numbers are those of guests, who are everybody's",
    "packages.create": "its numbers are those of guests, who are everybody's",
    "packages.take_out": "its numbers are those of guests, who are everybody's",
    **dict.fromkeys(
        ("feedback.resolve", "quality_items.change", "quality_items.remove"),
        "its items are things that are given; hidden feedback is tested in test_feedback.py",
    ),
    **dict.fromkeys(
        ("reservation_files.records", "reservation_files.to_file", "reservation_files.write_table"),
        "reservations are everybody's",
    ),
    "reservation_status.set_status": "reservations are everybody's; hidden reminders are tested in test_reservation_status.py",
    "postings.move": "reservations and their folios are everybody's",
    "presence.enter": "tells nothing; a hidden thing is not entered (tests/desk/conversations/test_presence.py)",
    "presence.others": "lists who has visible things open (tests/desk/conversations/test_presence.py)",
    "recall.draft": "narrows the list of recall.waitlisted, which holds visible inquiries only",
    "sent_copies.copied": _ENGINE,
    "sent_copies.copy_failed": _ENGINE,
    "sent_copies.located_in_sent": _ENGINE,
    "sent_copies.whereabouts": _ENGINE,
    "sent_copies.wire_source": _ENGINE,
    "wishes.refuse_whole": _ENGINE,
}


def _other(ctx: Context, it: Thing) -> str:
    """A colleague who may see the thing."""
    mates = {"Leo": "Mia", "Mia": "Leo"}
    return mates.get(ctx.actor.name, "Leo") if it.scope in ("", "d1") else "Ana"
