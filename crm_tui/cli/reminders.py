"""``reminders`` and ``reminder`` (SPEC §9, §15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.requests.inquiry_views import ReminderView
    from crm_tui.desk.shifts.reminder_views import BoardQuery, BoardRow, ReminderQuery

_PAGE = 500
SHOWN = 100


def list_reminders(run: Invocation) -> int:
    """Print reminders: the open ones by due day, the board, or what a search finds."""
    options = run.options
    if options.board:
        _refuse_beside_board(options)
    with run.desk() as ctx:
        if options.board:
            return _board(run, ctx)
        limit = options.limit if options.limit is not None else (0 if run.out.as_json else SHOWN)
        found = _wanted(ctx, run)
        rows = [one for one, _place in zip(found, range(limit), strict=False)] if limit else list(found)
        more = next(found, None) is not None if limit else False
    if run.out.as_json:
        for one in rows:
            run.out.record(record(one))
        return 0
    if not rows:
        run.out.line(_("There are no such reminders."))
        return 0
    titles = (_("ID"), _("Due"), _("What"), _("Who"), _("About"))
    run.out.table(titles, [(one.id, _when(one), _what(one), _who(one), _about(one)) for one in rows], right=(0,))
    if more:
        run.out.line(_("… and more: --limit 0 shows all."), "dim")
    return 0


def _refuse_beside_board(options: Any) -> None:
    """The board is what is due until the day after tomorrow: it is searched by none of these."""
    named = {"search": options.search, "done": options.done, "from": options.due_from, "to": options.due_to}
    named |= {kind: getattr(options, kind) for kind in ("guest", "reservation", "inquiry", "conversation", "limit")}
    beside = next((name for name, value in named.items() if value not in ("", None, False)), "")
    if beside:
        raise UsageError(_("--board shows whole days: it goes with no --{option}.").format(option=beside))


def _wanted(ctx: Context, run: Invocation) -> Iterator[ReminderView]:
    """All that is asked for, page by page."""
    from crm_tui import desk

    options = run.options
    query = _query(ctx, options)
    after = None
    while True:
        page = desk.reminder_search.page(ctx, query, after=after, limit=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = (page[-1].due, page[-1].id)


def _people(ctx: Context, options: Any) -> dict[str, str]:
    if options.mine and ctx.actor.id is not None:
        return {"assignee": "me"}
    if options.department is not None:
        return {"department": options.department or _own_department(ctx)}
    return {"assignee": options.of} if options.of else {}


def _own_department(ctx: Context) -> str:
    from crm_tui import desk

    name = next((one.name for one in desk.departments.listed(ctx) if one.id == ctx.actor.department), "")
    if not name:
        raise InvalidInput(_("You are in no department."), _("Name one: --department NAME."), "department")
    return name


def _query(ctx: Context, options: Any) -> ReminderQuery:
    from crm_tui.desk.shifts.reminder_views import ReminderQuery

    state = "done" if options.done else "all" if options.search else "open"
    about = {kind: getattr(options, kind) for kind in ("guest", "inquiry", "conversation")}
    about["reservation"] = _reservation(ctx, options.reservation)
    named = [(kind, number) for kind, number in about.items() if number is not None]
    if len(named) > 1:
        raise UsageError(_("Say one thing that they are about."))
    kind, number = named[0] if named else ("", None)
    people = _people(ctx, options)
    return ReminderQuery(
        options.search or "",
        state,
        kind=kind,
        number=number,
        due_from=_day(ctx, options.due_from),
        due_to=_day(ctx, options.due_to),
        assignee=people.get("assignee", ""),
        department=people.get("department", ""),
    )


def _day(ctx: Context, text: str) -> date | None:
    from crm_tui.cli.times import zone_of
    from crm_tui.desk.shifts.reminder_fields import day

    return day(text, ctx.clock.now().astimezone(zone_of(ctx)).date()) if text else None


def _board(run: Invocation, ctx: Context) -> int:
    from crm_tui import desk
    from crm_tui.desk.shifts.reminder_views import BUCKETS, BoardQuery

    options = run.options
    whose = "me" if options.mine else "department" if options.department is not None else options.of or "all"
    query = BoardQuery(whose)
    if run.out.as_json:
        for row in _board_rows(ctx, query):
            run.out.record(_board_record(row))
        return 0
    counts = desk.reminder_board.counts(ctx, query)
    for bucket, title in BUCKETS.items():
        run.out.line(f"{_(title)} · {counts[bucket]}", "bold")
        page = desk.reminder_board.page(ctx, BoardQuery(whose, bucket=bucket), limit=SHOWN)
        rows = [
            (row.id, row.due, row.title, row.detail or row.repeats, row.who, _links(row.links)) for row in page.rows
        ]
        if rows:
            run.out.table((_("ID"), _("Due"), _("What"), "", _("Who"), _("About")), rows)
        run.out.line()
    return 0


def _board_rows(ctx: Context, query: BoardQuery) -> Iterator[BoardRow]:
    from crm_tui import desk

    after = None
    while True:
        page = desk.reminder_board.page(ctx, query, after=after, limit=_PAGE).rows
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].cursor


def _board_record(row: BoardRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "id": row.number,
        "title": row.title,
        "due": row.due,
        "bucket": "later" if row.bucket == "overmorrow" else row.bucket,
        "assignee": row.who or None,
        "status": row.detail or None,
        "links": _link_records(row.links),
    }


# One reminder


def add(run: Invocation) -> int:
    """Make a reminder."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = desk.reminders.add(
            ctx,
            " ".join(options.words),
            options.due,
            assignee=options.assignee,
            department=options.department or None,
            guest=options.guest,
            reservation=_reservation(ctx, options.reservation),
            inquiry=options.inquiry,
            conversation=options.conversation,
            rule=options.repeat,
            promised=options.promised,
        )
        return _tell(run, ctx, [number], _("Reminder {number} is due {day}."))


