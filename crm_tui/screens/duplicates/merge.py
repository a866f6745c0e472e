"""Guests side by side, to be merged: the main profile first, whose value counts in each field, and what goes over."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.merges.guest_merge_views import MergePreview, MergeView, NotSure, consent_lost
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.duplicates.actions import MERGE
from crm_tui.screens.duplicates.merge_rows import LABEL, MergeRow, head, line, rows_of
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked
from crm_tui.screens.roles import is_manager
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.times import day_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

MOST = 6
"""More guests do not fit side by side."""


class MergeScreen(DeskScreen[int | None]):
    """Choose, look, merge. Its result is the number of the main profile if they were merged.

    Args:
        ids: the guests; the first one is the main profile until another is chosen. With one alone the other is asked for.
    """

    CSS = """
    MergeScreen #title { background: $surface; }
    MergeScreen #head { height: 1; margin: 1 0 0 0; }
    MergeScreen #rows { height: 1fr; }
    MergeScreen #result { height: auto; max-height: 6; background: $surface; padding: 0 1; }
    """
    BINDINGS = bindings(MERGE)
    AUTO_FOCUS: ClassVar[str | None] = "Rows"

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__()
        self._ids = list(dict.fromkeys(ids))[:MOST]
        self._left_out = len({*ids}) - len(self._ids)
        self._choices: dict[str, int] = {}
        self._seen: MergePreview | None = None
        self._rows: list[MergeRow] = []
        self._differing = False
        self._wanted = False
        self._lost_agreed: tuple[str, ...] = ()

    def body(self) -> ComposeResult:
        """Title, who is who, the lines, and the whole of the one under the cursor."""
        self.title_line = Line(id="title")
        yield self.title_line
        yield Static("", id="head")
        yield Rows(id="rows")
        yield Static("", id="result")

    def desk_ready(self) -> None:
        """Look at them; with one alone ask for the other."""
        if len(self._ids) < 2:
            self._ask_other()
        else:
            self._look()
        if self._left_out:
            self.shell.tell(_("At most {n} guests stand side by side; the first ones do.").format(n=MOST), warning=True)

    def desk_changed(self, changes: Changes) -> None:
        """Somebody changed one of them."""
        if changes.everything or not {*self._ids}.isdisjoint(changes.ids.get("guest", ())):
            self._look()

    @property
    def manager(self) -> bool:
        """Whether the agent may merge; the store asks again."""
        ctx = self.shell.ctx
        return is_manager(ctx)

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return [
            ("★", _("the main profile: its number stays")),
            ("● ○", _("whose value counts; ● on all: put together")),
            ("≠", _("they say different things")),
            ("!", _("look twice: birth date, passport, or a consent that is lost")),
            ("+", _("put together; ● says whose come first")),
        ]

    # Showing

    def _look(self) -> None:
        if len(self._ids) < 2:
            return
        main, *others = self._ids
        choices = {name: number for name, number in self._choices.items() if number in (*self._ids, 0)}
        self.ask(
            lambda ctx: desk.guest_merging.preview(ctx, main, others, choices),
            self._show,
            topic="preview",
            failed=self._cannot,
        )

    def _cannot(self, error: Exception) -> None:
        self.shell.report(error)
        if self._seen is None and self.is_attached:
            self.dismiss(None)

    def _show(self, seen: MergePreview) -> None:
        self._seen = seen
        right = [] if self.manager else [(_("only a manager may merge") + " ", "warn")]
        if seen.apart:
            right.insert(0, (_("said to be not the same") + " · ", "warn"))
        names = _("{n} guests side by side").format(n=len(seen.guests))
        shown = _("only what differs") if self._differing else ""
        self.title_line.show(list_title(_("Merge").upper(), names, filtered=shown), right)
        self._paint()

    def _paint(self) -> None:
        seen = self._seen
        if seen is None:
            return
        self._rows = rows_of(seen, differing=self._differing)
        self.query_one("#head", Static).update(head(seen, self._room))
        self.query_one(Rows).show([(place, line(row, self._room)) for place, row in enumerate(self._rows)])

    @property
    def _room(self) -> int:
        return max(12, (self.size.width - LABEL - 1) // max(2, len(self._ids)))

    def on_resize(self, _event: events.Resize) -> None:
        """The columns are as wide as there is room."""
        self._paint()

    @property
    def row(self) -> MergeRow | None:
        """The line under the cursor."""
        key = self.query_one(Rows).key if self.is_mounted else None
        return self._rows[key] if key is not None and key < len(self._rows) else None

    @on(Rows.Moved)
    def _moved(self) -> None:
        row = self.row
        words = Content("")
        if row is not None:
            words = Content.assemble((row.label.strip("≠!+ ") + " → ", "$desk-muted"), row.result or "–")
        self.query_one("#result", Static).update(words)
        self.refresh_bindings()

    # Choosing

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A line that only tells has nothing to choose."""
        if action in {"choose"}:
            row = self.row
            return True if row is not None and row.name else None
        if action in {"save", "main", "apart", "differing"}:
            return True if self._seen is not None else None
        return True

    def action_choose(self, step: int) -> None:
        """The next guest's value counts; after the last one of remarks, all of them together."""
        row = self.row
        if row is None or not row.name:
            return
        places: list[int] = [0, *self._ids] if row.name == "remarks" else list(self._ids)
        now = 0 if row.chosen is None else self._ids[row.chosen]
        place = places.index(now) if now in places else 0
        self._choices[row.name] = places[(place + step) % len(places)]
        self._look()

    @on(Rows.OptionSelected)
    def _clicked(self) -> None:
        self.action_choose(1)

    def action_main(self) -> None:
        """The next guest is the main profile; what was chosen stays chosen."""
        self._ids = [*self._ids[1:], self._ids[0]]
        self._look()

    def action_differing(self) -> None:
        """Only what differs, or all."""
        self._differing = not self._differing
        if self._seen is not None:
            self._show(self._seen)

    def action_add(self) -> None:
        """One more guest beside these."""
        if len(self._ids) >= MOST:
            self.shell.tell(_("At most {n} guests stand side by side; the first ones do.").format(n=MOST), warning=True)
            return
        self._pick(_("Who else is the same?"))

    def _ask_other(self) -> None:
        if not self._ids:
            self.dismiss(None)
        elif not self._wanted:
            self._wanted = True
            number = self._ids[0]
            self.ask(lambda ctx: desk.guest_merging.merges_of(ctx, number), self._offer_parting, failed=self._cannot)

    def _offer_parting(self, merges: Sequence[MergeView]) -> None:
        if any(one.undone_at is None for one in merges):
            self._part_or_pick(merges, _("Merge with another profile"))
        else:
            self._pick(_("Merge with whom?"))

    def _pick(self, title: str) -> None:
        """Ask for one more guest; those who share an address, a number or the name are offered first."""
        ids, first = tuple(self._ids), self._ids[0]
        likely = partial(desk.duplicates.near, guest_id=first)
        self.app.push_screen(GuestPick(title, makes_new=False, without=ids, likely=likely), self._picked)

    def _picked(self, picked: Picked | None) -> None:
        if picked is not None and picked.guest is not None and picked.guest.id not in self._ids:
            self._ids.append(picked.guest.id)
        if len(self._ids) < 2:
            self.dismiss(None)
        else:
            self._look()

    # Merging

    def action_save(self) -> None:
        """Merge as it is shown; where a consent that was given would be lost, ask once."""
        lost = self._lost()
        if not lost or lost == self._lost_agreed:
            self._merge(sure=False)
            return

        def answered(said: str | None) -> None:
            if said == "yes":
                self._lost_agreed = lost
                self._merge(sure=False)

        answers = (
            Answer("no", "n", _("Leave them as they are")),
            Answer("yes", "y", _("Merge without the consent"), danger=True),
        )
        self.app.push_screen(Ask(_("A consent would be lost"), "\n".join(lost), answers), answered)

    def _lost(self) -> tuple[str, ...]:
        """Sentences on each consent that somebody gave and that does not hold after the merge."""
        return tuple(consent_lost(one.channel) for one in self._seen.consents if one.narrowed) if self._seen else ()

    def _merge(self, *, sure: bool) -> None:
        seen = self._seen
        if seen is None:
            return
        main, *others = (one.id for one in seen.guests)
        choices, versions = dict(self._choices), seen.versions
        said = _("{name} is one profile now, number {number} · z takes it back").format(
            name=seen.guests[0].name, number=main
        )

        lost = self._lost()

        def done(_none: None) -> None:
            self.shell.tell(" ".join((said, *lost)), warning=bool(lost))
            self.dismiss(main)

        def work(ctx: Context) -> None:
            desk.guest_merging.merge(ctx, main, others, choices, sure=sure, versions=versions)

        self.ask(work, done, failed=self._refused, in_order=True)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, NotSure):
            text = "\n".join(one.words for one in error.differences)
            answers = (
                Answer("no", "n", _("Leave them as they are")),
                Answer("yes", "y", _("They are one person: merge"), danger=True),
            )
            title = _("These may be two persons")
            self.app.push_screen(
                Ask(title, text, answers), lambda said: self._merge(sure=True) if said == "yes" else None
            )
            return
        self.shell.report(error)
        self._look()

    def action_apart(self) -> None:
        """They are not the same."""
        ids = list(self._ids)

        def done(_count: int) -> None:
            self.shell.tell(_("Not the same: not suggested again · z takes it back"))
            self.dismiss(None)

        self.ask(lambda ctx: desk.duplicates.tell_apart(ctx, ids), done, in_order=True)

    # Taking apart

    def action_part(self) -> None:
        """What was merged into the main profile."""
        number = self._ids[0]
        self.ask(lambda ctx: desk.guest_merging.merges_of(ctx, number), self._offer_merges)

    def _offer_merges(self, merges: Sequence[MergeView]) -> None:
        if any(one.undone_at is None for one in merges):
            self._part_or_pick(merges, "")
        else:
            self.shell.tell(_("Nothing was merged into this profile."))

    def _part_or_pick(self, merges: Sequence[MergeView], other: str) -> None:
        """Ask which merge is taken apart; ``other``: words for merging with somebody else instead."""
        standing = [one for one in merges if one.undone_at is None][:9]
        answers = [Answer("pick", "m", other)] if other else []
        answers += [
            Answer(str(one.id), str(place), _part_words(one, day_of(one.at.astimezone(self.shell.zone).date())))
            for place, one in enumerate(standing, 1)
        ]
        refused = [f"{one.absorbed_name} (#{one.absorbed}): {one.changed}" for one in standing if one.changed]
        said = [*refused, _("z does not take this back: to have one profile again, merge them anew.")]
        self.app.push_screen(Ask(_("Merged profiles"), "\n".join(said), answers), self._chosen_part)

    def _chosen_part(self, value: str | None) -> None:
        if value == "pick":
            self._pick(_("Merge with whom?"))
        elif value is None:
            if len(self._ids) < 2:
                self.dismiss(None)
        else:
            number = int(value)
            self.ask(
                lambda ctx: desk.guest_merging.unmerge(ctx, number),
                self._parted,
                failed=self._not_parted,
                in_order=True,
            )

    def _parted(self, number: int) -> None:
        self.shell.tell(_("Guest {number} has a profile of their own again.").format(number=number))
        self.dismiss(None)

    def _not_parted(self, error: Exception) -> None:
        self.shell.report(error)
        if len(self._ids) < 2:
            self.dismiss(None)


def _part_words(one: MergeView, day: str) -> str:
    words = _("Take apart {name} (#{number}), merged {day}")
    if one.agent:
        words = _("Take apart {name} (#{number}), merged {day} by {agent}")
    said = words.format(name=one.absorbed_name, number=one.absorbed, day=day, agent=one.agent)
    return f"✕ {said}" if one.changed else said
