"""Every setting with its help; ctrl+s writes those that changed and leaves the rest of the file alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError, SettingsError
from crm_tui.base.i18n import _, ngettext, set_language
from crm_tui.base.settings import Settings
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.catalog import load_all_actions
from crm_tui.screens.settings.actions import ACTIONS
from crm_tui.screens.settings.fields import settings_fields
from crm_tui.screens.settings.keys import KeysView
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import Form
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title

if TYPE_CHECKING:
    from crm_tui.desk.staff.property_views import PropertySettings


class SettingsScreen(DeskScreen[None]):
    """The settings of this machine and its user; what belongs to the property is in the store."""

    CSS_PATH = "screen.tcss"
    letters_are_text = True
    AUTO_FOCUS: ClassVar[str | None] = "#language Segments"
    BINDINGS = [*bindings(ACTIONS)]

    def body(self) -> ComposeResult:
        with Vertical(id="settings"):
            whole = may(self.shell.ctx, Permission.SETTINGS)
            self.title_line = Line(id="title")
            self.title_line.show(list_title(_("Settings").upper(), str(self.shell.home.settings)))
            yield self.title_line
            yield Form(*settings_fields(self.shell.settings, shared=whole), keep="settings", id="form")
            why = "" if whole else _("What concerns everybody at this workstation is set by an administrator.")
            yield Static(Content.styled(why, "dim"), id="note")

    @on(Form.Committed)
    def _save(self, event: Form.Committed) -> None:
        form = event.form
        changed = {name: value for name, value in event.values.items() if value != getattr(self.shell.settings, name)}
        if not changed:
            self._say(_("Nothing was changed."))
            return

        def done(settings: Settings) -> None:
            form.forget()
            self._take(settings, set(changed))

        if not self.ask(lambda ctx: desk.preferences.save(ctx, changed), done, failed=self._failed):
            self._say(_("The desk is still opening."), wrong=True)

    def _take(self, settings: Settings, changed: set[str]) -> None:
        take = getattr(self.app, "take_settings", None)
        if take is not None:
            take(settings)
        else:
            self.shell.settings = settings
            ctx = self.shell.ctx
            if ctx is not None:
                cast(Any, self.app).ctx = replace(ctx, settings=settings)  # what the desk goes by from now on
            if "theme" in changed:
                self.app.theme = settings.theme
        if "language" in changed:
            set_language(settings.language)
        words = ngettext("{n} setting saved.", "{n} settings saved.", len(changed)).format(n=len(changed))
        self._say(words)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, SettingsError) and self.query_one(Form).show_error(error):
            return
        if isinstance(error, CrmError):
            self._say(str(error), wrong=True)
        else:
            self.shell.report(error)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        sign = ("✕ ", "bold $text-error") if wrong else ("✔ ", "$text-success")
        self.query_one("#note", Static).update(Content.assemble(sign, text))

    @on(Form.Left)
    def _leave(self) -> None:
        self.action_back()

    def action_property(self) -> None:
        """Show what holds for the whole property."""
        from crm_tui import desk
        from crm_tui.screens.settings.property import PropertyScreen

        def done(sentence: str | None) -> None:
            if sentence:
                self.shell.tell(sentence)

        def show(found: PropertySettings) -> None:
            self.app.push_screen(PropertyScreen(found), done)

        self.ask(desk.property.get, show)

    def action_keys(self) -> None:
        """Show every key."""
        load_all_actions()
        self.app.push_screen(KeysView(self.shell.home.keymap))
