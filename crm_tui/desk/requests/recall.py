"""Recall (SPEC §4): where demand is, who asked for days that became free, and a draft to each of them in one step.

Listed are the inquiries on the waitlist: still open, and either the guest's answer is awaited (*offer sent*, *waiting for
guest*) or one of their conversations stands on the Waitlist. Lost ones are listed on request: their reason is free text, so
a person reads whether it was for lack of room. What was booked or cancelled is never listed. Nothing is sent from here: the
drafts wait in Drafts to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import repeat
from typing import Any

from sqlalchemy import Connection, select, update

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.columns import columns
from crm_tui.data.tables import Draft
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.words import said
from crm_tui.desk.correspondence import replies
from crm_tui.desk.histories import history_words
from crm_tui.desk.requests.recall_rows import LOST, WAITLISTED, counted, marked, rows, stays
from crm_tui.desk.requests.recall_views import MARKS, Drafted, LeftOut, Mark, Recalled, Waitlisted
from crm_tui.desk.texts import template_use, templates
from crm_tui.desk.texts.template_views import TemplateView, Written
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules import demand as rules
from crm_tui.rules.demand import Demand
from crm_tui.rules.vocabulary import InquiryStatus

_D = columns(Draft)

CATEGORY = "waitlist recall"
LONGEST = 400
"""Days that one look at the demand may span."""


Counts = Callable[[str], bool]
"""Whether what came by a channel counts."""


def demand(ctx: Context, first: date, last: date, *, counts: Counts | None = None) -> dict[date, Demand]:
    """How many inquiries that the actor may see ask for each day; what was lost or cancelled asks for none.

    Args:
        counts: which channels; None: all.

    Raises:
        InvalidInput: the span is longer than :data:`LONGEST` days.
    """
    _check_span(first, last)
    open_or_booked = tuple(one for one in InquiryStatus if one not in (InquiryStatus.LOST, InquiryStatus.CANCELLED))
    with ctx.store.connect() as connection:
        scopes, apart = ctx.actor.scopes, counts is not None
        found = counted(connection, scopes, first, last, open_or_booked, by_channel=apart)
    return rules.by_day(_asked(_of(found, counts)), first, last)


def reserved(ctx: Context, first: date, last: date, *, counts: Counts | None = None) -> dict[date, int]:
    """How many reservations have each night: options, confirmed and completed ones.

    Args:
        counts: which channels; None: all.

    Raises:
        InvalidInput: the span is longer than :data:`LONGEST` days.
    """
    _check_span(first, last)
    with ctx.store.connect() as connection:
        found = _of(stays(connection, first, last, by_channel=counts is not None), counts)
    nights = (
        rules.wanted(row.arrival, row.departure, None, None, None) for row in found for _stay in range(row.number)
    )
    return {day: one.booked for day, one in rules.by_day(((one, True) for one in nights if one), first, last).items()}


def _of(found: Iterable[Any], counts: Counts | None) -> list[Any]:
    return [row for row in found if counts is None or counts(row.channel)]


def _asked(found: Iterable[Any]) -> Iterator[tuple[rules.Nights, bool]]:
    """Each inquiry's nights, and whether they were booked."""
    for row in found:
        if (nights := _nights(row)) is not None:
            yield from repeat((nights, bool(row.booked)), row.number)


def waitlisted(ctx: Context, first: date, last: date, *, lost: bool = False) -> list[Waitlisted]:
    """The waitlisted inquiries that want one of the free nights from ``first`` to ``last``; the longest waiting first.

    Args:
        lost: list the lost ones too, with their reasons.

    Raises:
        InvalidInput: the span is longer than :data:`LONGEST` days.
    """
    _check_span(first, last)
    with ctx.store.connect() as connection:
        return _waitlisted(connection, ctx.actor.scopes, first, last, lost=lost)


def _waitlisted(connection: Connection, scopes: str, first: date, last: date, *, lost: bool) -> list[Waitlisted]:
    free = rules.free(first, last)
    found = rows(
        connection, scopes, free.first, last if last >= first else first, (*WAITLISTED, *(LOST if lost else ()))
    )
    wanted = [(row, nights) for row in found if (nights := _nights(row)) is not None and nights.overlaps(free)]
    return marked(connection, wanted, free)


def _nights(row: Any) -> rules.Nights | None:
    return rules.wanted(row.arrival, row.departure, row.period_from, row.period_to, row.nights)


def _check_span(first: date, last: date) -> None:
    if abs((last - first).days) >= LONGEST:
        raise InvalidInput(_("That is more than {n} days.").format(n=LONGEST), _("Choose a shorter time."), "to")


