"""The actions of outbox and drafts."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

OUTBOX = declare(
    Action("outbox.edit", "enter", N_("Edit"), N_("Take it back and edit it"), scope="outbox", show=True),
    Action("outbox.again", "y", N_("Send"), N_("Send it now, again, or in spite of what is new"), scope="outbox", show=True),
    Action("outbox.arrived", "u", N_("It arrived"), N_("You found out that it did arrive"), scope="outbox", show=True),
    Action("outbox.look", "o", N_("Conversation"), N_("Look at the conversation"), scope="outbox", show=True),
    Action(
        "outbox.drop", "delete", N_("Drop"), N_("Give it up: it is not sent"),
        scope="outbox", show=True, destructive=True,
    ),
)  # fmt: skip

DRAFTS = declare(
    Action("drafts.continue", "enter", N_("Go on"), N_("Go on writing"), scope="drafts", show=True, call="go_on"),
    Action("drafts.look", "o", N_("Conversation"), N_("Look at the conversation"), scope="drafts", show=True),
    Action(
        "drafts.drop", "delete", N_("Drop"), N_("Throw the draft away"), scope="drafts", show=True, destructive=True
    ),
)
