"""Operators and payment terms: the property's terms first, then each operator with its contact and its own terms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _, ngettext
from crm_tui.rules.vocabulary import Role
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.versions import both_versions
from crm_tui.screens.money.actions import OPERATORS
from crm_tui.screens.money.lines import LineForm
from crm_tui.screens.money.terms import TermsScreen
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import fit
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.forms import Form, TextField
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.money.money_views import OperatorView


class Entry(NamedTuple):
    """A row: the property (``operator`` None) or an operator, with its terms in words."""

    id: int
    operator: OperatorView | None
    name: str
    terms: str


class EntryRows:
    """Draws them."""

    def empty(self) -> Sequence[Part]:
        """It is never empty once it was read."""
        return []

    def parts(self, row: Entry, width: int) -> list[Part]:
        """Name, how many reservations, terms."""
        count, own = "", row.terms or _("as the property")
        if row.operator is None:
            own = row.terms or _("none yet: T sets what is due when")
        else:
            n = row.operator.reservations
            count = ngettext("{n} booking", "{n} bookings", n).format(n=n) if n else "–"
        name = min(28, max(16, width // 4))
        parts: list[Part] = [(" " + fit(row.name, name), "strong"), (fit(count, 13, right=True), "muted"), ("  ", "")]
        return [*parts, (fit(own, max(0, width - name - 16)), "" if row.terms else "muted")]


class OperatorBox(LineForm):
    """Asks for an operator; dismissed with True once it is stored."""

    DEFAULT_CSS = """
    OperatorBox {
        align: center middle;
        DialogBox { width: 78; }
        Form { height: auto; }
        Field .field--label { width: 18; }
        Field .field--error { padding: 0 0 0 18; }
        Form > .form--help { padding: 0 0 0 18; height: 2; margin: 0; }
    }
    """

    def __init__(self, operator: OperatorView | None) -> None:
        super().__init__()
        self._operator = operator

    def compose(self) -> ComposeResult:
        """Title and form."""
        one, values = self._operator, _values(self._operator)
        yield from self._made(
            one.name if one is not None else _("New operator"),
            Form(
                TextField("name", _("Name"), values["name"], required=True, max_length=120),
                TextField("email", _("E-mail"), values["email"], max_length=254),
                TextField("phone", _("Phone"), values["phone"], max_length=60),
                TextField(
                    "watch_days",
                    _("Flights watched"),
                    values["watch_days"],
                    help=_("Days before a departure; empty: as the settings say."),
                ),
                keep=f"operator {one.id if one is not None else 0}",
                thing=one,
            ),
        )

    def on_mount(self) -> None:
        """Type at once."""
        self.form.fields["name"].focus_control()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        began = self.form.began
        self._save(event.values, began.version if began is not None else 0)

    def _save(self, values: dict[str, Any], version: int) -> None:
        one = self._operator

        def work(ctx: Context) -> bool:
            if one is None:
                desk.operators.create(ctx, values)
            else:
                desk.operators.set(ctx, one.id, version, values)
            return True

        self.ask(work, self.finish, failed=lambda error: self._not_saved(error, values), in_order=True)

    def _not_saved(self, error: Exception, values: dict[str, Any]) -> None:
        one = self._operator
        if one is None or not isinstance(error, Conflict):
            self.failed(error)
            return

        def read(now: OperatorView | None) -> None:
            if now is None:
                self.failed(error)
                return
            versions = (_values(self.form.began), _values(now), values)
            labels = {name: field.caption for name, field in self.form.fields.items()}
            both_versions(self.app, error.message, labels, versions, lambda chosen: self._save(chosen, now.version))

        self.ask(lambda ctx: next((now for now in desk.operators.listed(ctx) if now.id == one.id), None), read)


def _values(one: OperatorView | None) -> dict[str, str]:
    """An operator as the form has it; None: a new one."""
    if one is None:
        return dict.fromkeys(("name", "email", "phone", "watch_days"), "")
    days = "" if one.watch_days is None else str(one.watch_days)
    return {"name": one.name, "email": one.email, "phone": one.phone, "watch_days": days}


class OperatorsScreen(DeskScreen[None]):
    """One list."""

    CSS = "OperatorsScreen Line { background: $surface; } OperatorsScreen #about { height: 1; }"
    BINDINGS = bindings(OPERATORS)

    def __init__(self) -> None:
        super().__init__()
        self._admins: Sequence[str] = ()

    def body(self) -> ComposeResult:
        """Title, who may change it, list, the contact of the row."""
        self.title_line, self.why, self.about = Line(id="title"), Line(id="why"), Line(id="about")
        self.list: RecordList[Entry] = RecordList(EntryRows(), self.shell.background, markable=False, id="operators")
        yield self.title_line
        yield self.why
        yield self.list
        yield self.about

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        self.why.display = False
        super().on_mount()

    def desk_ready(self) -> None:
        """Read them."""

        def read(ctx: Context) -> tuple[list[Entry], list[str]]:
            words = desk.term_words.lines_words
            found = [Entry(0, None, _("Property"), words(desk.terms.shown(ctx).lines))]
            found += [Entry(one.id, one, one.name, words(one.terms)) for one in desk.operators.listed(ctx)]
            return found, [one.name for one in desk.team.agents(ctx) if one.role == Role.ADMIN]

        self.ask(read, self._show, topic="operators")

    def desk_changed(self, changes: Changes) -> None:
        """Terms, operators or their reservations changed."""
        if changes.everything or changes.ids.keys() & {"terms", "operator", "agent", "reservation"}:
            self.desk_ready()

    def _show(self, found: tuple[list[Entry], list[str]]) -> None:
        entries, self._admins = found
        n = len(entries) - 1
        count = ngettext("{n} operator", "{n} operators", n).format(n=n)
        self.title_line.show(list_title(_("OPERATORS AND TERMS"), count))
        ctx = self.shell.ctx
        why = "" if self.may_change or ctx is None else _("Only an administrator changes this: {names}.")
        self.why.display = bool(why)
        self.why.show([(" " + why.format(names=", ".join(self._admins)), "warn")])
        self.list.set_source(ListSource(entries), keep=self.list.current)
        self.list.repaint()
        self._tell_about()

    @on(RecordList.Highlighted)
    @on(RecordList.Loaded)
    def _tell_about(self) -> None:
        one = self.list.current.operator if self.list.current is not None else None
        if one is None:
            self.about.show(
                [(" " + _("The property's terms hold for every operator that has none of its own."), "muted")]
            )
        else:
            watch = (
                ""
                if one.watch_days is None
                else ngettext(
                    "flights watched {n} day before", "flights watched {n} days before", one.watch_days
                ).format(n=one.watch_days)
            )
            told = " · ".join(word for word in (one.name, one.email, one.phone, watch) if word)
            self.about.show([(" " + told, "muted")])
        self.refresh_bindings()

    @property
    def may_change(self) -> bool:
        """Whether the agent at the desk is an administrator, and the desk can write."""
        ctx = self.shell.ctx
        return ctx is not None and not ctx.readonly and (ctx.actor.id is None or ctx.actor.role == Role.ADMIN)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What a role may not do is not offered."""
        if action in ("add", "edit", "remove", "terms") and not self.may_change:
            return False
        if action in ("edit", "remove"):
            return self.list.current is not None and self.list.current.operator is not None
        return True

    @on(RecordList.Opened)
    def _opened(self, event: RecordList.Opened) -> None:
        event.stop()
        self.action_terms()

    def action_terms(self) -> None:
        """The terms of the row."""
        row = self.list.current
        if row is not None:
            self.app.push_screen(TermsScreen(row.operator.id if row.operator else None))

    def action_add(self) -> None:
        """A new operator."""
        self._push(OperatorBox(None))

    def action_edit(self) -> None:
        """Its name and contact."""
        row = self.list.current
        if row is not None and row.operator is not None:
            self._push(OperatorBox(row.operator))

    def _push(self, box: OperatorBox) -> None:
        told = lambda done: self.shell.tell(_("Saved · z takes it back")) if done else None  # noqa: E731
        self.app.push_screen(box, told)

    def action_remove(self) -> None:
        """Take it off the list; with reservations, after a question."""
        row = self.list.current
        if row is None or row.operator is None:
            return
        one = row.operator

        def work(answer: Any) -> None:
            if answer == "yes":
                said = _("“{name}” is off the list · z brings it back").format(name=one.name)
                self.ask(lambda ctx: desk.operators.remove(ctx, one.id), lambda _done: self.shell.tell(said))

        if not one.reservations:
            work("yes")
            return
        text = ngettext("{n} reservation keeps its name.", "{n} reservations keep its name.", one.reservations)
        answers = (Answer("no", "n", _("Keep it")), Answer("yes", "y", _("Take it off the list"), danger=True))
        title = _("Take “{name}” off the list?").format(name=one.name)
        self.app.push_screen(Ask(title, text.format(n=one.reservations), answers), work)
