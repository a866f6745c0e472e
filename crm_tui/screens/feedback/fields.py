"""Fields of the forms of guest relations: a word of a list or one's own, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding
from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.mail.text import fold_text
from crm_tui.screens.base import Asking
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked, split_name
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice, Field
from crm_tui.widgets.forms.pick import Picker

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import GuestView


class WordList(PickList):
    """A pick list whose last line is the word itself that is typed, if it is not on the list.

    Args:
        own: what the last line says, with ``{word}``.
    """

    def __init__(self, title: str, choices: Sequence[Choice], *, own: str, seed: str = "", empty: str = "") -> None:
        super().__init__(title, choices, seed=seed, empty=empty)
        self._own = own

    def offered(self, query: str) -> Sequence[Choice]:
        """The word that is typed, as one more choice."""
        word = " ".join(query.split())
        if not word or any(fold_text(one.label) == fold_text(word) for one in self._choices):
            return ()
        return (Choice(word, f"+ {self._own.format(word=word)}"),)


class WordField(Field):
    """A word of a list, found by typing, or one's own where that is allowed; Delete empties it.

    Args:
        own: what is said of one's own word, with ``{word}``; see :meth:`allow`.
    """

    BINDINGS = [Binding("delete,backspace", "clear", show=False)]

    def __init__(self, name: str, label: str, *, own: str, help: str = "", empty: str = "") -> None:
        super().__init__(name, label, help=help)
        self.picker = Picker()
        self._own, self._empty = own, empty
        self._words: Sequence[Choice] = ()
        self._allowed = False
        self._value = ""
        self._list: PickList | None = None

    def control(self) -> Widget:
        return self.picker

    def allow(self, words: Sequence[Choice], *, own: bool) -> None:
        """What can be chosen, and whether one may write another word."""
        self._words, self._allowed = words, own

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = str(value or "")
        self.picker.text = self._value
        self.changed()

    def action_clear(self) -> None:
        """Nothing is chosen."""
        self.value = ""

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:  # letters of one burst: the list is already on its way
            self._list.type(event.seed)
            return
        if self._allowed:
            self._list = WordList(self.caption, self._words, own=self._own, seed=event.seed, empty=self._empty)
        else:
            self._list = PickList(self.caption, self._words, seed=event.seed, empty=self._empty)
        self.app.push_screen(self._list, self._picked)

    def _picked(self, choice: Choice | None) -> None:
        self._list = None
        if choice is not None:
            self.value = choice.value
            self.screen.focus_next()


class GuestField(Asking, Field):
    """Whose it is: number and name, or None. Letters find a guest, Delete takes it off."""

    BINDINGS = [Binding("delete,backspace", "clear", show=False)]
    empty: ClassVar[Any] = None

    def __init__(self, name: str, label: str, value: tuple[int, str] | None = None, *, help: str = "") -> None:
        super().__init__(name, label, help=help)
        self.picker = Picker()
        self._value = value
        self.picker.set_reactive(Picker.text, self._words(value))
        self._list: GuestPick | None = None
        self._pristine = value

    def control(self) -> Widget:
        return self.picker

    @staticmethod
    def _words(value: tuple[int, str] | None) -> str:
        return value[1] if value else ""

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = tuple(value) if value else None
        self.picker.text = self._words(self._value)
        self.changed()

    def action_clear(self) -> None:
        """Nobody is known."""
        self.value = None

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:
            self._list.type(event.seed)
            return
        self._list = GuestPick(_("Whose is it?"), event.seed)
        self.app.push_screen(self._list, self._picked)

    def _picked(self, pick: Picked | None) -> None:
        self._list = None
        if pick is None:
            return
        if pick.guest is not None:
            self._read(pick.guest.id)
            return
        from crm_tui.screens import catalog

        given, surname = split_name(pick.name)
        form = catalog.load(catalog.GUEST_FORM)(values={"surname": surname, "given": given})
        self.app.push_screen(form, lambda made: self._read(made) if made is not None else None)

    def _read(self, number: int) -> None:
        def found(guest: GuestView) -> None:
            self.value = (guest.id, guest.name)
            self.screen.focus_next()

        self.ask(lambda ctx: desk.guests.get(ctx, number), found)
