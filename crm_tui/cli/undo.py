"""``undo`` and ``history``: the same rules, the same journal as at the desk."""

from __future__ import annotations

from typing import Any

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.reservations import number_of
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError


def undo(run: Invocation) -> int:
    """Take the agent's newest command back, or only say what it would be."""
    from crm_tui import desk

    dry = bool(run.options.dry_run)
    with run.desk() as ctx:
        view = desk.undo.last(ctx) if dry else desk.undo.undo(ctx)
        zone = zone_of(ctx)
    if view is None:
        raise NotFound(_("There is nothing to take back."))
    if run.out.as_json:
        fields: dict[str, Any] = {"command": view.command, "text": view.text, "at": view.at, "changes": view.rows}
        run.out.record(fields | {"conversations": list(view.conversations), "draft": view.draft, "undone": not dry})
    elif dry:
        words = _("This would be taken back: {what} ({when})")
        run.out.line(words.format(what=view.text, when=moment(view.at, zone)))
    else:
        run.out.line(view.text)
    return 0


def history(run: Invocation) -> int:
    """Print who did what when."""
    from crm_tui import desk

    options = run.options
    pages = {
        "conversation": desk.history.of_conversation,
        "inquiry": desk.history.of_inquiry,
        "guest": desk.history.of_guest,
        "reservation": desk.history.of_reservation,
    }
    with run.desk() as ctx:
        number = number_of(ctx, options.id) if options.kind == "reservation" else _number(options.id)
        found = pages[options.kind](
            ctx, number, newest_first=options.newest_first, show=options.only, limit=options.limit
        )
        zone = zone_of(ctx)
    if run.out.as_json:
        for entry in found:
            run.out.record(
                {
                    "at": entry.at,
                    "who": entry.who or None,
                    "kind": entry.kind,
                    "text": entry.whole or entry.text,
                    "undone": entry.undone,
                    "undone_by": entry.undone_by or None,
                    "undone_at": entry.undone_at,
                    "message": entry.message,
                }
            )
        return 0
    if not found:
        run.out.line(_("Nothing has happened yet."))
        return 0
    rows = []
    for entry in found:
        text = _("{text} (taken back)").format(text=entry.text) if entry.undone else entry.text
        rows.append([moment(entry.at, zone), entry.who or _("(by itself)"), text])
    run.out.table((_("When"), _("Who"), _("What")), rows)
    return 0


def _number(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) < 16):
        raise UsageError(_("{text!r} is not a whole number").format(text=word) + ".")
    return int(word)
