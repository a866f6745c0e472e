"""What histories and undo say of reminders, beside the words they share with other things."""

from __future__ import annotations

from crm_tui.base.i18n import N_, _
from crm_tui.desk.histories.history_words import NOTHING, Told, agent_named, day, says, short
from crm_tui.desk.shifts.recurrence_words import words_of
from crm_tui.desk.undoing import undo_words
from crm_tui.desk.undoing.undo_words import Facts
from crm_tui.mail.text import display_text


def _title(side: Told) -> str:
    return short(str(side.get("title") or side.now.get("title") or ""))


def _who(side: Told) -> str:
    if side.get("department_id"):
        name = side.lookups.departments.get(side["department_id"], "")
        return _("department {name}").format(name=display_text(name) or side["department_id"])
    return agent_named(side.lookups, side.get("assignee_id", side.now.get("assignee_id")))


def _moved(before: Told, after: Told) -> str:
    words = _("moved the reminder “{title}” from {old} to {new}")
    return words.format(title=_title(after), old=day(before.get("due")), new=day(after.get("due")))


def _assigned(_before: Told, after: Told) -> str:
    return _("gave the reminder “{title}” to {name}").format(title=_title(after), name=_who(after))


def _changed(before: Told, after: Told) -> str:
    changes = []
    if "title" in after:
        changes.append(
            _("“{old}” is now “{new}”").format(old=short(str(before.get("title"))), new=short(str(after["title"])))
        )
    if "due" in after:
        changes.append(_("due {day}").format(day=day(after["due"])))
    if "assignee_id" in after or "department_id" in after:
        changes.append(_("for {name}").format(name=_who(after)))
    if "rule" in after:
        changes.append(words_of(str(after["rule"] or "")) or _("does not come back"))
    return _("reminder “{title}”: {changes}").format(
        title=_title(before if "title" in before else after), changes=", ".join(changes) or NOTHING
    )


says("reminder", "move", _moved, kind="reminder")
says("reminder", "assign", _assigned, kind="reminder")
says("reminder", "change", _changed, kind="reminder")


def _done(facts: Facts) -> str:
    if any(action == "create" for action, _before in facts.beside):
        return _("The reminder {what} is open again, and the next one of its series is gone.").format(what=facts.what)
    return _("The reminder {what} is open again.").format(what=facts.what)


def _plain(action: str, one: str) -> None:
    undo_words.says("reminder", action, did=lambda facts: _(one).format(what=facts.what))


undo_words.says("reminder", "done", did=_done)
_plain("move", N_("{what} is due as before."))
_plain("assign", N_("{what} is with whom it was before."))
_plain("change", N_("The reminder {what} is as it was."))
