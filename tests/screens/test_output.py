"""On a slow line each key counts: what the keys of the busiest screens write, all that they set off included (QUALITY §1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from textual.events import Resize
from textual.geometry import Size

from crm_tui import desk
from tests.screens.harness import Hotel
from tests.screens.written import at_terminal

GOAL = 2000
"""Bytes of a key that moves the cursor."""
SIZES = [(80, 24), (150, 45)]
NAMES = ("Łucja Nowak", "J. Martín", "Hôtel du Lac", "Eve Adams", "Íñigo Peña Núñez")
WORDS = (
    "Pokój 2+1 w lipcu",
    "Disponibilidad 3–7/12",
    "Demande de prix",
    "A table by the window, please",
    "Late check-out",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotel]:
    """Sixty guests wait; some tickets are with agents, and some feedback was written down."""
    hotel = Hotel(tmp_path_factory.mktemp("output") / "home").open()
    account = hotel.account()
    for number in range(60):
        name, text = NAMES[number % 5], WORDS[number % 3 + number % 2]
        hotel.mail(
            f"{text}, {number}.\n\n" + f"{name} and {number % 4} others would like to know by tomorrow. " * (number % 7),
            sender=f"{name} <guest{number}@mail.example>", subject=f"{text} {number}", number=number + 1,
            ago=timedelta(minutes=37 * number), account=account,
        )  # fmt: skip
    for name in ("Leo", "Marta"):
        desk.team.add(hotel.ctx, name, role="agent")
    rows = desk.tickets.page(hotel.ctx, desk.tickets.TicketQuery(), limit=60).rows
    for number, name in enumerate(("Leo", "Marta", "Ana")):
        desk.tickets.give(hotel.ctx, [row.id for row in rows[number :: 4 + number]], name)
    for number in range(30):
        said = f"{WORDS[number % 5]}, said {NAMES[number % 3]}"
        desk.feedback.add(hotel.ctx, "negative" if number % 3 else "positive", room=f"{100 + number}", comment=said)
    yield hotel
    hotel.ctx.store.close()


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("TERM", "xterm-256color")


def at_rest(screen: Any) -> bool:
    """A preview or a chart that follows the cursor has followed."""
    row = screen.list.current if hasattr(screen, "list") else None
    if hasattr(screen, "preview") and screen.right.display and row is not None:
        shown = screen.preview.conversation
        return shown is not None and bool(shown.row.id == row.conversation)
    if hasattr(screen, "chart"):
        return bool(screen.chart.settled and not (screen.resting if hasattr(screen, "resting") else False))
    return True


WALKS = {
    "tickets": ("9",),
    "figures": ("9", "V"),
    "charts of figures": ("9", "V", "V"),
    "mail": ("2",),
    "working time": ("g", "W"),
    "journal": ("g", "j"),
    "relations": ("0",),
}
BESIDE = 3000
"""Bytes of a key that makes a list scroll beside other panes, what is read beside it included: all of the list moves, and no
terminal can be asked to move a part of its lines."""


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "150x45"])
async def test_a_cursor_key_writes_little(size: tuple[int, int], house: Hotel) -> None:
    moving: dict[str, list[int]] = {}
    scrolling: dict[str, list[int]] = {}
    async with at_terminal(house, size, at_rest) as keys:
        for name, way in WALKS.items():
            for key in way:
                await keys.cost(key)
            assert keys.shown() == keys.meant()
            moving[name] = [await keys.cost(key) for key in ("down", "down", "up")]
            await keys.cost("pagedown")  # to the last row that is seen
            scrolling[name] = [await keys.cost("down") for _time in range(2)]
            assert keys.shown() == keys.meant()
            if len(way) > 1:
                await keys.cost("escape")
    assert all(any(costs) for costs in moving.values()), moving  # the cursors have moved
    assert max(max(costs) for costs in moving.values()) <= GOAL, moving
    beside = {"tickets", "mail"} if size[0] >= 150 else set()
    assert all(max(costs) <= (BESIDE if name in beside else GOAL) for name, costs in scrolling.items()), scrolling
    assert any(scrolling["tickets"])


async def test_a_terminal_that_was_given_away_is_painted_anew(house: Hotel) -> None:
    """A resize comes when it is ours again, of the same size: nothing of what stood there is counted on."""
    async with at_terminal(house, (80, 24), at_rest) as keys:
        await keys.cost("9")
        keys.shown()
        keys._emulator.reset()
        keys.pilot.app.post_message(Resize(Size(80, 24), Size(80, 24)))
        await keys.settled()
        assert keys.shown() == keys.meant()
