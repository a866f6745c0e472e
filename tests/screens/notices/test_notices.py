"""Payment reminders on screen: the next run, one by hand with three keys, who wants none, the gateway (SPEC §8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_tui import desk
from crm_tui.base.redact import Secret
from crm_tui.base.settings import save_setting
from crm_tui.desk.watchlists import gateway
from crm_tui.mail.credentials import Credentials
from tests.desk.house import add_account
from tests.desk.owing import TODAY, guest, owing
from tests.screens.harness import Hotel
from tests.screens.opened import opened, press, screen_text, until
from tests.servers.sms import sms_gateway


@pytest.fixture
def due(morning: Hotel) -> Hotel:
    """Two who owe something, one of whom has no address; reminders go out by mail."""
    ctx = morning.ctx
    if not desk.accounts.all(ctx):
        add_account(ctx)
    today = ctx.clock.now().date()
    offset = (today - TODAY).days
    owing(ctx, "MIR-1", due=offset - 1, who=guest(ctx, "Nowak"))
    owing(ctx, "MIR-2", due=offset + 3, who=guest(ctx, "Silent", email="", phone=""))
    save_setting(ctx.home.settings, "notices", "mail")
    return morning


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_the_next_run_and_who_wants_none(due: Hotel, size: tuple[int, int]) -> None:
    async with opened(due, size=size) as (app, pilot):
        await press(pilot, "g", "N")
        await until(pilot, lambda: "1 would go out · 1 not" in screen_text(app))
        assert "no mail address" in screen_text(app)
        await press(pilot, "x")
        await until(pilot, lambda: "wants no reminders" in screen_text(app))
        await press(pilot, "tab", "tab")
        await until(pilot, lambda: "1 wants none" in screen_text(app))
        await press(pilot, "z")
        await until(pilot, lambda: "Nobody opted out" in screen_text(app))


async def test_by_mail_with_the_template_in_three_keys(due: Hotel) -> None:
    async with opened(due, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "N")
        await until(pilot, lambda: "MIR-1" in screen_text(app))
        await press(pilot, "r")
        await until(pilot, lambda: "Ana Nowak <nowak@example.org>" in screen_text(app))
        assert "ctrl+s sends" in screen_text(app)
        assert "Payment reminder – booking MIR-1" in screen_text(app)
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: [one.state for one in desk.notice_lists.listed(due.ctx)] == ["queued"])
        await until(pilot, lambda: "reminded today" in screen_text(app))
        await press(pilot, "r")
        await until(pilot, lambda: "! reminded today" in screen_text(app))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "once more sends it" in screen_text(app))
        assert len(desk.notice_lists.listed(due.ctx)) == 1
        await press(pilot, "escape", "z")
        await until(pilot, lambda: desk.notice_lists.listed(due.ctx)[0].state == "dropped")


async def test_by_sms_the_length_is_shown_and_a_missing_gateway_is_said(due: Hotel) -> None:
    async with opened(due, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "N")
        await until(pilot, lambda: "MIR-1" in screen_text(app))
        await press(pilot, "S")
        await until(pilot, lambda: "1 message" in screen_text(app))
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "No SMS gateway is set up" in screen_text(app))
        assert desk.notice_lists.listed(due.ctx) == []


async def test_a_gateway_is_set_up_and_tested(due: Hotel) -> None:
    credentials = Credentials(lambda: None, memory={})
    with sms_gateway() as server:
        async with opened(due, size=(80, 24)) as (app, pilot):
            app.credentials = credentials  # type: ignore[attr-defined]
            await press(pilot, "g", "N", "G")
            await until(pilot, lambda: "No SMS gateway is set up" in screen_text(app))
            await press(pilot, *server.url("desk", "Canary77"))
            assert "Canary77" not in screen_text(app)
            await press(pilot, "tab", "right", "right", "tab", "tab", *"+34600111222", "ctrl+s")
            await until(pilot, lambda: "took the test message" in screen_text(app))
        assert [one.number for one in server.asked] == ["+34600111222"]
    assert gateway.address(desk.notices.settings_of(due.ctx), credentials) == Secret(server.url("desk", "Canary77"))
    for file in due.ctx.home.data.rglob("*"):
        assert not file.is_file() or b"Canary77" not in file.read_bytes()


async def test_the_mode_is_one_menu(due: Hotel) -> None:
    async with opened(due, size=(80, 24)) as (app, pilot):
        await press(pilot, "g", "N")
        await until(pilot, lambda: "by mail" in screen_text(app))
        await press(pilot, "m", "o")
        await until(pilot, lambda: "Reminders are off" in screen_text(app))
        assert desk.notices.settings_of(due.ctx).notices == "off"


def test_old_reminders_are_not_planned_twice(due: Hotel) -> None:
    ctx = replace(due.ctx)
    assert [one.code for one in desk.notices.preview(ctx).ready] == ["MIR-1"]
    assert desk.notices.preview(ctx).at - ctx.clock.now() < timedelta(days=1)
