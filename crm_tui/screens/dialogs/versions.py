"""Two people changed the same thing: both versions, field by field, and whose counts (SPEC §13: lost updates never happen)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from crm_tui.base.i18n import N_, _
from crm_tui.screens.base import Dialog
from crm_tui.widgets.cells import fit
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.signs import SignedList


@dataclass(frozen=True, slots=True)
class Differing:
    """A field that both changed: what it is called, what they wrote, what the agent wrote; display-safe."""

    field: str
    label: str
    theirs: str
    mine: str


class VersionsDialog(Dialog[frozenset[str] | None]):
    """Shows both; dismissed with the fields in which the agent's own text counts, or None: nothing is saved.

    Args:
        title: what happened, naming who.
        fields: those that both changed.
    """

    DEFAULT_CSS = """
    VersionsDialog {
        align: center middle;
        DialogBox { width: 100; }
        OptionList { height: auto; max-height: 14; border: none; background: $surface; padding: 0; }
        OptionList:focus { border: none; }
        DialogBox .dialog--keys { height: 2; }
        .versions--head { height: 1; color: $text-muted; }
    }
    """

    BINDINGS = [
        Binding("escape", "close", N_("Back")),
        Binding("left", "choose(False)", N_("Theirs"), show=False),
        Binding("right", "choose(True)", N_("Mine"), show=False),
        Binding("t", "all(False)", N_("All theirs")),
        Binding("m", "all(True)", N_("All mine")),
        Binding("ctrl+s", "save", N_("Save"), priority=True),
    ]

    def __init__(self, title: str, fields: Sequence[Differing]) -> None:
        super().__init__()
        self._title = title
        self._fields = tuple(fields)
        self.mine: set[str] = set()

    def compose(self) -> ComposeResult:
        """A line a field, theirs at the left, mine at the right."""
        with DialogBox():
            yield DialogTitle(self._title)
            yield Static(
                Content(" " + self._columns("", "   " + _("there now"), "   " + _("mine"))), classes="versions--head"
            )
            yield SignedList(*(Option(Content.assemble(self._line(one))) for one in self._fields), markup=False)
            lines = (
                _("← theirs · → mine · Space the other one"),
                _("t all theirs · m all mine · ctrl+s saves · Esc back"),
            )
            yield Static(Content("\n".join(lines)), classes="dialog--keys")

    def on_mount(self) -> None:
        """The list takes the keys."""
        self.query_one(OptionList).focus()

    def _columns(self, label: str, theirs: str, mine: str) -> str:
        room = (min(100, int(self.app.size.width * 0.94)) - 8 - 18) // 2
        return fit(label, 18) + fit(theirs, room) + fit(mine, room)

    def _line(self, one: Differing) -> Content:
        mine = one.field in self.mine
        room = (min(100, int(self.app.size.width * 0.94)) - 8 - 18) // 2
        left = fit(f"{'○' if mine else '●'} {one.theirs or '–'}", room - 1) + " "
        right = fit(f"{'●' if mine else '○'} {one.mine or '–'}", room)
        return Content.assemble(
            (fit(one.label, 18), "$text-muted"), (left, "dim" if mine else "bold"), (right, "bold" if mine else "dim")
        )

    def _paint(self) -> None:
        listed = self.query_one(OptionList)
        for place, one in enumerate(self._fields):
            listed.replace_option_prompt_at_index(place, self._line(one))

    def action_choose(self, mine: bool) -> None:
        """Whose text counts in the highlighted field."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            (self.mine.add if mine else self.mine.discard)(self._fields[place].field)
            self._paint()

    def action_all(self, mine: bool) -> None:
        """The same in all fields."""
        self.mine = {one.field for one in self._fields} if mine else set()
        self._paint()

    @on(OptionList.OptionSelected)
    def _turn(self, event: OptionList.OptionSelected) -> None:
        self.mine ^= {self._fields[event.option_index].field}
        self._paint()

    def action_save(self) -> None:
        """Hand out the choice."""
        self.dismiss(frozenset(self.mine))


def both_versions(
    app: App[Any],
    title: str,
    labels: Mapping[str, str],
    versions: tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]],
    save: Callable[[dict[str, Any]], None],
    shown: Callable[[str, Any], str] = lambda _field, value: str(value),
) -> None:
    """Save both changes where they do not meet; where both changed the same field, ask whose counts.

    Args:
        title: what happened, naming who.
        labels: what the fields are called.
        versions: the values by field that the agent began from, that are there now, and the agent's own.
        save: takes the values that count.
        shown: a field's value in words.
    """
    began, theirs, mine = versions
    values = {name: mine[name] if mine[name] != began[name] else theirs[name] for name in labels}
    both = [
        Differing(name, label, shown(name, theirs[name]), shown(name, mine[name]))
        for name, label in labels.items()
        if mine[name] != began[name] and theirs[name] not in (began[name], mine[name])
    ]

    def chosen(kept: frozenset[str] | None) -> None:
        if kept is not None:
            save(values | {one.field: theirs[one.field] for one in both if one.field not in kept})

    if both:
        app.push_screen(VersionsDialog(title, both), chosen)
    else:
        save(values)
