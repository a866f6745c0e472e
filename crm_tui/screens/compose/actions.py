"""The actions of the compose screen. Letters are typed here, so only ctrl and function keys act."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action(
        "compose.send", "ctrl+s", N_("Send"), N_("Send; it can be taken back for some seconds"),
        scope="compose", show=True, priority=True,
    ),
    Action(
        "compose.template", "ctrl+t", N_("Template"), N_("Put in a template, found by a few letters"),
        scope="compose", show=True, priority=True,
    ),
    Action(
        "compose.attach", "ctrl+a", N_("Attach"), N_("Attach a file"), scope="compose", show=True, priority=True
    ),
    Action(
        "compose.send-waitlist", "f6", N_("→Waitlist"), N_("Send and put the conversation on the Waitlist"),
        scope="compose", show=True, priority=True, call="send('Waitlist')",
    ),
    Action(
        "compose.send-done", "f7", N_("→Done"), N_("Send and put the conversation into Done"),
        scope="compose", show=True, priority=True, call="send('Done')",
    ),
    Action(
        "compose.copies", "f3", N_("Cc"), N_("Show or hide the fields for copies"),
        scope="compose", show=True, priority=True,
    ),
    Action(
        "compose.quote", "f4", N_("Quote"), N_("Open the quoted lines in the editor, or fold them away"),
        scope="compose", show=True, priority=True,
    ),
    Action(
        "compose.preview", "f8", N_("Preview"), N_("See the mail as it will look, with its formatting"),
        scope="compose", show=True, priority=True,
    ),
    Action(
        "compose.editor", "ctrl+e", N_("Editor"), N_("Write in your own editor"), scope="compose", show=True, priority=True
    ),
    Action(
        "compose.drop", "f9", N_("Drop"), N_("Throw this draft away, after asking"),
        scope="compose", show=True, priority=True, destructive=True,
    ),
)  # fmt: skip
