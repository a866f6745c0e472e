"""What the screens of privacy share: consent as it was said, the question before an erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.screens.base import Asking
from crm_tui.widgets.dialogs import Answer, Ask

if TYPE_CHECKING:
    from crm_tui.desk.client_base.consents import ConsentWord
    from crm_tui.desk.common.context import Context

ON_REQUEST, NO_LONGER = "request", "no longer"


class ShowsConsents(Asking):
    """Mixin: what a guest said about being written to or called, ever."""

    if TYPE_CHECKING:
        app: Any

    def show_consents(self, guest_id: int, name: str) -> None:
        """Show it in a box."""

        def read(ctx: Context) -> list[ConsentWord]:
            return desk.consents.consent_history(ctx, guest_id)

        def shown(words: list[ConsentWord]) -> None:
            from crm_tui.screens.dialogs.text import TextDialog
            from crm_tui.screens.privacy.words import consent_text

            title = _("Consent of {name}, as it was said").format(name=name)
            self.app.push_screen(TextDialog(title, consent_text(words)))

        self.ask(read, shown, topic="consents")


def ask_erase(title: str, text: str) -> Ask:
    """Ask once before an erasure, and what it is for; ``title`` names whom."""
    return Ask(
        title,
        text,
        (
            Answer("", "n", _("Keep it")),
            Answer(ON_REQUEST, "r", _("Erase: the guest asked for it"), danger=True),
            Answer(NO_LONGER, "o", _("Erase: it is no longer needed"), danger=True),
        ),
    )


def reason_words(answer: str) -> str:
    """What the erasure was done for."""
    return _("on the guest's request") if answer == ON_REQUEST else _("no longer needed")
