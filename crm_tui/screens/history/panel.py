"""The history as a part of a screen: comments and changes together, one line an entry."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import Changes
from crm_tui.desk.histories.history_views import HistoryEntry, Show
from crm_tui.screens.base import Asking, Guarded, Shell
from crm_tui.screens.history.actions import ACTIONS
from crm_tui.screens.history.rows import NARROW, HistoryRow, HistoryRowView, HistorySource
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.times import exact

_ORDER = (Show.ALL, Show.COMMENTS, Show.CHANGES)

_TELLS = {"conversation", "inquiry", "guest", "memo", "internal", "reminder", "outbox", "message", "mailbox"} | {
    *("reservation", "flight", "payment", "folio", "posting", "event", "feedback"),
}
"""Changes of these may add to a history."""


class HistoryPanel(Guarded, Asking, Vertical):
    """Shows the history of one thing; ``f`` filters, ``o`` turns it round, Enter shows an entry whole.

    Args:
        shell: the App, as far as screens may know it.
    """

    DEFAULT_CSS = """
    HistoryPanel { height: 1fr; }
    HistoryPanel #said { background: $surface; }
    HistoryPanel #entry { height: auto; max-height: 8; padding: 0 1; background: $surface; color: $text-muted; }
    """
    BINDINGS = bindings(ACTIONS)

    def __init__(self, shell: Shell, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._desk = shell
        self._thing: tuple[str, int] | None = None
        self._heading = ""
        self.only: str = Show.ALL
        self.newest_first = True

    def compose(self) -> ComposeResult:
        """Heading, entries, and the entry under the cursor."""
        self.view = HistoryRowView(self._desk)
        self.said = Line(id="said")
        self.list: RecordList[HistoryRow] = RecordList(self.view, self._desk.background, id="entries")
        self.detail = Static("", id="entry", markup=False)
        yield self.said
        yield self.list
        yield self.detail

    def show(self, kind: str, number: int, heading: str = "") -> None:
        """Show the history of a thing.

        Args:
            kind: conversation, inquiry, guest or reservation.
            heading: its name, display-safe.
        """
        self._thing, self._heading = (kind, number), heading
        self._read(keep=False)

    @property
    def entry(self) -> HistoryEntry | None:
        """The entry under the cursor."""
        row = self.list.current
        return row.entry if row is not None else None

    def desk_changed(self, changes: Changes) -> None:
        """Something may have been added: for the screen to pass on."""
        if self._thing is not None and (changes.everything or _TELLS & changes.ids.keys()):
            self.list.reload()

    def repaint(self) -> None:
        """Another minute: for the screen to pass on."""
        self.list.repaint()

    def _read(self, *, keep: bool) -> None:
        ctx = self._desk.ctx
        if self._thing is None or ctx is None:
            return
        kind, number = self._thing
        source = HistorySource(ctx, kind, number, self.only, self.newest_first, self._desk)
        self.view.empty_text = self._empty()
        self.list.set_source(source, keep=self.list.current if keep else None)

    def _empty(self) -> list[tuple[str, str]]:
        words = {
            Show.ALL: _("Nothing has happened yet."),
            Show.COMMENTS: _("Nobody has written a memo or an internal message."),
            Show.CHANGES: _("Nothing has been changed yet."),
        }
        hint = _("c writes a memo.") if self.only != Show.CHANGES else _("f shows all.")
        return [(words[Show(self.only)], "muted"), (hint, "faint")]

    @on(RecordList.Loaded)
    def _loaded(self) -> None:
        total = self.list.total
        words = ngettext("{n} entry", "{n} entries", total).format(n=total)
        only = {Show.COMMENTS: _("only comments"), Show.CHANGES: _("only changes")}.get(Show(self.only), "")
        heading = _("History of {name}").format(name=self._heading) if self._heading else _("History")
        order = _("newest first") if self.newest_first else _("oldest first")
        self.said.show(list_title(heading, words, filtered=only), [(order + " ", "faint")])

    @on(RecordList.Highlighted)
    def _highlighted(self) -> None:
        entry = self.entry
        if entry is None:
            self.detail.update("")
            return
        parts: list[tuple[str, str] | str] = [(exact(entry.at, self._desk.zone), "bold")]
        if entry.undone:
            words = _("taken back by {who}, {when}") if entry.undone_by else _("taken back")
            when = exact(entry.undone_at, self._desk.zone) if entry.undone_at else ""
            parts.append(" · " + words.format(who=entry.undone_by, when=when))
        if entry.who and self.size.width < NARROW:
            parts.append(f" · {entry.who}")
        lines = (entry.whole or entry.text).split("\n")
        shown = "\n".join(lines[:3]) + ("\n…" if len(lines) > 3 else "")
        self.detail.update(Content.assemble(*parts, "\n", shown[:600]))

    @on(RecordList.Failed)
    def _failed(self, event: RecordList.Failed) -> None:
        event.stop()
        self._desk.report(event.error)

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        entry = self.entry
        if entry is None:
            return
        if entry.message is not None and entry.conversation is not None:
            self._desk.open_conversation(entry.conversation, entry.message)
            return
        from crm_tui.screens.dialogs.text import TextDialog

        title = f"{entry.who} · {exact(entry.at, self._desk.zone)}" if entry.who else exact(entry.at, self._desk.zone)
        self.app.push_screen(TextDialog(title, entry.whole or entry.text))

    def action_filter(self) -> None:
        """All, comments, changes, in turn."""
        self.only = _ORDER[(_ORDER.index(Show(self.only)) + 1) % len(_ORDER)]
        self._read(keep=False)

    def action_sort(self) -> None:
        """The other way round; the entry stays under the cursor."""
        self.newest_first = not self.newest_first
        self._read(keep=True)
