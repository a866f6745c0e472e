"""The actions that work on every screen."""

from __future__ import annotations

from crm_tui.base.i18n import N_
from crm_tui.screens.catalog import modes
from crm_tui.widgets.actions import Action, declare

ACTIONS = declare(
    Action("desk.search", "/", N_("Search"), N_("Search as you type"), show=True),
    Action("desk.go-to", "g", N_("Go to"), N_("Go to a folder or screen by its letter"), show=True),
    Action("desk.compose", "n", N_("New mail"), N_("Write a new message"), call="compose_new"),
    Action(
        "desk.inquiry",
        "N",
        N_("New inquiry"),
        N_("Take down an inquiry by phone or at the counter"),
        call="new_inquiry",
    ),
    Action("desk.sync-now", "f5", N_("Fetch mail"), N_("Fetch mail from all accounts now")),
    Action("desk.undo", "z", N_("Undo"), N_("Take the last command back")),
    Action("desk.help", "?,f1", N_("Help"), N_("The keys of this screen"), show=True, call="show_help"),
    Action(
        "desk.palette",
        "ctrl+p",
        N_("Palette"),
        N_("Find every action by name"),
        show=True,
        palette=False,
        call="command_palette",
        priority=True,
    ),
    Action(
        "desk.timer",
        "ctrl+o",
        N_("Timer"),
        N_("Start your timer on this desk, or stop it"),
        call="timer",
        priority=True,
    ),
    Action(
        "desk.intake",
        "ctrl+n",
        N_("Intake"),
        N_("Take no new tickets for a while, or take them again; your time goes on"),
        call="intake",
        priority=True,
    ),
    Action(
        "desk.hide", "ctrl+l", N_("Hide"), N_("Hide everything at once, and lock the desk"), call="hide", priority=True
    ),
    Action("desk.agent", "ctrl+g", N_("Another agent"), N_("Hand the desk to another agent"), call="switch_agent"),
    Action("desk.theme", "f2", N_("Theme"), N_("The next colours: dark, light, high contrast, 16"), call="next_theme"),
    Action("desk.quit", "q", N_("Quit"), N_("Close the desk"), call="quit_desk"),
    Action("desk.quit-now", "ctrl+q", N_("Quit"), N_("Close the desk from anywhere"), call="quit_desk", priority=True),
    *(
        Action(
            f"desk.mode-{mode.id}",
            mode.mode,
            mode.label,
            mode.label,
            call=f"go('{mode.id}')",
            group=N_("Go to"),
            palette=False,
        )
        for mode in modes()
    ),
)

SCREEN_ACTIONS = declare(
    Action("desk.back", "escape", N_("Back"), N_("Back one step"), palette=False),
    Action(
        "desk.promise",
        "ctrl+r",
        N_("Promise"),
        N_("A reminder of what is promised in the mail being written, or sent last"),
        call="note_promise",
        priority=True,
    ),
)
"""Bound on each screen, because each knows best what a step is."""
