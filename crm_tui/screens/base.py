"""What every screen stands on: the shell it lives in, questions to the desk in threads, header and footer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from crm_tui.base.clock import Clock
from crm_tui.base.paths import Home
from crm_tui.base.settings import Settings
from crm_tui.screens.actions import SCREEN_ACTIONS
from crm_tui.screens.presence import NOTHING, Attends
from crm_tui.widgets.actions import bindings, key_sign
from crm_tui.widgets.background import Background
from crm_tui.widgets.footer import FooterLine
from crm_tui.widgets.header import DeskStatus, HeaderLine
from crm_tui.widgets.record_reading import RecordReader

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import AccountView, Changes, Count, SavedViewView
    from crm_tui.desk.shifts.internal_views import Others
    from crm_tui.desk.undoing.undo_views import UndoView
    from crm_tui.screens.snapshot import Snapshot

T = TypeVar("T")
Result = TypeVar("Result")


class Shell(Protocol):
    """What screens may ask of the App."""

    home: Home
    settings: Settings
    clock: Clock
    background: Background
    status: DeskStatus
    counts: dict[str, Count]
    accounts: tuple[AccountView, ...]
    views: tuple[SavedViewView, ...]
    others: Others

    @property
    def zone(self) -> tzinfo:
        """The property's time zone."""
        ...

    @property
    def ctx(self) -> Context | None:
        """The open store; ``None`` until it is open."""
        ...

    def report(self, error: BaseException) -> None:
        """Tell a failure: a :class:`CrmError` as a toast, anything else as a bug in the log."""
        ...

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Say something in passing. ``text`` is never parsed as markup."""
        ...

    def go(self, place_id: str) -> None:
        """Go to a place of the catalog, or to a saved view (``view:NUMBER``)."""
        ...

    def show_folder(self, folder: str) -> None:
        """Show a list (``ListQuery.place``) on the mail screen; a saved view of guests among the guests."""
        ...

    def open_conversation(self, conversation_id: int, message_id: int | None = None) -> None:
        """Show a conversation on the mail screen."""
        ...

    def open_inquiry(self, inquiry_id: int) -> None:
        """Show an inquiry over the present screen."""
        ...

    def open_guest(self, guest_id: int) -> None:
        """Show a guest's profile over the present screen."""
        ...

    def open_reservation(self, reservation_id: int, beside: Callable[[int], int | None] | None = None) -> None:
        """Show a reservation over the present screen; ``beside`` leads to the next one of a list and the one before."""
        ...

    def write(
        self,
        kind: str,
        *,
        message_id: int | None = None,
        conversation_id: int | None = None,
        draft_id: int | None = None,
        undone: bool = False,
        to: str = "",
        reservation_id: int | None = None,
    ) -> None:
        """Open the compose screen; ``kind`` is reply, reply_all, forward or new; ``undone``: by the undo key.

        ``to`` is whom a new one is written to, ``reservation_id`` what it is about.
        """
        ...

    def sync_now(self) -> None:
        """Have the engine fetch mail now."""
        ...

    def attend(self) -> None:
        """What is open on the screen changed: the other desks are told (:attr:`DeskScreen.attends`)."""
        ...


