"""Which tickets an agent takes: a form with stages, channels, and whether any at all (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import Channel
from crm_tui.screens.form_screen import FormScreen
from crm_tui.screens.inquiries.words import channel_word
from crm_tui.screens.roles import is_manager
from crm_tui.screens.tickets.words import stage_word, stages
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice, ChoiceField
from crm_tui.widgets.forms.choice import ManyField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import AgentView
    from crm_tui.desk.ticketing.routing_profiles import RoutingProfileView


class ProfileScreen(FormScreen):
    """The routing profile of one agent.

    Args:
        name: of the agent, display-safe.
        profile: as it is now.
    """

    def __init__(self, name: str, profile: RoutingProfileView) -> None:
        super().__init__()
        self._profile = profile
        self.title_words = _("Which tickets {name} takes").format(name=name)
        self._name = name

    def rows(self) -> list[Widget]:
        """Takes at all, stages, channels."""
        profile = self._profile
        yes, no = Choice(True, _("yes")), Choice(False, _("no: only what is given by hand"))
        return [
            ChoiceField(
                "takes", _("Gets tickets"), [yes, no], profile.takes, help=_("By themselves, while the timer runs.")
            ),
            ManyField(
                "stages",
                _("Stages"),
                [Choice(one, stage_word(one)) for one in stages()],
                profile.stages,
                help=_("Of the guest's booking; none ticked: all. Space ticks."),
            ),
            ManyField(
                "channels",
                _("Channels"),
                [Choice(str(one), channel_word(one)) for one in Channel],
                profile.channels,
                help=_("By which the guest came; none ticked: all."),
            ),
        ]

    def on_mount(self) -> None:
        """The first field has the focus."""
        self.form.fields["stages"].focus_control()

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Write it."""
        one = self._profile
        saved = desk.routing_profiles.set(ctx, one.agent, one.version, **values)
        if (saved.takes, saved.stages, saved.channels) == (one.takes, one.stages, one.channels):
            return ""
        said = _("{name}: {what} · z takes it back")
        return said.format(name=self._name, what=desk.routing_profiles.in_words(saved))


def open_profile(app: Any, agent_id: int | None, done: Callable[[], None] | None = None) -> None:
    """Open the form for an agent; ask which one if it is not known. Who may not change it is told so."""
    if not is_manager(app.ctx):
        app.tell(_("Only a manager says which tickets an agent takes."), warning=True)
        return

    def closed(sentence: str | None) -> None:
        if sentence:
            app.tell(sentence)
        if done is not None:
            done()

    def show(found: tuple[str, RoutingProfileView]) -> None:
        app.push_screen(ProfileScreen(*found), closed)

    def choose(team: list[tuple[AgentView, str]]) -> None:
        picks = [Choice(one.id, one.name, words) for one, words in team]
        app.push_screen(PickList(_("Whose tickets?"), picks), lambda one: read(one.value) if one else None)

    def read(number: int) -> None:
        app.screen.ask(lambda ctx: _profile(ctx, number), show)

    if agent_id is not None:
        read(agent_id)
    else:
        app.screen.ask(_team, choose)


def _profile(ctx: Context, number: int) -> tuple[str, RoutingProfileView]:
    name = next((one.name for one in desk.team.agents(ctx) if one.id == number), "")
    return name, desk.routing_profiles.get(ctx, number)


def _team(ctx: Context) -> list[tuple[AgentView, str]]:
    return [
        (one, desk.routing_profiles.in_words(desk.routing_profiles.get(ctx, one.id))) for one in desk.team.agents(ctx)
    ]
