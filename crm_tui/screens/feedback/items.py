"""What a guest is given, in a form: an item of the list, how many, the value of one; a row for each, and an empty one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_, _, language
from crm_tui.desk.quality.quality_views import Given, GivenView, ItemView
from crm_tui.rules.money import AmountFault, Money, decimal_sign, plainly, read, typed_units
from crm_tui.rules.quality import Line, QuantityFault, quantity, sums
from crm_tui.screens.money.words import amount
from crm_tui.widgets.actions import Action, bindings, declare
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice, Field
from crm_tui.widgets.forms.pick import Picker
from crm_tui.widgets.forms.text import InputLine

ACTIONS = declare(
    Action("given.remove", "f9", N_("Take out"), N_("It was not given"), scope="given", show=True),
)  # fmt: skip


class Row(NamedTuple):
    """A row as it is typed.

    Attributes:
        item: number of the item on the list; None: one that is not on it any more.
        line: number of the stored line that it is.
    """

    item: int | None = None
    name: str = ""
    quantity: str = ""
    value: str = ""
    currency: str = ""
    line: int | None = None

    @property
    def given(self) -> Given:
        """As the desk takes it."""
        return Given(self.item if self.item is not None else self.name, self.quantity, self.value, self.line)

    @property
    def cost(self) -> Line | None:
        """What it costs; None while it is not typed whole."""
        try:
            number, _currency = read(self.value)
            units = typed_units(number, self.currency, decimal_sign(language()))
            return Line(quantity(self.quantity), units, self.currency)
        except (AmountFault, QuantityFault):
            return None


def rows_of(given: Sequence[GivenView]) -> tuple[Row, ...]:
    """What was stored, as it is typed."""
    sign = decimal_sign(language())
    return tuple(
        Row(one.item, one.name, str(one.quantity), plainly(one.value, sign), one.value.currency, one.id)
        for one in given
    )  # fmt: skip


def _fault(work: Callable[[], object]) -> str:
    try:
        work()
    except InvalidInput as error:
        return str(error)
    return ""


class ItemRow(Horizontal):
    """One thing that is given."""

    DEFAULT_CSS = """
    ItemRow {
        height: 1; width: 1fr; max-width: 66;
        & > Picker { width: 1fr; background: $panel; }
        & > Picker:focus { background: $primary-muted; }
        & > .given--times { width: 2; color: $text-muted; }
        & > .given--quantity { width: 6; }
        & > .given--value { width: 11; }
        & > .given--cost { width: 13; text-align: right; color: $text-muted; }
        &.-empty > .given--times, &.-empty > .given--quantity, &.-empty > .given--value, &.-empty > .given--cost
            { display: none; }
    }
    """

    class Changed(Message):
        """Something was typed or chosen."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._row = row
        self.picker = Picker()
        self.picker.set_reactive(Picker.text, row.name)
        self.quantity = InputLine(row.quantity, max_length=12, classes="given--quantity")
        self.worth = InputLine(row.value, max_length=24, classes="given--value")
        self._cost = Static("", classes="given--cost")
        self._told()

    def compose(self) -> ComposeResult:
        """Item, quantity, value, what it costs."""
        yield self.picker
        yield Static(" ×", classes="given--times")
        yield self.quantity
        yield self.worth
        yield self._cost

    @property
    def row(self) -> Row:
        """As it is typed."""
        return self._row._replace(quantity=self.quantity.value.strip(), value=self.worth.value.strip())

    @property
    def quantity_fault(self) -> str:
        """What is wrong with how many."""
        row = self.row
        return _fault(lambda: desk.quality_given.checked_quantity(row.quantity, row.name)) if row.name else ""

    @property
    def fault(self) -> str:
        """What is wrong with the row; empty: nothing."""
        row = self.row
        if not row.name or self.quantity_fault:
            return self.quantity_fault
        return _fault(lambda: desk.quality_items.units(row.value, row.currency, row.name)) if row.value else ""

    def choose(self, item: ItemView) -> None:
        """It is this item, one of it, at its value of today."""
        typed = plainly(item.value, decimal_sign(language()))
        self._row = Row(item.id, item.name, "", typed, item.value.currency)
        self.picker.text = item.name
        self.quantity.value = self.quantity.value or "1"
        self.worth.value = typed
        self._told()
        self.quantity.focus()
        self.quantity.action_select_all()
        self.post_message(self.Changed())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._told()
        self.post_message(self.Changed())

    def _told(self) -> None:
        self.set_class(not self._row.name, "-empty")
        cost = self.row.cost
        self._cost.update(Content(amount(Money(cost.amount, cost.currency)) if cost is not None else "–"))


