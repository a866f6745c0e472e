"""``list`` and ``show``: the mail of the desk, printed (SPEC §15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import N_, _
from crm_tui.base.sizes import size
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.records import conversation_record, message_record
from crm_tui.cli.times import moment, written, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationRow, InvitationView, MessageView, Person

_SCREENFUL = 200
_ALL = 10**9


def list_place(run: Invocation) -> int:
    """Print a folder or view, the guests, the messages of colleagues, the saved views, the accounts or the agents."""
    from crm_tui.cli import inquiries

    place: str = run.options.place
    special = _lists()
    if run.options.unanswered and place in special:
        raise UsageError(
            _("--unanswered is for folders of mail, not for {place}.").format(place=place),
            _("Use: crm-tui list Inbox --unanswered"),
        )
    _refuse_filters(run, place)
    if (run.options.status and place != "reservations") or run.options.handled_by:
        if place != "Inquiries":
            raise UsageError(_("--status and --handler are for inquiries."), _("Use: crm-tui inquiry list"))
        return inquiries.list_inquiries(run)
    return special[place](run) if place in special else _folder(run, place)


def _lists() -> dict[str, Callable[[Invocation], int]]:
    """What prints the lists that are no folders of conversations."""
    from crm_tui.cli import accounts, guest_lists, lists, merging, messages, packages, reservations, searching, team

    return {
        "accounts": accounts.list_accounts,
        "agents": team.list_agents,
        "views": searching.list_views,
        "Outbox": lists.outbox,
        "Drafts": lists.drafts,
        "guests": guest_lists.list_guests,
        "reservations": reservations.list_reservations,
        "messages": messages.listed,
        "duplicates": merging.list_duplicates,
        "packages": packages.list_packages,
    }


def _refuse_filters(run: Invocation, place: str) -> None:
    """Filters of guests and of reservations are for their lists."""
    from crm_tui.cli import guest_list_options, reservation_options, reservations

    if place != "guests":
        shared = reservation_options.LISTED if place == "reservations" else ()
        guest_list_options.refuse_for(run, place, shared)
    if place != "reservations":
        reservations.refuse_for(run, place)


def _folder(run: Invocation, place: str) -> int:
    from crm_tui import desk
    from crm_tui.desk.common.views import ListQuery

    query = ListQuery(place, only="unanswered" if run.options.unanswered else "all")
    limit = limit_of(run)
    with run.desk() as ctx:
        zone = zone_of(ctx)
        if run.out.as_json:
            for row in _rows(ctx, query, limit):
                run.out.record(conversation_record(row))
            return 0
        rows = list(_rows(ctx, query, limit))
        total = desk.folders.total(ctx, query)
    if not rows:
        run.out.line(_("{place}: nothing here.").format(place=place))
        return 0
    titles = (_("ID"), _("Last"), _("Waits"), _("From"), _("Subject"), _("Mails"), _("Agent"))
    now = run.clock.now()
    run.out.table(titles, [_cells(row, zone, now) for row in rows], right=(0, 5))
    if total > len(rows):
        run.out.line(_("… and {count} more: --limit 0 shows all.").format(count=total - len(rows)), "dim")
    return 0


def _rows(ctx: Context, query: Any, limit: int) -> Iterator[ConversationRow]:
    from crm_tui import desk

    after = None
    while limit > 0:
        page = desk.folders.page(ctx, query, after=after, limit=min(limit, 500))
        if not page.rows:
            return
        yield from page.rows
        limit -= len(page.rows)
        after = page.rows[-1].cursor


def _cells(row: ConversationRow, zone: ZoneInfo, now: datetime) -> list[str]:
    waits = "" if row.waiting_since is None else _span((now - row.waiting_since).total_seconds())
    star = "* " if row.starred else ""
    return [
        str(row.id),
        moment(row.last_at, zone),
        waits,
        row.counterpart.label,
        star + row.subject,
        str(row.messages),
        row.assignee,
    ]


def _span(seconds: float) -> str:
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=minutes // (24 * 60))


LISTED = {"guest": N_("See: crm-tui list guests"), "inquiry": N_("See: crm-tui inquiry list")}
"""Where the numbers of these are found."""


def show(run: Invocation) -> int:
    """Print a conversation, a message, an inquiry or a guest."""
    from crm_tui import desk
    from crm_tui.cli import inquiries, profiles, reservations

    options = run.options
    if options.raw and options.kind != "message":
        raise UsageError(_("Only a message has a source."), _("Use: crm-tui show message ID --raw"))
    if options.kind == "reservation":
        return reservations.show(run)
    if not isinstance(options.id, int):
        raise UsageError(
            _("{text!r} is not a whole number").format(text=options.id) + ".",
            _(LISTED[options.kind]) if options.kind in LISTED else _("See: crm-tui list"),
        )
    if options.kind in ("inquiry", "guest"):
        return inquiries.show(run) if options.kind == "inquiry" else profiles.show(run)
    with run.desk() as ctx:
        if options.raw:
            return _raw(run, desk.reading.source(ctx, options.id))
        zone = zone_of(ctx)
        if options.kind == "message":
            message = desk.reading.message(ctx, options.id)
            if run.out.as_json:
                run.out.record(message_record(message))
            else:
                _print_message(run, message, zone)
            return 0
        return _conversation(run, ctx, zone)


def _conversation(run: Invocation, ctx: Context, zone: ZoneInfo) -> int:
    from crm_tui import desk
    from crm_tui.cli import inquiries

    whole = desk.reading.conversation(ctx, run.options.id)
    memos = desk.memos.listed(ctx, conversation=whole.row.id)
    if run.out.as_json:
        thread = [message_record(one) for one in whole.messages]
        noted = [inquiries.memo_record(one) for one in memos]
        run.out.record({**conversation_record(whole.row), "thread": thread, "memos": noted})
        return 0
    run.out.line(f"{whole.row.subject} · {whole.row.folder}", "bold")
    if whole.row.inquiry is not None:
        run.out.line(_("Inquiry {number}").format(number=whole.row.inquiry))
    for message in whole.messages:
        run.out.line()
        _print_message(run, message, zone)
    inquiries.print_memos(run, memos, zone)
    return 0


def _raw(run: Invocation, source: bytes) -> int:
    if run.out.as_json:
        from base64 import b64encode

        run.out.record({"id": run.options.id, "source_base64": b64encode(source).decode("ascii")})
    else:
        run.out.octets(source)
    return 0


def _print_message(run: Invocation, message: MessageView, zone: ZoneInfo) -> None:
    from crm_tui.desk.common.words import OUTBOX_STATES, said

    head = [
        (_("From"), _addressed(message.sender)),
        (_("To"), ", ".join(_addressed(person) for person in message.to)),
        (_("Cc"), ", ".join(_addressed(person) for person in message.cc)),
        (_("Subject"), message.subject),
        (_("Date"), f"{message.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"),
        (_("Message"), f"{message.id}" + (f" · {said(OUTBOX_STATES, message.state)}" if message.state else "")),
        (_("Careful"), ", ".join(message.flags)),
    ]
    for name, value in head:
        if value:
            run.out.line(f"{name}: {value}", "bold" if name == _("Subject") else "")
    if message.invitation is not None:
        run.out.line(_invited(message.invitation, zone))
    for part in message.attachments:
        run.out.line(_("File: {name} ({type}, {size})").format(name=part.name, type=part.type, size=size(part.size)))
    run.out.line()
    run.out.text(message.text)
    if message.problem:
        run.out.line(_("This message could not be read whole."), "yellow")


def _invited(what: InvitationView, zone: ZoneInfo) -> str:
    times = " – ".join(text for text in (written(what.start, zone), written(what.end, zone)) if text)
    parts = (what.summary, times, what.location, what.organizer)
    return _("Invitation: {what}").format(what=" · ".join(part for part in parts if part))


def _addressed(person: Person) -> str:
    return f"{person.name} <{person.address}>" if person.name else person.address


def limit_of(run: Invocation) -> int:
    """As asked; else a screenful for people, everything for programs and pipes. 0 means everything."""
    limit: int | None = run.options.limit
    if limit is None:
        return _SCREENFUL if run.out.terminal and not run.out.as_json else _ALL
    return limit or _ALL
