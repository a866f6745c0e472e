"""A refresh takes over what the search finds now, as it was shown, and is taken back whole (SPEC §6)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import attribute_merging, attributes, packages
from crm_tui.desk.groups.package_search import Members
from crm_tui.desk.undoing import undo
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.house import make_house
from tests.desk.mailings import guest

COUNT = 6


def inside(ctx: Context, package: int) -> set[int]:
    return set(Members(package).ids(ctx))


def test_who_comes_and_who_goes_is_shown_first_and_nothing_changes(ctx: Context) -> None:
    golf = attributes.add(ctx, "Golf")
    one, two, three = (guest(ctx, name) for name in ("Alba", "Bosch", "Costa"))
    attributes.tag(ctx, one, golf)
    attributes.tag(ctx, two, golf)
    number = packages.create(ctx, "Golfers", GuestCriteria(attributes=(golf,)))
    assert inside(ctx, number) == {one, two}
    assert packages.get(ctx, number).words == "Golf"
    attributes.untag(ctx, one, golf)
    attributes.tag(ctx, three, golf)
    shown = packages.refresh_preview(ctx, number)
    assert (shown.coming, shown.going, shown.stay) == (((three, "Ana Costa"),), ((one, "Ana Alba"),), 1)
    assert inside(ctx, number) == {one, two}
    assert packages.refresh(ctx, number, shown, only_comers=True) == (1, 0)
    assert inside(ctx, number) == {one, two, three}
    with pytest.raises(Conflict):
        packages.refresh(ctx, number, shown)
    undo.undo(ctx)
    assert packages.refresh(ctx, number, packages.refresh_preview(ctx, number)) == (1, 1)
    assert inside(ctx, number) == {two, three}
    undo.undo(ctx)
    assert inside(ctx, number) == {one, two}


def test_chosen_by_hand_there_is_nothing_to_refresh(ctx: Context) -> None:
    number = packages.create(ctx, "Set", ids=[guest(ctx, "Alba")])
    with pytest.raises(InvalidInput):
        packages.refresh_preview(ctx, number)


def test_a_search_for_everyone_is_a_search(ctx: Context) -> None:
    one = guest(ctx, "Alba")
    number = packages.create(ctx, "All", GuestCriteria())
    view = packages.get(ctx, number)
    assert (view.by_hand, view.words, inside(ctx, number)) == (False, "everyone", {one})
    two = guest(ctx, "Bosch")
    assert [who for who, _name in packages.refresh_preview(ctx, number).coming] == [two]


def test_merged_attributes_are_asked_for_by_the_survivor_and_given_back(ctx: Context) -> None:
    golf, golfer = attributes.add(ctx, "Golf"), attributes.add(ctx, "Golfer")
    one, two = guest(ctx, "Alba"), guest(ctx, "Bosch")
    attributes.tag(ctx, one, golf)
    attributes.tag(ctx, two, golfer)
    number = packages.create(ctx, "Golfers", GuestCriteria(attributes=(golf,)))
    assert attribute_merging.merge(ctx, golf, golfer, (1, 1)) == 1
    assert packages.get(ctx, number).words == "Golfer"
    assert [who for who, _name in packages.refresh_preview(ctx, number).coming] == [two]
    undo.undo(ctx)
    assert packages.get(ctx, number).words == "Golf"
    assert packages.refresh_preview(ctx, number).coming == ()


@settings(max_examples=25)
@given(
    before=st.sets(st.integers(0, COUNT - 1)),
    by_hand=st.sets(st.integers(0, COUNT - 1)),
    after=st.sets(st.integers(0, COUNT - 1)),
    only_comers=st.booleans(),
)
def test_whatever_changed_a_refresh_and_its_undo_are_exact(
    tmp_path_factory: pytest.TempPathFactory,
    before: set[int],
    by_hand: set[int],
    after: set[int],
    only_comers: bool,
) -> None:
    ctx = make_house(tmp_path_factory.mktemp("refresh"))
    golf = attributes.add(ctx, "Golf")
    ids = [guest(ctx, f"G{place}", consent="") for place in range(COUNT)]
    for place in before:
        attributes.tag(ctx, ids[place], golf)
    number = packages.create(ctx, "Golfers", GuestCriteria(attributes=(golf,)))
    packages.add(ctx, number, [ids[place] for place in by_hand])
    held = inside(ctx, number)
    assert held == {ids[place] for place in before | by_hand}
    for place in range(COUNT):
        (attributes.tag if place in after else attributes.untag)(ctx, ids[place], golf)
    wanted = {ids[place] for place in after}
    shown = packages.refresh_preview(ctx, number)
    assert {who for who, _name in shown.coming} == wanted - held
    assert {who for who, _name in shown.going} == held - wanted
    assert shown.stay == len(held & wanted)
    packages.refresh(ctx, number, shown, only_comers=only_comers)
    assert inside(ctx, number) == (held | wanted if only_comers else wanted)
    undo.undo(ctx)
    assert inside(ctx, number) == held
    ctx.store.close()
