"""One key takes the newest command back: asked in a thread, said in one line, shown at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.facts import DeskFacts, read_facts

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.undoing.undo_views import UndoView

Answer = tuple["UndoView", "Changes", DeskFacts]


def undo(app: Any, changed: Callable[[Changes, DeskFacts], None]) -> None:
    """Take the agent's newest command back, of this session or one before.

    Args:
        app: the desk's App.
        changed: shows what is different now, without waiting until the desk notices by itself.
    """
    ctx = app.ctx
    if ctx is None:
        app.tell(_("The desk is still opening."), warning=True)
        return

    def is_anothers() -> bool:
        """The desk changed hands meanwhile: what one took back is not the next one's to read."""
        return app.ctx is None or app.ctx.actor.id != ctx.actor.id

    def done(answer: Answer) -> None:
        if is_anothers():
            return
        view, changes, facts = answer
        changed(changes, facts)
        if isinstance(app.screen, DeskScreen):
            app.screen.undone(view)
        _say(app, view)

    def failed(error: Exception) -> None:
        if is_anothers():
            return
        if isinstance(error, NotFound):  # that there is nothing is an answer, not a failure
            app.tell(str(error))
        else:
            app.report(error)

    app.background.submit(app, lambda: _take_back(ctx), done, failed, in_order=True)


def _take_back(ctx: Context) -> Answer:
    from crm_tui import desk

    last = desk.changes.last(ctx)
    view = desk.undo.undo(ctx)
    return view, desk.changes.since(ctx, last), read_facts(ctx)


def _say(app: Any, view: UndoView) -> None:
    if view.draft is not None and not view.queued:
        # one more z is likely: an editor would take it for a letter
        app.tell(_("{text} It stands in Drafts.").format(text=view.text))
        return
    app.tell(view.text)
    if view.draft is not None:
        from crm_tui.screens.outbox.notice import withdraw

        withdraw(app)
        app.write("new", draft_id=view.draft, undone=True)
