"""A half-written text whose beginning somebody else changed meanwhile: neither of the two is lost without a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.content import Content

from crm_tui.base.i18n import _
from crm_tui.widgets.dialogs import Answer, Ask


def ask_which(app: Any, theirs: str, mine: str, done: Callable[[str | None], None]) -> None:
    """Show what stands there now; ``done`` gets the text to go on with, None: back.

    Args:
        theirs: what stands there now.
        mine: what the agent had begun to write.
    """
    answers = (
        Answer(theirs, "t", _("Take that; what you had begun goes")),
        Answer(mine, "m", _("Go on with yours; it replaces that when you save")),
        Answer(f"{theirs}\n\n{mine}", "b", _("Both, yours below")),
    )
    title = _("It was changed since you began. There it says now:")
    app.push_screen(Ask(title, Content(theirs), answers), done)
