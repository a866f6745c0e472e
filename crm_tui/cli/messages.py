"""``message`` and ``list messages``: what agents write to each other (SPEC §3), with the rights of the screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import moment, zone_of

if TYPE_CHECKING:
    from crm_tui.desk.shifts.internal_views import InternalView


def send(run: Invocation) -> int:
    """Write to an agent about a conversation, an inquiry or a guest."""
    from crm_tui import desk

    options = run.options
    text: str = sys.stdin.read() if options.text == "-" else options.text
    with run.desk() as ctx:
        on = {"conversation": options.conversation, "inquiry": options.inquiry, "guest": options.guest}
        number = desk.internal.send(ctx, options.to, text, **on)
    if run.out.as_json:
        run.out.record({"id": number})
    else:
        run.out.line(_("Sent to {name}.").format(name=options.to))
    return 0


def listed(run: Invocation) -> int:
    """Print the agent's messages; listing them does not mark them read."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = (
            desk.internal.unread(ctx) if run.options.unread else desk.internal.mine(ctx, limit=run.options.limit or 500)
        )
        zone = zone_of(ctx)
    if run.options.limit:
        found = found[: run.options.limit]
    if run.out.as_json:
        for one in found:
            run.out.record(_record(one))
        return 0
    if not found:
        run.out.line(_("Nobody wrote to you.") if not run.options.unread else _("You have read everything."))
        return 0
    rows = [
        [one.id, "●" if one.mine and one.unread else "", moment(one.at, zone), one.sender, one.to, one.about, one.text]
        for one in found
    ]
    titles = (_("ID"), _("New"), _("Sent"), _("From"), _("To"), _("About"), _("Text"))
    run.out.table(titles, rows, right=(0,))
    return 0


def _record(one: InternalView) -> dict[str, Any]:
    return {
        "id": one.id,
        "from": one.sender or None,
        "to": one.to,
        "text": one.text,
        "at": one.at,
        "read_at": one.read_at,
        "conversation": one.conversation,
        "inquiry": one.inquiry,
        "about": one.about or None,
    }
