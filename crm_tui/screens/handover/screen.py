"""The shift handover: the open page, acknowledged line by line; without one, what a page made now would hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import Changes
from crm_tui.desk.shifts.handover_views import HandoverView, Sheet
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.dialogs.memo import MemoBox, stored
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.handover.actions import HANDOVER
from crm_tui.screens.handover.rows import HandoverLineView, Row, rows_of, signs
from crm_tui.screens.privacy.erase import written
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.line import Line
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

_KEEP = "handover"


@dataclass(frozen=True, slots=True)
class _Found:
    page: HandoverView | Sheet
    property: str


class _Lines(ListSource[Row]):
    """The lines as they were read last."""

    def __init__(self) -> None:
        super().__init__(())

    def take(self, rows: Sequence[Row]) -> None:
        """The lines as they are now."""
        super().__init__(rows)


class HandoverScreen(DeskScreen[None]):
    """One page of lines. What is taken over stays on it, so that one sees who took what."""

    BINDINGS = bindings(HANDOVER)

    def __init__(self) -> None:
        super().__init__()
        self._found: _Found | None = None
        self._older: int | None = None
        self._rows = _Lines()

    def body(self) -> ComposeResult:
        """Title over the lines, and how things stand below."""
        self.line = Line(id="title")
        self.list: RecordList[Row] = RecordList(HandoverLineView(self.shell), self.shell.background)
        self.foot = Line(id="foot")
        yield self.line
        yield self.list
        yield self.foot

    def on_mount(self) -> None:
        """The lines have the focus."""
        self.list.focus(scroll_visible=False)
        self.line.show([(" " + _("Handover").upper(), "title")])
        super().on_mount()

    def desk_ready(self) -> None:
        """Read the page."""
        older = self._older
        self.ask(lambda ctx: _read(ctx, older), self._show, topic="page")

    def desk_changed(self, changes: Changes) -> None:
        """Something of it may be settled now, or a colleague took a line over."""
        if changes:
            self.desk_ready()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.list.repaint()

    def signs(self) -> list[tuple[str, str]]:
        """For the help."""
        return signs()

    def _show(self, found: _Found) -> None:
        before, self._found = self._found, found
        rows = rows_of(found.page)
        same = before is not None and type(before.page) is type(found.page) and _number(before) == _number(found)
        self._rows.take(rows)
        if same:
            self.list.reload()
        else:
            first = next((row for row in rows if row.line is not None and row.line.acknowledged_at is None), None)
            self.list.set_source(self._rows, keep=first)
        self._show_title()
        self.refresh_bindings()

    def _show_title(self) -> None:
        found = self._found
        if found is None:
            return
        page = found.page
        name: Part = (" " + _("Handover").upper(), "title")
        if isinstance(page, Sheet):
            words = ngettext("{n} thing is open", "{n} things are open", len(page.items)).format(n=len(page.items))
            self.line.show([name, (" · " + words, "accent"), (" · " + _("not handed over yet: + does"), "muted")])
            self.foot.show([(" " + " · ".join(_left_out(page)), "muted")] if _left_out(page) else [])
            return
        at = moment(page.at, self.shell.clock.now(), self.shell.zone)
        made = _("of {name}, {at}").format(name=page.author or _("nobody"), at=at)
        left = (
            ngettext("{n} line to take over", "{n} lines to take over", page.waiting).format(n=page.waiting)
            if page.waiting
            else _("all of it is taken over")
        )
        self.line.show([name, (" · " + made, ""), (" · " + left, "accent" if page.waiting else "good")])
        hidden = ngettext("{n} line is for others", "{n} lines are for others", page.hidden).format(n=page.hidden)
        self.foot.show([(" " + hidden, "muted")] if page.hidden else [])

    # Acting

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What makes no sense now is dimmed."""
        if action in ("take", "take_noted") and self._found is not None:
            return bool(self._waiting) or None
        return super().check_action(action, parameters)

    @property
    def _waiting(self) -> list[Row]:
        """The marked lines, or the cursor's, that nobody took over."""
        return [row for row in self.list.chosen if row.line is not None and row.line.acknowledged_at is None]

    @on(RecordList.Highlighted)
    @on(RecordList.MarksChanged)
    def _moved(self) -> None:
        self.refresh_bindings()

    def action_take(self) -> None:
        """Take the lines over."""
        self._take(self._waiting, "")

    def action_take_noted(self) -> None:
        """Take them over with a note."""
        rows = self._waiting
        if rows:
            title = _("Note to “{line}”").format(line=rows[0].text[:50]) if len(rows) == 1 else _("Note to the lines")
            self.app.push_screen(AskLine(title), lambda note: self._take(rows, note) if note is not None else None)

    def _take(self, rows: Sequence[Row], note: str) -> None:
        if not rows:
            if self._found is not None and isinstance(self._found.page, Sheet):
                self.shell.tell(_("Nothing was handed over yet: + hands over what is open."))
            return
        ids = [row.id for row in rows]

        def taken(left: int) -> None:
            words = ngettext("{n} line taken over", "{n} lines taken over", len(ids)).format(n=len(ids))
            rest = _("the page is closed") if not left else ngettext("{n} is left", "{n} are left", left).format(n=left)
            self.shell.tell(_("{words}, {rest} · z takes it back").format(words=words, rest=rest))
            self._older = rows[0].line.handover if not left and rows[0].line is not None else self._older
            self.desk_ready()

        self.ask(lambda ctx: _acknowledge(ctx, ids, note), taken, in_order=True)
        self.list.action_unmark_all()
        following = [row for row in self.list.visible_rows() if row.id not in ids]
        waiting = [row for row in following if row.line is not None and row.line.acknowledged_at is None]
        below = [row for row in waiting if (self.list.pages.place(row.id) or 0) > self.list.index]
        if below or waiting:
            self.list.focus_row((below or waiting)[0].id)

    def action_make(self) -> None:
        """Ask for a note, then hand over."""

        def written(note: str | None) -> None:
            if note is not None:
                self._make(note)

        box = MemoBox(_("What else must the next shift know? Each line is taken over for itself."), _KEEP, empty=True)
        self.app.push_screen(box, written)

    def _make(self, note: str) -> None:
        def made(number: int) -> None:
            stored(self.app, _KEEP)
            self._older = None
            self.shell.tell(_("Handover {number} is made · z takes it back").format(number=number))
            self.desk_ready()

        self.ask(lambda ctx: _make(ctx, note), made, in_order=True)

    # Looking

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        """Go to what the line is about."""
        event.stop()
        row = event.list.current
        line = row.line if isinstance(row, Row) else None
        if line is None or line.at is None:
            return
        if line.where == "conversation":
            self.shell.open_conversation(line.at)
        elif line.where == "inquiry":
            self.shell.open_inquiry(line.at)
        elif line.where == "guest":
            self.shell.open_guest(line.at)
        elif line.where == "reservation":
            self.app.push_screen(catalog.load(catalog.RESERVATION)(line.at))
        elif line.where == "outbox":
            self.shell.go("outbox")

    def action_older(self) -> None:
        """Choose another page."""

        def show(found: Sequence[HandoverView]) -> None:
            now, zone = self.shell.clock.now(), self.shell.zone
            choices = [
                Choice(
                    page.id,
                    _("{at}, {name}").format(at=moment(page.at, now, zone), name=page.author or _("nobody")),
                    ngettext("{n} line", "{n} lines", len(page.lines)).format(n=len(page.lines)),
                )
                for page in found
            ]
            self.app.push_screen(PickList(_("Which page?"), choices), chosen)

        def chosen(pick: Choice | None) -> None:
            if pick is not None:
                self._older = pick.value
                self.desk_ready()

        self.ask(_pages, show)

    def action_back(self) -> None:
        """From an older page to the present one, then away."""
        if self._older is not None:
            self._older = None
            self.desk_ready()
            return
        super().action_back()

    def action_text(self) -> None:
        """The page as it is printed, as wide as the screen."""
        if self._found is not None:
            text = self._text(min(100, self.size.width - 8))
            self.app.push_screen(TextDialog(_("Handover"), text, wide=True))

    def action_export(self) -> None:
        """Write it to a file."""
        if self._found is None:
            return
        day = self.shell.clock.now().astimezone(self.shell.zone)
        text = self._text(80)

        def named(name: str | None) -> None:
            if name:
                path = Path(name).expanduser()
                said = _("The page is in {path}; print it with: lpr {path}").format(path=path)
                self.ask(lambda _ctx: written(path, text.encode(), said), self.shell.tell, topic="file")

        title = _("Write the page to which file?")
        self.app.push_screen(AskLine(title, f"~/handover-{day:%Y-%m-%d-%H%M}.txt"), named)

    def _text(self, width: int) -> str:
        from crm_tui.desk.shifts.handover_text import as_text

        found = self._found
        return as_text(found.page, self.shell.zone, width=width, title=found.property) if found is not None else ""


