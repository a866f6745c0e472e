"""The form of all that reservations are filtered by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_views import CURRENT, EVERY, OPEN, STATUSES, ReservationQuery
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.fields import Heading, channels
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.screens.reservations.actions import FILTER
from crm_tui.screens.reservations.words import which_word
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import CheckField, Choice, DayField, Field, Form, PickField, TextField


class ReservationFilter(Today, DeskScreen[ReservationQuery | None]):
    """All that can be asked at once. ctrl+s shows what it finds, Esc leaves the list as it was.

    Args:
        query: what the list shows now.
    """

    CSS_PATH = "form.tcss"
    letters_are_text = True
    BINDINGS = [*bindings(FILTER), Binding("escape", "back", show=False)]

    def __init__(self, query: ReservationQuery) -> None:
        super().__init__()
        self._query = query

    def body(self) -> ComposeResult:
        with Vertical(id="inquiry"):
            yield Static(Content.styled(_("Which reservations"), "bold $primary"), id="title")
            yield Form(_fields(self._query, self.today))
            yield Static("", id="result")

    @property
    def key_words(self) -> dict[str, str]:
        """Nothing is saved here."""
        return {"form.commit": _("Show")}

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.query_one(Form).fields

    def on_mount(self) -> None:
        """The cursor stands where it is most often changed."""
        self._fields["status"].focus_control()
        super().on_mount()

    def on_resize(self) -> None:
        """The fields take what they need; beyond the screen they scroll."""
        room = max(4, self.query_one("#inquiry").size.height - 4)
        self.query_one(Form).query_one(VerticalScroll).styles.max_height = room

    def desk_ready(self) -> None:
        """Which operators there are."""
        self.ask(desk.reservation_lists.operators, self._offer)

    def _offer(self, names: Sequence[str]) -> None:
        field = self._fields["operator"]
        if isinstance(field, PickField):
            field.offer([Choice("", _("any")), *(Choice(name, name) for name in names)])

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        values = {name: field.value for name, field in self._fields.items()}
        for name in ("arrival", "departure"):
            first, last = values[f"{name}_from"], values[f"{name}_to"]
            if first is not None and last is not None and last < first:
                field = self._fields[f"{name}_to"]
                field.show_error(_("This lies before the beginning."))
                field.focus_control()
                return
        self.dismiss(ReservationQuery(text=self._query.text, order=self._query.order, **values))

    def action_clear_all(self) -> None:
        """Ask for nothing at all."""
        plain = ReservationQuery()
        for name, field in self._fields.items():
            value = getattr(plain, name)
            field.value = "" if value is None else value

    @on(Form.Left)
    def action_back(self) -> None:
        """Leave the list as it was."""
        self.dismiss(None)


def _fields(asked: ReservationQuery, today: Callable[[], date]) -> Widget:
    def day(name: str, label: str, help: str = "") -> DayField:
        return DayField(name, label, getattr(asked, name), today=today, help=help)

    left: list[Widget] = [
        Heading(_("Which"), first=True),
        PickField("status", _("Status"), _statuses, asked.status, labels=which_word),
        CheckField(
            "unpaid", _("Unpaid"), _("something due is not covered"), asked.unpaid, help=_("At any day, not only now.")
        ),
        PickField("channel", _("Channel"), _channels, asked.channel, labels=_channel),
        PickField("operator", _("Operator"), lambda: (), asked.operator, labels=_operator),
        TextField(
            "destination", _("Destination"), asked.destination, help=_("Words of it, or their beginnings.")
        ),
    ]  # fmt: skip
    right: list[Widget] = [
        Heading(_("Days")),
        day("arrival_from", _("Arrival from"), _("The first day of the stay or trip.")),
        day("arrival_to", _("  until")),
        day("departure_from", _("Departure from"), _("The last day: of leaving, or of the way home.")),
        day("departure_to", _("  until")),
    ]
    return Container(Container(Vertical(*left), Vertical(*right), classes="pair"), id="groups")


def _statuses() -> Sequence[Choice]:
    return [Choice(one, which_word(one)) for one in (CURRENT, OPEN, EVERY, *STATUSES)]


def _channels() -> Sequence[Choice]:
    return [Choice("", _("any")), *channels()]


def _channel(value: Any) -> str:
    return channel_word(str(value)) if value else _("any")


def _operator(value: Any) -> str:
    return str(value) if value else _("any")
