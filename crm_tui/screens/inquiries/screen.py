"""The list of inquiries, and beside it on a wide desk what the one under the cursor says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.requests.inquiry_views import InquiryQuery, InquiryRow
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.inquiries import calls
from crm_tui.screens.inquiries.actions import LIST
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.facts import headline, preview
from crm_tui.screens.inquiries.rows import InquiryRowView, InquirySource, signs
from crm_tui.screens.inquiries.words import STATUS_KEYS, status_word
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.forms import Choice as Pick
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

PREVIEW_DELAY = 0.15
"""Seconds the cursor rests on a row before a wide desk shows the inquiry beside it."""

TWO_PANES = 110
ORDERS = ("planned", "newest", "arrival")


class InquiriesScreen(Today, DeskScreen[None]):
    """Mode 3: every request for a stay, the open ones first of all."""

    CSS_PATH = "screen.tcss"
    BINDINGS = bindings(LIST)

    def __init__(self) -> None:
        super().__init__()
        self.query_shown = InquiryQuery()
        self._timer: Timer | None = None
        self.previewed: calls.Whole | None = None

    def body(self) -> ComposeResult:
        """List and preview."""
        self.view = InquiryRowView(self.shell, self.today)
        self.list: RecordList[InquiryRow] = RecordList(self.view, self.shell.background, markable=False, id="list")
        self.title_line = Line(id="list-title")
        self.preview_title = Line(id="preview-title")
        self.preview = EntryList(list, id="preview")
        self.preview.can_focus = False
        with Horizontal():
            with Vertical(id="middle"):
                yield self.title_line
                yield self.list
            with Vertical(id="right") as self.right:
                yield self.preview_title
                yield self.preview

    def on_mount(self) -> None:
        """The list has the focus."""
        self.right.display = self.app.size.width >= TWO_PANES
        self.list.focus(scroll_visible=False)
        self._show_title()
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the list."""
        self._read(keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Refresh what is shown."""
        touched = {"inquiry", "guest", "agent", "conversation", "memo", "reminder"}
        if changes.everything or changes.ids.keys() & touched:
            self.list.reload()
            self.previewed = None
            self._preview_soon()

    def minute_passed(self) -> None:
        """How long guests wait moves on."""
        self.list.repaint()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs of the list mean."""
        return signs()

    # The list

    def _show(self, query: InquiryQuery) -> None:
        self.query_shown = query
        self._read()
        self._show_title()

    def _read(self, keep: InquiryRow | None = None) -> None:
        ctx = self.shell.ctx
        if ctx is not None:
            self.view.empty_text = empty_text(self.query_shown)
            self.list.set_source(InquirySource(ctx, self.query_shown), keep=keep)

    def _show_title(self) -> None:
        total = self.list.total
        count = ngettext("{n} inquiry", "{n} inquiries", total).format(n=grouped(total))
        words = [status_filter(self.query_shown.status), handler_filter(self.query_shown.handler)]
        order = {"newest": _("newest first"), "arrival": _("next arrival first")}.get(self.query_shown.order, "")
        filtered = " · ".join(word for word in (*words, order) if word)
        self.title_line.show(
            list_title(_("Inquiries").upper(), count, filtered=filtered),
            [(_("N new") + " ", "muted")],
        )

    @on(RecordList.Loaded)
    def _list_changed(self) -> None:
        self._show_title()

    @on(RecordList.Highlighted)
    def _preview_soon(self) -> None:
        if self.right.display:
            if self._timer is not None:
                self._timer.stop()
            self._timer = self.set_timer(PREVIEW_DELAY, self._preview)

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if row is not None:
            from crm_tui.screens.inquiries.detail import InquiryScreen

            self.app.push_screen(InquiryScreen(row.id, self._beside))

    def _beside(self, by: int) -> int | None:
        """Move the cursor; the number of the inquiry that it then stands on."""
        self.list.move_to(self.list.index + by)
        row = self.list.current
        return row.id if row is not None else None

    # The preview

    def _preview(self) -> None:
        row = self.list.current
        if row is None:
            self.preview_title.show([])
            self.preview.show(lambda _width: ())
        elif self.previewed is None or self.previewed.view.id != row.id:
            self.ask(lambda ctx: calls.whole(ctx, row.id), self._show_preview, topic="preview", failed=_unseen)

    def _show_preview(self, found: calls.Whole) -> None:
        self.previewed = found
        self.preview_title.show(headline(found.view, self.today()))
        self.preview.show(preview(found, self.today(), self.shell.clock.now(), self.shell.zone))
        self.preview.scroll_to(y=0, animate=False, force=True)

    def on_resize(self) -> None:
        """A wide desk shows more."""
        self.right.display = self.app.size.width >= TWO_PANES
        self._preview_soon()

    # Actions

    def action_filter(self) -> None:
        """Choose by a letter what is shown."""
        choices = [
            Choice("f", _("Open ones"), "status:open"),
            Choice("a", _("All"), "status:all"),
            *(Choice(key, status_word(status).capitalize(), f"status:{status}") for key, status in STATUS_KEYS.items()),
            Choice("e", _("Everybody's"), "handler:"),
            Choice("m", _("Mine"), "handler:me"),
            Choice("u", _("Nobody's"), "handler:nobody"),
            Choice("h", _("A colleague's…"), "who"),
        ]
        self.app.push_screen(LeaderMenu(_("Show"), choices), self._filter)

    def _filter(self, answer: str | None) -> None:
        kind, _sep, value = (answer or "").partition(":")
        if kind == "status":
            self._show(replace(self.query_shown, status=value))
        elif kind == "handler":
            self._show(replace(self.query_shown, handler=value))
        elif kind == "who":
            self.ask(lambda ctx: calls.agents(ctx), self._pick_handler)

    def _pick_handler(self, agents: Sequence[AgentView]) -> None:
        def picked(choice: Pick | None) -> None:
            if choice is not None:
                self._show(replace(self.query_shown, handler=str(choice.value)))

        choices = [Pick(agent.name, agent.name) for agent in agents]
        self.app.push_screen(PickList(_("Whose inquiries"), choices), picked)

    def action_book(self) -> None:
        """The form of a reservation, with what the inquiry says."""
        row = self.list.current
        if row is not None:
            self.app.push_screen(catalog.load(catalog.RESERVATION_FORM)(inquiry=row.id))

    def action_sort(self) -> None:
        """The next order."""
        order = ORDERS[(ORDERS.index(self.query_shown.order) + 1) % len(ORDERS)]
        self._show(replace(self.query_shown, order=order))

    def action_back(self) -> None:
        """A filter goes first."""
        if self.query_shown != InquiryQuery():
            self._show(InquiryQuery())


def _unseen(_error: Exception) -> None:
    """It was hidden or taken away meanwhile; the list will say so by itself."""


def status_filter(status: str) -> str:
    """How a list is filtered by status, in words."""
    if status == "all":
        return _("open and closed")
    return _("open") if status == "open" else _("only {status}").format(status=status_word(status))


def handler_filter(handler: str) -> str:
    """How a list is filtered by handler, in words; empty for anybody's."""
    words = {"": "", "me": _("mine"), "nobody": _("nobody's")}
    return words[handler] if handler in words else _("of {name}").format(name=handler)


def empty_text(query: InquiryQuery) -> list[Part]:
    """What an empty list says."""
    if query != InquiryQuery():
        what = " · ".join(word for word in (status_filter(query.status), handler_filter(query.handler)) if word)
        words = _("No inquiry here: {what}.").format(what=what)
        return [(words, "muted"), (_("Esc shows the open ones of everybody."), "key")]
    return [
        (_("No open inquiry. Every request for a stay stands here until it is booked, lost or cancelled."), "muted"),
        (_("i on a mail makes one from it; N takes one down by phone or at the counter."), "key"),
    ]
