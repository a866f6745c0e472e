"""What the left pane lists: modes, folders, views, accounts."""

from __future__ import annotations

from collections.abc import Sequence

from crm_tui.base.i18n import N_, _
from crm_tui.base.sizes import grouped
from crm_tui.desk.common.views import AccountView, Count, SavedViewView
from crm_tui.screens import catalog
from crm_tui.screens.base import Shell
from crm_tui.widgets.folder_tree import Entry, FolderTree
from crm_tui.widgets.styled import Part

FOLDERS = ("Inbox", "Inquiries", "Waitlist", "Booked", "Done", "Spam")
VIEWS = ("Starred", "Snoozed", "Sent")
TITLES = {
    "Inbox": N_("Inbox"),
    "Inquiries": N_("Inquiries"),
    "Waitlist": N_("Waitlist"),
    "Booked": N_("Booked"),
    "Done": N_("Done"),
    "Spam": N_("Spam"),
    "Starred": N_("Starred"),
    "Snoozed": N_("Snoozed"),
    "Sent": N_("Sent"),
    "Drafts": N_("Drafts"),
    "Outbox": N_("Outbox"),
    "All": N_("All mail"),
}

_ACCOUNT_SIGNS: dict[str, Part] = {
    "ok": ("✔ ", "good"),
    "new": ("· ", "muted"),
    "offline": ("↯ ", "warn"),
    "auth failed": ("✕ ", "bad"),
    "sending failed": ("✕ ", "bad"),
    "failed": ("✕ ", "bad"),
}


def place_title(place: str, accounts: tuple[AccountView, ...] = (), views: tuple[SavedViewView, ...] = ()) -> str:
    """What a list is called."""
    if place.startswith("view:"):
        return next((view.name for view in views if f"view:{view.id}" == place), _("View"))
    if place.startswith("account:"):
        number = place.removeprefix("account:")
        return next((account.address for account in accounts if str(account.id) == number), place)
    return _(TITLES.get(place, place))


def view_of_guests(place: str, views: Sequence[SavedViewView]) -> SavedViewView | None:
    """The saved view that a place names, if it is one of guests: it is shown among them."""
    return next((view for view in views if view.of_guests and place == f"view:{view.id}"), None)


def badge(place: str, count: Count | None) -> str:
    """The number beside a place, everywhere the same: open turns where answers are awaited (SPEC §3), the length of what
    waits for us otherwise, none where nothing does."""
    if count is None:
        return ""
    if place in {"Inbox", "Inquiries", "Waitlist"}:
        number = count.unanswered
    elif place in {"Drafts", "Outbox", "Snoozed", "Starred", "Internal messages"}:
        number = count.total
    else:
        number = 0
    return grouped(number) if number else ""


def fill(tree: FolderTree, shell: Shell, current: str) -> None:
    """Show what the shell knows now; ``current`` is the value that is shown on the right."""
    top = [
        Entry(_(mode.label), f"go:{mode.id}", "", ("⌂ ", "muted"), spare=mode.id != "start")  # a digit leads there too
        for mode in catalog.modes()
        if mode.id != "mail"
    ]
    top.append(Entry(_("Mail")))
    top += [_folder(place, shell.counts.get(place)) for place in FOLDERS]
    top.append(Entry(_("Views")))
    top += [_folder(place, shell.counts.get(place)) for place in VIEWS]
    for place_id in ("drafts", "outbox", "internal"):
        place = catalog.place(place_id)
        if catalog.exists(place.screen):
            number = badge(place.label, shell.counts.get(place.label))
            top.append(Entry(_(place.label), f"go:{place.id}", number, ("  ", "")))
    if shell.views:
        top.append(Entry(_("Saved views")))
        top += [_view(view) for view in shell.views]
    foot = [Entry(_("Accounts")), *(_account(account) for account in shell.accounts)]
    if not shell.accounts and catalog.exists(catalog.place("accounts").screen):
        foot.append(Entry(_("link one: g a"), "go:accounts", "", ("+ ", "accent"), "muted"))
    tree.show(top, foot if len(foot) > 1 else [], current)


def _view(view: SavedViewView) -> Entry:
    sign = (f"{view.key or '·'} ", "muted")
    if view.of_guests:  # shown on another screen
        return Entry(view.name, f"go:view:{view.id}", "◆", sign)
    return Entry(view.name, f"view:{view.id}", "", sign)


def _folder(place: str, count: Count | None) -> Entry:
    return Entry(_(TITLES[place]), place, badge(place, count), ("  ", ""))


def _account(account: AccountView) -> Entry:
    number = str(account.unread) if account.unread else ""
    style = "" if account.state in {"ok", "new"} else "warn"
    return Entry(account.address, f"account:{account.id}", number, _ACCOUNT_SIGNS.get(account.state, ("? ", "")), style)
