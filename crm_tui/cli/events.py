"""``event`` and ``event-type``: what happened with guests, and of which types that can be (SPEC §1, §6)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.memos import text_of
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.client_base.event_views import EventTypeView, EventView
    from crm_tui.desk.common.context import Context


def add(run: Invocation) -> int:
    """Write an event down."""
    from crm_tui import desk

    options = run.options
    text = text_of(list(options.words))
    with run.desk() as ctx:
        number = desk.events.add(
            ctx,
            options.guest,
            options.type,
            text,
            at=instant(ctx, options.at),
            conversation=options.conversation,
            inquiry=options.inquiry,
            reservation=options.reservation,
        )
        return _tell(run, desk.events.get(ctx, number), _("Event {number} is written down."))


def edit(run: Invocation) -> int:
    """Change an event."""
    from crm_tui import desk

    options = run.options
    if options.type is None and options.text is None and not options.at:
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui event edit"))
    with run.desk() as ctx:
        version = options.version or desk.events.get(ctx, options.id).version
        at = instant(ctx, options.at)
        found = desk.events.edit(ctx, options.id, version, type=options.type, text=options.text, at=at)
        return _tell(run, found, _("Event {number} is changed."))


def remove(run: Invocation) -> int:
    """Take an event away."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.events.get(ctx, run.options.id)
        desk.events.remove(ctx, found.id)
        return _tell(run, found, _("Event {number} is gone."))


def list_events(run: Invocation) -> int:
    """Print the events of a guest."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.events.listed(ctx, run.options.guest, limit=limit_of(run))
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(event_record(one))
    elif not found:
        run.out.line(_("Nothing has been written down of this guest."))
    else:
        titles = (_("ID"), _("When"), _("Type"), _("Agent"), _("What happened"))
        rows = [(one.id, moment(one.at, zone), one.type, one.author, " ".join(one.text.split())) for one in found]
        run.out.table(titles, rows, right=(0,))
    return 0


def event_record(one: EventView) -> dict[str, Any]:
    """The fields of an event."""
    return {
        "id": one.id,
        "guest": one.guest,
        "type": one.type,
        "at": one.at,
        "text": one.text,
        "author": one.author or None,
        "conversation": one.conversation,
        "inquiry": one.inquiry,
        "reservation": one.reservation,
        "created_at": one.created_at,
        "edited_at": one.edited_at,
        "version": one.version,
    }


def _tell(run: Invocation, found: EventView, words: str) -> int:
    if run.out.as_json:
        run.out.record(event_record(found))
    else:
        run.out.line(words.format(number=found.id))
    return 0


def instant(ctx: Context, text: str) -> datetime | None:
    """What ``--at`` means; None without it.

    Raises:
        UsageError: it is no instant.
    """
    from crm_tui.rules.days import DayFault
    from crm_tui.rules.instants import read_instant

    if not text.strip():
        return None
    try:
        return read_instant(text, ctx.clock.now(), zone_of(ctx))
    except DayFault as fault:
        if fault.kind == "skipped":
            words = _("“{given}” was skipped: the clocks go forward.").format(given=text[:60])
            raise UsageError(words, _("Write the hour before or after it.")) from None
        raise UsageError(
            _("“{given}” is no time.").format(given=text[:60]), _("Write it like 2026-07-01T10:00 or yesterday 9:15.")
        ) from None


# Types


def list_types(run: Invocation) -> int:
    """Print the types of event."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.event_types.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_type_record(one))
    else:
        run.out.table(
            (_("ID"), _("Name"), _("Events")), [(one.id, one.name, one.events) for one in found], right=(0, 2)
        )
    return 0


def add_type(run: Invocation) -> int:
    """Put a type on the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.event_types.add(ctx, run.options.name)
        return _tell_type(run, _meant(ctx, str(number)), _("{name} is on the list."))


def rename_type(run: Invocation) -> int:
    """Call a type otherwise."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = _meant(ctx, run.options.type)
        desk.event_types.rename(ctx, before.id, before.version, run.options.name)
        return _tell_type(run, _meant(ctx, str(before.id)), _("It is called {name} now; its events too."))


def remove_type(run: Invocation) -> int:
    """Take a type off the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = _meant(ctx, run.options.type)
        desk.event_types.remove(ctx, found.id, found.version)
        return _tell_type(run, found, _("{name} is off the list; the events that are of it keep it."))


def _meant(ctx: Context, words: str) -> EventTypeView:
    from crm_tui import desk

    by_number = next((one for one in desk.event_types.listed(ctx) if str(one.id) == words), None)
    return by_number or desk.event_types.named(ctx, words)


def _type_record(one: EventTypeView) -> dict[str, Any]:
    return {"id": one.id, "code": one.code or None, "name": one.name, "events": one.events, "version": one.version}


def _tell_type(run: Invocation, found: EventTypeView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_type_record(found))
    else:
        run.out.line(words.format(name=found.name))
    return 0
