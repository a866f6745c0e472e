"""``list Outbox`` and ``list Drafts``."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.times import moment, zone_of


def outbox(run: Invocation) -> int:
    """Print what is on its way out."""
    from crm_tui import desk
    from crm_tui.desk.common.words import OUTBOX_STATES, said

    with run.desk() as ctx:
        found = desk.outbox.items(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(
                {
                    "id": one.id,
                    "conversation": one.conversation,
                    "sender": one.sender,
                    "recipients": list(one.recipients),
                    "subject": one.subject,
                    "state": one.state,
                    "error": one.error or None,
                    "copy_state": one.copy_state,
                    "attempts": one.attempts,
                    "queued_at": one.queued_at,
                    "sent_at": one.sent_at,
                }
            )
        return 0
    if not found:
        run.out.line(_("The outbox is empty: nothing is on its way out."))
        return 0
    titles = (_("ID"), _("State"), _("To"), _("Subject"), _("What the server said"))
    rows = [
        [one.id, said(OUTBOX_STATES, one.state), ", ".join(one.recipients), one.subject, one.error] for one in found
    ]
    run.out.table(titles, rows, right=(0,))
    return 0


def drafts(run: Invocation) -> int:
    """Print the agent's drafts."""
    from crm_tui import desk

    with run.desk() as ctx:
        found, zone = desk.drafts.mine(ctx), zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(
                {
                    "id": one.id,
                    "kind": one.kind,
                    "conversation": one.conversation,
                    "to": one.to,
                    "subject": one.subject,
                    "updated_at": one.updated_at,
                    "attachments": len(one.files),
                }
            )
        return 0
    if not found:
        run.out.line(_("There are no drafts of yours."))
        return 0
    rows = [[one.id, one.kind, one.to, one.subject, moment(one.updated_at, zone)] for one in found]
    run.out.table((_("ID"), _("Kind"), _("To"), _("Subject"), _("Saved")), rows, right=(0,))
    return 0