class Guarded:
    """Mixin for screens and widgets: an unexpected error in a handler is reported, and the widget lives on.

    Textual ends the message loop of a widget whose handler raised; a desk must stay up.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)  # type: ignore[misc]
        except Exception as error:
            self.app._handle_exception(error)  # type: ignore[attr-defined]


class Asking:
    """Mixin: questions and commands to the desk, answered on the event loop."""

    @property
    def shell(self) -> Shell:
        """The App, as far as screens may know it."""
        return cast(Shell, self.app)  # type: ignore[attr-defined]

    def ask(
        self,
        work: Callable[[Context], T],
        done: Callable[[T], None] | None = None,
        *,
        topic: str = "",
        failed: Callable[[Exception], None] | None = None,
        in_order: bool = False,
    ) -> bool:
        """Run ``work`` on the store in a thread; ``done`` gets its result on the event loop.

        Args:
            topic: only the answer to the newest question of a topic arrives.
            failed: takes the exception; without it the shell reports it.
            in_order: after all that was asked in order before: for commands.

        Returns:
            False if the store is not open yet (nothing was asked).
        """
        shell = self.shell
        ctx = shell.ctx
        if ctx is None:
            return False
        deliver = self._if_here(done)
        shell.background.submit(
            cast(Any, self), lambda: work(ctx), deliver, failed or shell.report, topic, in_order=in_order
        )
        return True

    def _if_here(self, done: Callable[[T], None] | None) -> Callable[[T], None]:
        def deliver(value: T) -> None:
            if done is not None and self.is_attached:  # type: ignore[attr-defined]
                done(value)

        return deliver


class DeskScreen(Guarded, Asking, Screen[Result]):
    """A screen of the desk: header, what :meth:`body` gives, footer.

    The App calls :meth:`desk_ready` once the store is open, :meth:`desk_changed` when something in it changed, and
    asks :attr:`unsaved` before it quits.
    """

    AUTO_FOCUS: ClassVar[str | None] = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-one-pane"), (110, "-two-panes"), (150, "-three-panes")]
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCREEN_ACTIONS)
    passing: ClassVar[bool] = False
    """It is only a way to somewhere (a search): going elsewhere leaves it."""

    letters_are_text: ClassVar[bool] = False
    """Letters are typed here, never commands, whatever has the focus: the keys of the desk that are letters rest."""

    # Textual paints the whole screen when the focus moves; the widgets paint what that changes by themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def compose(self) -> ComposeResult:
        """Header, body, footer."""
        yield HeaderLine()
        yield from self.body()
        yield FooterLine()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether a key is not for the App (Textual asks this of all that lies above it)."""
        if self.letters_are_text and len(character or key_sign(key)) == 1:
            return True
        return super().check_consume_key(key, character)

    def body(self) -> ComposeResult:
        """The widgets between header and footer."""
        yield from ()

    @property
    def unsaved(self) -> str:
        """What would be lost by quitting now, a sentence; empty if nothing."""
        return ""

    @property
    def attends(self) -> Attends:
        """What is open here, for the other desks to see; :meth:`Shell.attend` when it changes without a change of screen."""
        return NOTHING

    def others_changed(self) -> None:
        """Another desk opened or left something: ``shell.others`` is new."""

    def desk_ready(self) -> None:
        """The store is open: ask for what is shown. Also called when the screen is shown for the first time after that."""

    def desk_changed(self, changes: Changes) -> None:
        """Something changed, here or in another process: refresh what is shown."""

    def undone(self, view: UndoView) -> None:
        """A command was taken back by ``z`` while this screen was on top; what is different now was shown already."""

    def forget_snapshot(self) -> None:
        """It is not known who opens the desk: take what the snapshot showed off the screen."""

    def add_to_snapshot(self, snapshot: Snapshot) -> Snapshot:
        """What this screen gives to the next start's first frame."""
        return snapshot

    def minute_passed(self) -> None:
        """Another minute: repaint relative times."""

    def on_mount(self) -> None:
        """Tell the header, and start if the store is open already."""
        self.tell_header()
        if self.shell.ctx is not None:
            self.call_after_refresh(self.desk_ready)

    def on_screen_resume(self) -> None:
        """The header may be old."""
        self.tell_header()

    def tell_header(self) -> None:
        """Refresh the header line."""
        shell = self.shell
        for header in self.query(HeaderLine):
            header.tell(shell.status, shell.clock.now(), shell.zone)

    @on(RecordReader.Failed)
    def _not_listed(self, event: RecordReader.Failed) -> None:
        """A list could not be read; the rows it shows stay."""
        event.stop()
        self.shell.report(event.error)

    def action_note_promise(self) -> None:
        """A reminder of what the mail that was sent last promises."""
        from crm_tui.screens.reminders.promising import note_last

        note_last(self.app)

    def action_back(self) -> None:
        """One step back: leave this screen if another lies under it."""
        if len(self.app.screen_stack) > 1:
            self.dismiss()


class Dialog(Guarded, Asking, ModalScreen[Result]):
    """A modal box in the middle; Esc closes it with no result."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "close", "")]

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)
