"""``reservation new``, ``set`` and ``status`` (SPEC §7, §15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.inquiries import named_fields
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.reservation_options import fields_given
from crm_tui.cli.reservation_records import record
from crm_tui.cli.reservations import number_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def new(run: Invocation) -> int:
    """Make a reservation; from an inquiry or a mail with all that is known of it."""
    from crm_tui import desk
    from crm_tui.desk.stays.booking import BookedGuest, Offered

    options = run.options
    with run.desk() as ctx, named_fields():
        offered = Offered({})
        if options.inquiry:
            offered = desk.booking.from_inquiry(ctx, options.inquiry)
        elif options.conversation:
            offered = desk.booking.from_conversation(ctx, options.conversation)
        people = list(offered.guests)
        if options.guests:
            named = [desk.guests.get(ctx, number) for number in options.guests]
            people = [BookedGuest(one.id, one.name) for one in named]
        values = {**offered.values, **_fields(run)}
        number = desk.booking.book(ctx, values, people, inquiry=offered.inquiry, conversation=offered.conversation)
        return _tell(run, ctx, number, _("Reservation {code} is made: {title}."))


def set_fields(run: Invocation) -> int:
    """Change fields of a reservation."""
    from crm_tui import desk

    values = _fields(run)
    if not values:
        raise UsageError(
            _("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui reservation set")
        )
    with run.desk() as ctx, named_fields():
        number = number_of(ctx, run.options.reservation)
        version = run.options.version or desk.reservations.get(ctx, number).version
        desk.reservations.set(ctx, number, version, values)
        return _tell(run, ctx, number, _("Reservation {code} is changed."))


def status(run: Invocation) -> int:
    """Let reservations stand so."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        numbers = [number_of(ctx, word) for word in options.reservations]
        did = desk.reservation_status.set_status(
            ctx, numbers, options.status, close_reminders=options.close_reminders, ask_feedback=options.ask_feedback
        )
    if run.out.as_json:
        told = {"status": did.status, "changed": list(did.changed)}
        run.out.record({**told, "reminders_closed": did.closed, "feedback_asked": did.asked})
        return 0
    count = len(did.changed)
    words = ngettext("{n} reservation is {status} now.", "{n} reservations are {status} now.", count)
    run.out.line(words.format(n=count, status=did.status))
    if did.closed:
        run.out.line(ngettext("{n} reminder is done.", "{n} reminders are done.", did.closed).format(n=did.closed))
    if did.asked:
        words = ngettext("{n} reminder asks for feedback.", "{n} reminders ask for feedback.", did.asked)
        run.out.line(words.format(n=did.asked))
    return 0


def _fields(run: Invocation) -> dict[str, Any]:
    """The fields named; the company by its number.

    Raises:
        InvalidInput: that is no number.
    """
    values: dict[str, Any] = dict(fields_given(run.options))
    if "company" in values:
        text = values["company"].strip()
        if text and not (text.isascii() and text.isdecimal()):
            raise InvalidInput(_("“{given}” is no number of a company.").format(given=text), field="company")
        values["company"] = int(text) if text else None
    return values


def _tell(run: Invocation, ctx: Context, number: int, words: str) -> int:
    from crm_tui import desk

    found = desk.reservations.get(ctx, number)
    if run.out.as_json:
        run.out.record(record(found))
    else:
        title = found.title or (found.holder.name if found.holder else _("nobody yet"))
        run.out.line(words.format(code=found.code, title=title))
    return 0
