"""How histories and undo speak of compliments and complaints."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Feedback
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told, short
from crm_tui.desk.quality.feedback_views import KINDS, SATISFACTION
from crm_tui.desk.quality.quality_words import given_change, given_words
from crm_tui.desk.undoing import undo_registry, undo_words

_F = columns(Feedback)

FIELDS: Mapping[str, str] = {
    "kind": N_("kind"),
    "code": N_("about"),
    "room": N_("room"),
    "employee": N_("employee"),
    "emoji": N_("face"),
    "at": N_("when"),
    "guest_id": N_("guest"),
    "reservation_id": N_("reservation"),
    "comment": N_("what was said"),
}
"""The columns that a sentence names, in this order."""


def _named(connection: Connection, number: int) -> str:
    row = connection.execute(select(_F.kind, _F.code, _F.comment).where(_F.id == number)).first()
    return short(row.code or row.comment or _(KINDS[row.kind]), 40) if row is not None else ""


undo_registry.entity("feedback", Feedback, named=_named)


def _what(side: Told) -> str:
    return short(str(side.now.get("code") or side.now.get("comment") or "")) or _("without words")


def _kind(side: Told) -> str:
    kind = str(side.now.get("kind") or "")
    return _(KINDS[kind]) if kind in KINDS else kind


def _value(side: Told, name: str) -> str:
    if name == "at":
        return side.instant("at")
    if name == "kind":
        return _(KINDS.get(str(side.get(name)), str(side.get(name))))
    return side.text(name, 40) or history_words.NOTHING


def _changed(before: Told, after: Told) -> str:
    parts = []
    for name, word in FIELDS.items():
        if name in after and name in ("guest_id", "reservation_id"):
            parts.append(_("{field} changed").format(field=_(word)))
        elif name in after:
            told = {"field": _(word), "before": _value(before, name), "after": _value(after, name)}
            parts.append(_("{field}: {before} → {after}").format(**told))
    return f"{_kind(after)} “{_what(after)}”: " + (", ".join(parts) or _("changed"))


def _settled(before: Told, after: Told) -> str:
    """What was done and given, and how the guest took it."""
    words = [after.text("resolution")] if after.get("resolution") else []
    given = given_change(before, after) if before else given_words(after.get("items") or ())
    words += [given] if given else []
    how = SATISFACTION.get(after.get("satisfaction") or 0, "")
    words += [_("guest {satisfaction}").format(satisfaction=_(how))] if how else []
    return " · ".join(words)


def _created(before: Told, after: Told) -> str:
    said = _("wrote a {kind} down: {text}").format(kind=_kind(after), text=_what(after))
    done = _settled(before, after)
    return f"{said} · {done}" if done else said


def _resolved(before: Told, after: Told) -> str:
    done = _settled(before, after)
    said = _("resolved the {kind} “{text}”").format(kind=_kind(after), text=_what(after))
    return f"{said}: {done}" if done else said


def _amended(before: Told, after: Told) -> str:
    said = _("changed how the {kind} “{text}” was resolved").format(kind=_kind(after), text=_what(after))
    done = _settled(before, after)
    return f"{said}: {done}" if done else said


def _whole(_before: Told, after: Told) -> str:
    return str(after.get("resolution") or "")


history_words.says("feedback", "create", _created, whole=_whole)
history_words.says("feedback", "change", _changed)
history_words.says("feedback", "resolve", _resolved, whole=_whole)
history_words.says("feedback", "amend", _amended, whole=_whole)
history_words.says(
    "feedback",
    "reopen",
    lambda _b, after: _("the {kind} “{text}” is open again").format(kind=_kind(after), text=_what(after)),
)
history_words.says(
    "feedback",
    "remove",
    lambda _b, after: _("took the {kind} “{text}” away").format(kind=_kind(after), text=_what(after)),
)


def _again(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("feedback", "create", did=_again(N_("The feedback {what} is gone again.")))
undo_words.says("feedback", "change", did=_again(N_("The feedback {what} reads as before.")))
undo_words.says("feedback", "resolve", did=_again(N_("{what} is not resolved after all.")))
undo_words.says("feedback", "amend", did=_again(N_("{what} is resolved as before.")))
undo_words.says("feedback", "reopen", did=_again(N_("{what} is resolved again.")))
undo_words.says("feedback", "remove", did=_again(N_("The feedback {what} is back.")))
