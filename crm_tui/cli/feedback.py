"""``feedback``: what guests praise and complain about (SPEC §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.cli.events import instant
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.memos import text_of
from crm_tui.cli.occasion_changes import changes_of, require_changes
from crm_tui.cli.quality import in_room, items_of, tell_given
from crm_tui.cli.times import moment, zone_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.quality.feedback_views import FeedbackView


def add(run: Invocation) -> int:
    """Write feedback down."""
    from crm_tui import desk

    options = run.options
    given = {name: getattr(options, name) for name in ("guest", "reservation", "conversation", "room", "code")}
    with run.desk() as ctx:
        given |= in_room(ctx, given)
        number = desk.feedback.add(
            ctx,
            options.kind,
            at=instant(ctx, options.at),
            resolved=options.resolved,
            resolution=options.resolution,
            satisfaction=options.satisfaction,
            items=items_of(options.item),
            employee=options.employee,
            emoji=options.emoji,
            comment=text_of(list(options.words)),
            **given,
        )
        return _tell(run, desk.feedback.get(ctx, number), _("Feedback {number} is written down."))


def change(run: Invocation) -> int:
    """Change what was written down."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        found = desk.feedback.get(ctx, options.id)
        values = changes_of(run, ctx, found, ("kind", "room", "code", "employee", "emoji"))
        require_changes(values, "crm-tui feedback set")
        found = desk.feedback.edit(ctx, found.id, options.version or found.version, values)
        return _tell(run, found, _("Feedback {number} is changed."))


def remove(run: Invocation) -> int:
    """Take feedback away."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.feedback.get(ctx, run.options.id)
        desk.feedback.remove(ctx, found.id)
        return _tell(run, found, _("Feedback {number} is gone."))


def resolve(run: Invocation) -> int:
    """Say that feedback is settled; what was given before it was opened again stays. Of what is settled already, say more."""
    from crm_tui import desk
    from crm_tui.desk.quality.quality_views import Given

    options = run.options
    with run.desk() as ctx:
        found = desk.feedback.get(ctx, options.id)
        kept = [Given("", one.quantity, None, one.id) for one in found.given]
        told = {"resolution": options.resolution, "satisfaction": options.satisfaction}
        values = {name: value for name, value in told.items() if value not in ("", None)}
        if options.item:
            values["items"] = [*kept, *items_of(options.item)]
        if found.resolved_at is None:
            desk.feedback.resolve(ctx, found.id, version=found.version, **values)
        elif values:
            desk.feedback.amend(ctx, found.id, found.version, values)
        return _tell(run, desk.feedback.get(ctx, options.id), _("Feedback {number} is resolved."))


def show(run: Invocation) -> int:
    """Print one compliment or complaint."""
    from crm_tui import desk
    from crm_tui.desk.quality.feedback_views import KINDS, SATISFACTION

    with run.desk() as ctx:
        one = desk.feedback.get(ctx, run.options.id)
        zone = zone_of(ctx)
    if run.out.as_json:
        run.out.record(desk.quality_export.feedback_record(one))
        return 0
    head = (_sign(one), one.title, _(KINDS[one.kind]), one.code, moment(one.at, zone))
    run.out.line(" · ".join(part for part in head if part))
    if one.employee:
        run.out.line(_("about {name}").format(name=one.employee))
    if one.comment or one.emoji:
        run.out.line(f"{one.emoji} {one.comment}".strip())
    if one.resolved_at is not None:
        told = {"name": one.resolved_by or "–", "time": moment(one.resolved_at, zone)}
        run.out.line(_("Resolved by {name}, {time}").format(**told))
    if one.resolution:
        run.out.line(one.resolution)
    tell_given(run, one)
    if one.satisfaction is not None:
        run.out.line(_("guest {satisfaction}").format(satisfaction=_(SATISFACTION[one.satisfaction])))
    return 0


def reopen(run: Invocation) -> int:
    """Take *resolved* back."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.feedback.reopen(ctx, run.options.id)
        return _tell(run, desk.feedback.get(ctx, run.options.id), _("Feedback {number} is open again."))


def list_feedback(run: Invocation) -> int:
    """Print feedback."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        found = _found(run, ctx)
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(desk.quality_export.feedback_record(one))
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
    from crm_tui.desk.quality.feedback_views import OPEN_SIGN, RESOLVED_SIGN

    return OPEN_SIGN if one.open else RESOLVED_SIGN


def _tell(run: Invocation, found: FeedbackView, words: str) -> int:
    from crm_tui import desk

    if run.out.as_json:
        run.out.record(desk.quality_export.feedback_record(found))
    else:
        run.out.line(words.format(number=found.id))
        run.out.line(f"  {found.title}")
    return 0