def draft(
    ctx: Context,
    first: date,
    last: date,
    inquiries: Collection[int] | None = None,
    *,
    template: str = "",
    lost: bool = False,
) -> Recalled:
    """Draft a recall mail to everyone who may be written to, in one step that one undo takes back.

    A mail answers the inquiry's conversation, or begins a new one with the holder. No address gets two: not in one step, and
    not if it was written to for overlapping days before.

    Args:
        inquiries: only these of the listed ones; None for all.
        template: name or number of the template; empty: the one for waitlist recalls in the guest's language.

    Raises:
        InvalidInput: there is no template for it, or no account to send from.
    """
    listed = waitlisted(ctx, first, last, lost=lost)
    chosen = [one for one in listed if inquiries is None or one.id in inquiries]
    ready = [one for one in chosen if one.mark is Mark.READY]
    left = [_left(one, said(MARKS, one.mark)) for one in chosen if one.mark is not Mark.READY]
    pick = _picker(ctx, template)
    texts: dict[int, tuple[TemplateView, Written]] = {}
    for one in ready:
        text = pick(one.language)
        written = template_use.write(ctx, text, one.conversation, name=one.guest, address=one.address)
        if written.error:
            left.append(_left(one, written.error))
        else:
            texts[one.id] = text, written
    made: list[Drafted] = []
    if texts:
        with ctx.write() as tx:
            # Another desk may have drafted meanwhile: what counts is how they stand now.
            now = _waitlisted(tx.connection, tx.actor.scopes, first, last, lost=lost)
            for one in now:
                if one.id in texts and one.mark is Mark.READY:
                    made.append(_draft(tx, one, texts[one.id][1], first, last))
            done = {one.inquiry for one in made}
            left += [_left(one, said(MARKS, one.mark)) for one in now if one.id in texts and one.id not in done]
    return Recalled(tuple(made), tuple(left))


def _left(one: Waitlisted, reason: str) -> LeftOut:
    return LeftOut(one.id, one.guest or one.address, reason)


def _draft(tx: Transaction, one: Waitlisted, written: Written, first: date, last: date) -> Drafted:
    number = replies.begin_in(
        tx,
        conversation=one.conversation,
        to=replies.written([(one.guest, one.address)]),
        subject=written.subject,
        text=written.text,
    )
    tx.connection.execute(update(Draft).where(_D.id == number).values(recall_of=one.id))
    days = {"from": min(first, last).isoformat(), "to": max(first, last).isoformat()}
    after = {"draft": number, "address": one.address.casefold(), **days}
    tx.journal("inquiry", one.id, "recall", after=after, undoable=True)
    return Drafted(one.id, number, one.address, written.gaps)


def _picker(ctx: Context, template: str) -> Callable[[str], TemplateView]:
    """Gives the template for a language: the guest's, else the agent's, else English, else whichever there is."""
    found = templates.listed(ctx)
    if template:
        named = [one for one in found if str(one.id) == template or fold_text(one.name) == fold_text(template.strip())]
        if not named:
            templates.named(ctx, template)  # says so
        found = named
    else:
        found = [one for one in found if one.category == CATEGORY]
    if not found:
        raise InvalidInput(
            _("There is no template for a waitlist recall."),
            _("Write one with that purpose, or name another template."),
            "template",
        )

    def pick(language: str) -> TemplateView:
        for code in (language, ctx.actor.language, "en"):
            fitting = [one for one in found if one.language == code]
            if fitting:
                return fitting[0]
        return found[0]

    return pick


def span_of(day: date, today: date) -> tuple[date, date]:
    """What is shown at first of a month: from today or its first day to its last day."""
    first, last = rules.month(day.year, day.month)
    return max(first, today) if first <= today <= last else first, last


def nights_of(first: date, last: date) -> int:
    """How many nights are free."""
    return abs((last - first) // timedelta(days=1)) + 1


def _take_back(tx: Transaction, steps: Sequence[undo.Row]) -> None:
    """Undo: the drafts go, unless one was queued or sent meanwhile."""
    numbers = [(step.after or {})["draft"] for step in steps]
    still = (_D.id.in_(numbers), _D.dropped_at.is_(None), _D.outbox_id.is_(None))
    there = set(tx.connection.execute(select(_D.id).where(*still)).scalars())
    if len(there) != len(set(numbers)):
        raise Conflict(_("One of these drafts was sent or dropped meanwhile."))
    tx.connection.execute(update(Draft).where(*still).values(dropped_at=tx.now, version=_D.version + 1))


def _would(facts: Any) -> str:
    return ngettext("Drop the recall draft.", "Drop {n} recall drafts.", facts.count).format(n=facts.count)


def _did(facts: Any) -> str:
    return ngettext("The recall draft is gone.", "{n} recall drafts are gone.", facts.count).format(n=facts.count)


def _said(_before: history_words.Told, after: history_words.Told) -> str:
    return _("drafted a recall to {address} for {first} – {last}").format(
        address=display_text(str(after.get("address", ""))), first=after.get("from", ""), last=after.get("to", "")
    )


undo.special_many("inquiry", "recall", _take_back)
history_words.says("inquiry", "recall", _said, kind="mail")
undo.says("inquiry", "recall", would=_would, did=_did)


def summary(listed: Iterable[Waitlisted]) -> str:
    """*38 of 52 may be written to.*"""
    marks = [one.mark for one in listed]
    ready = marks.count(Mark.READY)
    return _("{n} of {of} may be written to").format(n=ready, of=len(marks))
