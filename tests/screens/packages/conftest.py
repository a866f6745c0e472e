"""A desk with packages."""

from __future__ import annotations

import pytest

from crm_tui import desk
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.mailings import guest, template
from tests.screens.harness import Hotel

NAMES = ("Alba", "Bosch", "Costa", "Duran", "Esteve")


@pytest.fixture
def packed(morning: Hotel) -> Hotel:
    """Five guests; four are Golf friends, one of whom does not agree to mail and one has no given name."""
    ctx = morning.ctx
    golf, golfer = desk.attributes.add(ctx, "Golf"), desk.attributes.add(ctx, "Golfer")
    ids = [guest(ctx, name, consent="" if name == "Bosch" else "mail") for name in NAMES]
    view = desk.guests.get(ctx, ids[2])
    desk.guests.set(ctx, view.id, view.version, {"given": ""})
    for number in ids[:4]:
        desk.attributes.tag(ctx, number, golf)
    desk.attributes.tag(ctx, ids[4], golfer)
    desk.packages.create(ctx, "Golf friends", GuestCriteria(attributes=(golf,)))
    desk.packages.create(ctx, "By [b]hand[/b]", ids=ids[:1])
    template(ctx)
    return morning
