"""Starting a triage run from a screen that shows lists of conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import ListQuery
from crm_tui.screens.base import Asking

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class StartsRun(Asking):
    """Mixin: ``t``."""

    if TYPE_CHECKING:
        app: Any

    @property
    def place_to_run(self) -> str:
        """The list whose unanswered conversations are gone through; ``All`` by default."""
        return "All"

    def action_run(self) -> None:
        """Go through what waits, the oldest first; say so where nothing does."""
        query = ListQuery(self.place_to_run, "unanswered", "waiting")

        def counted(total: int) -> None:
            if not total:
                self.shell.tell(_("Nobody waits for an answer here."))
                return
            from crm_tui.screens.run.screen import RunScreen

            self.app.push_screen(RunScreen(query, total))

        if not self.ask(lambda ctx: _total(ctx, query), counted, topic="run"):
            self.shell.tell(_("The desk is still opening."), warning=True)


def _total(ctx: Context, query: ListQuery) -> int:
    from crm_tui import desk

    return desk.folders.total(ctx, query)
