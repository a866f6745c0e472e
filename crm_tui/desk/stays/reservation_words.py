"""How histories tell of reservations."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.histories.history_words import NOTHING, Told, says, short
from crm_tui.desk.stays.reservation_views import STATUSES

FIELDS = {
    "code": N_("code"),
    "reference": N_("reference"),
    "status": N_("status"),
    "channel": N_("channel"),
    "operator_id": N_("operator"),
    "product": N_("product"),
    "destination": N_("destination"),
    "room": N_("room"),
    "booked": N_("booked on"),
    "arrival": N_("arrival"),
    "departure": N_("departure"),
    "adults": N_("adults"),
    "children": N_("children"),
    "value": N_("value"),
    "company_id": N_("company"),
    "inquiry_id": N_("inquiry"),
    "remarks": N_("remarks"),
}
"""The columns that a sentence names, in this order."""


def _value(told: Told, name: str) -> str:
    if name in ("booked", "arrival", "departure"):
        return told.day(name)
    if name == "value":
        from crm_tui.desk.histories.history_words import money

        return money(told.get("value"), str(told.get("currency") or told.now.get("currency") or ""))
    if name == "status":
        return _(STATUSES.get(str(told.get(name)), str(told.get(name))))
    value = told.get(name)
    return NOTHING if value in (None, "") else short(str(value))


def _changed(before: Told, after: Told) -> str:
    """Each field with what it was and what it is; numbers of other things only say that they changed."""
    parts = []
    for name, word in FIELDS.items():
        if name not in after:
            continue
        if name.endswith("_id"):
            parts.append(_("{field} changed").format(field=_(word)))
        else:
            told = {"field": _(word), "before": _value(before, name), "after": _value(after, name)}
            parts.append(_("{field}: {before} → {after}").format(**told))
    return ", ".join(parts) or _("changed the reservation")


def _made(_before: Told, after: Told) -> str:
    return _("made reservation {code}").format(code=after.text("code"))


says("reservation", "create", _made)
says("reservation", "change", _changed)
says("reservation", "status", _changed)
says("reservation", "import", lambda before, after: _("import: {changes}").format(changes=_changed(before, after)))
says("reservation", "add guest", lambda _b, _a: _("added a guest"))
says("reservation", "remove guest", lambda _b, _a: _("took a guest away"))
says("reservation", "holder", lambda _b, _a: _("changed the holder"))
says("reservation", "guests", lambda _b, _a: _("import: other guests"))
says("reservation", "schedule", lambda _b, _a: _("import: other schedule"))
says("reservation", "payments", lambda _b, _a: _("import: payments"))
says("reservation", "flights", lambda _b, _a: _("import: other flights"))