def _number(found: _Found) -> int:
    return found.page.id if isinstance(found.page, HandoverView) else 0


def _left_out(page: Sheet) -> list[str]:
    said = []
    if page.more:
        count = sum(page.more.values())
        said.append(ngettext("{n} more is not shown", "{n} more are not shown", count).format(n=count))
    if page.left_out:
        words = ngettext(
            "{n} that only you may see stays with you", "{n} that only you may see stay with you", page.left_out
        )
        said.append(words.format(n=page.left_out))
    return said


def _read(ctx: Context, older: int | None) -> _Found:
    from crm_tui import desk

    hotel = desk.setup.current_property(ctx)
    page: Any = desk.handover.get(ctx, older) if older is not None else None
    page = page or next(iter(desk.handover.open_pages(ctx)), None) or desk.handover.draft(ctx)
    return _Found(page, hotel.name if hotel else "")


def _pages(ctx: Context) -> Sequence[HandoverView]:
    from crm_tui import desk

    return desk.handover.listed(ctx)


def _acknowledge(ctx: Context, ids: Sequence[int], note: str) -> int:
    """Take lines over; how many are left on their page."""
    from crm_tui import desk

    desk.handover.acknowledge(ctx, ids, note)
    return desk.handover.open_counts(ctx)[1]


def _make(ctx: Context, note: str) -> int:
    from crm_tui import desk

    return desk.handover.make(ctx, note)
