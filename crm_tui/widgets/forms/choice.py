"""Fields that choose: one or several of a few options side by side, and a tick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from crm_tui.widgets.forms.field import Field

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class Choice:
    """One option: the value it stands for, what is read, and a few words more. Foreign text must be display-safe."""

    value: Any
    label: str
    detail: str = ""


GAP = 3
"""Blanks between options that stand side by side."""


class Beside(Widget):
    """Options side by side; a line ends between options, never in one. Which stands where is known for clicks."""

    sign_width = 2
    """Columns before the label of an option."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.choices = tuple(choices)

    def places(self, room: int) -> list[tuple[int, int, int]]:
        """Column, line and width of each option in lines of ``room`` cells."""
        found: list[tuple[int, int, int]] = []
        left, line = 0, 0
        for choice in self.choices:
            width = Content(choice.label).cell_length + self.sign_width
            if left and left + width > room:
                left, line = 0, line + 1
            found.append((left, line, width))
            left += width + GAP
        return found

    def laid_out(self, options: Sequence[tuple[str, str]]) -> Content:
        """The options' texts and styles, in lines."""
        parts: list[str | tuple[str, str]] = []
        above = 0
        for number, (option, (_left, line, _width)) in enumerate(
            zip(options, self.places(self.content_size.width), strict=True)
        ):
            parts += ["\n" if line > above else " " * GAP if number else "", option]
            above = line
        return Content.assemble(*parts)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many lines as the options need."""
        return max((line for _left, line, _width in self.places(width)), default=0) + 1

    def option_at(self, event: events.Click) -> int | None:
        """Which option was clicked on."""
        spot = event.get_content_offset(self)
        if spot is None:
            return None
        places = enumerate(self.places(self.content_size.width))
        return next((n for n, (x, y, wide) in places if y == spot.y and x <= spot.x < x + wide), None)


class Segments(Beside, can_focus=True):
    """Options side by side, one of them chosen. The sign tells which, without colour too."""

    DEFAULT_CSS = """
    Segments {
        height: auto; width: 1fr; padding: 0 1;
        &:focus { background: $primary-muted; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; }
    }
    """

    BINDINGS = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space", "step(1)", show=False),
        Binding("enter", "next", show=False),
    ]

    chosen: reactive[int] = reactive(0)

    class Changed(Message):
        """Another option was chosen."""

    def render(self) -> Content:
        chosen = "bold reverse" if self.has_focus else "bold"
        return self.laid_out(
            [
                (f"● {choice.label}", chosen) if index == self.chosen else (f"○ {choice.label}", "dim")
                for index, choice in enumerate(self.choices)
            ]
        )

    def action_step(self, by: int) -> None:
        """Choose a neighbour; round the end."""
        self.chosen = (self.chosen + by) % len(self.choices)

    def action_next(self) -> None:
        """Go on to the next field."""
        self.screen.focus_next()

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked on."""
        found = self.option_at(event)
        if found is not None:
            self.chosen = found

    def watch_chosen(self) -> None:
        """Tell the field."""
        self.post_message(self.Changed())


