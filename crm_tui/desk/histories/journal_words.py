"""What the journal says in words: kinds of things, actions, and what a field was and became (SPEC §13)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _
from crm_tui.desk.histories.history_inquiry import NAMES, NAMES_OF_OTHERS
from crm_tui.desk.histories.history_words import NOTHING, Lookups, agent_named, money, short, when
from crm_tui.desk.quality.quality_words import given_words
from crm_tui.mail.text import display_text, fold_text

LONGEST = 200

ENTITIES: Mapping[str, str] = {
    "account": N_("account"), "agent": N_("agent"), "attribute": N_("attribute"), "bank line": N_("bank line"),
    "conversation": N_("conversation"), "department": N_("department"), "draft": N_("draft"), "erasure": N_("erasure"),
    "event": N_("event"), "event type": N_("type of event"), "export": N_("export"), "feedback": N_("feedback"),
    "flight": N_("flight"), "folio": N_("folio"), "guest": N_("guest"), "handover": N_("handover"),
    "handover line": N_("line of a handover"), "import": N_("import"), "inquiry": N_("inquiry"),
    "intake_pause": N_("pause"), "internal": N_("internal message"), "mailbox": N_("mailbox"), "mailing": N_("mailing"),
    "memo": N_("memo"), "message": N_("message"), "notice": N_("payment reminder"),
    "notice stop": N_("stop of payment reminders"), "operator": N_("operator"), "outbox": N_("outgoing mail"),
    "package": N_("package"), "payment": N_("payment"), "posting": N_("posting"), "property": N_("property"),
    "quality code": N_("code of guest relations"), "quality cost": N_("cost of quality"),
    "quality item": N_("item of guest relations"), "reminder": N_("reminder"), "reservation": N_("reservation"),
    "reservation_due": N_("what is due"), "retention_rule": N_("rule of retention"), "saved_view": N_("saved view"),
    "template": N_("template"), "terms": N_("payment terms"), "ticket": N_("ticket"), "timer_session": N_("working time"),
}  # fmt: skip
"""What kinds of things are called."""


ACTIONS: Mapping[str, str] = {
    "add": N_("added"), "assign": N_("assigned"), "begin": N_("begun"), "change": N_("changed"), "chosen": N_("chosen or left out"),
    "complete": N_("fetched whole"), "copied": N_("copied to the sent mail"), "create": N_("added"),
    "discard": N_("discarded"), "drop": N_("dropped"), "export": N_("exported"), "expunged": N_("deleted on the server"),
    "flag": N_("marked on the server"), "flags": N_("marked on the server"), "found": N_("found on the server"),
    "gone": N_("gone from the server"), "import": N_("imported"), "imported": N_("imported"),
    "mailboxes": N_("mailboxes chosen"), "next": N_("the next one queued"), "postpone": N_("tried again later"),
    "move": N_("moved"), "open": N_("opened"), "queue": N_("queued"), "stage": N_("another stage"), "receive": N_("mail received"), "reckon": N_("reckoned anew"),
    "rematched": N_("matched with the server anew"), "remove": N_("removed"), "rename": N_("renamed"),
    "restore": N_("taken back"), "sending": N_("being sent"), "sent": N_("sent"), "state": N_("stands otherwise"),
    "uidvalidity": N_("numbered anew by the server"),
    "clock set back": N_("put off: the clock was set back"), "looked up": N_("looked for on the server"),
    "retry copy": N_("copying tried again"), "undo": N_("took it back"),
}  # fmt: skip
"""What is said of actions that no history tells of."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that changed: its name, what it was and what it became, display-safe."""

    name: str
    before: str
    after: str


def entity_word(name: str) -> str:
    """What a kind of thing is called."""
    return _(ENTITIES[name]) if name in ENTITIES else display_text(name.replace("_", " "))


def entity_named(text: str) -> str:
    """The kind of thing that somebody names, as the journal calls it or as it is called; empty for nothing.

    Raises:
        InvalidInput: there is none; ``field`` is ``thing``.
    """
    wanted = fold_text(" ".join(text.replace("_", " ").split()))
    for name, word in ENTITIES.items():
        if wanted in (name.replace("_", " "), fold_text(_(word))):
            return name
    if wanted:
        raise InvalidInput(
            _("The journal knows no kind of thing called {name}.").format(name=display_text(text)),
            _("Use one of: {names}.").format(names=", ".join(sorted(name.replace("_", " ") for name in ENTITIES))),
            "thing",
        )
    return ""


def _action_word(name: str) -> str:
    return _(ACTIONS[name]) if name in ACTIONS else display_text(name.replace("-", " ").replace("_", " "))


BARE: Mapping[tuple[str, str], str] = {
    ("ticket", "assign"): N_("given to {agent}"), ("ticket", "move"): N_("moved to {agent}"),
    ("ticket", "queue"): N_("back in the queue"), ("ticket", "open"): N_("opened by its agent"),
    ("ticket", "stage"): N_("stage and channel found out"), ("ticket", "done"): N_("answered"),
    ("account", "add"): N_("linked"), ("account", "state"): N_("state changed"),
    ("mailbox", "receive"): N_("mail came in"), ("mailbox", "found"): N_("found on the server"),
    ("mailbox", "uidvalidity"): N_("numbered anew by the server"),
}  # fmt: skip
"""What histories leave to the row beside it, or never tell."""


def bare(row: Any, lookups: Lookups) -> str:
    """What was done, in the words that the action has by itself."""
    words = BARE.get((row.entity, row.action))
    if words is None:
        return _action_word(row.action)
    agent = (row.after or {}).get("agent_id")
    if row.entity == "ticket" and row.action in ("assign", "move") and agent is None:
        words = BARE["ticket", "queue"]
    return _(words).format(agent=agent_named(lookups, agent) if agent is not None else "")


def differences(row: Any, lookups: Lookups, zone: tzinfo) -> tuple[Difference, ...]:
    """The fields that a row changed, in words."""
    before, after = row.before or {}, row.after or {}
    names = [name for name in dict.fromkeys((*before, *after)) if _given(before, name) != _given(after, name)]
    currency = str(after.get("currency") or before.get("currency") or "")

    def said(name: str, side: Mapping[str, Any]) -> str:
        found = side.get(name)
        if name in _AMOUNTS and currency and isinstance(found, int) and not isinstance(found, bool):
            return money(found, currency)
        return _value(name, found, lookups, zone)

    return tuple(Difference(_label(name), said(name, before), said(name, after)) for name in names)


def _given(side: Mapping[str, Any], name: str) -> Any:
    """A field; what is empty was never said."""
    found = side.get(name)
    return None if found == "" else found


def _label(name: str) -> str:
    plain = name.removesuffix("_id") if name not in NAMES and name not in NAMES_OF_OTHERS else name
    known = NAMES.get(name) or NAMES_OF_OTHERS.get(name)
    return _(known) if known else display_text(plain.replace("_", " "))


_AGENTS = frozenset({"agent_id", "assignee_id", "handler_id", "author_id"})
_AMOUNTS = frozenset({"amount", "value", "price", "budget", "missing"})
"""Minor units, where a currency stands beside them."""


def _value(name: str, value: Any, lookups: Lookups, zone: tzinfo) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if (name in _AGENTS or name.endswith("_by")) and isinstance(value, int):
        return agent_named(lookups, value)
    if isinstance(value, str) and name.endswith("_at"):
        try:
            return when(datetime.fromisoformat(value), zone)
        except ValueError:
            pass
    if name == "items" and isinstance(value, list):
        return short(given_words(value), LONGEST) or NOTHING
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return short(text, LONGEST)
