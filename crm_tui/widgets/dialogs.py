"""The small dialogs: a question asked once, a message, and a pick list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.fuzzy import FuzzySearch
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import N_, _
from crm_tui.widgets.forms.choice import Choice
from crm_tui.widgets.forms.signs import SignedList
from crm_tui.widgets.forms.text import SearchLine

WHOLE_BEGINNING = 1000.0
"""What the beginning of a word counts more than letters that are only somewhere in it."""

SHOWN = 200
"""Pick lists show this many at most; a few letters find the rest."""


class DialogBox(Vertical):
    """The box in the middle of the screen."""

    DEFAULT_CSS = """
    DialogBox {
        width: 72; max-width: 94%; height: auto; max-height: 90%;
        border: round $primary; background: $surface; padding: 0 2;
        &.-danger { border: round $error; }
        .dialog--text { height: auto; }
        OptionList > .option-list--option-highlighted { background: $primary-muted; color: $text; text-style: none; }
        .dialog--keys { height: 1; margin: 1 0 0 0; color: $text-muted; }
    }
    """


class DialogTitle(Static):
    """What a dialog is about. Not a border title: Textual takes those through markup and back, which alters brackets."""

    DEFAULT_CSS = """
    DialogTitle { height: auto; color: $primary; text-style: bold; margin: 0 0 1 0; }
    .-danger > DialogTitle { color: $text-error; }
    """

    def __init__(self, text: str) -> None:
        super().__init__(Content(text))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a question: what it returns, the key that gives it, its words, and whether it destroys."""

    value: str
    key: str
    label: str
    danger: bool = False


class Ask(ModalScreen[str | None]):
    """A question with a few answers; Esc gives None: nothing happens.

    Args:
        title: the question, naming the object. Foreign parts must be display-safe.
        text: what follows from it.
        answers: the first one is highlighted.
    """

    DEFAULT_CSS = """
    Ask {
        align: center middle;
        VerticalScroll { height: auto; max-height: 14; margin: 0 0 1 0; }
        OptionList { height: auto; border: none; background: $surface; padding: 0; scrollbar-size-vertical: 1; }
        OptionList:focus { border: none; }
    }
    """

    BINDINGS = [Binding("escape", "dismiss(None)", N_("Back"))]

    def __init__(self, title: str, text: str | Content, answers: Sequence[Answer]) -> None:
        super().__init__()
        self._title = title
        self._text = text if isinstance(text, Content) else Content(text)
        self.answers = tuple(answers)

    def compose(self) -> ComposeResult:
        with DialogBox(classes="-danger" if any(answer.danger for answer in self.answers) else ""):
            yield DialogTitle(self._title)
            if self._text:
                with VerticalScroll(can_focus=False):
                    yield Static(Content.assemble(self._text), classes="dialog--text")
            yield SignedList(
                *(
                    Option(
                        Content.assemble(
                            (f" {answer.key} ", "reverse"), "  ", (answer.label, "$text-error" if answer.danger else "")
                        )
                    )
                    for answer in self.answers
                ),
                markup=False,
            )
            yield Static(Content(_("Esc: back, nothing happens")), classes="dialog--keys")

    def on_mount(self) -> None:
        """The list of answers takes the keys."""
        self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        """An answer's own key gives it at once; page keys move a long text."""
        for answer in self.answers:
            if event.key == answer.key or event.character == answer.key:
                event.stop()
                self.dismiss(answer.value)
                return

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.answers[event.option_index].value)


def ask_once(title: str, text: str, verb: str) -> Ask:
    """Ask once before something that cannot be undone; ``title`` names the object. Returns "yes" or None."""
    return Ask(title, text, (Answer("no", "n", _("Keep it")), Answer("yes", "y", verb, danger=True)))


class Tell(ModalScreen[None]):
    """A message that waits until it has been read."""

    DEFAULT_CSS = "Tell { align: center middle; VerticalScroll { height: auto; max-height: 18; } }"

    BINDINGS = [Binding("escape,enter,space,q", "dismiss(None)", N_("Back"))]

    def __init__(self, title: str, text: str | Content, *, danger: bool = False) -> None:
        super().__init__()
        self._title = title
        self._text = text if isinstance(text, Content) else Content(text)
        self._danger = danger

    def compose(self) -> ComposeResult:
        with DialogBox(classes="-danger" if self._danger else ""):
            yield DialogTitle(self._title)
            with VerticalScroll():
                yield Static(Content.assemble(self._text), classes="dialog--text")
            yield Static(Content(_("Enter or Esc: go on")), classes="dialog--keys")


def tell_error(title: str, error: CrmError) -> Tell:
    """An error that must be read: what happened and what to do."""
    text = Content.assemble(("✕ ", "bold $text-error"), error.message)
    if error.hint:
        text = Content.assemble(text, "\n\n", ("→ ", "bold"), error.hint)
    return Tell(title, text, danger=True)


