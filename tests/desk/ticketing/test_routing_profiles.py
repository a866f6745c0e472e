"""Which tickets an agent takes: all of them without a profile; managers say otherwise (SPEC §10)."""

from __future__ import annotations

import pytest

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.common.context import Context
from crm_tui.desk.staff import team
from crm_tui.desk.ticketing import routing_profiles
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague


def test_a_profile_is_kept_changed_and_taken_back(ctx: Context) -> None:
    leo = team.add(ctx, "Leo").id
    assert routing_profiles.get(ctx, leo) == routing_profiles.RoutingProfileView(leo)
    made = routing_profiles.set(ctx, leo, 0, stages=["Before Booking"], channels=["expedia", "Booking.com"])
    assert (made.stages, made.channels, made.takes, made.version) == (
        ("before booking",),
        ("Booking.com", "Expedia"),
        True,
        1,
    )
    assert routing_profiles.in_words(made) == "before booking · Booking.com, Expedia"
    kept = routing_profiles.set(ctx, leo, 1, takes=False)
    assert kept.stages == made.stages
    assert routing_profiles.in_words(kept) == "takes no tickets"
    assert undo.undo(ctx).text == "“Leo” takes the tickets as before."
    assert routing_profiles.get(ctx, leo).takes
    undo.undo(ctx)
    assert routing_profiles.in_words(routing_profiles.get(ctx, leo)) == "all tickets"


def test_all_of_a_kind_is_kept_as_all(ctx: Context) -> None:
    """A channel that is added later is taken too."""
    leo = team.add(ctx, "Leo").id
    everything = routing_profiles.set(ctx, leo, stages=list(routing_profiles.STAGES))
    assert everything.stages == ()
    assert everything.version == 0


def test_what_cannot_be_is_refused(ctx: Context) -> None:
    leo = team.add(ctx, "Leo").id
    with pytest.raises(InvalidInput, match="no channel carrier pigeon") as wrong:
        routing_profiles.set(ctx, leo, channels=["Carrier Pigeon"])
    assert wrong.value.field == "channels"
    with pytest.raises(InvalidInput, match="no stage nap"):
        routing_profiles.set(ctx, leo, stages=["nap"])
    with pytest.raises(NotFound):
        routing_profiles.set(ctx, 900, takes=False)
    routing_profiles.set(ctx, leo, 0, takes=False)
    with pytest.raises(Conflict, match="Leo was changed meanwhile"):
        routing_profiles.set(ctx, leo, 0, takes=True)


def test_only_managers_say_who_takes_what(ctx: Context) -> None:
    mia, eve = colleague(ctx, "Mia"), colleague(ctx, "Eve", "manager")
    assert mia.actor.id is not None
    with pytest.raises(Forbidden, match="Only a manager may say which tickets"):
        routing_profiles.set(mia, mia.actor.id, takes=False)
    assert not routing_profiles.set(eve, mia.actor.id, takes=False).takes
