"""How histories tell of folios and postings."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.desk.histories.history_words import NOTHING, Told, money, says
from crm_tui.desk.money.folio_views import CATEGORIES


def _what(after: Told) -> str:
    category = str(after.get("category") or after.now.get("category") or "")
    return after.text("text") or _(CATEGORIES.get(category, category))


def _amount(told: Told) -> str:
    amount = told.get("amount") if "amount" in told else told.now.get("amount")
    return money(amount, str(told.get("currency") or told.now.get("currency") or ""))


def _posted(_before: Told, after: Told) -> str:
    words = {"what": _what(after), "amount": _amount(after), "folio": after.get("folio")}
    return _("posted {what}, {amount}, on folio {folio}").format(**words)


def _moved(_before: Told, after: Told) -> str:
    name = after.now.get("text") or ""
    words = {"what": Told({"text": name}, {}, after.lookups).text("text") or _what(after), "folio": after.get("folio")}
    return _("moved {what} to folio {folio}").format(**words)


def _split(before: Told, after: Told) -> str:
    """The part that stayed tells of it; the others go without a word of their own."""
    if not before:
        return ""
    amount = money(before.get("amount"), str(after.now.get("currency") or ""))
    return _("split {amount} into {n} parts").format(amount=amount, n=after.get("parts"))


def _reversed(_before: Told, after: Told) -> str:
    currency = str(after.get("currency") or "")
    amount = money(-int(after.get("amount") or 0), currency)
    return _("took back {amount}: {reason}").format(amount=amount, reason=after.text("text") or NOTHING)


def _changed(_before: Told, after: Told) -> str:
    parts = []
    if "name" in after:
        parts.append(_("folio called “{name}”").format(name=after.text("name") or NOTHING))
    if "payer_id" in after:
        parts.append(_("payer of the folio changed"))
    return ", ".join(parts)


def _routed(_before: Told, after: Told) -> str:
    names = [_(CATEGORIES.get(one, one)) for one in (after.get("routes") or {})]
    return _("changed the routing of {categories}").format(categories=", ".join(names))


says("posting", "post", _posted)
says("posting", "move", _moved)
says("posting", "split", _split)
says("posting", "reverse", _reversed)
says("folio", "create", lambda _b, after: _("made folio {number}").format(number=after.get("number")))
says("folio", "change", _changed)
says("folio", "remove", lambda _b, after: _("deleted folio {number}").format(number=after.now.get("number", "")))
says("folio", "close", lambda _b, after: _("closed folio {number}").format(number=after.now.get("number", "")))
says("reservation", "route", _routed)
