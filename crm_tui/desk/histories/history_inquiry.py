"""Sentences of histories about inquiries, guests and what agents write for each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.histories.history_words import NOTHING, Told, day, money, says, short
from crm_tui.mail.text import display_text

STATUSES: Mapping[str, str] = {
    "new": N_("new"),
    "in progress": N_("in progress"),
    "offer sent": N_("offer sent"),
    "waiting for guest": N_("waiting for guest"),
    "booked": N_("booked"),
    "lost": N_("lost"),
    "cancelled": N_("cancelled"),
}
NAMES: Mapping[str, str] = {
    "status": N_("status"),
    "lost_reason": N_("reason"),
    "planned_end": N_("planned end"),
    "handler_id": N_("handler"),
    "scope": N_("seen by"),
    "channel": N_("channel"),
    "arrival": N_("arrival"),
    "departure": N_("departure"),
    "period_from": N_("not before"),
    "period_to": N_("back by"),
    "nights": N_("nights"),
    "adults": N_("adults"),
    "children": N_("children"),
    "room": N_("room"),
    "destination": N_("destination"),
    "board": N_("board"),
    "budget": N_("budget"),
    "airport": N_("departure airport"),
    "preferences": N_("preferences"),
    "price": N_("price"),
    "valid_until": N_("offer valid until"),
    "surname": N_("surname"),
    "given": N_("given names"),
    "kind": N_("kind"),
    "language": N_("language"),
    "nationality": N_("nationality"),
    "birth_date": N_("birth date"),
    "document": N_("document"),
    "passport": N_("passport"),
    "passport_expiry": N_("passport valid until"),
    "street": N_("street"),
    "postcode": N_("postcode"),
    "city": N_("city"),
    "region": N_("region"),
    "country": N_("country"),
    "reference": N_("reference"),
    "contacts": N_("contacts"),
    "tax_number": N_("tax number"),
    "remarks": N_("remarks"),
    "emails": N_("e-mail"),
    "phones": N_("phone"),
    "title": N_("title"),
    "due": N_("due"),
    "assignee_id": N_("assignee"),
    "department_id": N_("department"),
}
"""Columns as histories call them."""

NAMES_OF_OTHERS: Mapping[str, str] = {
    "subject": N_("subject"),
    "folder": N_("folder"),
    "starred": N_("star"),
    "snoozed_until": N_("snoozed until"),
    "inquiry_id": N_("inquiry"),
    "name": N_("name"),
    "role": N_("role"),
    "text": N_("text"),
    "category": N_("purpose"),
    "read_at": N_("read"),
    "done_at": N_("done"),
    "due_at": N_("due"),
    "key": N_("key"),
    "query": N_("search"),
}
"""Columns that only a change without a sentence of its own names."""

_SILENT = frozenset(
    {"proposed", "closed_at", "updated_at", "version", "folded", "edited_at", "removed_at", "archived_at"}
)
_DAYS = frozenset({"arrival", "departure", "period_from", "period_to", "planned_end", "valid_until", "birth_date",
                   "passport_expiry", "due"})  # fmt: skip
_AGENTS = frozenset({"handler_id", "assignee_id"})
_AMOUNTS = frozenset({"budget", "price"})


def value(side: Told, name: str, longest: int = 40) -> str:
    """A column's value in words."""
    found = side.get(name)
    if name == "scope":
        return side.seen_by()
    if name in _AGENTS:
        return side.agent(name)
    if found in (None, "", [], {}):
        return NOTHING
    if name == "status":
        return said(STATUSES, str(found))
    if name in _DAYS:
        return day(found)
    if name in _AMOUNTS:
        return side.money(name)
    if name == "children":
        return _children(found)
    if isinstance(found, list):
        return short(", ".join(_listed(one) for one in found), longest)
    return short(str(found), longest)


def _listed(one: Any) -> str:
    """An entry of a list: an address or number with its label, a contact person by number and role."""
    if not isinstance(one, dict):
        return str(one)
    text = one.get("address") or one.get("number") or _("guest {number}").format(number=one.get("person", ""))
    more = one.get("label") or one.get("role")
    return f"{text} ({more})" if more else str(text)


def _children(ages: Any) -> str:
    count = len(ages)
    known = ", ".join("?" if age is None else str(age) for age in ages)
    return ngettext("{n} ({ages})", "{n} ({ages})", count).format(n=count, ages=known)


def _changes(before: Told, after: Told) -> list[str]:
    """``arrival: – → 12 Jul 2026`` for each column that tells something."""
    names = [name for name in after if name in before and name not in _SILENT and not name.endswith("_currency")]
    for amount in _AMOUNTS:
        if amount not in names and f"{amount}_currency" in after:
            names.append(amount)
    return [
        _("{name}: {old} → {new}").format(
            name=_(NAMES.get(name, name.replace("_", " "))), old=_old(before, name), new=_new(after, name)
        )
        for name in names
    ]


