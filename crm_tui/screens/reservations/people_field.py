"""Who is on a reservation, in its form: guests with the holder, and the company that pays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import N_, _
from crm_tui.screens import catalog
from crm_tui.screens.base import Asking, Dialog
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked, split_name
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Field
from crm_tui.widgets.forms.pick import Picker
from crm_tui.widgets.forms.rows import Rows

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import GuestView
    from crm_tui.desk.stays.booking import BookedGuest

HOLDER = "★"


def shown(people: Sequence[BookedGuest]) -> str:
    """Who is on it in a line, the holder first."""
    ordered = sorted(people, key=lambda one: not one.holder)
    return ", ".join(f"{HOLDER} {one.name}" if one.holder else one.name for one in ordered)


class _Finds(Asking):
    """Mixin: finds a guest, or makes a new one in the form of guests."""

    if TYPE_CHECKING:
        app: Any

    def find(self, title: str, seed: str, found: Callable[[GuestView], None], *, makes_new: bool = True) -> GuestPick:
        """Show the list to pick from; ``found`` gets the guest once there is one."""

        def read(number: int) -> None:
            self.ask(lambda ctx: desk.guests.get(ctx, number), found)

        def picked(pick: Picked | None) -> None:
            self.picked_or_not()
            if pick is None:
                return
            if pick.guest is not None:
                read(pick.guest.id)
                return
            given, surname = split_name(pick.name)
            form = catalog.load(catalog.GUEST_FORM)(values={"surname": surname, "given": given})
            self.app.push_screen(form, lambda made: read(made) if made is not None else None)

        dialog = GuestPick(title, seed, makes_new=makes_new)
        self.app.push_screen(dialog, picked)
        return dialog

    def picked_or_not(self) -> None:
        """The list is closed."""


class PeopleDialog(_Finds, Dialog["tuple[BookedGuest, ...]"]):
    """The guests of a reservation: added, taken off, the holder chosen. Enter or Esc takes what is shown.

    Args:
        people: who is on it now.
    """

    DEFAULT_CSS = """
    PeopleDialog { align: center middle; Rows { height: auto; max-height: 12; min-height: 2; background: $panel; } }
    """
    BINDINGS = [
        Binding("escape,enter", "take", N_("Done")),
        Binding("plus,B,a", "add", N_("Add"), show=False),
        Binding("h", "holder", N_("Holder"), show=False),
        Binding("delete,minus", "remove", N_("Take off"), show=False),
    ]

    def __init__(self, people: Sequence[BookedGuest]) -> None:
        super().__init__()
        self.people = list(people)

    def compose(self) -> ComposeResult:
        """Title, guests, keys."""
        with DialogBox():
            yield DialogTitle(_("Guests of the reservation"))
            yield Rows()
            words = _("+ adds a guest · h makes the holder · Del takes off · Enter done")
            yield Static(Content(words), classes="dialog--keys")

    def on_mount(self) -> None:
        """Show them."""
        self.query_one(Rows).focus()
        self._show()

    def _show(self) -> None:
        lines = [
            (
                place,
                Content.assemble(
                    (f"{HOLDER if one.holder else ' '} ", "bold $accent"),
                    one.name,
                    ("" if one.id is not None else "  " + _("new guest"), "dim"),
                ),
            )
            for place, one in enumerate(self.people)
        ]
        self.query_one(Rows).show(lines)

    def action_add(self) -> None:
        """Find one or make one."""
        self.find(_("Add a guest"), "", self._add)

    def _add(self, guest: GuestView) -> None:
        self.people = list(added(self.people, guest))
        self._show()

    def action_holder(self) -> None:
        """The one under the cursor is the holder."""
        key = self.query_one(Rows).key
        if key is not None:
            self.people = [replace(one, holder=place == key) for place, one in enumerate(self.people)]
            self._show()

    def action_remove(self) -> None:
        """Take the one under the cursor off; if it was the holder the first who stays is."""
        key = self.query_one(Rows).key
        if key is None:
            return
        gone = self.people.pop(key)
        if gone.holder and self.people:
            self.people[0] = replace(self.people[0], holder=True)
        self._show()

    def action_take(self) -> None:
        """What is shown is right."""
        self.dismiss(tuple(self.people))


def added(people: Sequence[BookedGuest], guest: GuestView) -> Sequence[BookedGuest]:
    """The guests with another; the first person is the holder."""
    from crm_tui.desk.stays.booking import BookedGuest

    if any(one.id == guest.id for one in people):
        return people
    first = guest.kind == "person" and not any(one.holder for one in people)
    return (*people, BookedGuest(guest.id, guest.name, first))


class PeopleField(_Finds, Field):
    """Who is on it: letters find a guest, Enter shows the guests. The value is a tuple of :class:`BookedGuest`."""

    empty: ClassVar[Any] = ()

    def __init__(self, name: str, label: str, value: Sequence[BookedGuest] = (), *, help: str = "") -> None:
        super().__init__(name, label, help=help)
        self.picker = Picker()
        self._value: tuple[BookedGuest, ...] = tuple(value)
        self.picker.set_reactive(Picker.text, shown(self._value))
        self._list: GuestPick | None = None
        self._pristine = self._value

    def control(self) -> Widget:
        return self.picker

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = tuple(value or ())
        self.picker.text = shown(self._value)
        self.changed()

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:  # letters of one burst: the list is already on its way
            self._list.type(event.seed)
        elif self._value and not event.seed:
            self.app.push_screen(PeopleDialog(self._value), self._taken)
        else:
            self._list = self.find(_("Who comes?"), event.seed, self._add)

    def picked_or_not(self) -> None:
        self._list = None

    def _add(self, guest: GuestView) -> None:
        self.value = added(self._value, guest)

    def _taken(self, people: tuple[BookedGuest, ...] | None) -> None:
        if people is not None:
            self.value = people


class CompanyField(_Finds, Field):
    """The company that pays: number and name, or None. Letters find it, Delete takes it off."""

    BINDINGS = [Binding("delete,backspace", "clear", show=False)]
    empty: ClassVar[Any] = None

    def __init__(self, name: str, label: str, value: tuple[int, str] | None = None, *, help: str = "") -> None:
        super().__init__(name, label, help=help)
        self.picker = Picker()
        self._value = value
        self.picker.set_reactive(Picker.text, value[1] if value else _("nobody: the guests pay"))
        self._list: GuestPick | None = None
        self._pristine = value

    def control(self) -> Widget:
        return self.picker

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = tuple(value) if value else None
        self.picker.text = value[1] if value else _("nobody: the guests pay")
        self.changed()

    def action_clear(self) -> None:
        """No company pays."""
        self.value = None

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:
            self._list.type(event.seed)
        else:
            self._list = self.find(_("Which company pays?"), event.seed, self._found, makes_new=False)

    def picked_or_not(self) -> None:
        self._list = None

    def _found(self, guest: GuestView) -> None:
        if guest.kind != "company":
            self.show_error(_("{name} is a person; a company pays here.").format(name=guest.name))
            return
        self.show_error("")
        self.value = (guest.id, guest.name)
