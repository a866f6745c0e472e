"""Sentences of histories about conversations and what is sent from them."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.histories.history_words import Told, says, short

FOLDERS = {
    "Inbox": N_("Inbox"),
    "Inquiries": N_("Inquiries"),
    "Waitlist": N_("Waitlist"),
    "Booked": N_("Booked"),
    "Done": N_("Done"),
    "Spam": N_("Spam"),
}
"""What the folders are called."""


def folder(value: object) -> str:
    """A folder's name in the agent's language."""
    return said(FOLDERS, str(value or ""))


def _moved(before: Told, after: Told) -> str:
    if not after.get("folder"):
        return _("dealt with what had woken it") if "wake_reason" in after else ""
    return _("moved from {old} to {new}").format(old=folder(before.get("folder")), new=folder(after.get("folder")))


def _assigned(before: Told, after: Told) -> str:
    if "assignee" in after:  # as it was journaled by name
        return _passed(str(before.get("assignee") or ""), str(after.get("assignee") or ""))
    old = before.agent("assignee_id") if before.get("assignee_id") else ""
    return _passed(old, after.agent("assignee_id") if after.get("assignee_id") else "")


def _passed(old: str, new: str) -> str:
    if old and new:
        return _("assignee: {old} → {new}").format(old=old, new=new)
    return (
        _("assigned to {name}").format(name=new) if new else _("taken from {name}; nobody has it now").format(name=old)
    )


def _snoozed(_before: Told, after: Told) -> str:
    if after.get("snoozed_until"):
        return _("snoozed until {when}").format(when=after.instant("snoozed_until"))
    return _("snoozed until the guest answers")


def _woken(_before: Told, after: Told) -> str:
    if after.get("wake_reason") == "reply":
        return _("woke: the guest answered")
    return _("woke: the time was reached")


def _split(_before: Told, after: Told) -> str:
    count = len(after.get("messages") or ())
    return ngettext("split off {n} message", "split off {n} messages", count).format(n=count)


def _merged(_before: Told, after: Told) -> str:
    if after.get("by") == "thread":
        return _("merged: a mail belongs to both")
    return _("merged with another conversation")


def _linked(before: Told, after: Told) -> str:
    if after.get("inquiry_id"):
        return _("linked to inquiry {number}").format(number=after["inquiry_id"])
    return _("taken from inquiry {number}").format(number=before.get("inquiry_id") or "")


def _seen_by(_before: Told, after: Told) -> str:
    return _("seen by: {who}").format(who=after.seen_by())


says("conversation", "move", _moved)
says("conversation", "assign", _assigned)
says("conversation", "snooze", _snoozed)
says("conversation", "snooze again", _snoozed)
says("conversation", "unsnooze", lambda _b, _a: _("woken"))
says("conversation", "wake", _woken)
says("conversation", "split", _split)
says("conversation", "merge", _merged)
says("conversation", "link", _linked)
says("conversation", "unlink", _linked)
says("conversation", "scope", _seen_by)
says("conversation", "star", lambda _b, after: _("starred") if after.get("starred") else _("star taken away"))
says("conversation", "no answer needed", lambda _b, _a: _("no answer needed"))
says("conversation", "answer needed", lambda _b, _a: _("needs an answer after all"))


def _about_reply(action: str, words: str) -> None:
    def sentence(_before: Told, after: Told) -> str:
        subject = short(str(after.now.get("subject") or "")) or _("(no subject)")
        return _(words).format(subject=subject, error=after.text("error"))

    says("outbox", action, sentence)


_about_reply("held", N_("held the reply “{subject}”: something new had come in"))
_about_reply("send anyway", N_("sent the reply “{subject}” although something new had come in"))
_about_reply("recall", N_("called the reply “{subject}” back"))
_about_reply("drop", N_("gave the reply “{subject}” up; it was not sent"))
_about_reply("failed", N_("the reply “{subject}” could not be sent: {error}"))
_about_reply("queued", N_("the reply “{subject}” waits and is tried again: {error}"))
_about_reply("uncertain", N_("it is not known whether the reply “{subject}” was sent"))
_about_reply("not sent", N_("the reply “{subject}” was not sent"))
_about_reply("retry", N_("tried to send the reply “{subject}” again"))
_about_reply("copy failed", N_("the reply “{subject}” was sent; its copy in Sent failed"))
