"""Taking an attribute off the list and making one of two: exact, for admins, taken back whole (SPEC §6)."""

from __future__ import annotations

import pytest

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.common.context import ENGINE, Actor, Context
from crm_tui.desk.groups import attribute_merging, attributes
from crm_tui.desk.staff import team
from crm_tui.desk.undoing import undo
from tests.desk.mailings import guest


def names(ctx: Context) -> dict[str, int]:
    return {one.name: one.guests for one in attributes.listed(ctx)}


def merge(ctx: Context, gone: int, kept: int) -> int:
    version = {one.id: one.version for one in attributes.listed(ctx)}
    return attribute_merging.merge(ctx, gone, kept, (version[gone], version[kept]))


def test_guests_of_either_have_the_survivor_once(ctx: Context) -> None:
    golf, golfer = attributes.add(ctx, "Golf"), attributes.add(ctx, "Golfer")
    one, both, other = guest(ctx, "Alba"), guest(ctx, "Bosch"), guest(ctx, "Costa")
    for who, what in ((one, golf), (both, golf), (both, golfer), (other, golfer)):
        attributes.tag(ctx, who, what)
    assert merge(ctx, golf, golfer) == 1
    assert names(ctx) == {"Golfer": 3}
    assert attributes.of_guests(ctx, [one, both, other]) == dict.fromkeys((one, both, other), ("Golfer",))
    assert attributes.add(ctx, "Golf")  # its name is free
    undo.undo(ctx)
    undo.undo(ctx)
    assert names(ctx) == {"Golf": 2, "Golfer": 2}
    assert attributes.of_guests(ctx, [one, both]) == {one: ("Golf",), both: ("Golf", "Golfer")}


def test_a_merge_is_taken_back_until_either_changes(ctx: Context) -> None:
    golf, golfer = attributes.add(ctx, "Golf"), attributes.add(ctx, "Golfer")
    attributes.tag(ctx, guest(ctx, "Alba"), golf)
    merge(ctx, golf, golfer)
    version = attributes.listed(ctx)[0].version
    attributes.rename(ctx.acting_as(ENGINE), golfer, version, "Golf players")
    with pytest.raises(Conflict, match="changed since"):
        undo.undo(ctx)
    assert names(ctx) == {"Golf players": 1}


def test_what_was_taken_by_another_attribute_does_not_come_back_twice(ctx: Context) -> None:
    golf = attributes.add(ctx, "Golf")
    attribute_merging.remove(ctx, golf, 1)
    attributes.add(ctx.acting_as(ENGINE), "GOLF")
    with pytest.raises(Conflict, match="GOLF"):
        undo.undo(ctx)
    assert names(ctx) == {"GOLF": 0}


def test_removed_it_is_out_of_sight_and_comes_back_to_all(ctx: Context) -> None:
    golf = attributes.add(ctx, "Golf")
    who = [guest(ctx, name) for name in ("Alba", "Bosch")]
    for one in who:
        attributes.tag(ctx, one, golf)
    assert attribute_merging.remove(ctx, golf, 1) == 2
    assert names(ctx) == {}
    assert attributes.of_guests(ctx, who) == {}
    with pytest.raises(NotFound):
        attributes.tag(ctx, who[0], golf)
    view = undo.undo(ctx)
    assert "on the list again" in view.text
    assert names(ctx) == {"Golf": 2}


def test_only_an_admin_and_only_what_is_there(ctx: Context) -> None:
    golf, golfer = attributes.add(ctx, "Golf"), attributes.add(ctx, "Golfer")
    leo = team.add(ctx, "Leo")
    agent = ctx.acting_as(Actor(leo.id, "Leo"))
    with pytest.raises(Forbidden):
        attribute_merging.merge(agent, golf, golfer, (1, 1))
    with pytest.raises(Forbidden):
        attribute_merging.remove(agent, golf, 1)
    with pytest.raises(InvalidInput):
        attribute_merging.merge(ctx, golf, golf, (1, 1))
    with pytest.raises(Conflict):
        attribute_merging.merge(ctx, golf, golfer, (1, 2))
    with pytest.raises(NotFound):
        attribute_merging.merge(ctx, golf, 99, (1, 1))