def set_fields(run: Invocation) -> int:
    """Change a reminder."""
    from crm_tui import desk

    options = run.options
    named = {"title": "title", "due": "due", "assignee": "assignee", "department": "department", "repeat": "repeats"}
    values = {field: getattr(options, name) for name, field in named.items() if getattr(options, name) is not None}
    if not values:
        hint = _("See: {name} --help").format(name="crm-tui reminder set")
        raise UsageError(_("Nothing to change was named."), hint)
    with run.desk() as ctx:
        version = options.version or desk.reminders.get(ctx, options.id).version
        desk.reminders.set(ctx, options.id, version, values)
        return _tell(run, ctx, [options.id], _("Reminder {number} is changed."))


def done(run: Invocation) -> int:
    """Mark reminders as done."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.reminders.done(ctx, run.options.ids)
        return _tell(run, ctx, run.options.ids, _("Reminder {number} is done."))


def reopen(run: Invocation) -> int:
    """Take done back."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.reminders.reopen(ctx, run.options.ids)
        return _tell(run, ctx, run.options.ids, _("Reminder {number} is open again."))


def move(run: Invocation) -> int:
    """Give reminders another day."""
    from crm_tui import desk

    options = run.options
    if bool(options.to) == (options.by is not None):
        raise UsageError(_("Say --to DAY or --by DAYS."))
    with run.desk() as ctx:
        desk.reminders.move(ctx, options.ids, options.to, by=options.by or 0)
        return _tell(run, ctx, options.ids, _("Reminder {number} is due {day}."))


def remove(run: Invocation) -> int:
    """Take reminders away."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.reminders.remove(ctx, run.options.ids)
    for number in run.options.ids:
        if run.out.as_json:
            run.out.record({"id": number, "removed": True})
        else:
            run.out.line(_("Reminder {number} is gone; crm-tui undo brings it back.").format(number=number))
    return 0


def export(run: Invocation) -> int:
    """Write one's open reminders as a calendar."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        if options.file == "-":
            content, _count = desk.reminder_calendar.text(ctx)
            run.out.octets(content)
            return 0
        count = desk.reminder_calendar.to_file(ctx, Path(options.file), overwrite=options.overwrite)
    if run.out.as_json:
        run.out.record({"file": options.file, "reminders": count})
    else:
        words = ngettext("{n} reminder is written to {path}.", "{n} reminders are written to {path}.", count)
        run.out.line(words.format(n=count, path=options.file))
    return 0


def _reservation(ctx: Context, word: str) -> int | None:
    from crm_tui.cli.reservations import number_of

    return number_of(ctx, word) if word else None


def _tell(run: Invocation, ctx: Context, numbers: list[int], words: str) -> int:
    from crm_tui import desk

    for number in numbers:
        one = desk.reminders.get(ctx, number)
        if run.out.as_json:
            run.out.record(record(one))
        else:
            run.out.line(words.format(number=one.id, day=one.due))
    return 0


def record(one: ReminderView) -> dict[str, Any]:
    """The JSON object of a reminder; part of the contract."""
    return {
        "id": one.id,
        "title": one.title,
        "due": one.due,
        "bucket": one.bucket,
        "assignee": one.assignee or None,
        "department": one.department or None,
        "links": _link_records(one.links),
        "author": one.author or None,
        "repeats": one.rule or None,
        "promised": one.promised,
        "created_at": one.created_at,
        "done_at": one.done_at,
        "done_by": one.done_by or None,
        "version": one.version,
    }


def _link_records(links: Any) -> list[dict[str, Any]]:
    return [{"kind": link.kind, "id": link.id, "title": link.title or None} for link in links]


def _when(one: ReminderView) -> str:
    sign = "✓ " if one.done_at else "! " if one.bucket == "overdue" else ""
    return f"{sign}{one.due}"


def _what(one: ReminderView) -> str:
    return f"{one.title} ({one.repeats})" if one.repeats else one.title


def _who(one: ReminderView) -> str:
    return one.assignee or one.department


def _about(one: ReminderView) -> str:
    return _links(one.links)


def _links(links: Any) -> str:
    return " · ".join(f"{link.kind} {link.id} {link.title}".strip() for link in links)
