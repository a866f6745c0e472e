"""What a desk that reads only, or a role, may not do is said when the key is pressed, before a form or a box is filled in for
nothing (SPEC §13).

The store refuses again, whatever the way in; here it is only a question of when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.dom import DOMNode
from textual.widget import AwaitMount

from crm_tui.widgets.actions import REGISTRY, Action

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.desk.common.context import Context

    _Base = App[Any]
else:
    _Base = object

_BY_SCREEN = {
    "desk": "compose inquiry undo timer intake promise",
    "mail": "reply reply-all forward inquiries log feedback quality-cost link-guest memo remind waitlist done book spam move"
    " assign snooze snooze-again pending no-answer split split-one merge star unread internal",
    "search": "keep",
    "views": "change earlier later remove",
    "recall": "draft",
    "start": "log informed times uninform flight-mail payment notice-mail notice-sms done edit-reminder new-reminder resolve"
    " edit-complaint",
    "departures": "row-log row-remind row-feedback row-cost row-memo row-write informed times log write remind memo uninform",
    "payments": "row-log row-remind row-feedback row-cost row-memo row-write pay notice-mail notice-sms log remind memo write",
    "reminders": "row-log row-remind row-feedback row-cost row-write done remove",
    "complaints": "row-log row-remind row-feedback row-cost row-memo row-write",
    "relations": "complaint cost resolve reopen edit remind remove",
    "outbox": "edit again arrived drop",
    "drafts": "continue drop",
    "internal": "answer read",
    "accounts": "link edit folders remove",
    "team": "add edit department tickets pin remove restore",
    "templates": "new edit copy archive restore",
    "inquiries": "book",
    "inquiry": "take-over reply memo status edit assign remind internal planned-end scope log feedback quality-cost guest"
    " reply-all forward waitlist book done inquiries move",
    "guests": "holder remove",
    "memos": "remove",
    "guest-list": "new-person new-company tag edit package merge archive keep",
    "guest": "event memo write inquiry edit remind feedback quality-cost internal tag package merge archive",
    "entry": "done remove",
    "reservation": "payment memo remind notice-mail notice-sms edit status log informed write colleague feedback quality-cost"
    " add",
    "reservation-guests": "holder remove",
    "reservation-money": "reverse",
    "reservation-flights": "remove",
    "reservation-mail": "unlink",
    "reservation-memos": "remove",
    "reservation-reminders": "done remove",
    "reservation-list": "new status edit pay remind log",
    "reservation-import": "take-in",
    "packages": "add write rename remove",
    "package": "refresh write add take-out rename",
    "mailing-new": "start",
    "mailings": "pause",
    "mailing": "pause retry stop",
    "lists": "add rename merge remove",
    "duplicates": "apart",
    "merge": "save apart",
    "privacy": "erase keep add remove",
    "erase": "erase",
    "files": "take-in",
    "schedule": "payment edit add remove anew",
    "operators": "add edit remove",
    "terms": "save add edit remove",
    "statement": "confirm other aside paste",
    "notices": "mail sms stop again arrived drop mode gateway",
    "folios": "post move split reverse routes new-folio edit close remove pay",
    "handover": "take take-noted make",
    "board": "done new edit assign day later earlier remove",
    "tickets": "take assign release pending no-answer internal memo profile",
    "working": "edit add remove",
}
WRITES = frozenset(f"{screen}.{name}" for screen, names in _BY_SCREEN.items() for name in names.split())
"""The ids of the actions that change the store, or open what asks for a change. Whatever is not named here only shows."""

_BY_PERMISSION = {
    "accounts": "accounts.link accounts.edit accounts.folders accounts.remove",
    "automatic-reminders": "notices.mode notices.gateway",
    "terms": "terms.add terms.edit terms.remove terms.save",
}
NEEDS = {action: permission for permission, actions in _BY_PERMISSION.items() for action in actions.split()}
"""The ids of the actions whose whole purpose needs a permission, and its name; where a screen itself does not say so."""


def why_not(ctx: Context | None, *, writes: bool, needs: str = "") -> str:
    """Why somebody at this desk cannot do a thing, a sentence; empty if they can, and while the store is opening.

    Args:
        writes: it changes the store.
        needs: the name of the permission that it needs.
    """
    if ctx is None:
        return ""
    said = ctx.why_read_only() if writes else ""
    if said or not needs:
        return said
    from crm_tui.desk.common.permissions import Permission, may, refusal

    return "" if may(ctx, Permission(needs)) else refusal(Permission(needs))


class Allowing(_Base):
    """Mixin of the App: keys, clicks and the palette all pass here."""

    if TYPE_CHECKING:
        ctx: Context | None
        tell: Any

    async def run_action(self, action: Any, default_namespace: DOMNode | None = None, namespaces: Any = None) -> bool:
        """Say why not instead of doing it, where it would only be refused in the end."""
        declared = _declared(action, self if default_namespace is None else default_namespace)
        if declared is not None:
            said = why_not(self.ctx, writes=declared.id in WRITES, needs=NEEDS.get(declared.id, ""))
            if said and self._offered(action, default_namespace):
                self.tell(said, warning=True)
                return True
        return await super().run_action(action, default_namespace, namespaces)

    if not TYPE_CHECKING:  # Textual's own signature, with its overloads, holds

        def push_screen(self, screen: Any, *args: Any, **named: Any) -> Any:
            """A form that Enter or another screen opens is refused too: it says that it ``writes``, and what it ``needs``."""
            said = why_not(self.ctx, writes=getattr(screen, "writes", False), needs=getattr(screen, "needs", ""))
            if said:
                self.tell(said, warning=True)
                return AwaitMount(self.screen, [])
            return super().push_screen(screen, *args, **named)

    def _offered(self, action: Any, default_namespace: DOMNode | None) -> bool:
        """Whether the screen shows the action at all; one that it shows dimmed is answered too."""
        target, name, parameters = self._parse_action(action, self if default_namespace is None else default_namespace)
        return target.check_action(name, parameters) is not False


def _declared(action: Any, node: DOMNode) -> Action | None:
    """What a node's binding runs, as it was declared."""
    for bound in node._bindings.key_to_bindings.values():
        for one in bound:
            if one.action == action and one.id:
                return REGISTRY.get(one.id)
    return None
