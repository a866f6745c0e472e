"""Changing how reservations stand: asked by a letter, with what is to follow from it; in the list and on the detail screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.vocabulary import ReservationStatus
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.reservations.words import STATUS_KEYS, status_word
from crm_tui.widgets.dialogs import Answer, Ask

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.stays.reservation_status import Consequences, StatusChange

SHOWN = 5
"""Reminders that a question names."""


class ChangesStatus(Asking):
    """Mixin: asks for a status and for what is to follow from it, and changes it."""

    if TYPE_CHECKING:
        app: Any

    def status_changed(self) -> None:
        """The change is stored: show it."""

    def ask_status(self, title: str, numbers: Sequence[int], now: str = "") -> None:
        """Choose a status by its letter.

        Args:
            now: how they stand all of them, so that it is not offered; empty if they differ.
        """
        choices = [
            Choice(key, status_word(status).capitalize(), str(status))
            for key, status in STATUS_KEYS.items()
            if status != now
        ]

        def chosen(status: str | None) -> None:
            if status:
                self.ask(
                    lambda ctx: desk.reservation_status.consequences(ctx, numbers, status),
                    lambda found: self._ask_consequences(numbers, status, found),
                )

        self.app.push_screen(LeaderMenu(title, choices), chosen)

    def _ask_consequences(self, numbers: Sequence[int], status: str, found: Consequences) -> None:
        if not found.changing:
            self.shell.tell(_("Nothing to do: that is how it stands already."))
        elif status == ReservationStatus.CANCELLED and found.reminders:
            self._ask_reminders(numbers, status, found)
        elif status == ReservationStatus.COMPLETED and found.holders:
            self._ask_feedback(numbers, status, found)
        else:
            self._set_status(numbers, status)

    def _ask_reminders(self, numbers: Sequence[int], status: str, found: Consequences) -> None:
        count = len(found.reminders)
        text = ngettext("{n} open reminder is about it:", "{n} open reminders are about it:", count).format(n=count)
        text += "".join(f"\n· {title}" for title in found.reminders[:SHOWN]) + ("\n…" if count > SHOWN else "")
        answers = (
            Answer("close", "y", _("Cancel, and the reminders are done")),
            Answer("keep", "k", _("Cancel, the reminders stay")),
        )

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._set_status(numbers, status, close_reminders=answer == "close")

        self.app.push_screen(Ask(_cancel_title(found), text, answers), answered)

    def _ask_feedback(self, numbers: Sequence[int], status: str, found: Consequences) -> None:
        text = _("A reminder for tomorrow can ask the team to call or write to the holder.")
        answers = (
            Answer("ask", "y", _("Remind us to ask how it was")),
            Answer("no", "n", _("Completed, nothing more")),
        )
        title = ngettext(
            "Ask the holder of {code} how it was?", "Ask the holders of {n} reservations how it was?", found.holders
        ).format(n=found.holders, code=found.codes[0])

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._set_status(numbers, status, ask_feedback=answer == "ask")

        self.app.push_screen(Ask(title, text, answers), answered)

    def _set_status(
        self, numbers: Sequence[int], status: str, *, close_reminders: bool = False, ask_feedback: bool = False
    ) -> None:
        def work(ctx: Context) -> StatusChange:
            return desk.reservation_status.set_status(
                ctx, numbers, status, close_reminders=close_reminders, ask_feedback=ask_feedback
            )

        self.ask(work, self._status_told, in_order=True)

    def _status_told(self, did: StatusChange) -> None:
        count = len(did.changed)
        words = ngettext("{n} reservation is {status} now", "{n} reservations are {status} now", count)
        parts = [words.format(n=count, status=status_word(did.status))]
        if did.closed:
            parts.append(ngettext("{n} reminder is done", "{n} reminders are done", did.closed).format(n=did.closed))
        if did.asked:
            parts.append(_("a reminder asks for feedback"))
        self.shell.tell(" · ".join((*parts, _("z takes it back"))))
        self.status_changed()


def _cancel_title(found: Consequences) -> str:
    if found.changing == 1:
        return _("Cancel {code}?").format(code=found.codes[0])
    return ngettext("Cancel {n} reservation?", "Cancel {n} reservations?", found.changing).format(n=found.changing)
