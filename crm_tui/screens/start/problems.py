"""What needs a look before anything else: a page of the shift before, accounts that stopped, mail that did not go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import AccountView, Count
from crm_tui.desk.common.words import ACCOUNT_STATES, said
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that needs a look, and where."""

    id: str
    text: str
    style: str
    place: str


class ProblemView:
    """Draws problems."""

    def parts(self, row: Problem, width: int) -> Sequence[Part]:
        """Sign and sentence."""
        return [(fit(row.text, width), row.style)]

    def empty(self) -> Sequence[Part]:
        """All is well."""
        return []


def problems(
    counts: dict[str, Count], accounts: Sequence[AccountView], waiting: int = 0, pending: int = 0
) -> list[Problem]:
    """What needs a look: a handover, tickets for the manager, accounts that stopped, the outbox, drafts, no account at all.

    Args:
        waiting: how many lines of open handovers nobody took over.
        pending: how many tickets wait for the manager at the desk.
    """
    found = []
    if waiting:
        text = ngettext(
            "The shift before left {n} line to take over: g H",
            "The shift before left {n} lines to take over: g H",
            waiting,
        )
        found.append(Problem("handover", "⇄ " + text.format(n=waiting), "accent strong", "handover"))
    if pending:
        text = ngettext("{n} ticket needs a manager: 9", "{n} tickets need a manager: 9", pending).format(n=pending)
        found.append(Problem("pending", "! " + text, "bad", "tickets"))
    found += [
        Problem(
            f"account:{account.id}",
            f"✕ {account.address}: {account.state_text or said(ACCOUNT_STATES, account.state)}",
            "bad",
            "accounts",
        )
        for account in accounts
        if account.state in {"auth failed", "sending failed", "failed"}
    ]
    if not accounts:
        found.append(Problem("link", "+ " + _("No mail account is linked yet: Enter links one."), "accent", "accounts"))
    outbox = counts.get("Outbox", Count()).total
    if outbox:
        text = ngettext("{n} message in the outbox", "{n} messages in the outbox", outbox).format(n=outbox)
        found.append(Problem("outbox", "↗ " + text, "warn", "outbox"))
    drafts = counts.get("Drafts", Count()).total
    if drafts:
        text = ngettext("{n} draft is waiting", "{n} drafts are waiting", drafts).format(n=drafts)
        found.append(Problem("drafts", "✎ " + text, "", "drafts"))
    return found
