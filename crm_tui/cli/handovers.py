"""``handover``: what one shift leaves to the next (SPEC §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.memos import text_of
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.shifts.handover_views import HandoverView, Item, LineView, Sheet


def show(run: Invocation) -> int:
    """Print the open page, or what would be on one."""
    with run.desk() as ctx:
        page = _open_page(ctx)
        if page is None:
            return _print(run, ctx, _draft(ctx), run.out.width if run.out.terminal else 80)
        return _print(run, ctx, page, run.out.width if run.out.terminal else 80, numbers=True)


def make(run: Invocation) -> int:
    """Hand over."""
    from crm_tui import desk

    with run.desk() as ctx:
        page = desk.handover.get(ctx, desk.handover.make(ctx, text_of(list(run.options.words))))
    if run.out.as_json:
        _records(run, page)
    else:
        words = ngettext(
            "Handover {number} is made: {n} line for the next shift.",
            "Handover {number} is made: {n} lines for the next shift.",
            len(page.lines),
        )
        run.out.line(words.format(number=page.id, n=len(page.lines)))
    return 0


def acknowledge(run: Invocation) -> int:
    """Take lines over."""
    from crm_tui import desk

    options = run.options
    if bool(options.lines) == options.all:
        raise UsageError(
            _("Say which lines: their numbers, or --all."), _("See: {name}").format(name="crm-tui handover")
        )
    with run.desk() as ctx:
        wanted = options.lines
        if options.all:
            pages = desk.handover.open_pages(ctx)
            wanted = [line.id for page in pages for line in page.lines if line.acknowledged_at is None]
        taken = desk.handover.acknowledge(ctx, wanted, options.note)
        _open, left = desk.handover.open_counts(ctx)
    if run.out.as_json:
        run.out.record({"acknowledged": taken, "open": left})
    else:
        words = ngettext("{n} line is taken over", "{n} lines are taken over", taken).format(n=taken)
        rest = ngettext("{n} is left", "{n} are left", left).format(n=left) if left else _("none is left")
        run.out.line(f"{words}, {rest}.")
    return 0


def print_page(run: Invocation) -> int:
    """Print a page as plain text."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        if options.id is not None:
            return _print(run, ctx, desk.handover.get(ctx, options.id), options.width)
        return _print(run, ctx, _open_page(ctx) or _draft(ctx), options.width)


def list_pages(run: Invocation) -> int:
    """Print the last pages."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.handover.listed(ctx, limit=limit_of(run) or 50)
        zone = zone_of(ctx)
    if run.out.as_json:
        for page in found:
            run.out.record(_page_record(page))
    else:
        titles = (_("ID"), _("When"), _("Agent"), _("Lines"), _("To acknowledge"), _("Closed"))
        rows = [
            (one.id, moment(one.at, zone), one.author, len(one.lines), one.waiting, moment(one.closed_at, zone))
            for one in found
        ]
        run.out.table(titles, rows, right=(0, 3, 4))
    return 0


def _open_page(ctx: Context) -> HandoverView | None:
    from crm_tui import desk

    return next(iter(desk.handover.open_pages(ctx)), None)


def _draft(ctx: Context) -> Sheet:
    from crm_tui import desk

    return desk.handover.draft(ctx)


def _print(run: Invocation, ctx: Context, page: HandoverView | Sheet, width: int, *, numbers: bool = False) -> int:
    from crm_tui import desk
    from crm_tui.desk.shifts.handover_text import as_text

    if run.out.as_json:
        _records(run, page)
        return 0
    hotel = desk.setup.current_property(ctx)
    run.out.text(as_text(page, zone_of(ctx), width=width, title=hotel.name if hotel else "", numbers=numbers))
    return 0


def _records(run: Invocation, page: HandoverView | Sheet) -> None:
    """One object a line of the page."""
    from crm_tui.desk.shifts.handover_views import HandoverView

    if isinstance(page, HandoverView):
        for line in page.lines:
            run.out.record(_line_record(line))
    else:
        for item in page.items:
            run.out.record(_item_record(item))


def _page_record(page: HandoverView) -> dict[str, Any]:
    return {
        "handover": page.id,
        "at": page.at,
        "author": page.author or None,
        "lines": len(page.lines),
        "open": page.waiting,
        "closed_at": page.closed_at,
    }


def _item_record(item: Item) -> dict[str, Any]:
    return {"handover": None, "id": None, "kind": item.kind, "thing": item.thing, "text": item.text}


def _line_record(line: LineView) -> dict[str, Any]:
    return {
        "handover": line.handover,
        "id": line.id,
        "kind": line.kind,
        "thing": line.thing,
        "text": line.text,
        "settled": line.settled or None,
        "acknowledged_by": line.acknowledged_by or None,
        "acknowledged_at": line.acknowledged_at,
        "note": line.note or None,
    }
