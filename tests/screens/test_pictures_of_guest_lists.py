"""Pictures of the list of guests. Renew them with ``--snapshot-update`` and look at the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui import desk
from crm_tui.desk.common.context import open_context
from tests.desk.asked import add_guest
from tests.screens.harness import Hotel
from tests.screens.opened import desk_of, press, settle

SCREENS: dict[str, list[str]] = {
    "list": ["4", "down", "space"],
    "search": ["4", "slash", *"wis"],
    "filter": ["4", "f"],
    "tags": ["4", "space", "space", "T", *"go", "enter"],
}


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    """Ten guests of several scripts."""
    made = Hotel(tmp_path / "home").open()
    made.ctx = ctx = open_context(made.home, made.settings, clock=made.clock, agent="Ana", env={})
    tags = [desk.attributes.add(ctx, name) for name in ("Golf", "Quiet room", "VIP")]
    lucja = add_guest(
        ctx, "Wiśniewska", "Łucja", mails=["lucja@poczta.example"], phones=["+48601234567"], city="Łódź", country="PL"
    )
    add_guest(ctx, "Wiśniewski", "Jan", birth_date=date(1985, 5, 12), phones=["+48601234568"])
    jose = add_guest(
        ctx, "Pérez", "José", mails=["jose.perez.de.la.casa.grande@correo.example"], city="Sevilla", country="ES"
    )
    add_guest(ctx, "Ковальчук", "Анна", mails=["anna@poshta.example"], city="Київ", country="UA")
    add_guest(ctx, "山田", "太郎", city="大阪", country="JP")
    add_guest(ctx, "Wisła Travel", kind="company", mails=["biuro@wisla.example"], city="Wisła", country="PL")
    add_guest(ctx, "O'Neill", "Ann")
    desk.attributes.tag(ctx, lucja, tags[0])
    desk.attributes.tag(ctx, jose, tags[1])
    desk.attributes.tag(ctx, jose, tags[2])
    yield made
    made.ctx.store.close()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
def test_screen(
    name: str, size: tuple[int, int], hotel: Hotel, monkeypatch: pytest.MonkeyPatch, snap_compare: Callable[..., bool]
) -> None:
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _self: None)  # no blinking

    async def keys(pilot: Pilot[int]) -> None:
        await settle(pilot)
        await press(pilot, *SCREENS[name])
        await settle(pilot)

    assert snap_compare(desk_of(hotel, agent="Ana"), terminal_size=size, run_before=keys)
