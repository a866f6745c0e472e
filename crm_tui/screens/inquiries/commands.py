"""What can be done with an inquiry: status, handler, who sees it, planned end, the offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.requests.inquiry_views import FIELD_NAMES, InquiryView
from crm_tui.rules.vocabulary import InquiryStatus
from crm_tui.screens import catalog
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.line import ask_day, ask_reason
from crm_tui.screens.dialogs.versions import Differing, VersionsDialog
from crm_tui.screens.inquiries import calls
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.fields import handler_words, handlers, scope_word, scopes
from crm_tui.screens.inquiries.words import STATUS_KEYS, said_value, status_word
from crm_tui.screens.mail.assigning import ME, MOST, NOBODY, letters
from crm_tui.widgets.days import day
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice as Pick

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class InquiryCommands(Today):
    """Mixin of the screen that shows one inquiry."""

    if TYPE_CHECKING:
        app: Any

        @property
        def view(self) -> InquiryView | None: ...

        def reload(self) -> None: ...

        team: Sequence[AgentView] | None

    def run(self, work: Callable[[Context], Any], said: str) -> None:
        """Run a command; when it is done, say so and show the inquiry as it is now."""

        def done(outcome: calls.Done) -> None:
            if said:
                self.shell.tell(calls.said(outcome, said))
            self.reload()

        if not self.ask(calls.noticing(work), done, in_order=True):
            self.shell.tell(_("The desk is still opening."), warning=True)

    def change(self, values: dict[str, Any], said: str, *, shown: str) -> None:
        """Change fields; where somebody else changed the same, show both and ask.

        Args:
            shown: the first value in words, for that question.
        """
        view = self.view
        if view is None:
            return

        def done(outcome: calls.Done) -> None:
            self.shell.tell(calls.said(outcome, said))
            self.reload()

        def failed(error: Exception) -> None:
            theirs = getattr(error, "theirs", None)
            if not isinstance(theirs, InquiryView):
                self.shell.report(error)
                return
            name = next(iter(values))
            self._ask_whose(
                str(error), theirs, values, Differing(name, _(FIELD_NAMES[name]), said_value(theirs, name), shown)
            )

        work = calls.noticing(lambda ctx: desk.inquiries.set(ctx, view.id, view.version, values))
        self.ask(work, done, failed=failed, in_order=True)

    def _ask_whose(self, title: str, theirs: InquiryView, values: dict[str, Any], both: Differing) -> None:
        def chosen(mine: frozenset[str] | None) -> None:
            if mine:
                self.run(
                    lambda ctx: desk.inquiries.set(ctx, theirs.id, theirs.version, values),
                    _("Saved · z takes it back"),
                )
            else:
                self.reload()

        self.app.push_screen(VersionsDialog(title, [both]), chosen)

    # Proposals and offer

    def action_take_over(self) -> None:
        """Everything that was read in the mail is right."""
        view = self.view
        if view is None:
            return
        if not view.proposed:
            self.shell.tell(_("Nothing is proposed."))
        else:
            number = view.id
            self.run(lambda ctx: desk.inquiries.accept(ctx, number), _("Taken over from the mail · z takes it back"))

    def action_edit(self) -> None:
        """Change the offer."""
        self.edit_at("")

    def edit_at(self, field: str) -> None:
        """Change the offer; the cursor stands in a field."""
        from crm_tui.screens.inquiries.form import InquiryForm

        if self.view is not None:
            self.app.push_screen(InquiryForm(self.view, at=field), lambda _number: self.reload())

    def fact_opened(self, key: str) -> None:
        kind, _blank, number = key.partition(" ")
        if kind == "reservation":
            self.shell.open_reservation(int(number))
        elif key == "status":
            self.action_status()
        else:
            self.edit_at(key)

    # Status

    def action_status(self) -> None:
        """Choose the status by its letter."""
        view = self.view
        if view is None:
            return
        choices = [
            Choice(key, status_word(status).capitalize(), str(status), _("now") if status == view.status else "")
            for key, status in STATUS_KEYS.items()
        ]
        title = _("Status of inquiry {number}").format(number=view.id)
        self.app.push_screen(LeaderMenu(title, choices), self._set_status)

    def _set_status(self, status: str | None) -> None:
        view = self.view
        if view is None or not status:
            return
        if status == view.status:
            self.shell.tell(_("Nothing was changed."))
            return
        if status == InquiryStatus.LOST:
            title = _("Why was inquiry {number} lost?").format(number=view.id)
            self.app.push_screen(ask_reason(title), self._lost)
            return
        said = _("Inquiry {number}: {status} · z takes it back")
        self.change(
            {"status": status}, said.format(number=view.id, status=status_word(status)), shown=status_word(status)
        )

    def _lost(self, reason: str | None) -> None:
        view = self.view
        if view is not None and reason:
            values = {"status": str(InquiryStatus.LOST), "lost_reason": reason}
            said = _("Inquiry {number}: lost · z takes it back").format(number=view.id)
            self.change(values, said, shown=status_word(InquiryStatus.LOST))

    # Who and until when

    def action_book(self) -> None:
        """The form of a reservation, with what the inquiry says."""
        view = self.view
        if view is not None:
            self.app.push_screen(catalog.load(catalog.RESERVATION_FORM)(inquiry=view.id))

    def action_assign(self) -> None:
        """Give it to an agent by a letter, or to nobody."""
        view, ctx, team = self.view, self.shell.ctx, self.team
        if view is None or ctx is None or team is None:
            return
        title = _("Who handles inquiry {number}?").format(number=view.id)
        others = [agent for agent in team if agent.id != ctx.actor.id]
        if len(others) > MOST:
            self.app.push_screen(
                PickList(title, handlers(team)), lambda picked: self._give(str(picked.value)) if picked else None
            )
            return
        choices = [Choice(ME, agent.name, agent.name, _("you")) for agent in team if agent.id == ctx.actor.id]
        keys = letters([agent.name for agent in others])
        choices += [Choice(key, agent.name, agent.name) for key, agent in zip(keys, others, strict=True)]
        choices.append(Choice(NOBODY, _("nobody"), "nobody"))
        self.app.push_screen(LeaderMenu(title, choices), lambda name: self._give(name) if name else None)

    def _give(self, name: str) -> None:
        view = self.view
        if view is None:
            return
        words = handler_words("" if name == "nobody" else name)
        said = _("Inquiry {number} → {name} · z takes it back").format(number=view.id, name=words)
        self.change({"handler": name}, said, shown=words)

    def action_scope(self) -> None:
        """Choose who may see it."""
        self.ask(calls.agents, self._pick_scope)

    def _pick_scope(self, agents: Sequence[AgentView]) -> None:
        view, ctx = self.view, self.shell.ctx
        if view is None or ctx is None:
            return
        number = view.id

        def picked(choice: Pick | None) -> None:
            if choice is not None:
                said = _("Inquiry {number} is seen by: {who} · z takes it back")
                self.change(
                    {"scope": choice.value},
                    said.format(number=number, who=choice.label),
                    shown=scope_word(str(choice.value)),
                )

        offered = scopes(agents, ctx.actor.name, department=ctx.actor.department is not None)
        self.app.push_screen(PickList(_("Who may see inquiry {number}?").format(number=number), offered), picked)

    def action_planned_end(self) -> None:
        """The day by which it should be closed."""
        view = self.view
        if view is None:
            return
        number, today = view.id, self.today()

        def given(text: str | None) -> None:
            if text is None:
                return
            from crm_tui.rules.day_words import read_day_words

            on_day = read_day_words(text, today) if text else None
            words = day(on_day, today) if on_day else _("no day")
            said = _("Inquiry {number} should be closed by: {day} · z takes it back").format(number=number, day=words)
            self.change({"planned_end": on_day}, said, shown=words)

        title = _("By when should inquiry {number} be closed?").format(number=number)
        self.app.push_screen(ask_day(title, view.planned_end, today), given)
