"""Guest relations, mode 0: what is open, what was resolved today, and what guests were given (SPEC §11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.desk.quality.feedback_views import ORDERS, FeedbackQuery, FeedbackView, Show
from crm_tui.desk.quality.quality_views import CostView
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.relations.actions import LIST, NEW, ROWS
from crm_tui.screens.relations.filter import RelationsFilter, kinds, shows
from crm_tui.screens.relations.rows import CostRows, FeedbackRows, RelationsSource, details, signs
from crm_tui.screens.watchlists.export import FileExport
from crm_tui.screens.watchlists.listing import filtered_empty
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from pathlib import Path

    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

DETAILS = 4
"""Lines below the list."""
PAGE = FeedbackQuery()
"""The page as it is."""
_TOUCHED = frozenset({"feedback", "quality cost", "quality code", "guest", "reservation", "agent", "property"})
_ON_FEEDBACK = frozenset({"resolve", "reopen"})
_ON_ROWS = frozenset({"edit", "guest", "stay", "remind", "remove", *_ON_FEEDBACK})


class RelationsScreen(DeskScreen[None]):
    """Two lists, one at a time; Tab changes. Marks and cursor stay where they are when the desk changes."""

    DEFAULT_CSS = """
    RelationsScreen {
        #list-title { background: $surface; }
        #details { height: 5; border-top: solid $desk-line; }
    }
    """
    BINDINGS = bindings(ROWS, NEW, LIST)

    def __init__(self, *, costs: bool = False) -> None:
        super().__init__()
        self.costs = costs
        self.query_shown = PAGE
        self.source: RelationsSource | None = None

    def body(self) -> ComposeResult:
        """Title, list, details."""
        self.feedback_rows, self.cost_rows = FeedbackRows(self.shell), CostRows(self.shell)
        self.title_line = Line(id="list-title")
        self.list: RecordList[Any] = RecordList(self._drawn_by(), self.shell.background, id="list")
        self.lines = [Line() for _number in range(DETAILS)]
        yield self.title_line
        yield self.list
        with Vertical(id="details"):
            yield from self.lines

    def _drawn_by(self) -> Any:
        return self.cost_rows if self.costs else self.feedback_rows

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        self._show_title()
        super().on_mount()

    # Reading

    def desk_ready(self) -> None:
        """Read the list; the cursor stays on its row."""
        self._read(keep=self.list.current)

    def desk_changed(self, changes: Changes) -> None:
        """Something that is shown changed."""
        if changes.everything or changes.ids.keys() & _TOUCHED:
            self._again()

    def on_screen_resume(self) -> None:
        """Time passed while another screen was shown."""
        super().on_screen_resume()
        self._again()

    def minute_passed(self) -> None:
        """At midnight rows leave, and relative times move on."""
        self.list.repaint()
        self._again()

    def _read(self, keep: Any = None) -> None:
        ctx = self.shell.ctx
        if ctx is not None:
            self._drawn_by().empty_text = self._empty()
            self.source = RelationsSource(ctx, self.query_shown, costs=self.costs)
            self.list.set_source(self.source, keep=keep)

    def _again(self) -> None:
        """The same list as it is now: cursor and marks stay."""
        if self.source is not None:
            self.list.reload()

    def _empty(self) -> list[Part]:
        if self.query_shown != PAGE:
            return filtered_empty()
        if self.costs:
            return [
                (_("Nothing was given to guests yet."), "muted"),
                (_("Q writes down what a guest is given for a birthday, a honeymoon…"), "key"),
            ]
        return [
            (_("No complaint is open, and nothing was resolved today."), "muted"),
            (_("U writes down what a guest says; f shows what was resolved before."), "key"),
        ]

    # Showing

    def _show_title(self) -> None:
        query, total = self.query_shown, self.list.total
        other = _("Tab: costs of quality") if not self.costs else _("Tab: feedback")
        name = _("COSTS OF QUALITY") if self.costs else _("GUEST RELATIONS")
        count = ngettext("{n} entry", "{n} entries", total).format(n=grouped(total))
        title = list_title(name, count, filtered=self._filter_words(query), marked=len(self.list.marked))
        still = self.source.still_open if self.source is not None else 0
        waits = (
            (ngettext("{n} complaint open", "{n} complaints open", still).format(n=still), "bad")
            if still
            else (_("no complaint is open"), "good")
        )
        self.title_line.show(title, [waits, (f" · {other} ", "muted")])

    def _filter_words(self, query: FeedbackQuery) -> str:
        show = next(one.label for one in shows() if one.value == query.show) if query.show != Show.PAGE else ""
        kind = next(one.label for one in kinds() if one.value == query.kind) if query.kind else ""
        order = {"oldest": _("oldest first"), "code": _("by code"), "room": _("by room")}.get(query.order, "")
        text = f"“{query.text}”" if query.text else ""
        words = (query.code, text, order) if self.costs else (show, kind, query.code, query.employee, text, order)
        return " · ".join(word for word in words if word)

    @on(RecordList.Loaded)
    @on(RecordList.MarksChanged)
    @on(RecordList.Highlighted)
    def _moved(self) -> None:
        self._show_title()
        row = self.list.current
        said = details(row, self.shell, self.size.width) if row is not None else []
        for number, line in enumerate(self.lines):
            line.show(said[number] if number < len(said) else [])
        self.refresh_bindings()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What does not fit the row under the cursor is not offered."""
        if action not in _ON_ROWS:
            return True
        if self.costs and action in _ON_FEEDBACK:
            return False
        row = self.list.current if self.is_mounted else None
        if row is None:
            return None
        if action == "reopen":
            return True if isinstance(row, FeedbackView) and row.resolved_at is not None else None
        if action == "guest":
            return True if row.guest is not None else None
        return True

    # Acting

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.list.current
        if isinstance(row, FeedbackView) and row.open:
            self.action_resolve()
        elif row is not None:
            self.action_edit()

    def _over(self, path: str, **more: Any) -> None:
        here = path == (catalog.QUALITY_COST if self.costs else catalog.FEEDBACK)

        def stored(number: int | None) -> None:
            if number is not None and here:
                self.list.go_to(number)  # what was just written down is what the next key is for
            else:
                self._again()

        self.app.push_screen(catalog.load(path)(**more), stored)

    def action_other(self) -> None:
        """The other list."""
        self.costs = not self.costs
        self.list.change_view(self._drawn_by())
        self.desk_ready()

    def action_feedback(self) -> None:
        """Write down what a guest says."""
        self._over(catalog.FEEDBACK)

    def action_quality_cost(self) -> None:
        """Write down what a guest is given."""
        self._over(catalog.QUALITY_COST)

    def action_edit(self) -> None:
        """Change what was written down."""
        row = self.list.current
        if row is None:
            return
        if not row.mine:
            words = _("{author} wrote this down; only they or a manager can change it.")
            self.shell.tell(words.format(author=row.author or _("Somebody else")), warning=True)
        elif isinstance(row, CostView):
            self._over(catalog.QUALITY_COST, cost=row.id)
        else:
            self._over(catalog.FEEDBACK, feedback=row.id)

    def action_resolve(self) -> None:
        """What was done about it; of several that are marked, that they are settled."""
        rows = [row for row in self.list.chosen if isinstance(row, FeedbackView)]
        if len(rows) == 1:
            from crm_tui.screens.feedback.resolve import ResolveBox

            self.app.push_screen(ResolveBox(rows[0]), lambda _number: self._again())
        elif rows:
            ids = [row.id for row in rows if row.resolved_at is None]
            words = ngettext(
                "{n} entry is resolved · z takes it back", "{n} entries are resolved · z takes it back", len(ids)
            )
            self._run(lambda ctx: desk.feedback.resolve_all(ctx, ids), words.format(n=len(ids)))

    def action_reopen(self) -> None:
        """It is not settled after all."""
        row = self.list.current
        if isinstance(row, FeedbackView) and row.resolved_at is not None:
            number = row.id
            self._run(lambda ctx: desk.feedback.reopen(ctx, number), _("It is open again · z takes it back"))

    def action_remove(self) -> None:
        """Take it away."""
        row = self.list.current
        if row is not None:
            room, number = (desk.quality_costs if isinstance(row, CostView) else desk.feedback), row.id
            self._run(lambda ctx: room.remove(ctx, number), _("It is gone · z brings it back"))

    def _run(self, work: Callable[[Context], Any], said: str) -> None:
        def done(_result: Any) -> None:
            self.list.action_unmark_all()
            self.shell.tell(said)
            self._again()

        self.ask(work, done, in_order=True)

    def action_guest(self) -> None:
        """The profile of the guest."""
        row = self.list.current
        if row is not None and row.guest is not None:
            self.shell.open_guest(row.guest)

    def action_stay(self) -> None:
        """The reservation, else the conversation, that it is about."""
        row = self.list.current
        if row is not None and row.reservation is not None:
            self.shell.open_reservation(row.reservation)
        elif isinstance(row, FeedbackView) and row.conversation is not None:
            self.shell.open_conversation(row.conversation)
        elif row is not None:
            self.shell.tell(_("It is about no reservation and no conversation."), warning=True)

    def action_remind(self) -> None:
        """A reminder about it."""
        row = self.list.current
        if row is not None:
            about = {name: getattr(row, name, None) for name in ("guest", "reservation", "conversation")}
            self._over(catalog.REMINDER_FORM, **{name: number for name, number in about.items() if number is not None})

    # The list

    def action_filter(self) -> None:
        """Choose what is shown."""

        def read(ctx: Context) -> tuple[Sequence[str], Sequence[str]]:
            found = desk.quality_reports.choices(ctx)
            return found.codes, found.employees

        def ask(found: tuple[Sequence[str], Sequence[str]]) -> None:
            self.app.push_screen(RelationsFilter(self.query_shown, *found), self._filtered)

        self.ask(read, ask)

    def _filtered(self, query: FeedbackQuery | None) -> None:
        if query is not None:
            self.query_shown = query
            self.desk_ready()

    def action_sort(self) -> None:
        """The next order."""
        order = ORDERS[(ORDERS.index(self.query_shown.order) + 1) % len(ORDERS)]
        self._filtered(replace(self.query_shown, order=order))

    def action_export(self) -> None:
        """Write the list, as it is filtered and sorted, to a file."""
        query, costs = self.query_shown, self.costs

        def write(ctx: Context, path: Path, overwrite: bool) -> int:
            return desk.quality_export.to_file(ctx, query, path, costs=costs, overwrite=overwrite)

        self.app.push_screen(FileExport(_("Costs of quality") if costs else _("Guest relations"), write))

    def action_back(self) -> None:
        """Marks go first, then the filter."""
        if self.list.marked:
            self.list.action_unmark_all()
        elif self.query_shown != PAGE:
            self._filtered(PAGE)
        else:
            super().action_back()
