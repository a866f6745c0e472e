"""A desk that was opened to read only writes nothing, by no key, no palette and no way in (SPEC §13, QUALITY S18)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from crm_tui import desk
from crm_tui.desk.common.context import Actor
from crm_tui.screens.allowing import WRITES
from crm_tui.screens.catalog import load_all_actions
from crm_tui.widgets.actions import REGISTRY
from tests.desk.bookings import add_reservation
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, settle, until

KEYS = {
    "2": ("e", "!", "m", "a", "s", "x", "asterisk", "t", "c", "z", "n", "i", "f", "r", "space", "delete"),
    "3": ("a", "n", "e", "x", "c", "u", "s", "z", "space", "delete"),
    "6": ("n", "d", "space", "x", "z", "delete"),
}
"""What changes something on the lists of mail, inquiries and reminders; a dialog that opens is answered with Enter."""


@pytest.fixture
def hotel(tmp_path: Path) -> Hotel:
    hotel = Hotel(tmp_path / "home").open()
    hotel.mail("Dzień dobry")
    desk.inquiries.from_conversation(hotel.ctx, 1)
    hotel.mail("Nowa", subject="Pytanie", sender="Ewa Lis <ewa@poczta.example>", number=2)
    desk.reminders.add(hotel.ctx, "Call", hotel.clock.now().date())
    add_reservation(hotel.ctx, "R1", 1)
    return hotel


def kept(hotel: Hotel) -> list[str]:
    """Every row of the store, but for what is only an index."""
    path = hotel.ctx.store.path
    assert path is not None
    with sqlite3.connect(path) as raw:
        names = raw.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%' AND sql NOT LIKE '%VIRTUAL%'"
        )
        return [f"{name} {raw.execute(f'SELECT * FROM {name!r}').fetchall()}" for (name,) in names.fetchall()]


@pytest.mark.parametrize("mode", KEYS)
async def test_no_key_writes_and_the_header_says_so(hotel: Hotel, mode: str) -> None:
    before = kept(hotel)
    async with opened(hotel, readonly=True) as (app, pilot):
        await press(pilot, mode)
        assert "read only" in screen_text(app)
        assert any(word in screen_text(app) for word in ("Ewa Lis", "Nowak", "Call"))
        assert app.ctx is not None
        assert app.ctx.store.readonly
        for key in KEYS[mode]:
            await press(pilot, key)
            if len(app.screen_stack) > 1:
                await press(pilot, "enter", "ctrl+s")
            for _left in range(6):
                if len(app.screen_stack) == 1:
                    break
                await press(pilot, "escape")
            assert app.return_code is None, key
    assert kept(hotel) == before


SAID_AT_ONCE = {
    "2": ("r", "m", "a", "s", "P", "c", "L", "U", "Q", "W", "plus", "B"),
    "9": ("P", "a", "T", "c", "W", "t", "delete"),
    "0": ("U", "Q", "enter", "e", "E", "u", "delete"),
    "6": ("n", "u", "E", "D", "a"),
}
"""Keys that open a form, a box or a menu in which something is written down, or do it."""


@pytest.mark.parametrize("mode", SAID_AT_ONCE)
async def test_a_key_says_at_once_why_not(hotel: Hotel, mode: str) -> None:
    """Nobody fills in a box that is refused in the end."""
    desk.feedback.add(hotel.ctx, "negative", room="204", comment="Loud")
    async with opened(hotel, readonly=True) as (app, pilot):
        await press(pilot, mode)
        here = app.screen
        for key in SAID_AT_ONCE[mode]:
            app.clear_notifications()
            await press(pilot, key)
            assert app.screen is here, key
            assert "This desk was opened to read only." in [one.message for one in app._notifications], key


async def test_what_needs_an_administrator_says_so_at_once(hotel: Hotel) -> None:
    hotel.account()
    desk.team.add(hotel.ctx, "Leo")
    async with opened(hotel, agent="Leo") as (app, pilot):
        for place, keys in (("a", ("plus", "enter", "f", "delete")), ("N", ("m", "G"))):
            await press(pilot, "g", place)
            here = app.screen
            for key in keys:
                app.clear_notifications()
                await press(pilot, key)
                assert app.screen is here, key
                assert any("Only an administrator may change" in one.message for one in app._notifications), key


async def test_what_only_shows_still_opens(hotel: Hotel) -> None:
    async with opened(hotel, readonly=True) as (app, pilot):
        for keys in (("9", "V"), ("9", "H"), ("9", "f"), ("0", "f"), ("0", "X")):
            await press(pilot, *keys)
            assert len(app.screen_stack) > 1, keys
            await press(pilot, "escape")


ONLY_SHOWS = frozenset(
    [
        "account",
        "act",
        "again",
        "agent",
        "archived",
        "attach",
        "back",
        "by",
        "channel",
        "chart",
        "choose",
        "clear-all",
        "consents",
        "copies",
        "criteria",
        "days",
        "differing",
        "down",
        "dry-run",
        "editor",
        "end",
        "erase",
        "erasures",
        "export",
        "fault",
        "figures",
        "filter",
        "first",
        "flights",
        "fold-all",
        "folios",
        "go-to",
        "guest",
        "guests",
        "hand-out",
        "help",
        "hide",
        "history",
        "keys",
        "kind",
        "language",
        "language-back",
        "last",
        "leave-out",
        "left",
        "look",
        "lost",
        "main",
        "mailings",
        "mark",
        "mark-all",
        "mark-down",
        "mark-up",
        "messages",
        "memos",
        "mine",
        "money",
        "next",
        "next-day",
        "next-item",
        "next-panel",
        "next-part",
        "next-section",
        "offer",
        "older",
        "open",
        "open-inquiry",
        "other",
        "overview",
        "page-down",
        "page-up",
        "palette",
        "pane",
        "panes",
        "panes-back",
        "part",
        "payer",
        "period",
        "places",
        "preview",
        "previous",
        "previous-day",
        "previous-item",
        "previous-panel",
        "previous-part",
        "previous-section",
        "profile",
        "property",
        "proposals",
        "quit",
        "quit-now",
        "quote",
        "reading",
        "report",
        "right",
        "row-guest",
        "rules",
        "run",
        "search",
        "servers",
        "sort",
        "source",
        "statement",
        "stay",
        "sync-now",
        "test",
        "text",
        "theme",
        "thing",
        "today",
        "try",
        "unmark-all",
        "up",
        "variable",
        "view",
        "which",
    ]
)
"""Last parts of ids that change nothing, on whatever screen."""
SHOW_HERE = frozenset(
    [
        "calendar.earlier",
        "calendar.later",
        "calendar.take",
        "duplicates.merge",
        "erase.report",
        "figures.earlier",
        "figures.later",
        "form.commit",
        "inquiry.reminders",
        "message.save",
        "operators.terms",
        "payments.schedule",
        "report.earlier",
        "report.later",
        "reports.earlier",
        "reports.later",
        "reservation.inquiry",
        "reservation.mail",
        "reservation.reminders",
        "reservation.schedule",
        "run.later",
        "start.schedule",
        "merge.add",
        "working.day",
        "working.earlier",
        "working.later",
        "files.save",
    ]
)
INSIDE_FORMS = frozenset({"account", "compose", "entries", "given", "guest-form", "mailing-new", "setup", "template"})
"""Scopes of what is opened only by a key that is refused already."""


def test_every_action_is_known_to_write_or_to_show() -> None:
    """A new action must be looked at: may it be pressed at a desk that reads only?"""
    load_all_actions()
    for one in REGISTRY.all():
        scope, _dot, name = one.id.rpartition(".")
        shows = name in ONLY_SHOWS or one.id in SHOW_HERE or name.startswith("mode-") or scope in INSIDE_FORMS
        assert shows or one.id in WRITES or one.scope in INSIDE_FORMS | {"form"}, one.id
    assert {one.id for one in REGISTRY.all()} >= WRITES


async def test_the_palette_writes_nothing_either(hotel: Hotel) -> None:
    before = kept(hotel)
    async with opened(hotel, readonly=True) as (app, pilot):
        await press(pilot, "2")
        app.clear_notifications()
        await press(pilot, "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"star")
        found = app.screen.query_one(OptionList)
        await until(pilot, lambda: found.highlighted is not None and found.option_count > 0)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await until(pilot, lambda: any("read only" in said.message for said in app._notifications))
        await settle(pilot)
    assert kept(hotel) == before


async def test_one_who_takes_over_reads_only_too(hotel: Hotel) -> None:
    """The desk stays what it was opened as, in whosever hands."""
    desk.setup.add_agent(hotel.ctx, "Leo")
    async with opened(hotel, readonly=True, agent="Ana") as (app, pilot):
        await press(pilot, "ctrl+g")
        await until(pilot, lambda: len(app.screen_stack) > 1)
        await press(pilot, "L", "e", "o", "enter")
        await until(pilot, lambda: not app.locked)
        await settle(pilot)
        assert app.ctx is not None
        assert (app.ctx.actor.name, app.ctx.readonly) == ("Leo", True)
        assert "read only" in screen_text(app)


def test_undo_and_engine_write_nothing(hotel: Hotel) -> None:
    from dataclasses import replace

    from crm_tui.base.errors import Forbidden

    before = kept(hotel)
    only = replace(hotel.ctx, readonly=True)
    for who in (only, only.acting_as(Actor(None, "engine", "admin"))):
        with pytest.raises(Forbidden, match="read only"):
            desk.undo.undo(who)
        with pytest.raises(Forbidden, match="read only"):
            desk.snoozing.snooze(who, [1], until=None)
    assert kept(hotel) == before
