"""Snoozing: a menu of instants by letters, a day that is typed, and once more by one key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from crm_tui.base.i18n import N_, _
from crm_tui.desk.common.views import ConversationRow
from crm_tui.rules.snoozing import choices as instants
from crm_tui.screens.dialogs.day import DayDialog
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.mail import effects
from crm_tui.screens.mail.acting import Acting, named
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import ahead

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

_WORDS = {
    "later": ("l", N_("In three hours")),
    "evening": ("e", N_("This evening")),
    "tomorrow": ("t", N_("Tomorrow morning")),
    "days": ("3", N_("In three days")),
    "monday": ("m", N_("Next Monday")),
}
_REPLY, _DAY, _AGAIN, _WAKE = "r", "d", "s", "w"


class Sleeping(Acting):
    """Mixin: ``s`` and ``Z``."""

    def action_snooze(self) -> None:
        """Choose until when the targets are out of sight."""
        rows = list(self.targets)
        if not rows:
            return
        now, zone = self.shell.clock.now(), self.shell.zone
        found = instants(now, zone)
        menu = [
            Choice(_WORDS[name][0], _(_WORDS[name][1]), _WORDS[name][0], ahead(at, now, zone))
            for name, at in found.items()
        ]
        menu.append(Choice(_REPLY, _("Until a reply"), _REPLY))
        menu.append(Choice(_DAY, _("On a day…"), _DAY))
        if any(row.wake_reason for row in rows):
            menu.append(Choice(_AGAIN, _("As before"), _AGAIN))
        if any(row.snoozed for row in rows):
            menu.append(Choice(_WAKE, _("Wake it now"), _WAKE))

        def until_day(until: datetime | None) -> None:
            if until is not None:
                self._snooze(rows, until)

        by_letter = {_WORDS[name][0]: at for name, at in found.items()}

        def go(letter: str | None) -> None:
            if letter == _DAY:
                self.app.push_screen(DayDialog(_("Snooze {what} until").format(what=named(rows))), until_day)
            elif letter == _AGAIN:
                self._again(rows)
            elif letter == _WAKE:
                self._wake(rows)
            elif letter is not None:
                self._snooze(rows, by_letter.get(letter))

        self.app.push_screen(LeaderMenu(_("Snooze {what}").format(what=named(rows)), menu), go)

    def _snooze(self, rows: Sequence[ConversationRow], until: datetime | None) -> None:
        ids = [row.id for row in rows]

        def snooze(ctx: Context) -> int:
            from crm_tui import desk

            return desk.snoozing.snooze(ctx, ids, until=until)

        if until is None:
            said = _("{what} sleeps until the guest answers · z takes it back").format(what=named(rows))
        else:
            when = ahead(until, self.shell.clock.now(), self.shell.zone)
            said = _("{what} sleeps until {when} · z takes it back").format(what=named(rows), when=when)
        self.act(snooze, effects.asleep(until), said, rows=rows)

    def action_snooze_again(self) -> None:
        """Snooze what woke once more, as before."""
        self._again(list(self.targets))

    def _again(self, targets: Sequence[ConversationRow]) -> None:
        rows = [row for row in targets if row.wake_reason]
        if not rows:
            self.shell.tell(
                _("That did not come back from a snooze; s snoozes it.")
                if targets
                else _("There is nothing here that could be snoozed again.")
            )
            return
        ids = [row.id for row in rows]

        def again(ctx: Context) -> int:
            from crm_tui import desk

            return desk.snoozing.snooze_again(ctx, ids)

        said = _("{what} sleeps again as before · z takes it back").format(what=named(rows))
        self.act(again, effects.asleep_again, said, rows=rows)

    def _wake(self, targets: Sequence[ConversationRow]) -> None:
        rows = [row for row in targets if row.snoozed]
        ids = [row.id for row in rows]

        def wake(ctx: Context) -> int:
            from crm_tui import desk

            return desk.snoozing.unsnooze(ctx, ids)

        said = _("{what} is awake · z takes it back").format(what=named(rows))
        self.act(wake, effects.awake, said, rows=rows)


def sleep_words(row: ConversationRow, when: str) -> Part | None:
    """What a row tells of its snooze, with its sign; ``when`` is the instant it sleeps until, in words."""
    if row.snoozed:
        return ("☾ " + (when or _("until a reply")), "muted")
    words = {"time": "◷ " + _("snooze over"), "reply": "↩ " + _("guest answered")}
    return (words[row.wake_reason], "accent strong") if row.wake_reason in words else None
