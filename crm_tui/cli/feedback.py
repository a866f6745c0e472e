"""``feedback``: what guests praise and complain about (SPEC §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.events import instant
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.memos import text_of
from crm_tui.cli.times import moment, zone_of

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.desk.feedback_views import FeedbackView


def add(run: Invocation) -> int:
    """Write feedback down."""
    from crm_tui import desk

    options = run.options
    given = {name: getattr(options, name) for name in ("guest", "reservation", "conversation", "room", "code")}
    with run.desk() as ctx:
        number = desk.feedback.add(
            ctx,
            options.kind,
            at=instant(ctx, options.at),
            resolved=options.resolved,
            resolution=options.resolution,
            satisfaction=options.satisfaction,
            employee=options.employee,
            emoji=options.emoji,
            comment=text_of(list(options.words)),
            **given,
        )
        return _tell(run, desk.feedback.get(ctx, number), _("Feedback {number} is written down."))


def resolve(run: Invocation) -> int:
    """Say that a complaint is settled."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        desk.feedback.resolve(ctx, options.id, resolution=options.resolution, satisfaction=options.satisfaction)
        return _tell(run, desk.feedback.get(ctx, options.id), _("Feedback {number} is resolved."))


def reopen(run: Invocation) -> int:
    """Take *resolved* back."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.feedback.reopen(ctx, run.options.id)
        return _tell(run, desk.feedback.get(ctx, run.options.id), _("Feedback {number} is open again."))


def list_feedback(run: Invocation) -> int:
    """Print feedback."""

    options = run.options
    with run.desk() as ctx:
        found = _found(run, ctx)
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(feedback_record(one))
    elif not found:
        run.out.line(_("No complaint is open.") if not options.all else _("Nothing has been written down."))
    else:
        titles = (_("ID"), "", _("When"), _("Guest"), _("About"), _("What was said"))
        rows = [
            (one.id, _sign(one), moment(one.at, zone), one.title, one.code, " ".join(one.comment.split()))
            for one in found
        ]
        run.out.table(titles, rows, right=(0,))
    return 0


def _found(run: Invocation, ctx: Context) -> list[FeedbackView]:
    from crm_tui import desk

    options = run.options
    if options.guest is not None:
        every = desk.feedback.of_guest(ctx, options.guest)
        return [one for one in every if options.kind in ("", one.kind)][: limit_of(run)]
    show = "all" if options.all else "page" if options.today else "open"
    return desk.feedback.listed(ctx, show, kind=options.kind, limit=limit_of(run))


def _sign(one: FeedbackView) -> str:
    from crm_tui.desk.feedback_views import OPEN_SIGN, RESOLVED_SIGN

    return OPEN_SIGN if one.open else RESOLVED_SIGN


def feedback_record(one: FeedbackView) -> dict[str, Any]:
    """The fields of feedback."""
    return {
        "id": one.id,
        "kind": one.kind,
        "at": one.at,
        "code": one.code or None,
        "room": one.room or None,
        "guest": {"id": one.guest, "name": one.guest_name} if one.guest is not None else None,
        "reservation": one.code_of or None,
        "conversation": one.conversation,
        "employee": one.employee or None,
        "comment": one.comment,
        "emoji": one.emoji or None,
        "resolved": one.resolved_at is not None,
        "resolved_at": one.resolved_at,
        "resolved_by": one.resolved_by or None,
        "resolution": one.resolution or None,
        "satisfaction": one.satisfaction,
        "author": one.author or None,
        "version": one.version,
    }


def _tell(run: Invocation, found: FeedbackView, words: str) -> int:
    if run.out.as_json:
        run.out.record(feedback_record(found))
    else:
        run.out.line(words.format(number=found.id))
    return 0
