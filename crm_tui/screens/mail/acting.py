"""How a command on conversations runs: its effect is painted at once, the store follows in a thread, in the order of the keys.

If it is refused, the rows are shown again as they are, with the sentence that says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.screens.base import Asking
from crm_tui.screens.mail.effects import Effect, belongs
from crm_tui.widgets.cells import cut

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.widgets.record_list import RecordList


class Acting(Asking):
    """Mixin of screens that show conversations."""

    if TYPE_CHECKING:
        app: Any

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """What a command acts on."""
        raise NotImplementedError

    @property
    def lists(self) -> Sequence[tuple[RecordList[ConversationRow], ListQuery]]:
        """The lists on the screen, and what each of them shows."""
        raise NotImplementedError

    def foreseen(self, rows: Sequence[ConversationRow | None]) -> None:
        """The lists show these rows as they will be (None: gone); the screen follows with what else shows them."""

    def confirmed(self) -> None:
        """The store has answered: what else is shown may be read again."""

    def act(
        self,
        work: Callable[[Context], Any],
        effect: Effect,
        said: str = "",
        *,
        rows: Sequence[ConversationRow] | None = None,
        done: Callable[[Any], None] | None = None,
    ) -> None:
        """Run a command on the targets.

        Args:
            effect: what it does to each row, painted before ``work`` has run.
            said: told when it is done.
            rows: instead of the targets.
            done: gets the result.
        """
        chosen = list(self.targets if rows is None else rows)
        shown = self._foresee(chosen, effect)
        ids = [row.id for row in chosen]

        def finished(result: Any) -> None:
            self._settle(ids)
            if said:
                self.shell.tell(said)
            if done is not None:
                done(result)

        def failed(error: Exception) -> None:
            self._settle(ids)
            self.shell.report(error)

        if not self.ask(work, finished, failed=failed, in_order=True):
            self._settle(ids)
            self.shell.tell(_("The desk is still opening."), warning=True)
            return
        self.foreseen(shown)

    def _foresee(self, rows: Sequence[ConversationRow], effect: Effect) -> list[ConversationRow | None]:
        shown = [effect(row) for row in rows]
        for listed, query in self.lists:
            leaving = []
            for row, new in zip(rows, shown, strict=True):
                if new is not None and belongs(query, new):
                    listed.replace(new)
                else:
                    leaving.append(row.id)
            listed.take_out(leaving)
            listed.action_unmark_all()
        return shown

    def _settle(self, ids: Sequence[int]) -> None:
        for listed, _query in self.lists:
            listed.let_in(ids)
            listed.reload()
        self.confirmed()


def named(rows: Sequence[ConversationRow]) -> str:
    """The conversations in a sentence."""
    if len(rows) == 1:
        return "“" + cut(rows[0].subject or rows[0].counterpart.label or _("(no subject)"), 40) + "”"
    return ngettext("{n} conversation", "{n} conversations", len(rows)).format(n=len(rows))
