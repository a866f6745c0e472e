"""A form: fields under each other. Tab moves, ctrl+s commits, Esc leaves and keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import N_
from crm_tui.widgets.actions import Action, bindings, declare
from crm_tui.widgets.forms.field import Field

ACTIONS = declare(
    Action(
        "form.commit", "ctrl+s", N_("Save"), N_("Save what stands in the form"), scope="form", show=True, priority=True
    ),
)

WIDE = 138
"""Columns of a form from which on there is room for the help beside every field."""

_shelves: WeakKeyDictionary[App[Any], dict[str, dict[str, Any]]] = WeakKeyDictionary()


def shelf(app: App[Any]) -> dict[str, dict[str, Any]]:
    """The half-filled forms of this run of the desk, by the form's ``keep`` name. Secrets are never on it."""
    return _shelves.setdefault(app, {})


class Beginning(NamedTuple):
    """What a half-filled form began from.

    Attributes:
        thing: what the form was made of, as it stood then; None of something new.
        values: what stood in the fields that were changed, before that.
    """

    thing: Any
    values: dict[str, Any]


_beginnings: WeakKeyDictionary[App[Any], dict[str, Beginning]] = WeakKeyDictionary()


class Form(Vertical):
    """Fields under each other. The focused field's help stands below, or everyone's beside it on wide screens.

    Args:
        fields: the fields, or other widgets between them.
        keep: the name under which a half-filled form is kept while the desk runs; "" keeps nothing.
        thing: what the form shows, with its version: a half-filled form is saved against the one that it began from.
    """

    DEFAULT_CSS = """
    Form {
        height: auto;
        & > VerticalScroll { height: auto; max-height: 100%; }
        & > .form--help { height: 2; padding: 0 0 0 19; color: $text-muted; margin: 1 0 0 0; }
        &.-wide {
            & > .form--help { display: none; }
            .field--aside { display: block; }
            InputLine, Picker, LinesArea { width: 64; }
            NumberField InputLine { width: 13; }
            Segments, Ticks, Tick, .fixed--value { width: 64; }
            NumberField .field--unit { width: 51; }
        }
    }
    """

    BINDINGS = [*bindings(ACTIONS), Binding("escape", "leave", show=False)]

    class Committed(Message):
        """ctrl+s, and every field is right."""

        def __init__(self, form: Form, values: dict[str, Any]) -> None:
            super().__init__()
            self.form = form
            self.values = values

        @property
        def control(self) -> Form:
            """The form, for ``@on`` selectors."""
            return self.form

    class Left(Message):
        """Esc: the person leaves; what was typed has been kept."""

        def __init__(self, form: Form) -> None:
            super().__init__()
            self.form = form

        @property
        def control(self) -> Form:
            """The form, for ``@on`` selectors."""
            return self.form

    def __init__(
        self,
        *fields: Widget,
        keep: str = "",
        thing: Any = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._children_given = fields
        self.keep = keep
        self.began = thing
        self.kept: frozenset[str] = frozenset()
        self._offered: dict[str, Any] = {}
        self._help = Static("", classes="form--help")

    def compose(self) -> ComposeResult:
        with VerticalScroll(can_focus=False):
            yield from self._children_given
        yield self._help

    def on_mount(self) -> None:
        """Bring back what was typed before the form was left, and what it began from."""
        kept = shelf(self.app).get(self.keep, {}) if self.keep else {}
        beginning = _beginnings.get(self.app, {}).get(self.keep)
        for name, value in kept.items():
            if name in self.fields:
                if beginning is not None and name in beginning.values:
                    self.fields[name].begin_from(beginning.values[name])
                self.fields[name].value = value
        if kept and beginning is not None:
            self.began = beginning.thing
        self.kept = frozenset(kept)

    def on_resize(self, event: events.Resize) -> None:
        """Where there is room, every field's help stands beside it."""
        self.set_class(event.size.width >= WIDE, "-wide")

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by name, in order."""
        return {field.key: field for field in self.query(Field)}

    @property
    def dirty(self) -> bool:
        """Whether anything was changed since the form opened."""
        return any(field.dirty for field in self.fields.values())

    def values(self) -> dict[str, Any]:
        """What stands in the fields, by name."""
        return {name: field.value for name, field in self.fields.items()}

    def fill(self, values: Mapping[str, Any], *, settle: bool = False) -> None:
        """Put values into the fields that exist; with ``settle`` they count as unchanged."""
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].value = value
                if settle:
                    self.fields[name].settle()

    def offer(self, values: Mapping[str, Any]) -> None:
        """What is known at first of something new: it stands in the fields, except where something else was typed before."""
        self._offered |= values
        self.fill({name: value for name, value in values.items() if name not in self.kept})

    @property
    def typed(self) -> bool:
        """Whether the person changed anything, be it to empty what was offered."""
        return any(
            field.value != self._offered[name] if name in self._offered else field.dirty
            for name, field in self.fields.items()
        )

    def check(self, names: Iterable[str] | None = None) -> bool:
        """Look at the fields (all of them, or those named); the first wrong one gets the cursor."""
        chosen = [field for name, field in self.fields.items() if names is None or name in set(names)]
        wrong = [field for field in chosen if not field.check()]
        if wrong:
            wrong[0].focus_control()
        return not wrong

    def show_error(self, error: InvalidInput) -> bool:
        """Put an error from below the screen at its field; False if it names no field of this form."""
        field = self.fields.get(error.field)
        if field is None:
            return False
        field.show_error(str(error))
        field.focus_control()
        return True

    def remember(self) -> None:
        """Keep what was typed for the next time this form opens, and what it began from; secrets are not kept."""
        if not self.keep:
            return
        if not self.typed:
            self._drop()
            return
        changed = {
            name: field
            for name, field in self.fields.items()
            if (field.dirty or name in self._offered) and not field.secret
        }
        shelf(self.app)[self.keep] = {name: field.value for name, field in changed.items()}
        before = {name: field.base for name, field in changed.items()}
        _beginnings.setdefault(self.app, {})[self.keep] = Beginning(self.began, before)

    def forget(self) -> None:
        """What was typed is saved (or dropped): start afresh the next time."""
        self._drop()
        for field in self.fields.values():
            field.settle()

    def _drop(self) -> None:
        shelf(self.app).pop(self.keep, None)
        _beginnings.get(self.app, {}).pop(self.keep, None)

    def action_commit(self) -> None:
        """Check everything; if it is right, hand out the values."""
        if self.check():
            self.post_message(self.Committed(self, self.values()))

    def action_leave(self) -> None:
        """Keep what was typed and leave."""
        self.remember()
        self.post_message(self.Left(self))

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the focused field's help."""
        self._show_help(event.widget)

    def refresh_help(self) -> None:
        """The help of the focused field is another now."""
        if self.screen.focused is not None:
            self._show_help(self.screen.focused)

    def _show_help(self, widget: Widget) -> None:
        field = next((node for node in widget.ancestors_with_self if isinstance(node, Field)), None)
        self._help.update(Content(field.help_text if field is not None else ""))
