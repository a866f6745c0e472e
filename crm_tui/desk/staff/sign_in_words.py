"""What the history of an agent says of PINs and of signing in (SPEC §13)."""

from __future__ import annotations

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told


def _said(before: Told, after: Told) -> str:
    if not after.get("has_pin"):
        return _("PIN removed")
    return _("PIN changed") if before.get("has_pin") else _("PIN set")


def _said_wrong(_before: Told, after: Told) -> str:
    count = int(after.get("count") or 1)
    words = ngettext("{n} wrong PIN in a row", "{n} wrong PINs in a row", count).format(n=count)
    login = str(after.get("login") or "")
    return f"{words} · {login}" if login else words


def _said_stand_in(_before: Told, after: Told) -> str:
    return _("an administrator sat down in their place ({login})").format(login=after.get("login", ""))


history_words.says("agent", "pin", _said)
history_words.says("agent", "wrong-pin", _said_wrong)
history_words.says("agent", "stand-in", _said_stand_in)
