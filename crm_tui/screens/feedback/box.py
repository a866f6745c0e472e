"""Boxes of guest relations: a form that stays until what it says is stored, and what is common to those that ask whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.quality.feedback_views import KINDS, SATISFACTION, Whose
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.versions import both_versions
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Field, Form

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


AROUND = 9
"""Rows of a box that are no fields: its border, the title, help, what went wrong, the keys, and the air between them."""


class Box(Dialog[int | None]):
    """A form in a box; its result is the number once it is stored."""

    writes = True

    DEFAULT_CSS = """
    Box {
        align: center middle;
        DialogBox { width: 84; max-height: 100%; }
        Form { height: auto; }
        Form > VerticalScroll { scrollbar-size-vertical: 1; scrollbar-background: $surface; scrollbar-color: $desk-line;
            scrollbar-background-hover: $surface; scrollbar-background-active: $surface;
            scrollbar-color-hover: $desk-faint; scrollbar-color-active: $primary; }
        Field .field--label { width: 15; }
        LinesArea { height: 3; background: $panel; }
        InputLine { background: $panel; }
        InputLine:focus, LinesArea:focus { background: $primary-muted; }
        Field .field--error { padding: 0 0 0 15; }
        Form > .form--help { padding: 0 0 0 15; margin: 0; height: 1; }
        #result { color: $text-error; height: auto; }
    }
    """

    keep = ""
    thing: Any = None
    """What the form changes, as it was read; None of something new."""

    def title_words(self) -> str:
        """What stands above."""
        raise NotImplementedError

    def rows(self) -> list[Widget]:
        """The fields."""
        raise NotImplementedError

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        """Store it. Blocks."""
        raise NotImplementedError

    def said(self, values: dict[str, Any]) -> str:
        """What is told once it is stored."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Title, form, what went wrong, keys."""
        self.head = DialogTitle(self.title_words())
        with DialogBox():
            yield self.head
            yield Form(*self.rows(), keep=self.keep, thing=self.thing)
            yield Static("", id="result")
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    def on_resize(self, event: Resize) -> None:
        """Where the fields do not fit they scroll; the title and the keys below them stay."""
        self.form.query_one(VerticalScroll).styles.max_height = max(4, event.size.height - AROUND)

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self.store(event.values)

    def store(self, values: dict[str, Any]) -> None:
        """Store it and close, or say what is wrong."""

        def done(number: int) -> None:
            self.form.forget()
            self.shell.tell(self.said(values))
            self.dismiss(number)

        self.ask(
            lambda ctx: self.save(ctx, values), done, failed=lambda error: self.failed(error, values), in_order=True
        )

    # Two desks at once

    def read_again(self, ctx: Context) -> Any:
        """What the form changes, as it is stored now; None where there is nothing yet. Blocks."""
        raise NotImplementedError

    def values_of(self, thing: Any) -> dict[str, Any]:
        """What stands in the fields of it."""
        raise NotImplementedError

    def begin_from(self, thing: Any) -> None:
        """From now on it is this that is changed."""
        self.form.began = thing

    def both(self, error: Conflict, values: dict[str, Any]) -> None:
        """Another desk changed it meanwhile: both changes are kept where they do not meet, else it is asked whose count."""

        def read(now: Any) -> None:
            form = self.form

            def chosen(kept: dict[str, Any]) -> None:
                self.begin_from(now)
                self.fill(kept)
                self.store(kept)

            labels = {name: field.caption for name, field in form.fields.items()}
            versions = (self.values_of(form.began), self.values_of(now), values)
            both_versions(self.app, error.message, labels, versions, chosen, said)

        self.ask(self.read_again, read, failed=lambda other: self.failed(other, values))

    def fill(self, values: dict[str, Any]) -> None:
        """Show these values."""
        self.form.fill(values)

    def failed(self, error: Exception, values: dict[str, Any]) -> None:
        """What is wrong stands at its field, or below the form."""
        if isinstance(error, Conflict) and self.form.began is not None:
            self.both(error, values)
            return
        if isinstance(error, InvalidInput) and self.form.show_error(error):
            return
        if isinstance(error, CrmError):
            self.query_one("#result", Static).update(Content(f"✕ {error}"))
        else:
            self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)


class WhoseBox(Box):
    """A box that asks whose it is: a guest who stays today brings the room and the stay, a room its guest.

    Args:
        about: guest, reservation and conversation that it is opened on, as far as there are.
        room: what stands in the field of the room at first.
    """

    def __init__(self, about: dict[str, int | None], room: str = "") -> None:
        super().__init__()
        self.about, self._room = about, room
        self.stay: int | None = about.get("reservation")
        self._filling = False

    def whose(self, known: Whose) -> None:
        """Show whose it is, where nobody said otherwise before."""
        self._filling = True
        offered: dict[str, Any] = {"guest": (known.guest, known.name)} if known.guest is not None else {}
        room = self._room or known.room
        self.form.offer(offered | ({"room": room} if room else {}))
        self._filling = False
        self.stay = known.reservation
        self._tell(known)
        who = " · ".join(part for part in (known.name, room) if part)
        if who:
            self.head.update(Content(f"{self.title_words()} · {cut(who, 40)}"))

    def fill(self, values: dict[str, Any]) -> None:
        """Show these values; who and where are what they say, nothing is looked up by them."""
        self._filling = True
        super().fill(values)
        self._filling = False
        self._guest_before = self.form.fields["guest"].value

    def _tell(self, known: Whose) -> None:
        words = _("stay {code}").format(code=known.code) if known.code else ""
        self.form.fields["guest"].remark(Content(words))

    @property
    def subjects(self) -> dict[str, int | None]:
        """Guest, stay and conversation as the form has them."""
        guest = self.form.fields["guest"].value
        return {
            "guest": guest[0] if guest else None,
            "reservation": self.stay,
            "conversation": self.about.get("conversation"),
        }

    @on(Field.Changed, "#guest")
    def _another_guest(self, event: Field.Changed) -> None:
        guest = event.value
        if self._filling or guest == self._guest_before:
            return
        self._guest_before = guest
        self.stay = None
        if guest is None:
            self._tell(Whose())
        else:
            self.ask(lambda ctx: desk.feedback.about(ctx, guest=guest[0]), self._of_guest, topic="whose")

    def _of_guest(self, known: Whose) -> None:
        self.stay = known.reservation
        self._tell(known)
        room = self.form.fields["room"]
        if known.room and not room.value:
            room.value = known.room

    @on(Field.Changed, "#room")
    def _another_room(self, event: Field.Changed) -> None:
        event.stop()
        if not self._filling and self.form.fields["guest"].value is None and event.value:
            room = str(event.value)
            self.ask(lambda ctx: desk.feedback.staying(ctx, room), self._of_room, topic="whose")

    def _of_room(self, known: Whose) -> None:
        if known.guest is not None and self.form.fields["guest"].value is None:
            self._guest_before = (known.guest, known.name)
            self._filling = True
            self.form.fields["guest"].value = (known.guest, known.name)
            self._filling = False
            self.stay = known.reservation
            self._tell(known)

    _guest_before: Any = None


def said(name: str, value: Any) -> str:
    """A value of the forms in words."""
    if name == "guest":
        return str(value[1]) if value else "–"
    if name == "kind":
        return _(KINDS.get(str(value), str(value)))
    if name == "satisfaction":
        return _(SATISFACTION[value]) if value in SATISFACTION else "–"
    if name == "items":
        return ", ".join(f"{row.quantity} × {row.name} ({row.value})" for row in value) or "–"
    return " ".join(str(value or "–").split())
