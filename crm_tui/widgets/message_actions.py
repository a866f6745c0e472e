"""What can be done while reading; bound by the reading pane."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("message.down", "down,j", N_("Down"), N_("One line down"), scope="message", palette=False),
    Action("message.up", "up,k", N_("Up"), N_("One line up"), scope="message", palette=False),
    Action("message.page-down", "pagedown,space", N_("Page down"), N_("One page down"), scope="message", palette=False),
    Action("message.page-up", "pageup", N_("Page up"), N_("One page up"), scope="message", palette=False),
    Action("message.first", "home", N_("Top"), N_("To the oldest message"), scope="message", palette=False),
    Action("message.last", "end", N_("End"), N_("To the end"), scope="message", palette=False),
    Action(
        "message.next-item",
        "right,l",
        N_("Next part"),
        N_("To the next message, fold, attachment or link"),
        scope="message",
        palette=False,
    ),
    Action(
        "message.previous-item", "left,h", N_("Part before"), N_("To the part before"), scope="message", palette=False
    ),
    Action("message.act", "enter", N_("Open part"), N_("Unfold, open an attachment, show a link"), scope="message"),
    Action("message.fold-all", ".", N_("Quotes"), N_("Unfold or fold all quotes"), scope="message", show=True),
    Action("message.save", "d", N_("Save files"), N_("Save the attachment, or all of the message"), scope="message"),
    Action("message.source", "v", N_("Source"), N_("The message as it was on the wire"), scope="message"),
)
