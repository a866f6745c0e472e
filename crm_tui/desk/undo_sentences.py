"""How things stand once a command was taken back, in words; whatever has none is „as it was“."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.history_mail import folder
from crm_tui.desk.undo_words import Facts, says


def _moved(facts: Facts) -> str:
    if "folder" in facts.mixed or not facts.before.get("folder"):
        words = ngettext("{what} is back in its folder.", "{what} are back in their folders.", facts.count)
        return words.format(what=facts.what)
    words = ngettext("{what} is back in {folder}.", "{what} are back in {folder}.", facts.count)
    return words.format(what=facts.what, folder=folder(facts.before["folder"]))


def _assigned(facts: Facts) -> str:
    if "assignee_id" in facts.mixed:
        words = ngettext("{what} is with whom it was.", "{what} are with whom they were.", facts.count)
    elif facts.before.get("assignee_id") is None:
        words = ngettext("{what} is with nobody again.", "{what} are with nobody again.", facts.count)
    else:
        words = ngettext("{what} is with {name} again.", "{what} are with {name} again.", facts.count)
    return words.format(what=facts.what, name=facts.agent(facts.before.get("assignee_id")))


def _snoozed(facts: Facts) -> str:
    words = ngettext("{what} is awake again.", "{what} are awake again.", facts.count)
    return words.format(what=facts.what)


def _woken(facts: Facts) -> str:
    words = ngettext("{what} is snoozed again.", "{what} are snoozed again.", facts.count)
    return words.format(what=facts.what)


def _unanswered(facts: Facts) -> str:
    words = ngettext("{what} waits for an answer again.", "{what} wait for an answer again.", facts.count)
    return words.format(what=facts.what)


says("conversation", "move", did=_moved)
says("conversation", "assign", did=_assigned)
says("conversation", "snooze", did=_snoozed)
says("conversation", "unsnooze", did=_woken)
says("conversation", "no answer needed", did=_unanswered)
says("conversation", "star", did=lambda _facts: _("The star is as it was."))
says("conversation", "split", did=lambda facts: _("{what} is one conversation again.").format(what=facts.what))
says("conversation", "merge", did=lambda _facts: _("The conversations are apart again."))


def _plain(entity: str, action: str, words: str) -> None:
    says(entity, action, did=lambda facts: _(words).format(what=facts.what))


_plain("inquiry", "create", N_("The inquiry is taken back; the conversation is as it was."))
_plain("inquiry", "remove", N_("{what} is back."))
_plain("inquiry", "guest add", N_("The guests are as they were."))
_plain("inquiry", "guest remove", N_("The guests are as they were."))
_plain("inquiry", "holder", N_("The holder is as it was."))
_plain("guest", "create", N_("The new guest is put away again."))
_plain("memo", "create", N_("The memo is taken back."))
_plain("memo", "remove", N_("The memo is back."))
_plain("internal", "send", N_("The message is taken back."))
_plain("reminder", "create", N_("The reminder is taken back."))
_plain("reminder", "done", N_("The reminder {what} is open again."))
_plain("reminder", "remove", N_("The reminder {what} is back."))
_plain("template", "create", N_("{what} is archived."))
_plain("template", "archive", N_("{what} is in use again."))
_plain("template", "restore", N_("{what} is archived again."))
