"""How histories and undo speak of codes, items and costs of quality."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.data.columns import columns
from crm_tui.data.tables import QualityCode, QualityCost, QualityItem
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told, money, short
from crm_tui.desk.undoing import undo_words
from crm_tui.mail.text import display_text
from crm_tui.rules.quality import Line, sums

_C = columns(QualityCode)
_I = columns(QualityItem)
_Q = columns(QualityCost)

FIELDS: Mapping[str, str] = {
    "code": N_("about"),
    "occasion": N_("occasion"),
    "room": N_("room"),
    "at": N_("when"),
    "guest_id": N_("guest"),
    "reservation_id": N_("reservation"),
    "comment": N_("comment"),
}
"""The columns of a cost of quality that a sentence names, in this order."""


def code_named(connection: Connection, number: int) -> str:
    """What a code is called."""
    return display_text(connection.execute(select(_C.name).where(_C.id == number)).scalar() or "")


def item_named(connection: Connection, number: int) -> str:
    """What an item is called."""
    return display_text(connection.execute(select(_I.name).where(_I.id == number)).scalar() or "")


def cost_named(connection: Connection, number: int) -> str:
    """What a cost of quality is called."""
    row = connection.execute(select(_Q.occasion, _Q.code, _Q.comment).where(_Q.id == number)).first()
    return short(row.occasion or row.code or row.comment or _("cost of quality"), 40) if row is not None else ""


def given_words(items: Sequence[Mapping[str, Any]]) -> str:
    """What was given, and what it cost: ``2 × bottle of wine, dinner: €66.00``; empty for nothing."""
    if not items:
        return ""
    names = [
        f"{one['quantity']} × {short(str(one['name']), 30)}" if one["quantity"] != 1 else short(str(one["name"]), 30)
        for one in items
    ]
    whole = sums(Line(one["quantity"], one["value"], one["currency"]) for one in items)
    cost = " + ".join(money(amount, currency) for currency, amount in whole.items())
    return _("{things}: {cost}").format(things=", ".join(names), cost=cost)


def given_change(before: Told, after: Told) -> str:
    """How what was given changed; empty where it did not."""
    if "items" not in after:
        return ""
    was, now = given_words(before.get("items") or ()), given_words(after["items"])
    if was and now:
        return _("given {now} instead of {before}").format(now=now, before=was)
    return _("given {now}").format(now=now) if now else _("not given {before}").format(before=was)


def _name(side: Told) -> str:
    return display_text(str(side.get("name") or side.now.get("name") or ""))


def _renamed(before: Told, after: Told) -> str:
    count = len(after.get("feedback") or ()) + len(after.get("costs") or ())
    said = _("called “{before}” “{after}”").format(before=_name(before), after=_name(after))
    if not count:
        return said
    filed = ngettext("{n} entry is filed under it", "{n} entries are filed under it", count).format(n=count)
    return f"{said}; {filed}"


history_words.says("quality code", "create", lambda _b, after: _("added the code “{name}”").format(name=_name(after)))
history_words.says("quality code", "rename", _renamed)
history_words.says(
    "quality code", "remove", lambda _b, after: _("took the code “{name}” off the list").format(name=_name(after))
)


def _worth(side: Told) -> str:
    return money(side.get("value", side.now.get("value")), str(side.get("currency") or side.now.get("currency") or ""))


def _item_changed(before: Told, after: Told) -> str:
    parts = []
    if "name" in after:
        parts.append(_("called “{before}” “{after}”").format(before=_name(before), after=_name(after)))
    if "value" in after or "currency" in after:
        told = {"name": _name(after), "before": _worth(before), "after": _worth(after)}
        parts.append(_("“{name}” is worth {after} instead of {before}").format(**told))
    return ", ".join(parts) or _("changed")


history_words.says(
    "quality item",
    "create",
    lambda _b, after: _("added the item “{name}”, worth {value}").format(name=_name(after), value=_worth(after)),
)
history_words.says("quality item", "change", _item_changed)
history_words.says(
    "quality item", "remove", lambda _b, after: _("took the item “{name}” off the list").format(name=_name(after))
)


def _what(side: Told) -> str:
    return (
        short(str(side.now.get("occasion") or side.now.get("code") or side.now.get("comment") or ""))
        or _("without words")
    )  # fmt: skip


def _cost_made(_before: Told, after: Told) -> str:
    said = _("wrote a cost of quality down: {text}").format(text=_what(after))
    given = given_words(after.get("items") or ())
    return f"{said} · {given}" if given else said


def _cost_changed(before: Told, after: Told) -> str:
    parts = []
    for name, word in FIELDS.items():
        if name in after and name in ("guest_id", "reservation_id"):
            parts.append(_("{field} changed").format(field=_(word)))
        elif name in after:
            was, now = (
                (side.instant("at") if name == "at" else side.text(name, 40) or history_words.NOTHING)
                for side in (before, after)
            )
            parts.append(_("{field}: {before} → {after}").format(field=_(word), before=was, after=now))
    parts += [given] if (given := given_change(before, after)) else []
    return _("cost of quality “{text}”").format(text=_what(after)) + ": " + (", ".join(parts) or _("changed"))


history_words.says("quality cost", "create", _cost_made)
history_words.says("quality cost", "change", _cost_changed)
history_words.says(
    "quality cost", "remove", lambda _b, after: _("took the cost of quality “{text}” away").format(text=_what(after))
)


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("quality code", "create", did=_again(N_("The code {what} is off the list again.")))
undo_words.says("quality code", "rename", did=_again(N_("The code is called {what} again.")))
undo_words.says("quality code", "remove", did=_again(N_("The code {what} is on the list again.")))
undo_words.says("quality item", "create", did=_again(N_("The item {what} is off the list again.")))
undo_words.says("quality item", "change", did=_again(N_("The item {what} is as it was.")))
undo_words.says("quality item", "remove", did=_again(N_("The item {what} is on the list again.")))
undo_words.says("quality cost", "create", did=_again(N_("The cost of quality {what} is gone again.")))
undo_words.says("quality cost", "change", did=_again(N_("The cost of quality {what} reads as before.")))
undo_words.says("quality cost", "remove", did=_again(N_("The cost of quality {what} is back.")))
