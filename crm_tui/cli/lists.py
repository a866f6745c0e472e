"""``list agents``, ``list Outbox`` and ``list Drafts``."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation


def agents(run: Invocation) -> int:
    """Print the team."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.setup.agents(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(
                {"id": one.id, "name": one.name, "role": one.role, "language": one.language, "login": one.login or None}
            )
        return 0
    titles = (_("ID"), _("Name"), _("Role"), _("Language"), _("System user"))
    run.out.table(titles, [[one.id, one.name, one.role, one.language, one.login] for one in found], right=(0,))
    return 0


def outbox(run: Invocation) -> int:
    """Print what is on its way out."""
    from crm_tui import desk

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
    titles = (_("ID"), _("State"), _("To"), _("Subject"), _("What the server said"))
    rows = [[one.id, one.state, ", ".join(one.recipients), one.subject, one.error] for one in found]
    run.out.table(titles, rows, right=(0,))
    return 0


def drafts(run: Invocation) -> int:
    """Print the agent's drafts."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.drafts.mine(ctx)
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
    rows = [[one.id, one.kind, one.to, one.subject, f"{one.updated_at:%Y-%m-%d %H:%M} UTC"] for one in found]
    run.out.table((_("ID"), _("Kind"), _("To"), _("Subject"), _("Saved")), rows, right=(0,))
    return 0
