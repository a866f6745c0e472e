"""Marking guests in their list, and acting on those who are marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.base.sizes import grouped
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.screens import catalog
from crm_tui.screens.base import Asking
from crm_tui.screens.guests import list_calls as calls
from crm_tui.screens.roles import may_merge
from crm_tui.widgets.dialogs import Answer, Ask

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import MarksLeft
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.guests.list_calls import Then
    from crm_tui.screens.guests.rows import GuestList
    from crm_tui.screens.guests.tags import TagAnswer

MANY = 100
"""More guests are not archived by a single key: the count is shown first."""
SLOW = 0.3
"""Seconds after which a command says that it is under way."""


class ActsOnMarked(Asking):
    """Mixin of the list of guests: a command acts on the numbers that were marked, whatever the list shows by now."""

    list: GuestList
    criteria: GuestCriteria

    if TYPE_CHECKING:
        app: Any
        is_attached: Any
        set_timer: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hidden = 0
        """Marked guests whom the list does not show."""
        self.busy = ""
        """What is being done, once it takes a moment."""
        self.marking = False
        """All are being marked: a command waits for that."""
        self._waiting: list[Then] = []

    @property
    def asked(self) -> GuestCriteria:
        """What the list shows."""
        raise NotImplementedError

    def show_title(self) -> None:
        """Say anew what the list shows and what is marked."""
        raise NotImplementedError

    def look_at_marks(self) -> None:
        """Drop the marks of those who are gone, and say how many of the others are not shown."""
        numbers, asked = self.list.numbers, self.asked
        if numbers:
            self.ask(lambda ctx: calls.marks(ctx, asked, numbers), self._marks_left, topic="marks")
        else:
            self.hidden = 0

    def _marks_left(self, left: MarksLeft) -> None:
        self.hidden = left.hidden
        gone = len([one for one in left.gone if one in self.list.numbers]) if left.gone else 0
        self.list.unmark(left.gone)
        if gone:
            words = ngettext(
                "{n} marked guest is not here any more; the mark is gone.",
                "{n} marked guests are not here any more; their marks are gone.",
                gone,
            )
            self.shell.tell(words.format(n=gone))
        self.show_title()

    # Marking; acting on the marked, or on the one under the cursor

    def action_mark_all(self) -> None:
        """Mark all that are found at this moment, or nobody."""
        if self.list.found_by == self.asked:
            self.list.action_unmark_all()
            return
        asked, self.marking = self.asked, True

        def found(numbers: list[int]) -> None:
            self.marking = False
            self.list.mark_all(numbers, asked)
            waiting, self._waiting = self._waiting, []
            for then in waiting:
                then(self.list.numbers)

        def failed(error: Exception) -> None:
            self.marking, self._waiting = False, []
            self.shell.report(error)

        if not self.ask(lambda ctx: calls.found(ctx, asked), found, failed=failed, topic="mark all"):
            self.marking = False

    def action_mark_range(self, by: int) -> None:
        """Mark this one and the next."""
        self.list.mark_towards(by)

    def _with_chosen(self, then: Then) -> None:
        """Call it with the numbers of those on whom a command acts; nothing happens if there is nobody."""
        if self.marking:
            self._waiting.append(then)
            return
        row = self.list.current
        numbers = self.list.numbers or ((row.id,) if row is not None else ())
        if numbers:
            then(numbers)

    def action_tag(self) -> None:
        """Choose attributes to put on and to take off."""

        def read(numbers: Sequence[int]) -> None:
            self.ask(lambda ctx: calls.attributes(ctx, numbers), lambda found: self._ask_tags(numbers, found))

        self._with_chosen(read)

    def _ask_tags(self, numbers: Sequence[int], found: calls.Tags) -> None:
        from crm_tui.screens.guests.tags import TagPick

        def answered(answer: TagAnswer | None) -> None:
            if answer is not None and (answer.add or answer.remove):
                words = ngettext("Tagging {n} guest…", "Tagging {n} guests…", len(numbers))
                self._run(lambda ctx: calls.tag(ctx, numbers, answer.add, answer.remove), self._tagged, words, numbers)

        self.app.push_screen(TagPick(len(numbers), found), answered)

    def _tagged(self, count: int) -> None:
        words = ngettext("{n} guest tagged · z takes it back", "{n} guests tagged · z takes it back", count)
        self.shell.tell(words.format(n=grouped(count)) if count else _("They are tagged so already."))

    def _run(
        self, work: Callable[[Context], int], told: Callable[[int], None], words: str, numbers: Sequence[int]
    ) -> None:
        """Run a command on many guests; where it takes a moment the title says what is done."""
        under_way = True

        def say() -> None:
            if under_way and self.is_attached:
                self.busy = words.format(n=grouped(len(numbers)))
                self.show_title()

        def ended() -> None:
            nonlocal under_way
            under_way, self.busy = False, ""

        def done(count: int) -> None:
            ended()
            told(count)
            self.list.action_unmark_all()
            self.show_title()
            self.list.reload()

        def failed(error: Exception) -> None:
            ended()
            self.shell.report(error)
            self.show_title()
            self.list.reload()

        if self.ask(work, done, failed=failed, in_order=True):
            self.set_timer(SLOW, say)

    def action_archive(self) -> None:
        """Put guests away, or take archived ones back."""
        self._with_chosen(self._ask_archive)

    def _ask_archive(self, numbers: Sequence[int]) -> None:
        back = self.criteria.archived
        if len(numbers) <= MANY:
            self._archive(numbers, back)
            return
        count = grouped(len(numbers))
        title = _("Take {n} guests back?") if back else _("Archive {n} guests?")
        does = _("Take them back") if back else _("Archive them")
        text = _("One key, z, undoes it for all of them.")
        if self.hidden:
            hidden = ngettext("{n} of them is not shown now.", "{n} of them are not shown now.", self.hidden)
            text = f"{hidden.format(n=grouped(self.hidden))} {text}"

        def answered(answer: str | None) -> None:
            if answer:
                self._archive(numbers, back)

        self.app.push_screen(Ask(title.format(n=count), text, [Answer("yes", "y", does)]), answered)

    def _archive(self, numbers: Sequence[int], back: bool) -> None:
        def told(count: int) -> None:
            put = ngettext("{n} guest archived · z takes it back", "{n} guests archived · z takes it back", count)
            taken = ngettext("{n} guest is back · z undoes it", "{n} guests are back · z undoes it", count)
            words = (taken if back else put).format(n=grouped(count))
            others = len(numbers) - count
            if not count:
                words = _("Nothing to do: they are back already.") if back else _("Nothing to do: archived already.")
            elif others:
                words += " · " + ngettext("{n} was so already", "{n} were so already", others).format(n=grouped(others))
            self.shell.tell(words)

        taking = ngettext("Taking {n} guest back…", "Taking {n} guests back…", len(numbers))
        putting = ngettext("Archiving {n} guest…", "Archiving {n} guests…", len(numbers))
        words = taking if back else putting
        self._run(lambda ctx: calls.archive(ctx, numbers, back=back), told, words, numbers)

    def action_package(self) -> None:
        """Make a package of them; one of all that were found can be refreshed by the search."""
        self._with_chosen(self._make_package)

    def _make_package(self, numbers: Sequence[int]) -> None:
        found_by = self.list.found_by
        criteria = found_by.to_json() if found_by is not None else {}
        self.app.push_screen(catalog.load(catalog.PACKAGE_FROM)(criteria, list(numbers)), lambda _made: None)

    def action_merge(self) -> None:
        """Show the marked ones beside each other."""
        if may_merge(self.shell):
            self._with_chosen(lambda numbers: self._show_with(catalog.GUEST_MERGE, numbers))

    def action_export(self) -> None:
        """Write them to a file."""
        self._with_chosen(lambda numbers: self._show_with(catalog.GUEST_EXPORT, numbers))

    def _show_with(self, path: str, numbers: Sequence[int]) -> None:
        self.app.push_screen(catalog.load(path)(list(numbers)))
