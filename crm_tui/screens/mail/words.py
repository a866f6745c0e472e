"""The words of the mail screen: filters, orders, and what an empty list says."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.views import ListQuery
from crm_tui.widgets.styled import Part

FILTERS = ("all", "unanswered", "unread")
ORDERS = ("newest", "oldest", "waiting")
WORDS = {
    "unanswered": N_("only unanswered"),
    "unread": N_("only unread"),
    "oldest": N_("oldest first"),
    "waiting": N_("longest waiting first"),
}


def empty_text(query: ListQuery, linked: bool) -> list[Part]:
    """What an empty list says; ``linked``: there is an account that could bring mail."""
    if query.only != "all":
        return [
            (_("Nothing here is {what}.").format(what=_(WORDS[query.only])), "muted"),
            (_("f shows all"), "key"),
        ]
    texts = {
        "Inbox": _("No mail waits here. New mail comes in by itself; F5 fetches it now."),
        "Inquiries": _("No open inquiries. i on a conversation moves it here."),
        "Waitlist": _("Nobody's answer is awaited. w on a conversation moves it here."),
        "Booked": _("Nothing booked yet. b on a conversation moves it here."),
        "Done": _("Nothing done yet. e on a conversation moves it here."),
        "Spam": _("No spam. ! on a conversation moves it here."),
        "Starred": _("Nothing starred. * on a conversation stars it."),
        "Snoozed": _("Nothing is snoozed. s on a conversation puts it to sleep."),
        "Sent": _("Nothing sent yet. n writes a new mail, r answers one."),
    }
    if query.place.startswith("view:"):
        return [
            (_("No conversation fits this view now."), "muted"),
            (_("What it finds without mail, the search shows: /"), "faint"),
        ]
    lines: list[Part] = [(texts.get(query.place, _("No mail here.")), "muted")]
    if not linked:
        lines.append((_("No mail account is linked yet: g a links one."), "accent"))
    return lines
