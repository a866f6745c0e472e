"""The first screen of a new desk: the property and who is at the desk; then the first mail account."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import LANGUAGES, _
from crm_tui.screens.accounts.form import AccountScreen
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.setup.actions import ACTIONS
from crm_tui.screens.setup.guesses import (
    currency_choices,
    guess_agent,
    guess_currency,
    guess_zone,
    system_user,
    zone_choices,
)
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.forms import Choice, Field, Form, ManyField, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

LANGUAGE_NAMES = {"en": "English", "es": "Español", "pl": "Polski", "fr": "Français"}

Run = Callable[[Sequence[str]], int]


class SetupScreen(DeskScreen[None]):
    """Shown while the store has no property.

    Args:
        env: the environment, for what is proposed.
        run: runs the sample hotel in the foreground.
    """

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "Form InputLine"
    BINDINGS = [*bindings(ACTIONS), Binding("escape", "back", show=False)]

    def __init__(self, env: Mapping[str, str] | None = None, run: Run | None = None) -> None:
        super().__init__()
        self._env = os.environ if env is None else env
        self._run = run or _run
        self._done = False

    def body(self) -> ComposeResult:
        with Vertical(id="setup"):
            yield Static(Content.styled(_("Welcome. Whose desk is this?"), "bold"), id="title")
            words = _(
                "Five answers, and mail can come in. All of it can be changed later; F9 shows a sample hotel instead."
            )
            yield Static(Content.styled(words, "$text-muted"), id="lead")
            yield Form(*self._fields(), keep="setup")
            yield Static("", id="note")

    def _fields(self) -> list[Field]:
        zone = guess_zone(self._env)
        spoken = [Choice(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
        return [
            TextField(
                "property", _("Property"), required=True, placeholder=_("e.g. Hotel Miramar"),
                help=_("The name of the hotel or agency, as guests know it."),
            ),
            PickField(
                "timezone", _("Time zone"), zone_choices, zone, required=True,
                help=_("Where the property is: its days begin and end there. Enter, then a few letters of the city."),
            ),
            PickField(
                "currency", _("Currency"), currency_choices, guess_currency(zone), required=True,
                help=_("What prices are in. Enter, then a few letters."),
            ),
            ManyField(
                "languages", _("Languages"), spoken, (self.shell.settings.language,), required=True,
                help=_("In which languages guests are answered. Space ticks, arrows move."),
            ),
            TextField(
                "agent", _("Your name"), guess_agent(self._env), required=True,
                help=_("You are the first of the team and look after accounts and settings; others join later."),
            ),
        ]  # fmt: skip

    @on(Field.Changed, "#timezone")
    def _zone_chosen(self, event: Field.Changed) -> None:
        """A currency that nobody chose follows the zone."""
        currency = self.query_one(Form).fields["currency"]
        proposed = guess_currency(str(event.value))
        if proposed and not currency.dirty:
            currency.value = proposed
            currency.settle()

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        values = event.values
        login = system_user(self._env)
        self._say(_("Setting up…"))

        def work(ctx: Context) -> Context:
            return desk.setup.init(
                ctx,
                name=values["property"],
                timezone=values["timezone"],
                currency=values["currency"],
                agent=values["agent"],
                languages=",".join(values["languages"]),
                login=login,
            )

        if not self.ask(
            work, lambda ctx: self._set_up(ctx, values["property"], values["timezone"]), failed=self._failed
        ):
            self._say(_("The store is still being opened; press ctrl+s again in a moment."))

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput):
            field = {"language": "languages", "name": "property"}.get(error.field, error.field)
            if self.query_one(Form).show_error(InvalidInput(error.message, error.hint, field)):
                self._say("")
                return
        if isinstance(error, CrmError):
            self._say(str(error), wrong=True)
        else:
            self.shell.report(error)

    def _set_up(self, ctx: Context, name: str, zone: str) -> None:
        from zoneinfo import ZoneInfo

        self._done = True
        self._say("")
        self.query_one(Form).forget()
        shell = cast(Any, self.app)
        shell.ctx = ctx
        shell.zone = ZoneInfo(zone)
        shell.status = replace(shell.status, property=name, agent=ctx.actor.name)
        self.tell_header()
        question = Ask(
            _("{name} is set up").format(name=name),
            _("What is the next step? A mail account needs its address and its password."),
            (
                Answer("link", "l", _("Link a mail account")),
                Answer("sample", "s", _("Look round in the sample hotel first")),
                Answer("later", "n", _("Later: go to the start screen")),
            ),
        )
        self.app.push_screen(question, self._next)

    def _next(self, answer: str | None) -> None:
        if answer == "link":
            self.app.push_screen(AccountScreen(), self._linked)
            return
        if answer == "sample":
            self.action_sample()
        self.dismiss(None)

    def _linked(self, _account_id: int | None) -> None:
        self.dismiss(None)

    def action_sample(self) -> None:
        """Open the sample hotel; when it is closed, this desk is here again."""
        home = self.shell.home.data / "demo"
        try:
            with self.app.suspend():
                code = self._run([sys.executable, "-m", "crm_tui", "demo", "--home", str(home)])
        except SuspendNotSupported:
            self._say(_("Open it in a terminal: crm-tui demo"), wrong=True)
            return
        if code:
            self._say(_("The sample hotel could not be opened; try in a terminal: crm-tui demo"), wrong=True)
        self.refresh()

    def action_back(self) -> None:
        """There is nothing to go back to before the desk is set up."""
        if self._done:
            self.dismiss(None)
            return
        self.query_one(Form).remember()
        self._say(_("The desk needs these answers first. ctrl+q closes it; nothing was saved."))

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.query_one("#note", Static).update(
            Content.assemble(("✕ ", "bold $text-error") if wrong else "", (text, "" if wrong else "$text-muted"))
        )


def _run(command: Sequence[str]) -> int:
    return subprocess.run(list(command), check=False).returncode
