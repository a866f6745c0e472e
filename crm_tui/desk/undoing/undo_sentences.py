"""How things stand once a command was taken back, in words; whatever has none is “as it was”.

Modules that take an action back by a function of their own say so themselves.
"""

from __future__ import annotations

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.stays.reservation_views import STATUSES
from crm_tui.desk.undoing.undo_words import Facts, says


def _assigned(facts: Facts) -> str:
    if "assignee_id" in facts.mixed:
        words = ngettext("{what} is with whom it was.", "{what} are with whom they were.", facts.count)
    elif facts.before.get("assignee_id") is None:
        words = ngettext("{what} is with nobody again.", "{what} are with nobody again.", facts.count)
    else:
        words = ngettext("{what} is with {name} again.", "{what} are with {name} again.", facts.count)
    return words.format(what=facts.what, name=facts.agent(facts.before.get("assignee_id")))


def _starred(facts: Facts) -> str:
    if facts.before.get("starred"):
        words = ngettext("The star on {what} is on again.", "The stars on {what} are on again.", facts.count)
    else:
        words = ngettext("The star on {what} is off again.", "The stars on {what} are off again.", facts.count)
    return words.format(what=facts.what)


def _woken(facts: Facts) -> str:
    words = ngettext("{what} is snoozed again.", "{what} are snoozed again.", facts.count)
    return words.format(what=facts.what)


def _out_again(facts: Facts) -> str:
    words = ngettext(
        "{what} is out of inquiry {number} again.", "{what} are out of inquiry {number} again.", facts.count
    )
    return words.format(what=facts.what, number=facts.after.get("inquiry_id"))


def _in_again(facts: Facts) -> str:
    words = ngettext("{what} is in inquiry {number} again.", "{what} are in inquiry {number} again.", facts.count)
    return words.format(what=facts.what, number=facts.before.get("inquiry_id"))


says("conversation", "assign", did=_assigned)
says("conversation", "star", did=_starred)
says("conversation", "unsnooze", did=_woken)
says("conversation", "link", did=_out_again)
says("conversation", "unlink", did=_in_again)


def _inquiry_unmade(facts: Facts) -> str:
    if not facts.conversations:
        return _("{what} is gone again.").format(what=facts.what)
    words = ngettext(
        "{what} is gone again; the conversation is as it was.",
        "{what} is gone again; the conversations are as they were.",
        facts.conversations,
    )
    return words.format(what=facts.what)


_AS_FIELDS = ("change", "contacts")
_BESIDE = {"consent": N_("consent"), "tag": N_("attributes"), "untag": N_("attributes")}
"""What a command may do to a guest besides changing fields."""


def _fields(facts: Facts) -> str:
    """*inquiry 5 has its arrival, departure back*: which columns are as they were."""
    from crm_tui.desk.histories.history_inquiry import NAMES

    columns = (*facts.before, *(name for action, before in facts.beside if action in _AS_FIELDS for name in before))
    names = dict.fromkeys(
        _(NAMES[name]) for name in (one.removesuffix("_currency") for one in columns) if name in NAMES
    )
    names |= dict.fromkeys(_(_BESIDE[action]) for action, _before in facts.beside if action in _BESIDE)
    if not names:
        return _("{what} is as it was.").format(what=facts.what)
    return _("{what} is as it was: {fields}.").format(what=facts.what, fields=", ".join(names))


says("inquiry", "create", did=_inquiry_unmade)
for _thing in ("inquiry", "guest", "agent"):
    says(_thing, "change", did=_fields)
says("guest", "contacts", did=_fields)


def _status(facts: Facts) -> str:
    """*Reservation M-1 is confirmed again*; what the command did to reminders went back with it."""
    before = str(facts.before.get("status", ""))
    if "status" in facts.mixed or before not in STATUSES:
        return ngettext("{what} is as it was.", "{what} are as they were.", facts.count).format(what=facts.what)
    words = ngettext("{what} is {status} again.", "{what} are {status} again.", facts.count)
    return words.format(what=facts.what, status=_(STATUSES[before]))


def _plain(entity: str, action: str, words: str) -> None:
    says(entity, action, did=lambda facts: _(words).format(what=facts.what, name=facts.named))


_plain("inquiry", "remove", N_("{what} is back."))
_plain("inquiry", "accept", N_("What was proposed for {what} is marked so again."))
_plain("inquiry", "reject", N_("What was proposed for {what} is back."))
_plain("inquiry", "add guest", N_("The guest is out of {what} again."))
_plain("inquiry", "remove guest", N_("The guest is in {what} again."))
_plain("inquiry", "holder", N_("The holder of {what} is who it was."))
_plain("reservation", "create", N_("{what} is gone again."))
_plain("reservation", "change", N_("{what} is as it was."))
_plain("reservation", "add guest", N_("The guest is out of {what} again."))
_plain("reservation", "remove guest", N_("The guest is in {what} again."))
_plain("reservation", "holder", N_("The holder of {what} is who it was."))
says("reservation", "status", did=_status)
_plain("guest", "create", N_("The guest {what} is gone again."))
_plain("guest", "archive", N_("{what} is in the client base again."))
_plain("guest", "unarchive", N_("{what} is archived again."))


def _consented(facts: Facts) -> str:
    also = dict.fromkeys(_(_BESIDE[action]) for action, _before in facts.beside if action in _BESIDE)
    if also:
        words = _("{what} is as it was: {fields}.")
        return words.format(what=facts.what, fields=", ".join((_("consent"), *also)))
    return _("What {what} was noted to consent to is as it was.").format(what=facts.what)


says("guest", "consent", did=_consented)
_plain("guest", "tag", N_("{what} is no longer tagged as {name}."))
_plain("guest", "untag", N_("{what} is tagged as {name} again."))
_plain("memo", "create", N_("The memo {what} is gone again."))
_plain("memo", "change", N_("The memo {what} reads as before."))
_plain("memo", "remove", N_("The memo {what} is back."))
_plain("internal", "send", N_("The message {what} is taken back."))
_plain("reminder", "create", N_("The reminder {what} is gone again."))
_plain("reminder", "reopen", N_("The reminder {what} is done again."))
_plain("reminder", "remove", N_("The reminder {what} is back."))
_plain("template", "create", N_("The template {what} is gone again; it is in the archive."))
_plain("template", "change", N_("The template {what} reads as before."))
_plain("template", "archive", N_("{what} is in use again."))
_plain("template", "restore", N_("{what} is archived again."))
_plain("saved_view", "create", N_("The saved view {what} is gone again."))
_plain("saved_view", "change", N_("The saved view {what} is as it was."))
_plain("saved_view", "remove", N_("The saved view {what} is back."))
_plain("attribute", "create", N_("The attribute {what} is gone again."))
_plain("attribute", "rename", N_("The attribute is called {what} again."))
_plain("agent", "create", N_("{what} is out of the team again."))
_plain("agent", "remove", N_("{what} is in the team again."))
_plain("agent", "restore", N_("{what} is out of the team again."))
_plain("department", "create", N_("The department {what} is gone again."))
_plain("department", "rename", N_("The department is called {what} again."))
