"""Privacy: whom the rules of retention propose to erase, the rules, and what was erased (SPEC §6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.progress import CancelEvent
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import ask_day
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.privacy.actions import LIST
from crm_tui.screens.privacy.asking import ShowsConsents
from crm_tui.screens.privacy.told import Told
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.times import exact

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes
    from crm_tui.desk.privacy.erasing_views import Report
    from crm_tui.desk.privacy.retention_views import Proposal, RuleView

PROPOSALS, RULES, ERASURES = "proposals", "rules", "erasures"
SHOWN = 500
"""So many proposals are listed; the next come when these are dealt with."""
_OF = {
    PROPOSALS: {"mark", "mark_all", "erase", "keep", "profile", "consents"},
    RULES: {"add", "remove"},
    ERASURES: set[str](),
}
_CHANGING = {"erase", "keep", "add", "remove"}


class PrivacyScreen(Today, ShowsConsents, DeskScreen[None]):
    """Three lists under each other's keys, with what is known of the highlighted row below."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(LIST)]

    def __init__(self) -> None:
        super().__init__()
        self._shown = PROPOSALS
        self._proposals: Sequence[Proposal] | None = None
        self._rules: Sequence[RuleView] = ()
        self._erasures: Sequence[Report] = ()
        self._marked: set[int] = set()
        self._work: CancelEvent | None = None
        self._words = ""

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield Static("", id="empty")
        yield Rows(id="rows")
        yield Static("", id="detail")

    def desk_ready(self) -> None:
        """Ask for the short lists at once, for the proposals in the background."""

        def read(ctx: Context) -> tuple[Sequence[RuleView], Sequence[Report]]:
            return desk.retention.rules(ctx), desk.erasing.listed(ctx)

        self.ask(read, self._known, topic="lists")
        self._look()

    def _look(self) -> None:
        self._proposals = None
        self._paint()
        self.ask(lambda ctx: desk.retention.proposals(ctx), self._found, failed=self._not_found, topic="proposals")

    def _known(self, found: tuple[Sequence[RuleView], Sequence[Report]]) -> None:
        self._rules, self._erasures = found
        self._paint()
        ctx = self.shell.ctx
        if ctx is not None and not ctx.readonly and any(not one.swept for one in self._erasures):
            self.ask(lambda desk_of: desk.erasing.forget(desk_of), topic="forget")  # it was cut short

    def _found(self, found: Sequence[Proposal]) -> None:
        self._proposals = found
        self._marked &= {one.guest for one in found}
        self._paint()

    def _not_found(self, error: Exception) -> None:
        self._proposals = ()
        self._paint()
        self.shell.report(error)

    def desk_changed(self, changes: Changes) -> None:
        """Rules or guests changed; what is under way here asks by itself when it is done."""
        if self._work is None and (changes.everything or changes.ids.keys() & {"guest", "retention_rule"}):
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self._paint()

    def _paint(self) -> None:
        rows = self._rows()
        listed = self.query_one(Rows)
        listed.show(rows)
        empty = self.query_one("#empty", Static)
        empty.display = not rows
        empty.update(Content(self._empty_words()))
        self._paint_title()
        self._paint_detail()
        self.refresh_bindings()

    def _rows(self) -> list[tuple[int, Content]]:
        from crm_tui.screens.privacy.words import erasure_row, proposal_row, rule_row

        width = self.size.width
        if self._shown == RULES:
            return [(one.id, rule_row(one, width)) for one in self._rules]
        if self._shown == ERASURES:
            zone = self.shell.zone
            return [(one.id, erasure_row(one, exact(one.at, zone)[:-10] if one.at else "")) for one in self._erasures]
        return [
            (one.guest, proposal_row(one, width, marked=one.guest in self._marked))
            for one in (self._proposals or ())[:SHOWN]
        ]

    def _empty_words(self) -> str:
        if self._shown == RULES:
            return _("No rule yet. A rule says after how long without contact a guest is proposed: + makes one.")
        if self._shown == ERASURES:
            return _("Nobody was erased yet.")
        if self._proposals is None:
            return _("Looking through the guests …")
        if not self._rules:
            return _("Nobody is proposed, as there is no rule yet: F4, then + makes one.")
        return _("Nobody is proposed: there was contact with everybody within the rules' time.")

    def _paint_title(self) -> None:
        number = len(self._proposals or ())
        count = f"{SHOWN}/{number}" if number > SHOWN else "…" if self._proposals is None else str(number)
        tabs = (
            (PROPOSALS, "F3", _("Proposed"), count),
            (RULES, "F4", _("Rules"), str(len(self._rules))),
            (ERASURES, "F6", _("Erased"), str(len(self._erasures))),
        )
        parts = list_title(_("Privacy").upper(), "")
        for name, key, words, total in tabs:
            shown = name == self._shown
            parts += [(f"   {key} ", "faint"), (f"{words} {total}", "title" if shown else "muted")]
        if self._shown == PROPOSALS and self._marked:
            marked = ngettext("{n} marked", "{n} marked", len(self._marked)).format(n=len(self._marked))
            parts.append((f" · ✓ {marked}", "mark"))
        if self._words:
            parts.append((f" · {self._words}", "warn"))
        self.title_line.show(parts)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._paint_detail()
        self.refresh_bindings()

    def _paint_detail(self) -> None:
        parts: list[Content | str | tuple[str, str]] = []
        one = self.proposal
        if one is not None:
            parts = [(one.name, "bold"), f"  #{one.guest}\n", one.reason, "\n", (", ".join(one.rules), "dim")]
        elif self._shown == RULES and self.rule is not None:
            parts = [(self.rule.name, "bold"), "\n", self.rule.words or _("every guest"), "\n"]
            parts += [(_("Never proposed: who has something open, to come or unpaid, or is kept."), "dim")]
        elif self._shown == ERASURES and self.erasure is not None:
            from crm_tui.desk.privacy.erasing_views import lines

            parts = [" · ".join(lines(self.erasure))]
        self.query_one("#detail", Static).update(Content.assemble(*parts))

    @property
    def proposal(self) -> Proposal | None:
        """The highlighted proposal."""
        key = self.query_one(Rows).key
        if self._shown != PROPOSALS:
            return None
        return next((one for one in (self._proposals or ())[:SHOWN] if one.guest == key), None)

    @property
    def rule(self) -> RuleView | None:
        """The highlighted rule."""
        return next((one for one in self._rules if one.id == self.query_one(Rows).key), None)

    @property
    def erasure(self) -> Report | None:
        """The highlighted erasure."""
        return next((one for one in self._erasures if one.id == self.query_one(Rows).key), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Each list has its own actions; changing needs a desk that can write, rules an administrator."""
        theirs = {one for names in _OF.values() for one in names}
        if action not in theirs:
            return True
        if action not in _OF[self._shown]:
            return False
        if action == "profile" and not catalog.exists(catalog.GUEST):
            return False
        ctx = self.shell.ctx
        if action in _CHANGING and (ctx is None or ctx.readonly or self._work is not None):
            return None
        if action in ("add", "remove") and ctx is not None and ctx.actor.id is not None and ctx.actor.role != "admin":
            return None
        if action == "add" or not self.is_mounted:
            return True
        return True if self.query_one(Rows).key is not None else None

    def on_option_list_option_selected(self) -> None:
        """A click."""
        self.action_open()

    def _turn(self, shown: str) -> None:
        self._shown = shown
        self._paint()

    def action_proposals(self) -> None:
        """Whom the rules propose."""
        self._turn(PROPOSALS)

    def action_rules(self) -> None:
        """The rules."""
        self._turn(RULES)

    def action_erasures(self) -> None:
        """Past erasures."""
        self._turn(ERASURES)

    def action_open(self) -> None:
        """What erasing the guest would remove; the rule's form; the report."""
        if self._shown == RULES:
            if self.rule is not None and self.check_action("add", ()):
                self._form(self.rule)
            return
        from crm_tui.screens.privacy.erase import EraseScreen

        if self._shown == ERASURES and self.erasure is not None:
            self.app.push_screen(EraseScreen(self.erasure.guest, report=self.erasure))
        elif self.proposal is not None:
            self.app.push_screen(EraseScreen(self.proposal.guest), lambda gone: self.desk_ready() if gone else None)

    def action_mark(self) -> None:
        """Mark, and go on to the next."""
        one = self.proposal
        if one is not None:
            self._marked ^= {one.guest}
            self._paint()
            self.query_one(Rows).action_cursor_down()

    def action_mark_all(self) -> None:
        """All that are shown, or none."""
        shown = {one.guest for one in (self._proposals or ())[:SHOWN]}
        self._marked = set() if shown <= self._marked else shown
        self._paint()

    def _chosen(self) -> list[Proposal]:
        found = [one for one in self._proposals or () if one.guest in self._marked]
        return found or ([self.proposal] if self.proposal is not None else [])

    def action_erase(self) -> None:
        """Ask once, then erase one after the other; Esc stops between two."""
        from crm_tui.screens.privacy.words import several

        chosen = self._chosen()
        if not chosen:
            return
        title = _("Erase {name} for good?").format(name=chosen[0].name) if len(chosen) == 1 else several(len(chosen))
        names = ", ".join(one.name for one in chosen[:8]) + (" …" if len(chosen) > 8 else "")
        text = _("Nobody can take this back. Counts, dates and amounts stay.")

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self._erase([one.guest for one in chosen])

        self.app.push_screen(ask_once(title, f"{names}\n\n{text}", _("Erase")), answered)

    def _erase(self, guests: list[int]) -> None:
        cancel = self._work = CancelEvent()
        told = Told(lambda words: self.call_later(self._say, words))
        self._say(_("Erasing …"))

        def over(reports: Sequence[Report]) -> None:
            self._over()
            said = ngettext("{n} guest is erased.", "{n} guests are erased.", len(reports)).format(n=len(reports))
            self.shell.tell(" ".join((said, *told.errors[:3])), warning=bool(told.errors))

        def failed(error: Exception) -> None:
            self._over()
            self.shell.report(error)

        self.ask(lambda ctx: desk.retention.erase(ctx, guests, told, cancel), over, failed=failed)

    def _over(self) -> None:
        self._work = None
        self._marked.clear()
        self._say("")
        self.desk_ready()

    def _say(self, words: str) -> None:
        self._words = words
        if self.is_attached:
            self._paint_title()

    def action_keep(self) -> None:
        """Ask for a day until which the chosen ones are not proposed."""
        chosen = self._chosen()
        if not chosen:
            return
        title = _("Keep {name} until").format(name=chosen[0].name)
        if len(chosen) > 1:
            title = ngettext("Keep {n} guest until", "Keep {n} guests until", len(chosen)).format(n=len(chosen))
        today = self.today()

        def answered(line: str | None) -> None:
            from crm_tui.widgets.forms.day import read

            found = read(line, today) if line else None
            if isinstance(found, date):
                until: date = found
                said = _("Kept until {day}").format(day=until.isoformat())
                ids = [one.guest for one in chosen]
                self.ask(lambda ctx: desk.retention.keep(ctx, ids, until), self._kept(said))

        self.app.push_screen(ask_day(title, None, today), answered)

    def _kept(self, said: str) -> Callable[[Any], None]:
        def done(_number: Any) -> None:
            self.shell.tell(said)
            self._marked.clear()
            self._look()

        return done

    def action_profile(self) -> None:
        """The guest's profile."""
        if self.proposal is not None:
            self.app.push_screen(catalog.load(catalog.GUEST)(self.proposal.guest))

    def action_consents(self) -> None:
        """What the guest said about being written to, ever."""
        if self.proposal is not None:
            self.show_consents(self.proposal.guest, self.proposal.name)

    def action_add(self) -> None:
        """Make a rule."""
        self._form(None)

    def _form(self, rule: RuleView | None) -> None:
        from crm_tui.screens.privacy.rule import RuleScreen

        def done(sentence: str | None) -> None:
            if sentence:
                self.shell.tell(sentence)
            self.desk_ready()

        self.app.push_screen(RuleScreen(rule), done)

    def action_remove(self) -> None:
        """Take a rule away; it can be taken back."""
        rule = self.rule
        if rule is not None:
            number, said = rule.id, _("{name} is gone · z takes it back").format(name=rule.name)

            def done(_nothing: None) -> None:
                self.shell.tell(said)
                self.desk_ready()

            self.ask(lambda ctx: desk.retention.remove(ctx, number), done)

    def action_back(self) -> None:
        """Stop what is under way first."""
        if self._work is not None:
            self._work.set()
            return
        super().action_back()
