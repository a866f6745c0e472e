"""One row of a form: a label, a control, and the sentence that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.i18n import _

Check = Callable[[Any], str]
"""Given a field's value, the sentence that says what is wrong with it, or ``""``."""

ERROR_SIGN = "✕"
REQUIRED_SIGN = "*"


class Field(Vertical):
    """A labelled control with its error underneath (UX: errors stand at their field).

    Args:
        name: the key of the value in :meth:`Form.values`; also the ``field`` of an ``InvalidInput``.
        label: what the person reads, translated.
        help: one sentence shown while the field has the focus, translated.
        required: an empty value is an error.
        checks: rules run in order on the value; the first sentence returned stands at the field.
        secret: never kept when the form is left half-filled.
    """

    DEFAULT_CSS = """
    Field {
        height: auto;
        & > Horizontal { height: auto; min-height: 1; }
        .field--label { width: 19; height: 1; padding: 0 1 0 0; color: $text-muted; }
        .field--aside { display: none; width: 1fr; height: auto; padding: 0 1 0 2; color: $text-muted; }
        .field--remark {
            display: none; width: 1fr; height: 1; padding: 0 1; color: $text-accent;
            text-wrap: nowrap; text-overflow: ellipsis;
        }
        &.-remarked .field--remark { display: block; }
        .field--error { display: none; height: auto; padding: 0 0 0 19; color: $text-error; }
        &.-here .field--label { color: $text; text-style: bold; }
        &.-wrong .field--error { display: block; }
        &.-wrong .field--label { color: $text-error; }
    }
    """

    class Changed(Message):
        """The person (or the program) changed the value of a field."""

        def __init__(self, field: Field, value: Any) -> None:
            super().__init__()
            self.field = field
            self.value = value

        @property
        def control(self) -> Field:
            """The field, for ``@on`` selectors."""
            return self.field

    BINDINGS = [Binding("down", "step(1)", show=False), Binding("up", "step(-1)", show=False)]

    empty: ClassVar[Any] = ""
    """The value of a field that nobody filled in."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        help: str = "",
        required: bool = False,
        checks: tuple[Check, ...] = (),
        secret: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id or name.replace("_", "-"), classes=classes)
        self.key = name
        self.caption = label
        self.help_text = help
        self.required = required
        self.checks = checks
        self.secret = secret
        self.error = ""
        self._pristine: Any = self.empty
        self._error_line = Static("", classes="field--error")
        self._aside = Static(Content(help), classes="field--aside")
        self._remark = Static("", classes="field--remark")

    def control(self) -> Widget:
        """The focusable part of the row."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        missing = self.required and self.value in ("", (), None)
        with Horizontal():
            sign = (REQUIRED_SIGN if missing else " ", "$text-warning")
            yield Static(Content.assemble(sign, self.caption), classes="field--label")
            yield self.control()
            yield from self.beside()
            yield self._remark
            yield self._aside
        yield self._error_line

    def beside(self) -> ComposeResult:
        """What stands right of the control, such as a unit."""
        yield from ()

    def explain(self, help: str) -> None:
        """Another help: what can be chosen here has changed."""
        self.help_text = help
        self._aside.update(Content(help))

    def remark(self, words: Content) -> None:
        """Say something about the present value beside it, such as where it was read; empty takes it away."""
        self._remark.update(Content.assemble(words))
        self.set_class(bool(words), "-remarked")

    @property
    def value(self) -> Any:
        """What stands in the field."""
        raise NotImplementedError

    @value.setter
    def value(self, value: Any) -> None:
        raise NotImplementedError

    @property
    def dirty(self) -> bool:
        """Whether the value differs from the one the form opened with."""
        return bool(self.value != self._pristine)

    @property
    def base(self) -> Any:
        """The value that the person's change began from."""
        return self._pristine

    def begin_from(self, value: Any) -> None:
        """The person's change began from this value, whatever stands in the field now."""
        self._pristine = value

    def settle(self) -> None:
        """Take the present value as the unchanged one."""
        self._pristine = self.value

    def check(self) -> bool:
        """Look at the value, show what is wrong; True if nothing is."""
        self.show_error(self.problem())
        return not self.error

    def problem(self) -> str:
        """What is wrong with the present value, one sentence; ``""`` if nothing is. A hidden field is never wrong."""
        if not self.display:
            return ""
        value = self.value
        if value in ("", (), None):
            return _("{label} is needed.").format(label=self.caption) if self.required else ""
        return next((sentence for sentence in (check(value) for check in self.checks) if sentence), "")

    def show_error(self, sentence: str) -> None:
        """Put a sentence at the field: sign, colour and text; ``""`` takes it away."""
        if sentence == self.error:
            return
        self.error = sentence
        self.set_class(bool(sentence), "-wrong")
        self._error_line.update(Content(f"{ERROR_SIGN} {sentence}" if sentence else ""))

    def focus_control(self) -> None:
        """Put the cursor into the field."""
        self.control().focus()

    def changed(self) -> None:
        """Subclasses call this when the value changed; an error goes as soon as it no longer holds."""
        if self.error:
            self.check()
        self.post_message(self.Changed(self, self.value))

    def action_step(self, by: int) -> None:
        """The arrow keys move between fields of one line."""
        if by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def on_descendant_focus(self) -> None:
        """Mark the label: Textual does not restyle children on ``:focus-within``."""
        self.add_class("-here")

    def on_descendant_blur(self) -> None:
        """Say what is wrong when the person leaves a field they changed, not before."""
        self.remove_class("-here")
        if self.dirty and self.value not in ("", ()):
            self.check()
