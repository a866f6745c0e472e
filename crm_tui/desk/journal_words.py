"""What kinds of things the journal tells of, and what it says of changes that no history tells."""

from __future__ import annotations

from collections.abc import Mapping

from crm_tui.base.i18n import N_, _
from crm_tui.mail.text import display_text

ENTITIES: Mapping[str, str] = {
    "account": N_("account"), "agent": N_("agent"), "attribute": N_("attribute"), "conversation": N_("conversation"),
    "department": N_("department"), "draft": N_("draft"), "erasure": N_("erasure"), "event": N_("event"),
    "feedback": N_("feedback"), "flight": N_("flight"), "folio": N_("folio"), "guest": N_("guest"),
    "handover": N_("handover"), "inquiry": N_("inquiry"), "internal": N_("internal message"), "mailing": N_("mailing"),
    "memo": N_("memo"), "message": N_("message"), "operator": N_("operator"), "outbox": N_("outgoing mail"),
    "package": N_("package"), "payment": N_("payment"), "property": N_("property"), "reminder": N_("reminder"),
    "reservation": N_("reservation"), "retention_rule": N_("rule of retention"), "saved_view": N_("saved view"),
    "template": N_("template"), "term": N_("payment terms"), "ticket": N_("ticket"), "timer_session": N_("working time"),
}  # fmt: skip
"""What kinds of things are called."""


ACTIONS: Mapping[str, str] = {
    "add": N_("added"), "begin": N_("begun"), "change": N_("changed"), "chosen": N_("chosen or left out"),
    "complete": N_("fetched whole"), "copied": N_("copied to the sent mail"), "create": N_("added"),
    "discard": N_("discarded"), "drop": N_("dropped"), "export": N_("exported"), "expunged": N_("deleted on the server"),
    "flag": N_("marked on the server"), "flags": N_("marked on the server"), "found": N_("found on the server"),
    "gone": N_("gone from the server"), "import": N_("imported"), "imported": N_("imported"),
    "mailboxes": N_("mailboxes chosen"), "next": N_("the next one queued"), "postpone": N_("tried again later"),
    "queue": N_("queued for sending"), "receive": N_("mail received"), "reckon": N_("reckoned anew"),
    "rematched": N_("matched with the server anew"), "remove": N_("removed"), "rename": N_("renamed"),
    "restore": N_("taken back"), "sending": N_("being sent"), "sent": N_("sent"), "state": N_("stands otherwise"),
    "uidvalidity": N_("numbered anew by the server"),
}  # fmt: skip
"""What is said of actions that no history tells of."""

_OF_TICKETS: Mapping[str, str] = {
    "assign": N_("went to an agent"), "move": N_("evened out to another agent"), "queue": N_("back in the queue"),
    "open": N_("opened for the first time"), "stage": N_("is of another stage"), "done": N_("answered"),
}  # fmt: skip
"""Histories leave these to the conversation's line beside them."""


def entity_word(name: str) -> str:
    """What a kind of thing is called."""
    return _(ENTITIES[name]) if name in ENTITIES else display_text(name.replace("_", " "))


def action_word(entity: str, name: str) -> str:
    """What was done to a thing of a kind, where no history has a sentence for it."""
    words = (_OF_TICKETS.get(name) if entity == "ticket" else None) or ACTIONS.get(name)
    return _(words) if words else display_text(name.replace("-", " ").replace("_", " "))
