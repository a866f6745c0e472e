"""Every function of the desk that is given the number of something that a scope can hide, and how a test calls it.

A new one fails ``test_scope.py`` until it stands in :data:`CASES`, or in :data:`OUTSIDE` with the reason why scope does not
concern it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm_tui import desk
from crm_tui.desk.context import Context
from crm_tui.desk.template_views import TemplateView
from crm_tui.desk.views import ListQuery

ID_WORDS = re.compile(r"(^|_)(conversation|message|inquir(y|ie)|memo|reminder|draft|item|origin)s?(_ids?)?$|^ids?$")
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


MISSING = Thing("", 900_001, 900_002, 900_003, 900_004, 900_005)

Case = Callable[[Context, Thing], Any]


def template(ctx: Context) -> TemplateView:
    """A text that names the guest."""
    return desk.templates.listed(ctx)[0]


def _whole(ctx: Context, message: int) -> str:
    desk.completing.require_whole(ctx, message)
    return "whole"


CASES: dict[str, Case] = {
    "completing.is_complete": lambda ctx, it: desk.completing.is_complete(ctx, it.message),
    "completing.places": lambda ctx, it: desk.completing.places(ctx, it.message),
    "completing.require_whole": lambda ctx, it: _whole(ctx, it.message),
    "drafts.attach": lambda ctx, it: desk.drafts.attach(ctx, it.draft, "a.txt", b"x"),
    "drafts.detach": lambda ctx, it: desk.drafts.detach(ctx, it.draft, 1),
    "drafts.drop": lambda ctx, it: desk.drafts.drop(ctx, it.draft),
    "drafts.get": lambda ctx, it: desk.drafts.get(ctx, it.draft),
    "drafts.save": lambda ctx, it: desk.drafts.save(ctx, it.draft, 1, text="Mine now"),
    "flags.set_locally": lambda ctx, it: desk.flags.set_locally(ctx, [it.message], seen=True),
    "folders.row": lambda ctx, it: desk.folders.row(ctx, it.conversation),
    "folders.row_in_list": lambda ctx, it: desk.folders.row_in_list(ctx, ListQuery("All"), it.conversation),
    "internal.listed": lambda ctx, it: (desk.internal.listed(ctx, conversation=it.conversation), "listed"),
    "internal.send": lambda ctx, it: desk.internal.send(ctx, _other(ctx, it), "Look", conversation=it.conversation),
    "outbox.drop": lambda ctx, it: desk.outbox.drop(ctx, it.item),
    "outbox.get": lambda ctx, it: desk.outbox.get(ctx, it.item),
    "outbox.mark_sent": lambda ctx, it: desk.outbox.mark_sent(ctx, it.item),
    "outbox.news_of_draft": lambda ctx, it: desk.outbox.news_of_draft(ctx, it.draft),
    "outbox.queue": lambda ctx, it: desk.outbox.queue(ctx, it.draft, 1),
    "outbox.recall": lambda ctx, it: desk.outbox.recall(ctx, it.item),
    "outbox.retry": lambda ctx, it: desk.outbox.retry(ctx, it.item),
    "outbox.retry_copy": lambda ctx, it: desk.outbox.retry_copy(ctx, it.item),
    "outbox.send_anyway": lambda ctx, it: desk.outbox.send_anyway(ctx, it.item),
    "reading.attachment": lambda ctx, it: desk.reading.attachment(ctx, it.message, 0),
    "reading.conversation": lambda ctx, it: desk.reading.conversation(ctx, it.conversation),
    "reading.mark_seen": lambda ctx, it: desk.reading.mark_seen(ctx, [it.message]),
    "reading.message": lambda ctx, it: desk.reading.message(ctx, it.message),
    "reading.source": lambda ctx, it: desk.reading.source(ctx, it.message),
    "replies.start": lambda ctx, it: desk.replies.start(ctx, "reply", it.message),
    "template_use.offered": lambda ctx, it: desk.template_use.offered(ctx, it.conversation).language,
    "template_use.preview": lambda ctx, it: desk.template_use.preview(
        ctx, "", "{{ guest.name }}", "en", it.conversation
    ),
    "template_use.write": lambda ctx, it: desk.template_use.write(ctx, template(ctx), it.conversation),
    "triage.assign": lambda ctx, it: desk.triage.assign(ctx, [it.conversation], "Ana"),
    "triage.move": lambda ctx, it: desk.triage.move(ctx, [it.conversation], "Booked"),
    "triage.no_answer_needed": lambda ctx, it: desk.triage.no_answer_needed(ctx, [it.conversation]),
    "triage.star": lambda ctx, it: desk.triage.star(ctx, [it.conversation], starred=True),
    "wishes.ask_whole": lambda ctx, it: desk.wishes.ask_whole(ctx, [it.message]),
    "wishes.whole_refused": lambda ctx, it: desk.wishes.whole_refused(ctx, it.message, 0),
}

ALIKE_WHEN_SEEN = frozenset(
    {"completing.places", "drafts.detach", "drafts.drop", "outbox.drop", "outbox.news_of_draft"}
)
"""Their answer is the same for a visible thing of this house as for a missing one; their own tests show that they work."""

_ENGINE = "the engine's, which acts for everybody"

OUTSIDE: dict[str, str] = {
    "completing.complete": _ENGINE + "; refused for hidden ones all the same",
    "delivery.found_in_sent": _ENGINE,
    "delivery.job": _ENGINE,
    "delivery.not_in_sent": _ENGINE,
    "internal.mark_read": "marks only what was written to the agent",
    "presence.enter": "tells nothing; a hidden thing is not entered (tests/desk/test_presence.py)",
    "presence.others": "lists who has visible things open (tests/desk/test_presence.py)",
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
