"""The fields of a guest's form that only guests have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.client_base.guest_views import AttributeName, GuestRow
from crm_tui.rules.days import DayFault
from crm_tui.rules.guest_checks import age, read_birth_date
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked
from crm_tui.widgets.days import written
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice, DayField, Field, TextField
from crm_tui.widgets.forms.entries import EntriesField, EntryRow
from crm_tui.widgets.forms.pick import Picker


class TidyField(TextField):
    """A line that is written as it is kept when the cursor leaves it; what cannot be kept is told.

    Args:
        read: gives the text as it is kept; raises :class:`~crm_tui.base.errors.CrmError`.
    """

    def __init__(self, name: str, label: str, value: str = "", *, read: Callable[[str], str], help: str = "") -> None:
        super().__init__(name, label, value, help=help)
        self._tidy = read

    def problem(self) -> str:
        if not self.display or not self.value:
            return super().problem()
        try:
            self._tidy(self.value)
        except CrmError as error:
            return str(error)
        return super().problem()

    @on(Input.Blurred)
    def _left(self) -> None:
        if self.value and not self.problem():
            kept = self._tidy(self.value)
            if kept != self.value:
                self.line.value = kept


class BirthField(DayField):
    """The day somebody was born: with its year, never to come; the age stands beside it."""

    def _read(self) -> date | str | None:
        from crm_tui.desk.client_base.guest_fields import day_fault

        if not self.typed:
            return None
        try:
            return read_birth_date(self.typed, self._today())
        except DayFault as fault:
            return day_fault(fault)

    def _read_back(self) -> None:
        found = self._read()
        words = ""
        if isinstance(found, date):
            years = age(found, self._today())
            words = ngettext("{n} year old", "{n} years old", years).format(n=years)
        self._read_line.update(Content(words))


class TagsField(Field):
    """Attributes: Enter or a letter opens their list, the one taken is put on or taken off. The value is a tuple of ids."""

    empty: ClassVar[Any] = ()

    def __init__(self, name: str, label: str, value: Sequence[AttributeName] = (), *, help: str = "") -> None:
        super().__init__(name, label, help=help)
        self._names: dict[int, str] = {one.id: one.name for one in value}
        self._value: tuple[int, ...] = tuple(one.id for one in value)
        self._list: PickList | None = None
        self.picker = Picker()
        self._show()
        self._pristine = self._value

    def control(self) -> Widget:
        return self.picker

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = tuple(value)
        self._show()
        self.changed()

    def offer(self, names: Mapping[int, str]) -> None:
        """The attributes there are."""
        self._names |= names
        self._show()

    def _show(self) -> None:
        names = sorted(self._names.get(one, "") for one in self._value)
        self.picker.text = ", ".join(name for name in names if name) or _("none")

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:
            self._list.type(event.seed)
            return
        chosen = set(self._value)
        choices = [
            Choice(number, name, _("✔ has it: Enter takes it off") if number in chosen else "")
            for number, name in sorted(self._names.items(), key=lambda item: item[1].casefold())
        ]
        empty = _("There are no attributes yet; an administrator makes them.")
        self._list = PickList(self.caption, choices, seed=event.seed, empty=empty)
        self.app.push_screen(self._list, self._picked)

    def _picked(self, choice: Choice | None) -> None:
        self._list = None
        if choice is not None:
            chosen = list(self._value)
            self.value = [one for one in chosen if one != choice.value] + (
                [] if choice.value in chosen else [choice.value]
            )


def _picked(value: Any) -> Picked | None:
    """Who is meant: somebody picked, or the name of somebody new."""
    if isinstance(value, Picked):
        return value
    return Picked(name=str(value)) if value else None


class ContactRow(EntryRow):
    """A contact person and the role; the person is found by a few letters, or is new."""

    def make_main(self, value: Any) -> Widget:
        self._picked: Picked | None = _picked(value)
        self._list: GuestPick | None = None
        self.picker = Picker()
        self.picker.set_reactive(Picker.text, self._words())
        self.add_class("-wide-label")
        return self.picker

    @property
    def value(self) -> Any:
        return self._picked or ""

    @value.setter
    def value(self, value: Any) -> None:
        self._picked = _picked(value)
        self.picker.text = self._words()

    def _words(self) -> str:
        if self._picked is None:
            return ""
        if self._picked.guest is not None:
            return self._picked.guest.name
        return _("new: {name}").format(name=self._picked.name)

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:
            self._list.type(event.seed)
            return
        self._list = GuestPick(_("Who is the contact?"), event.seed)
        self.app.push_screen(self._list, self._found)

    def _found(self, picked: Picked | None) -> None:
        self._list = None
        if picked is not None:
            self.value = picked
            self.settle()
            self.label.focus()
            self.post_message(self.Changed())


class ContactsField(EntriesField):
    """The persons at a company: pairs of :class:`Picked` and role."""

    def make_row(self, value: Any = "", label: str = "") -> EntryRow:
        return ContactRow(value, label, self._placeholder)

    def _fault(self, row: EntryRow) -> str:
        if isinstance(row.value, Picked) and row.value.guest is not None and row.value.guest.kind == "company":
            return _("{name} is a company; a contact is a person.").format(name=row.value.guest.name)
        return super()._fault(row)


def contact(number: int, name: str, role: str) -> tuple[Picked, str]:
    """A contact as the field holds it."""
    return Picked(GuestRow(number, name, "person", "", "", "")), role


def day_words(day: date | None) -> str:
    """A day as the form writes it; empty without one."""
    return written(day) if day else ""