class GivenField(Field):
    """Several things that are given; the value is a tuple of :class:`Row`. Under them stands what they cost together."""

    DEFAULT_CSS = """
    GivenField .given--box { height: auto; width: 1fr; max-width: 66; }
    GivenField .given--total { height: 1; width: 1fr; text-align: right; text-style: bold; }
    """
    BINDINGS = [*bindings(ACTIONS)]
    empty: ClassVar[Any] = ()

    def __init__(
        self,
        name: str,
        label: str,
        items: Callable[[], Sequence[ItemView]],
        value: Sequence[Row] = (),
        *,
        help: str = "",
    ) -> None:
        super().__init__(name, label, help=help)
        self._items = items
        self._total = Static("", classes="given--total")
        self.rows = [ItemRow(one) for one in (*value, Row())]
        self._box = Vertical(*self.rows, self._total, classes="given--box")
        self._pristine = self.value
        self._tell()

    def control(self) -> Widget:
        return self._box

    def focus_control(self) -> None:
        """What is wrong, else the first row."""
        wrong = next((row for row in self.rows if row.fault), None)
        if wrong is None:
            self.rows[0].picker.focus()
        else:
            (wrong.quantity if wrong.quantity_fault else wrong.worth).focus()

    def problem(self) -> str:
        """What is wrong with the first row that is."""
        return next((fault for fault in (row.fault for row in self.rows) if fault), "") if self.display else ""

    @property
    def value(self) -> Any:
        return tuple(row.row for row in self.rows if row.row.name)

    @value.setter
    def value(self, value: Any) -> None:
        for row in self.rows:
            row.remove()
        self.rows = []
        self._add([*(Row(*one) for one in value), Row()])
        self.changed()
        self._tell()

    @property
    def given(self) -> list[Given]:
        """As the desk takes them."""
        return [row.given for row in self.value]

    def _add(self, rows: Sequence[Row]) -> None:
        made = [ItemRow(one) for one in rows]
        self.rows += made
        if self._box.is_attached:
            self._box.mount(*made, before=self._total)
        else:
            self._box = Vertical(*self.rows, self._total, classes="given--box")

    @on(ItemRow.Changed)
    def _typed(self, event: ItemRow.Changed) -> None:
        event.stop()
        if not self.rows or self.rows[-1].row.name:
            self._add([Row()])
        self.changed()
        self._tell()

    def _tell(self) -> None:
        costs = [row.cost for row in self.value]
        whole = sums(cost for cost in costs if cost is not None)
        words = " + ".join(amount(Money(units, currency)) for currency, units in whole.items())
        self._total.display = len(costs) > 1
        self._total.update(Content(words))

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        focused = self.screen.focused
        row = next((one for one in self.rows if focused is one.picker), None)
        if row is None:
            return
        items = self._items()
        choices = [Choice(one, one.name, amount(one.value)) for one in items]

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                row.choose(choice.value)

        empty = _("The list of items is empty; an administrator fills it: g l.")
        self.app.push_screen(PickList(_("What is given"), choices, seed=event.seed, empty=empty), picked)

    def action_step(self, by: int) -> None:
        """The arrow keys move between rows, and on to the next field at either end."""
        at = self._at
        if at is None or not 0 <= at + by < len(self.rows):
            edge = self.rows[-1] if by > 0 else self.rows[0]
            edge.picker.focus()
            super().action_step(by)
            return
        here, there = self.rows[at], self.rows[at + by]
        focused = self.screen.focused
        if there.row.name and focused is here.quantity:
            there.quantity.focus()
        elif there.row.name and focused is here.worth:
            there.worth.focus()
        else:
            there.picker.focus()

    def action_remove(self) -> None:
        """The row at hand goes."""
        at = self._at
        if at is None or not self.rows[at].row.name:
            return
        self.value = [row.row for number, row in enumerate(self.rows) if number != at and row.row.name]
        self.rows[min(at, len(self.rows) - 1)].picker.focus()

    @property
    def _at(self) -> int | None:
        focused = self.screen.focused
        return next((n for n, row in enumerate(self.rows) if focused is not None and focused in row.children), None)
