"""Before a mailing starts: who may be written to, who not and why, and the mail of each guest as it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.correspondence.sending_views import AccountDetails
from crm_tui.desk.groups.mailing_views import Letter, MailingPreview, Reason, Whom
from crm_tui.rules.vocabulary import ConsentChannel
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.packages.actions import PREPARE
from crm_tui.screens.packages.letter import LetterPane
from crm_tui.screens.packages.naming import pick_template
from crm_tui.screens.packages.rows import WhomRows
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask, PickList
from crm_tui.widgets.forms import Choice
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes

FILTERS = ("", "ready", "left out")
SLOW = 0.3
"""Seconds after which reading is said to be under way."""


class PrepareScreen(DeskScreen[None]):
    """A list of everybody in the package, and the mail of the one under the cursor beside or below it."""

    CSS = """
    PrepareScreen Line { background: $surface; }
    PrepareScreen #sides { layout: vertical; height: 1fr; }
    PrepareScreen #who { height: 1fr; }
    PrepareScreen LetterPane { height: 1fr; border-top: solid $desk-line; }
    PrepareScreen.-two-panes #sides, PrepareScreen.-three-panes #sides { layout: horizontal; }
    PrepareScreen.-two-panes #who, PrepareScreen.-three-panes #who { width: 1fr; }
    PrepareScreen.-two-panes LetterPane, PrepareScreen.-three-panes LetterPane {
        width: 1fr; border-top: none; border-left: solid $desk-line;
    }
    """
    BINDINGS = bindings(PREPARE)

    def __init__(self, package: int, template: int) -> None:
        super().__init__()
        self._package, self._template = package, template
        self._channel = str(ConsentChannel.MAIL)
        self._account: int | None = None
        self._again = False
        self._filter = ""
        self._out: set[int] = set()
        self._starting = False
        self.shown: MailingPreview | None = None

    def body(self) -> ComposeResult:
        """Facts, list, mail."""
        self.view = WhomRows()
        self.title_line = Line(id="list-title")
        self.facts = Line(id="facts")
        self.list: RecordList[Whom] = RecordList(self.view, self.shell.background, markable=False, id="whom")
        self.letter = LetterPane()
        yield self.title_line
        yield self.facts
        with Container(id="sides"):
            with Vertical(id="who"):
                yield self.list
            yield self.letter

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Look at every guest."""
        package, template, channel, account, again = (
            self._package,
            self._template,
            self._channel,
            self._account,
            self._again,
        )
        if self.shown is None:
            self.set_timer(SLOW, self._reading)

        def read(ctx: Context) -> MailingPreview:
            return desk.mailings.prepare(ctx, package, template, channel, account_id=account, again=again)

        self.ask(read, self._show, topic="prepare", failed=self._cannot)

    def _reading(self) -> None:
        if self.shown is None and self.is_attached:
            self.title_line.show([(" " + _("Looking at every guest…"), "muted")])

    def _cannot(self, error: Exception) -> None:
        self.shell.report(error)
        if self.shown is None:
            self.dismiss()

    def desk_changed(self, changes: Changes) -> None:
        """A guest, a consent, the template or another mailing changed."""
        if changes.everything or changes.ids.keys() & {"guest", "package", "template", "mailing", "account"}:
            self.desk_ready()

    def _show(self, found: MailingPreview) -> None:
        self.shown = desk.mailings.without(found, self._out) if self._out else found
        self._account = found.account
        self.view.empty_text = [(_("Nobody here."), "muted"), (_("f shows others."), "key")]
        self.list.set_source(ListSource(self._listed()), keep=self.list.current)
        self._titles()
        self._read_letter()

    def _listed(self) -> Sequence[Whom]:
        if self.shown is None:
            return ()
        if self._filter == "ready":
            return self.shown.ready
        return self.shown.left_out if self._filter else (*self.shown.ready, *self.shown.left_out)

    def _titles(self) -> None:
        shown = self.shown
        if shown is None:
            return
        words = {"ready": _("only those"), "left out": _("only those left out")}.get(self._filter, "")
        self.title_line.show(list_title(shown.package_name, shown.summary, filtered=words), self._had(shown))
        consent = _("newsletter") if shown.channel == ConsentChannel.NEWSLETTER else _("mail")
        self.facts.show(
            [
                (f" “{shown.template_name}”", "strong"),
                (" · " + " ".join(shown.languages), "muted"),
                (" · " + _("consent to: ") + consent, "accent"),
                (" · " + _("from {address}").format(address=shown.sender), "muted"),
            ]
        )
        self.refresh_bindings()

    def _had(self, shown: MailingPreview) -> list[tuple[str, str]]:
        if not shown.had:
            return []
        words = ngettext("{n} had it already", "{n} had it already", shown.had).format(n=shown.had)
        more = _("H leaves out") if self._again else _("H writes again")
        return [(f"{words} · ", "warn"), (more + " ", "muted")]

    # The mail

    @on(RecordList.Highlighted)
    def _read_letter(self) -> None:
        row, shown = self.list.current, self.shown
        if row is None or shown is None:
            self.letter.show(None)
            return

        def show(letter: Letter) -> None:
            now = self.list.current
            if now is not None and now.id == letter.guest:
                self.letter.show(letter, now.words)

        number = row.id
        self.ask(lambda ctx: desk.mailings.letter_for(ctx, shown, number), show, topic="letter")

    @on(RecordList.Loaded)
    def _loaded(self) -> None:
        self._read_letter()

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        self.list.action_down()

    # Acting

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What makes no sense rests."""
        if action == "start":
            return True if self.shown is not None and self.shown.ready else None
        if action == "again":
            return bool(self.shown is not None and self.shown.had)
        return True

    def action_template(self) -> None:
        """Another template."""

        def picked(template: int) -> None:
            self._template = template
            self.desk_ready()

        pick_template(self, picked)

    def action_channel(self) -> None:
        """Mail or newsletter."""
        mail = self._channel == ConsentChannel.MAIL
        self._channel = str(ConsentChannel.NEWSLETTER if mail else ConsentChannel.MAIL)
        self.desk_ready()

    def action_account(self) -> None:
        """Another account."""

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self._account = int(str(choice.value))
                self.desk_ready()

        def show(found: Sequence[AccountDetails]) -> None:
            choices = [Choice(str(one.id), one.address, one.name) for one in found if one.active]
            self.app.push_screen(PickList(_("Send from which account"), choices), picked)

        self.ask(lambda ctx: desk.accounts.all(ctx), show)

    def action_again(self) -> None:
        """Write also to those who had it, or not."""
        self._again = not self._again
        self.desk_ready()

    def action_filter(self) -> None:
        """All, those ready, those left out."""
        self._filter = FILTERS[(FILTERS.index(self._filter) + 1) % len(FILTERS)]
        self.list.set_source(ListSource(self._listed()))
        self._titles()

    def action_leave_out(self) -> None:
        """Leave the cursor's guest out by hand, or take them in again."""
        row = self.list.current
        if row is None:
            return
        if row.reason == Reason.BY_HAND:
            self._out.discard(row.id)
        elif row.reason:
            self.shell.tell(_("{name} is left out anyway: {why}.").format(name=row.name, why=row.words), warning=True)
            return
        else:
            self._out.add(row.id)
        self.desk_ready()

    def action_back(self) -> None:
        """A filter goes first."""
        if self._filter:
            self._filter = FILTERS[-1]
            self.action_filter()
        else:
            super().action_back()

    def action_start(self) -> None:
        """Ask once, then start."""
        shown = self.shown
        if shown is None or not shown.ready or self._starting:
            return
        number = len(shown.ready)
        title = ngettext("Write “{name}” to {n} guest?", "Write “{name}” to {n} guests?", number)
        text = _("Each gets a mail of their own from {address}, one after the other. It can be paused and stopped.")
        left = len(shown.left_out)
        if left:
            text += " " + ngettext("{n} is left out.", "{n} are left out.", left).format(n=left)
        answers = (Answer("no", "n", _("Not now")), Answer("yes", "y", _("Start"), danger=True))
        ask = Ask(title.format(name=shown.template_name, n=number), text.format(address=shown.sender), answers)
        self.app.push_screen(ask, lambda answer: self._start(shown) if answer == "yes" else None)

    def _start(self, shown: MailingPreview) -> None:
        self._starting = True

        def failed(error: Exception) -> None:
            self._starting = False
            self.shell.report(error)
            self.desk_ready()

        self.ask(lambda ctx: desk.mailings.start(ctx, shown), self._started, failed=failed)

    def _started(self, number: int) -> None:
        from crm_tui.screens.packages.mailing import MailingScreen

        app = self.app
        self.dismiss()
        app.push_screen(MailingScreen(number))
