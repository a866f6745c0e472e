"""The actions of the accounts and of their form."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

LIST = declare(
    Action("accounts.link", "plus", N_("Link"), N_("Link another mail account"), scope="accounts", show=True),
    Action("accounts.edit", "enter", N_("Edit"), N_("Change the account"), scope="accounts", show=True),
    Action("accounts.test", "f6", N_("Test"), N_("Log in to both ends and say how it went"), scope="accounts", show=True),
    Action(
        "accounts.folders", "f", N_("Mailboxes"), N_("Choose which mailboxes are synced"), scope="accounts", show=True
    ),
    Action(
        "accounts.remove", "delete", N_("Remove"), N_("Unlink the account; its mail stays"),
        scope="accounts", show=True, destructive=True,
    ),
)  # fmt: skip

FORM = declare(
    Action(
        "account.servers", "f3", N_("Servers"), N_("Show or hide host, port and security"),
        scope="form", show=True, priority=True,
    ),
    Action(
        "account.test", "f6", N_("Test"), N_("Log in to both ends; nothing is saved"),
        scope="form", show=True, priority=True,
    ),
    Action(
        "account.save-anyway", "f7", N_("Save anyway"), N_("Save although the test failed"),
        scope="form", show=True, priority=True,
    ),
)  # fmt: skip
