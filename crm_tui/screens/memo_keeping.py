"""What agents wrote for each other about a thing: memos kept, changed and read on the screen of an inquiry or a reservation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.requests.inquiry_views import InternalView, MemoView
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.inquiries import calls

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class Noted(Protocol):
    """What was read of the thing, with its notes."""

    @property
    def memos(self) -> Sequence[MemoView]: ...

    @property
    def internal(self) -> Sequence[InternalView]: ...


class KeepsMemos(Asking):
    """Mixin of a screen that shows one thing; its memos are told apart by keys ``memo N`` and ``internal N``."""

    if TYPE_CHECKING:
        app: Any

        @property
        def noted(self) -> Noted | None: ...

        def reload(self) -> None: ...

    def store_memo(self, keep: str, work: Callable[[Context], Any], said: str) -> None:
        def done(outcome: calls.Done) -> None:
            stored(self.app, keep)
            self.shell.tell(calls.said(outcome, said))
            self.reload()

        self.ask(calls.noticing(work), done)

    def memo_opened(self, key: str) -> None:
        """One's own is changed, another's is read."""
        memo = self.memo_of(key)
        if memo is not None and memo.mine:
            self._change(memo)
        elif memo is not None:
            self.app.push_screen(TextDialog(_("Memo of {name}").format(name=memo.author), memo.text, wide=True))
        else:
            self._read_internal(key)

    def memo_of(self, key: str) -> MemoView | None:
        memos: Sequence[MemoView] = self.noted.memos if self.noted is not None else ()
        return next((one for one in memos if f"memo {one.id}" == key), None)

    def _change(self, memo: MemoView) -> None:
        keep = f"{memo.id} changed"

        def written(text: str | None) -> None:
            if text is not None:
                work = lambda ctx: desk.memos.edit(ctx, memo.id, memo.version, text)  # noqa: E731
                self.store_memo(keep, work, _("Memo changed · z takes it back"))

        self.app.push_screen(MemoBox(_("Change the memo"), keep, memo.text, memo.version), written)

    def _read_internal(self, key: str) -> None:
        listed = self.noted.internal if self.noted is not None else ()
        message = next((one for one in listed if f"internal {one.id}" == key), None)
        if message is None:
            return
        title = _("{sender} to {to}").format(sender=message.sender, to=message.to)
        self.app.push_screen(TextDialog(title, message.text, wide=True))
        ctx = self.shell.ctx
        if message.read_at is None and ctx is not None and message.to_id == ctx.actor.id:
            self.ask(lambda ctx: desk.internal.mark_read(ctx, [message.id]), lambda _count: self.reload())