class ChoiceField(Field):
    """One of a few options, all of them visible."""

    def __init__(
        self,
        name: str,
        label: str,
        choices: Sequence[Choice],
        value: Any = None,
        *,
        help: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(name, label, help=help, id=id)
        self.segments = Segments(choices)
        if value is not None:
            self.segments.set_reactive(Segments.chosen, self._index(value))
        self._pristine = self.value

    def offer(self, choices: Sequence[Choice], value: Any) -> None:
        """Offer other options, one of them chosen."""
        self.segments.choices = tuple(choices)
        self.segments.set_reactive(Segments.chosen, self._index(value))
        self.segments.refresh(layout=True)
        self.changed()

    def _index(self, value: Any) -> int:
        return next((index for index, choice in enumerate(self.segments.choices) if choice.value == value), 0)

    def control(self) -> Widget:
        return self.segments

    @property
    def value(self) -> Any:
        return self.segments.choices[self.segments.chosen].value

    @value.setter
    def value(self, value: Any) -> None:
        self.segments.chosen = self._index(value)

    @on(Segments.Changed)
    def _chosen(self, event: Segments.Changed) -> None:
        event.stop()
        self.changed()


class Ticks(Beside, can_focus=True):
    """Options side by side, any number of them ticked. Left and right move, space ticks."""

    DEFAULT_CSS = """
    Ticks { height: auto; width: 1fr; padding: 0 1; &:focus { background: $primary-muted; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; } }
    """

    BINDINGS = [
        Binding("left", "move(-1)", show=False),
        Binding("right", "move(1)", show=False),
        Binding("space", "turn", show=False),
        Binding("enter", "next", show=False),
    ]

    at: reactive[int] = reactive(0)
    ticked: reactive[frozenset[int]] = reactive(frozenset())

    class Changed(Message):
        """Something was ticked or unticked."""

    sign_width = 4

    def render(self) -> Content:
        here = self.at if self.has_focus else None
        return self.laid_out(
            [
                (f"[{'x' if index in self.ticked else ' '}] {choice.label}", "bold reverse" if index == here else "")
                for index, choice in enumerate(self.choices)
            ]
        )

    def action_move(self, by: int) -> None:
        """Go to the neighbour."""
        self.at = (self.at + by) % len(self.choices)

    def action_turn(self) -> None:
        """Tick or untick the one at hand."""
        self.ticked = self.ticked ^ {self.at}

    def action_next(self) -> None:
        """Go on to the next field."""
        self.screen.focus_next()

    def on_click(self, event: events.Click) -> None:
        """Tick what was clicked on."""
        found = self.option_at(event)
        if found is not None:
            self.at = found
            self.action_turn()

    def watch_ticked(self) -> None:
        """Tell the field."""
        self.post_message(self.Changed())


class ManyField(Field):
    """Any number of a few options; the value is a tuple in the order of the options."""

    empty: ClassVar[Any] = ()

    def __init__(
        self,
        name: str,
        label: str,
        choices: Sequence[Choice],
        value: Sequence[Any] = (),
        *,
        help: str = "",
        required: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(name, label, help=help, required=required, id=id)
        self.ticks = Ticks(choices)
        self.ticks.set_reactive(Ticks.ticked, self._places(value))
        self._pristine = self.value

    def _places(self, values: Sequence[Any]) -> frozenset[int]:
        return frozenset(index for index, choice in enumerate(self.ticks.choices) if choice.value in values)

    def control(self) -> Widget:
        return self.ticks

    @property
    def value(self) -> Any:
        return tuple(choice.value for index, choice in enumerate(self.ticks.choices) if index in self.ticks.ticked)

    @value.setter
    def value(self, value: Any) -> None:
        self.ticks.ticked = self._places(value)

    @on(Ticks.Changed)
    def _ticked(self, event: Ticks.Changed) -> None:
        event.stop()
        self.changed()


class Tick(Widget, can_focus=True):
    """A box that is ticked or not."""

    DEFAULT_CSS = """
    Tick { height: auto; width: 1fr; padding: 0 1; &:focus { background: $primary-muted; }
        &:ansi:focus { background: ansi_blue; color: ansi_bright_white; } }
    """

    BINDINGS = [Binding("space", "turn", show=False), Binding("enter", "next", show=False)]

    ticked: reactive[bool] = reactive(False)

    class Changed(Message):
        """It was ticked or unticked."""

    def __init__(self, text: str, ticked: bool = False) -> None:
        super().__init__()
        self.text = text
        self.set_reactive(Tick.ticked, ticked)

    def render(self) -> Content:
        box = "[x]" if self.ticked else "[ ]"
        return Content.assemble((box, "bold reverse" if self.has_focus else "bold"), f" {self.text}")

    def action_turn(self) -> None:
        """Turn it over."""
        self.ticked = not self.ticked

    def action_next(self) -> None:
        """Go on to the next field."""
        self.screen.focus_next()

    def on_click(self) -> None:
        """Turn it over."""
        self.action_turn()

    def watch_ticked(self) -> None:
        """Tell the field."""
        self.post_message(self.Changed())


class CheckField(Field):
    """Yes or no; ``text`` stands beside the box."""

    empty: ClassVar[Any] = False

    def __init__(
        self, name: str, label: str, text: str = "", value: bool = False, *, help: str = "", id: str | None = None
    ) -> None:
        super().__init__(name, label, help=help, id=id)
        self.tick = Tick(text, value)
        self._pristine = value

    def control(self) -> Widget:
        return self.tick

    @property
    def value(self) -> Any:
        return self.tick.ticked

    @value.setter
    def value(self, value: Any) -> None:
        self.tick.ticked = bool(value)

    @on(Tick.Changed)
    def _ticked(self, event: Tick.Changed) -> None:
        event.stop()
        self.changed()
