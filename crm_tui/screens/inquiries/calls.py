"""What the inquiry screens ask of the desk. Everything here blocks: it is called in threads."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import AgentView, ConversationView
from crm_tui.desk.requests.inquiry_views import InquiryView, MemoView, ReminderView
from crm_tui.desk.shifts.internal_views import InternalView
from crm_tui.desk.stays.reservation_views import ReservationRow

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


@dataclass(frozen=True, slots=True)
class Whole:
    """All of an inquiry, as one screen shows it.

    Attributes:
        mail: the messages of all its conversations as one, oldest first; None without mail.
        reservations: those that were made from it.
    """

    view: InquiryView
    mail: ConversationView | None
    memos: Sequence[MemoView] = ()
    internal: Sequence[InternalView] = ()
    reminders: Sequence[ReminderView] = ()
    reservations: Sequence[ReservationRow] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a command gave, and whether it left anything that z would take back."""

    result: Any
    changed: bool


def noticing(work: Callable[[Context], Any]) -> Callable[[Context], Done]:
    """A command that also tells whether it changed anything: only then z takes *it* back, and not something older."""

    def done(ctx: Context) -> Done:
        before = _newest(ctx)
        result = work(ctx)
        return Done(result, _newest(ctx) != before)

    return done


def _newest(ctx: Context) -> str:
    last = desk.undo.last(ctx)
    return last.command if last is not None else ""


def said(done: Done, words: str) -> str:
    """What to say after a command: its words, or that nothing was changed."""
    return words if done.changed else _("Nothing was changed.")


def whole(ctx: Context, inquiry_id: int) -> Whole:
    """Read all of it but its history, which reads itself.

    Raises:
        NotFound: there is none of that number, or the agent may not see it.
    """
    view = desk.inquiries.get(ctx, inquiry_id)
    return Whole(
        view,
        mail(ctx, view),
        desk.memos.listed(ctx, inquiry=inquiry_id),
        desk.internal.listed(ctx, inquiry=inquiry_id),
        desk.reminders.listed(ctx, inquiry=inquiry_id, include_done=True),
        desk.reservation_links.of_inquiry(ctx, inquiry_id),
    )


def mail(ctx: Context, view: InquiryView) -> ConversationView | None:
    """The messages of all conversations as one."""
    found = [desk.reading.conversation(ctx, row.id) for row in view.conversations]
    if len(found) < 2:
        return found[0] if found else None
    messages = sorted((message for one in found for message in one.messages), key=lambda one: (one.at, one.id))
    return replace(found[0], messages=tuple(messages))


def agents(ctx: Context) -> Sequence[AgentView]:
    """The team."""
    return desk.setup.agents(ctx)


def prepare(ctx: Context) -> Sequence[AgentView]:
    """The team; and what reading amounts needs is loaded here, so that typing does not wait for it."""
    from crm_tui.rules.money import exponent

    exponent("EUR")
    return desk.setup.agents(ctx)


def faults(values: Mapping[str, Any], today: date, view: InquiryView | None) -> dict[str, tuple[str, str]]:
    """What is wrong with a form: kind and sentence by field. Quick, no store: called while typing."""
    from crm_tui.desk.requests.inquiry_faults import sentence
    from crm_tui.rules.inquiry_checks import check

    before = {} if view is None else {"planned_end": view.planned_end}
    found = check(values, today, before).faults.values()
    return {fault.field: (fault.kind, sentence(fault)) for fault in found}


def create(ctx: Context, values: Mapping[str, Any], guest: int | Mapping[str, str]) -> int:
    """Take down a new inquiry; returns its number.

    Raises:
        InvalidInput: a field is not usable.
    """
    return desk.inquiries.create(ctx, values, guest=guest)


def save(ctx: Context, view: InquiryView, values: Mapping[str, Any], taken: Collection[str]) -> int:
    """Change what was changed in the form and confirm what was taken over; returns the inquiry's number.

    Raises:
        InvalidInput: a field is not usable.
        Conflict: somebody changed the same fields since; it carries their version.
    """
    if values:
        desk.inquiries.set(ctx, view.id, view.version, values)
    left = [name for name in taken if name not in values]
    if left:
        desk.inquiries.accept(ctx, view.id, left)
    return view.id
