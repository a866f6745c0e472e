"""What can be done with the folios of a reservation and their postings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.money.folio_views import FolioView, PostingView
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.line import AskLine, ask_reason
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.folios import rows
from crm_tui.screens.folios.boxes import FolioBox, PostingBox, RoutesBox
from crm_tui.screens.folios.split import SplitBox
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked
from crm_tui.widgets.dialogs import ask_once

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.folios.screen import Whole

_LETTERS = "123456789abcdefghijklmnopqrstuvwxyz"


class FolioCommands(Today):
    """Mixin of the screen of the folios."""

    if TYPE_CHECKING:
        app: Any
        reservation: int
        found: Whole | None
        marked: dict[int, None]

        @property
        def folio(self) -> FolioView | None: ...

        @property
        def posting(self) -> PostingView | None: ...

        def reload(self) -> None: ...

        def action_unmark_all(self) -> None: ...

    def can(self, action: str, otherwise: bool | None) -> bool | None:
        """Whether an action makes sense where the cursor stands: None dims it."""
        folio, one = self.folio, self.posting
        ready = self.found is not None and folio is not None
        is_open = folio is not None and folio.closed_at is None
        found = {
            "post": ready,
            "new_folio": ready,
            "routes": ready,
            "statement": ready,
            "export": ready,
            "edit": is_open,
            "close": is_open,
            "remove": is_open and folio is not None and folio.empty,
            "move": (bool(self.marked) or (one is not None and is_open)) and len(self._all) > 1,
            "split": one is not None and one.whole and is_open,
            "reverse": one is not None and one.whole,
            "payer": folio is not None and self._payer(folio) is not None,
        }
        if action == "pay":
            return catalog.exists(catalog.PAYMENT) and ready
        if action in found:
            return found[action] or None
        return otherwise

    @property
    def _all(self) -> Sequence[FolioView]:
        return self.found.folios if self.found is not None else ()

    def _run(self, work: Callable[[Context], Any], said: Callable[[Any], str]) -> None:
        def done(result: Any) -> None:
            self.shell.tell(said(result))
            self.reload()

        self.ask(work, done, in_order=True)

    def _said(self, text: str) -> Callable[[Any], None]:
        """After a box: say so and show it."""

        def done(result: Any) -> None:
            if result is not None:
                self.shell.tell(text)
                self.reload()

        return done

    # Postings

    def action_post(self) -> None:
        """Post an amount."""
        found = self.found
        if found is None:
            return

        def done(made: PostingView | None) -> None:
            if made is not None:
                folio = next((one.title for one in self._all if one.id == made.folio), "")
                words = _("{amount} on folio {folio} · z takes it back")
                self.shell.tell(words.format(amount=made.amount, folio=folio))
                self.reload()

        box = PostingBox(self.reservation, found.stay.code, found.folios, found.currency, self.today)
        self.app.push_screen(box, done)

    def action_move(self) -> None:
        """Choose the folio that the marked postings, else the cursor's, go to."""
        every = {one.id: one for folio in self._all for one in folio.postings}
        one = self.posting
        chosen = [every[number] for number in self.marked if number in every] or ([one] if one else [])
        if not chosen:
            return
        at = {posting.folio for posting in chosen}
        targets = [f for f in self._all if f.closed_at is None and at != {f.id}]
        if not targets:
            self.shell.tell(_("There is no other open folio: N makes one."), warning=True)
            return

        def picked(value: str | None) -> None:
            if value is not None:
                self._move(chosen, next(folio for folio in targets if str(folio.id) == value))

        count = len(chosen)
        heading = ngettext("Move {n} posting to", "Move {n} postings to", count).format(n=count)
        choices = [
            Choice(_LETTERS[(f.number - 1) % len(_LETTERS)], rows.called(f) or f.title, str(f.id)) for f in targets
        ]
        self.app.push_screen(LeaderMenu(heading, choices), picked)

    def _move(self, chosen: Sequence[PostingView], target: FolioView) -> None:
        ids, versions = [one.id for one in chosen], {one.id: one.version for one in chosen}

        def said(count: int) -> str:
            words = ngettext("{n} posting is on {folio}", "{n} postings are on {folio}", count)
            return words.format(n=count, folio=target.title) + " · " + _("z takes it back")

        self.action_unmark_all()
        self._run(lambda ctx: desk.postings.move(ctx, ids, target.id, versions=versions), said)

    def action_split(self) -> None:
        """Split the posting."""
        one = self.posting
        if one is not None and one.whole:
            self.app.push_screen(SplitBox(one, self._all), self._said(_("Split · z takes it back")))

    def action_reverse(self) -> None:
        """Ask why, then take the posting back."""
        one = self.posting
        if one is None or not one.whole:
            return

        def given(reason: str | None) -> None:
            if reason:
                words = _("Taken back on folio {folio} · z takes that back")
                self._run(
                    lambda ctx: desk.postings.reverse(ctx, one.id, reason, version=one.version),
                    lambda made: words.format(folio=next((f.number for f in self._all if f.id == made.folio), "")),
                )

        heading = _("Why {what}, {amount}, is taken back").format(what=rows.what(one), amount=one.amount)
        self.app.push_screen(ask_reason(heading), given)

    def action_routes(self) -> None:
        """Which folio the postings of a category go to."""
        found = self.found
        if found is None:
            return

        def done(moved: int | None) -> None:
            if moved is not None:
                words = ngettext("{n} posting moved", "{n} postings moved", moved).format(n=moved)
                self.shell.tell(_("Routing changed · z takes it back") + (f" · {words}" if moved else ""))
                self.reload()

        self.app.push_screen(RoutesBox(self.reservation, found.stay.code, found.folios), done)

    # Folios

    def _people(self) -> list[tuple[int, str]]:
        """Who may pay: the guests but the holder, and the company."""
        found = self.found
        if found is None:
            return []
        people = [(one.id, one.name) for one in found.stay.guests if not one.holder]
        if found.stay.company is not None and found.stay.company[0] not in dict(people):
            people.append(found.stay.company)
        return people

    def action_new_folio(self) -> None:
        """Make another folio."""
        self._folio_box(None)

    def action_edit(self) -> None:
        """Rename the folio, or have another pay it."""
        if self.folio is not None and self.folio.closed_at is None:
            self._folio_box(self.folio)

    def _folio_box(self, folio: FolioView | None) -> None:
        def done(result: FolioView | str | None) -> None:
            if isinstance(result, str):
                self._find_payer(folio, result)
            else:
                self._said(_("Folio saved · z takes it back"))(result)

        self.app.push_screen(FolioBox(self.reservation, folio, self._people()), done)

    def _find_payer(self, folio: FolioView | None, name: str) -> None:
        number = self.reservation

        def picked(found: Picked | None) -> None:
            if found is None or found.guest is None:
                return
            payer = found.guest.id
            if folio is None:
                work: Callable[[Any], Any] = lambda ctx: desk.folios.create(ctx, number, name=name, payer=payer)  # noqa: E731
            else:
                values = {"name": name, "payer": payer}
                work = lambda ctx: desk.folios.set(ctx, folio.id, folio.version, values)  # noqa: E731
            self._run(work, lambda _done: _("Folio saved · z takes it back"))

        self.app.push_screen(GuestPick(_("Who pays the folio"), makes_new=False), picked)

    def action_close(self) -> None:
        """Ask once, then close the folio; what is still open of it is said."""
        folio = self.folio
        if folio is None or folio.closed_at is not None:
            return
        text = _("Nothing on it can be changed afterwards, and nobody can open it again.")
        if not folio.settled:
            owed = rows.money([one for one in folio.balances if one.amount])
            text = _("It is not settled: {balance}.").format(balance=owed) + "\n\n" + text

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._run(
                    lambda ctx: desk.folios.close(ctx, folio.id, folio.version, sure=not folio.settled),
                    lambda closed: _("Folio {title} is closed").format(title=closed.title),
                )

        heading = _("Close folio {title} for good?").format(title=folio.title)
        self.app.push_screen(ask_once(heading, text, _("Close it")), answered)

    def action_remove(self) -> None:
        """Delete the folio; z brings it back."""
        folio = self.folio
        if folio is not None:
            self._run(
                lambda ctx: desk.folios.remove(ctx, folio.id, folio.version),
                lambda _done: _("Folio {title} is deleted · z brings it back").format(title=folio.title),
            )

    @staticmethod
    def _payer_of(folio: FolioView, holder: int | None) -> int | None:
        return folio.payer[0] if folio.payer is not None else holder

    def _payer(self, folio: FolioView) -> int | None:
        holder = self.found.stay.holder if self.found is not None else None
        return self._payer_of(folio, holder.id if holder is not None else None)

    def action_payer(self) -> None:
        """Open the profile of who pays."""
        number = self._payer(self.folio) if self.folio is not None else None
        if number is not None:
            self.shell.open_guest(number)

    def action_pay(self) -> None:
        """Record a payment on the folio."""
        folio = self.folio
        if folio is not None:
            box = catalog.load(catalog.PAYMENT)(self.reservation, folio=folio.id)
            self.app.push_screen(box, lambda _number: self.reload())

    # Statements

    def action_statement(self) -> None:
        """Read the statement."""
        folio = self.folio
        if folio is not None:
            self.ask(
                lambda ctx: desk.folio_statement.text(ctx, folio.id),
                lambda text: self.app.push_screen(
                    TextDialog(_("Statement of folio {title}").format(title=folio.title), text, wide=True)
                ),
            )

    def action_export(self) -> None:
        """Ask for the file and write the statement into it."""
        folio, found = self.folio, self.found
        if folio is None or found is None:
            return
        name = Path.home() / f"{found.stay.code}-{folio.number}.txt"

        def given(path: str | None) -> None:
            if path:
                self.ask(
                    lambda ctx: desk.folio_statement.write(ctx, folio.id, Path(path)),
                    lambda target: self.shell.tell(_("The statement is in {path}.").format(path=target)),
                    in_order=True,
                )

        hint = _("a new file")
        judge: Any = lambda text: ("", "" if text else _("Name a file."))  # noqa: E731
        heading = _("Write the statement of folio {title} to").format(title=folio.title)
        self.app.push_screen(AskLine(heading, str(name), hint=hint, judge=judge), given)