def folded(text: str) -> str:
    """``text`` for finding: no case, no marks; as long as ``text`` itself, so that matches can be shown."""
    return "".join((unicodedata.normalize("NFKD", letter)[:1].casefold() or letter)[:1] for letter in text)


_WORD_BEGINNING = re.compile(r"(?<![^\W_])(?=\w)")


def _word_begins(label: str, query: str) -> int:
    """The place of the last word of ``label`` that ``query`` begins with, as the city of a time zone; -1: none."""
    places = [found.start() for found in _WORD_BEGINNING.finditer(label) if label.startswith(query, found.start())]
    return places[-1] if places else -1


def fuzzy(query: str, choices: Sequence[Choice]) -> list[tuple[Choice, Sequence[int]]]:
    """The choices that have the letters of ``query`` in order, best first, with the places in the label to mark."""
    if not query.strip():
        return [(choice, ()) for choice in choices]
    search, wanted = FuzzySearch(), folded(query.strip()).replace(" ", "")
    found = []
    for place, choice in enumerate(choices):
        score, marks = search.match(wanted, folded(choice.label))
        begins = _word_begins(folded(choice.label), folded(query.strip()))
        if begins >= 0:
            score, marks = score + WHOLE_BEGINNING, range(begins, begins + len(query.strip()))
        if not score and choice.detail:
            score, marks = search.match(wanted, folded(f"{choice.label} {choice.detail}"))[0] / 2, ()
        if score:
            found.append((-score, place, choice, marks))
    return [(choice, marks) for _score, _place, choice, marks in sorted(found, key=lambda item: item[:2])]


class PickList(ModalScreen[Choice | None]):
    """One of many: type a few letters, Enter takes the highlighted one.

    Args:
        title: what is being picked.
        choices: all there are; labels and details display-safe.
        seed: letters already typed.
        empty: what to say when there is nothing to pick.
    """

    DEFAULT_CSS = """
    PickList {
        align: center middle;
        OptionList { height: auto; max-height: 12; border: none; background: $surface; padding: 0; }
        OptionList { scrollbar-size-vertical: 1; }
    }
    """

    BINDINGS = [
        Binding("escape", "dismiss(None)", N_("Back")),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "move('page_down')", show=False, priority=True),
        Binding("pageup", "move('page_up')", show=False, priority=True),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], *, seed: str = "", empty: str = "") -> None:
        super().__init__()
        self._title = title
        self._choices = tuple(choices)
        self._line = SearchLine(seed, placeholder=_("Type a few letters"), select_on_focus=False)
        self._empty = empty
        self._found: list[tuple[Choice, Sequence[int]]] = []

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(self._title)
            yield self._line
            yield SignedList(markup=False)
            yield Static("", classes="dialog--keys")

    def on_mount(self) -> None:
        """Show everything that fits what is typed so far."""
        self.query_one(OptionList).can_focus = False
        self._fill(self._line.value)
        self.set_focus(self._line)

    def type(self, letters: str) -> None:
        """Letters that were typed before the line could take them."""
        line = self._line
        line.value += letters
        line.cursor_position = len(line.value)

    def on_key(self, event: events.Key) -> None:
        """What is typed before the line has the focus is not lost."""
        if event.is_printable and event.character and not self._line.has_focus:
            event.stop()
            self.type(event.character)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def offered(self, query: str) -> Sequence[Choice]:  # noqa: ARG002
        """Further choices for what is typed, at the end; subclasses."""
        return ()

    def _fill(self, query: str) -> None:
        self._found = fuzzy(query, self._choices)
        offered = [(choice, ()) for choice in self.offered(query)]
        if offered:
            self._found = [*self._found[: SHOWN - len(offered)], *offered]
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options([Option(self._prompt(choice, marks)) for choice, marks in self._found[:SHOWN]])
        listed.highlighted = 0 if self._found else None
        count = _("{found} of {all}").format(found=len(self._found), all=len(self._choices))
        if not self._found:
            count = self._empty if not self._choices and self._empty else _("Nothing fits. Take a letter away.")
        self.query_one(".dialog--keys", Static).update(
            Content(_("{count} · Enter takes it · Esc back").format(count=count))
        )

    @staticmethod
    def _prompt(choice: Choice, marks: Sequence[int]) -> Content:
        label = Content(choice.label)
        for place in marks:
            label = label.stylize("bold underline", place, place + 1)
        return Content.assemble(label, (f"  {choice.detail}" if choice.detail else "", "dim"))

    def action_move(self, how: str) -> None:
        """Move in the list while the cursor stays in the line."""
        getattr(self.query_one(OptionList), f"action_{how}")()

    @on(Input.Submitted)
    def _take(self) -> None:
        place = self.query_one(OptionList).highlighted
        if place is not None:
            self.dismiss(self._found[place][0])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._found[event.option_index][0])