def _old(side: Told, name: str) -> str:
    if name in _AMOUNTS and name not in side:  # the currency alone was changed
        return money(side.now.get(name), str(side.get(f"{name}_currency") or ""))
    return value(side, name)


_new = _old


def _set(before: Told, after: Told) -> str:
    found = _changes(before, after)
    if found:
        return ", ".join(found[:4]) + (" …" if len(found) > 4 else "")
    return _("took over what was proposed") if "proposed" in after else _("changed it")


def _set_whole(before: Told, after: Told) -> str:
    return "\n".join(_changes(before, after)) or _set(before, after)


def _made(_before: Told, after: Told) -> str:
    stated = [
        f"{_(NAMES[name])} {value(after, name, 30)}"
        for name in ("arrival", "departure", "adults", "children", "room", "destination", "budget")
        if after.get(name)
    ]
    return _("made the inquiry") + (": " + ", ".join(stated) if stated else "")


for _action in ("set", "change", "accept", "reject", "status", "scope", "assign"):
    says("inquiry", _action, _set, whole=_set_whole)
says("inquiry", "create", _made)
says("inquiry", "remove", lambda _b, _a: _("removed the inquiry"))
says("inquiry", "restore", lambda _b, _a: _("brought the inquiry back"))
says("inquiry", "link", lambda _b, _a: _("linked a conversation"))
says("inquiry", "unlink", lambda _b, _a: _("took a conversation away"))
says("inquiry", "add guest", lambda _b, _a: _("added a guest"))
says("inquiry", "remove guest", lambda _b, _a: _("took a guest away"))
says("inquiry", "holder", lambda _b, _a: _("changed the holder"))

says("guest", "create", lambda _b, _a: _("made the profile"))
says("guest", "change", _set, whole=_set_whole)
says("guest", "set", _set, whole=_set_whole)
says("guest", "contacts", _set, whole=_set_whole)
says("guest", "archive", lambda _b, _a: _("put the profile away"))
says("guest", "unarchive", lambda _b, _a: _("took the profile back"))


def _consent(_before: Told, after: Told) -> str:
    channel, source = short(str(after.get("channel") or "")), after.text("source")
    words = _("consent to {channel} given") if after.get("given") else _("consent to {channel} withdrawn")
    return words.format(channel=channel) + (f" ({source})" if source else "")


says("guest", "consent", _consent)


# Memos, internal messages, reminders


def _text(side: Told) -> str:
    """What was written: as the journal has it, else as it is now."""
    return str(side.get("text") or side.now.get("text") or "")


def _memo_whole(_before: Told, after: Told) -> str:
    return display_text(_text(after), multiline=True)


says("memo", "create", lambda _b, after: short(_text(after), 300), kind="memo", whole=_memo_whole)
says("memo", "add", lambda _b, after: short(_text(after), 300), kind="memo", whole=_memo_whole)
for _action in ("change", "edit"):
    says(
        "memo",
        _action,
        lambda _b, after: _("memo now: {text}").format(text=short(_text(after), 300)),
        kind="memo",
        whole=_memo_whole,
    )
says(
    "memo",
    "remove",
    lambda _b, after: _("removed the memo “{text}”").format(text=short(_text(after))),
    kind="memo",
)


def _told(_before: Told, after: Told) -> str:
    return _("→ {name}: {text}").format(name=_receiver(after), text=short(_text(after), 300))


def _receiver(side: Told) -> str:
    from crm_tui.desk.histories.history_words import agent_named

    return agent_named(side.lookups, side.get("to_id") or side.now.get("to_id"))


says(
    "internal",
    "send",
    _told,
    kind="internal",
    whole=lambda _b, after: f"→ {_receiver(after)}\n" + display_text(_text(after), multiline=True),
)


says("internal", "read", lambda _b, _a: _("read it"), kind="internal")


def _reminder(before: Told, after: Told) -> str:
    now = after.now
    title = short(str(after.get("title") or before.get("title") or now.get("title") or ""))
    due = day(after.get("due") or now.get("due"))
    return _("reminder “{title}” for {day}").format(title=title, day=due)


def _reminder_named(words: str) -> None:
    action, text = words.split("|", 1)

    def sentence(before: Told, after: Told) -> str:
        title = after.get("title") or before.get("title") or after.now.get("title") or ""
        return _(text).format(title=short(str(title)))

    says("reminder", action, sentence, kind="reminder")


says("reminder", "create", _reminder, kind="reminder")
says("reminder", "add", _reminder, kind="reminder")
_reminder_named("done|" + N_("reminder “{title}” done"))
_reminder_named("reopen|" + N_("reminder “{title}” open again"))
_reminder_named("remove|" + N_("removed the reminder “{title}”"))
