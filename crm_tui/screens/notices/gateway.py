"""Setting the SMS gateway up: where its address, which is a secret, comes from; and a test message."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.settings import Settings
from crm_tui.screens.accounts.calls import credentials_of
from crm_tui.screens.base import DeskScreen
from crm_tui.widgets.forms import Choice, ChoiceField, Form, PasswordField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

Told = tuple[Settings, str, bool]
"""The settings as they are now, what is told, and whether all is well."""


class GatewayScreen(DeskScreen[None]):
    """Keyring, command, or asked for once a session. The address is never shown again."""

    needs = "automatic-reminders"

    CSS = """
    GatewayScreen {
        #box { padding: 0 1; }
        #title { height: 1; margin: 0 0 1 0; }
        #hint { height: auto; max-height: 4; color: $text-muted; margin: 0 0 1 0; }
        #result { height: auto; max-height: 4; padding: 0 1; }
        Form { height: 1fr; }
        Form > VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
    }
    """
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "Form InputLine"
    BINDINGS = [Binding("escape", "back", show=False)]

    def body(self) -> ComposeResult:
        """Title, hint, form, what came of it."""
        kinds = [
            Choice("keyring", _("keyring")),
            Choice("command", _("command")),
            Choice("session", _("asked for")),
            Choice("none", _("none")),
        ]
        now = self.shell.settings.notice_gateway
        hint = _(
            "Any gateway of the apprise library, like twilio://SID:TOKEN@FROM/{phone} or "
            "json://sms.example/send?:to={phone}. {phone} stands for the guest's number."
        )
        with Vertical(id="box"):
            yield Static(Content.styled(_("SMS gateway"), "bold $primary"), id="title")
            yield Static(Content(hint), id="hint")
            yield Form(
                PasswordField("gateway", _("Address"), help=_("It holds keys: kept in the keyring, never in a file.")),
                ChoiceField(
                    "source",
                    _("Kept in"),
                    kinds,
                    "keyring" if now == "none" else now,
                    help=_("Without a keyring: a command that prints it, or typed here once a session."),
                ),
                TextField(
                    "command",
                    _("Command"),
                    self.shell.settings.notice_gateway_command,
                    help=_("Prints the address, like: pass show sms-gateway."),
                ),
                TextField("number", _("Test number"), help=_("One message goes to this number at once.")),
            )
            yield Static("", id="result")

    def desk_ready(self) -> None:
        """Say how it stands."""
        settings, credentials = self.shell.settings, credentials_of(self.app)

        def look(_ctx: Any) -> str:
            from crm_tui.desk.watchlists import gateway

            found = gateway.state(settings, credentials)
            if not found.set_up:
                return _("No SMS gateway is set up.")
            return found.fault or _("SMS go out by {service}.").format(service=found.service)

        self.ask(look, lambda words: self._say(words, good=None), topic="gateway")

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        values = event.values
        settings, credentials = self.shell.settings, credentials_of(self.app)
        self._say(_("One moment…"), good=None)
        self.ask(
            lambda ctx: _store(ctx, settings, credentials, values), self._stored, failed=self._failed, topic="store"
        )

    def _stored(self, told: Told) -> None:
        settings, words, good = told
        take = getattr(self.app, "take_settings", None)
        if take is not None:
            take(settings)
        else:
            self.shell.settings = settings
            ctx = self.shell.ctx
            if ctx is not None:
                cast(Any, self.app).ctx = replace(ctx, settings=settings)
        self.query_one(Form).fill({"gateway": ""}, settle=True)
        self._say(words, good=good)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, InvalidInput) and self.query_one(Form).show_error(error):
            self._say("", good=None)
            return
        if isinstance(error, CrmError):
            self._say(str(error), good=False)
        else:
            self.shell.report(error)

    def _say(self, words: str, *, good: bool | None) -> None:
        look = {True: ("✔ ", "bold $text-success"), False: ("✕ ", "bold $text-error"), None: ("", "")}[good]
        self.query_one("#result", Static).update(Content.assemble(look, words))

    @on(Form.Left)
    def _left(self) -> None:
        self.action_back()


def _store(ctx: Context, settings: Settings, credentials: Any, values: dict[str, Any]) -> Told:
    """Set it up as the form says, then test it if there is a number; blocks."""
    from crm_tui.base.redact import Secret
    from crm_tui.desk.watchlists import gateway

    source, typed = values["source"], values["gateway"] or ""
    if source == "none":
        return gateway.remove(ctx, credentials), _("The gateway is forgotten."), True
    same = (
        source == settings.notice_gateway
        and not typed
        and (source != "command" or values["command"] == settings.notice_gateway_command)
    )
    if not same:
        secret = Secret(typed) if typed else None
        settings = gateway.set_up(ctx, credentials, source, secret=secret, command=values["command"] or "")
    if not values["number"]:
        found = gateway.state(settings, credentials)
        words = found.fault or _("SMS go out by {service}.").format(service=found.service)
        return settings, words, not found.fault
    outcome = gateway.try_out(ctx, settings, credentials, values["number"])
    if isinstance(outcome, gateway.Sent):
        return settings, _("The gateway took the test message."), True
    return settings, _("The test message did not go out: {words}").format(words=outcome.words), False
