"""Who gets which ticket (SPEC §10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.routing import (
    AgentState,
    By,
    Fate,
    Held,
    Move,
    Waits,
    Work,
    choose,
    eligible,
    fate,
    rebalance,
    share,
    state_of,
)
from crm_tui.rules.vocabulary import Stage, TicketState

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BEFORE, AFTER, CHECKIN = (stage.value for stage in Stage)


def agent(number: int, load: int = 0, *, stages: Iterable[str] = (), **values: object) -> AgentState:
    values.setdefault("running", True)
    return AgentState(number, load=load, stages=frozenset(stages), **values)  # type: ignore[arg-type]


def ticket(number: int, stage: str = BEFORE, channel: str = "direct", **values: object) -> Work:
    return Work(number, stage, channel, **values)  # type: ignore[arg-type]


def held_by(agent_id: int, numbers: Iterable[int], stage: str = BEFORE) -> list[Work]:
    return [ticket(number, stage, agent=agent_id) for number in numbers]


def loads_after(agents: Iterable[AgentState], moves: Iterable[Move]) -> dict[int, int]:
    loads = {one.id: one.load for one in agents}
    for move in moves:
        loads[move.giver] -= 1
        loads[move.receiver] += 1
    return loads


# Eligible, chosen


def test_the_least_load_gets_it_and_the_reason_names_the_next() -> None:
    choice = choose(ticket(1), [agent(1, 4), agent(2, 2), agent(3, 3)])
    assert choice.agent == 2
    assert choice.why is not None
    assert choice.why.plain() == {"by": "least", "load": 2, "among": 3, "next": 3}


def test_a_tie_goes_to_whoever_got_none_for_the_longest_time() -> None:
    earlier, later = NOON - timedelta(hours=2), NOON - timedelta(hours=1)
    choice = choose(ticket(1), [agent(1, 2, last_assigned_at=later), agent(2, 2, last_assigned_at=earlier)])
    assert (choice.agent, choice.why and choice.why.by) == (2, By.LONGEST)


def test_whoever_never_got_one_waits_longest() -> None:
    assert choose(ticket(1), [agent(1, last_assigned_at=NOON), agent(2)]).agent == 2


def test_the_last_tie_goes_to_the_lowest_number_in_whatever_order_they_come() -> None:
    for team in ([agent(1), agent(2)], [agent(2), agent(1)]):
        choice = choose(ticket(1), team)
        assert (choice.agent, choice.why and choice.why.by) == (1, By.FIRST)


def test_who_alone_can_take_it_gets_it_whatever_the_load() -> None:
    choice = choose(ticket(1, AFTER), [agent(1, 0, stages=[BEFORE]), agent(2, 9, stages=[AFTER])])
    assert (choice.agent, choice.why and choice.why.by) == (2, By.ONLY)


@pytest.mark.parametrize(
    ("values", "able"),
    [
        ({}, True),
        ({"running": False}, False),
        ({"intake": False}, False),
        ({"takes": False}, False),
        ({"stages": [AFTER]}, False),
        ({"stages": [AFTER, BEFORE]}, True),
        ({"channels": frozenset({"Airbnb"})}, False),
        ({"channels": frozenset({"Airbnb", "direct"})}, True),
    ],
)
def test_eligible_means_timer_intake_stage_and_channel(values: dict[str, object], able: bool) -> None:
    assert eligible(ticket(1), agent(1, **values)) is able  # type: ignore[arg-type]


def test_nobody_gets_what_they_may_not_see() -> None:
    hidden = ticket(1, scope="a2")
    assert not eligible(hidden, agent(1, scopes=",a1,d1,"))
    assert eligible(hidden, agent(2, scopes=",a2,"))
    assert not eligible(hidden, agent(22, scopes=",a22,"))


@pytest.mark.parametrize(
    ("team", "waits"),
    [
        ([], Waits.NOBODY_WORKS),
        ([agent(1, running=False)], Waits.NOBODY_WORKS),
        ([agent(1, intake=False), agent(2, intake=False)], Waits.ALL_PAUSED),
        ([agent(1, stages=[AFTER])], Waits.NOT_TAKEN),
        ([agent(1, stages=[AFTER]), agent(2, intake=False)], Waits.ALL_PAUSED),
    ],
)
def test_without_anybody_eligible_it_waits_in_the_queue_with_a_reason(team: list[AgentState], waits: Waits) -> None:
    choice = choose(ticket(1), team)
    assert (choice.agent, choice.waits) == (None, waits)


def test_the_queue_is_served_first_in_first_out_and_what_nobody_takes_does_not_hold_up_the_rest() -> None:
    queue = [ticket(1, AFTER), ticket(2), ticket(3), ticket(4)]
    choices = share(queue, [agent(1, stages=[BEFORE]), agent(2, stages=[BEFORE])])
    assert [choice.agent for choice in choices] == [None, 1, 2, 1]


def test_a_reopened_conversation_goes_to_whose_it_was_even_with_more_to_do() -> None:
    choice = choose(ticket(1, last=2), [agent(1, 0), agent(2, 7)])
    assert (choice.agent, choice.why and choice.why.by) == (2, By.LAST)


def test_a_reopened_conversation_goes_elsewhere_if_whose_it_was_is_not_eligible() -> None:
    assert choose(ticket(1, last=2), [agent(1), agent(2, intake=False)]).agent == 1


# Rebalancing


def test_twenty_twenty_five_becomes_fifteen_each() -> None:
    team = [agent(1, 20), agent(2, 20), agent(3, 5)]
    moves = rebalance([*held_by(1, range(100, 120)), *held_by(2, range(200, 220)), *held_by(3, range(300, 305))], team)
    assert loads_after(team, moves) == {1: 15, 2: 15, 3: 15}
    assert {move.receiver for move in moves} == {3}
    assert sorted(move.ticket for move in moves) == [*range(100, 105), *range(200, 205)]  # the oldest of each


def test_a_difference_of_one_never_moves_anything() -> None:
    assert rebalance(held_by(1, range(5)), [agent(1, 5), agent(2, 4)]) == []


def test_a_difference_of_two_moves_one() -> None:
    moves = rebalance(held_by(1, [8, 9]), [agent(1, 2), agent(2, 0)])
    assert [(move.ticket, move.giver, move.receiver) for move in moves] == [(8, 1, 2)]
    assert moves[0].why.plain() == {"by": "moved", "load": 0, "giver": 1, "had": 2}


def test_what_is_opened_or_pinned_is_not_movable_and_so_stays() -> None:
    assert rebalance([], [agent(1, 9), agent(2, 0)]) == []


def test_who_paused_gives_but_does_not_receive() -> None:
    assert rebalance(held_by(1, range(4)), [agent(1, 4), agent(2, 0, intake=False)]) == []
    assert len(rebalance(held_by(1, range(4)), [agent(1, 4, intake=False), agent(2, 0)])) == 2


def test_who_does_not_work_neither_gives_nor_receives() -> None:
    assert rebalance(held_by(1, range(4)), [agent(1, 4, running=False), agent(2, 0)]) == []


def test_everyone_paused_moves_nothing() -> None:
    assert rebalance(held_by(1, range(9)), [agent(1, 9, intake=False), agent(2, 0, intake=False)]) == []


def test_only_what_the_receiver_takes_moves() -> None:
    works = [ticket(1, BEFORE, agent=1), ticket(2, AFTER, agent=1), ticket(3, BEFORE, agent=1)]
    moves = rebalance(works, [agent(1, 3), agent(2, 0, stages=[AFTER])])
    assert [move.ticket for move in moves] == [2]


def test_a_stuck_largest_load_does_not_keep_the_others_from_being_evened_out() -> None:
    team = [agent(1, 9), agent(2, 4), agent(3, 0)]  # nothing of agent 1 can move
    moves = rebalance(held_by(2, range(4)), team)
    assert loads_after(team, moves) == {1: 9, 2: 2, 3: 2}


_team = st.lists(
    st.builds(
        agent,
        st.integers(1, 9),
        st.just(0),
        stages=st.sets(st.sampled_from([BEFORE, AFTER, CHECKIN]), max_size=3),
        running=st.booleans(),
        intake=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    min_size=1,
    max_size=6,
)


@given(_team, st.lists(st.tuples(st.integers(0, 5), st.sampled_from([BEFORE, AFTER, CHECKIN]), st.booleans())))
def test_after_rebalancing_no_ticket_can_move_that_should(
    team: list[AgentState], hands: list[tuple[int, str, bool]]
) -> None:
    works, stuck = [], dict.fromkeys((one.id for one in team), 0)
    for number, (place, stage, opened) in enumerate(hands):
        owner = team[place % len(team)].id
        stuck[owner] += opened
        works += [] if opened else [ticket(number, stage, agent=owner)]
    team = [replace(one, load=stuck[one.id] + sum(work.agent == one.id for work in works)) for one in team]
    moves = rebalance(works, team)
    loads, states = loads_after(team, moves), {one.id: one for one in team}
    assert len({move.ticket for move in moves if move.receiver}) <= len(works)
    where = {work.id: work for work in works}
    for move in moves:
        assert where[move.ticket].agent == move.giver
        assert eligible(where[move.ticket], states[move.receiver])
        where[move.ticket] = replace(where[move.ticket], agent=move.receiver)
    for work in where.values():
        assert work.agent is not None
        if states[work.agent].running:
            gaps = [loads[work.agent] - loads[one.id] for one in team if eligible(work, one)]
            assert all(gap < 2 for gap in gaps)


@given(st.integers(1, 8), st.integers(0, 60))
def test_shared_among_equals_no_two_loads_differ_by_more_than_one(people: int, count: int) -> None:
    team = [agent(number) for number in range(1, people + 1)]
    given_to = [choice.agent for choice in share(map(ticket, range(count)), team)]
    loads = [given_to.count(one.id) for one in team]
    assert sum(loads) == count
    assert max(loads) - min(loads) <= 1


# What becomes of a ticket in somebody's hands

MINE = Held(ticket(1, agent=1))


@pytest.mark.parametrize(
    ("held", "who", "anyone", "what"),
    [
        (MINE, agent(1), True, Fate.STAY),
        (MINE, agent(1, intake=False), True, Fate.STAY),  # pausing keeps what one has
        (MINE, agent(1, running=False), True, Fate.RETURN),  # stopped: unopened goes back
        (MINE, agent(1, running=False), False, Fate.STAY),  # nobody uses timers: as before
        (replace(MINE, worked=True), agent(1, running=False), False, Fate.RETURN),  # the last one stopped
        (replace(MINE, opened=True, worked=True), agent(1, running=False), True, Fate.FLAG),
        (replace(MINE, opened=True), agent(1, running=False), True, Fate.STAY),  # opened while not working
        (replace(MINE, opened=True, worked=True, flagged=True), agent(1, running=False), True, Fate.STAY),
        (replace(MINE, opened=True, flagged=True), agent(1), True, Fate.UNFLAG),
        (replace(MINE, automatic=False, worked=True), agent(1, running=False), True, Fate.FLAG),  # pinned stays
        (replace(MINE, automatic=False), agent(1, stages=[AFTER]), True, Fate.STAY),
        (replace(MINE, pending=True, worked=True), agent(1, running=False), True, Fate.STAY),
        (MINE, agent(1, stages=[AFTER]), True, Fate.RETURN),  # its stage changed by a booking
        (replace(MINE, opened=True), agent(1, stages=[AFTER]), True, Fate.STAY),
        (MINE, None, False, Fate.RETURN),  # left the team
        (replace(MINE, opened=True, automatic=False), None, False, Fate.RETURN),
        (replace(MINE, pending=True), None, False, Fate.RETURN),
        (replace(MINE, work=ticket(1, scope="a2", agent=1), opened=True), agent(1), True, Fate.RETURN),
    ],
)
def test_the_fate_of_a_ticket(held: Held, who: AgentState | None, anyone: bool, what: Fate) -> None:
    assert fate(held, who, anyone_works=anyone) is what


@pytest.mark.parametrize(
    ("who", "anyone", "what"),
    [
        (agent(1), True, Fate.KEEP),
        (agent(1, intake=False), True, Fate.RETURN),
        (agent(1, stages=[AFTER]), True, Fate.RETURN),
        (agent(1, running=False), True, Fate.RETURN),
        (agent(1, running=False), False, Fate.STAY),
        (None, False, Fate.RETURN),
    ],
)
def test_the_fate_of_a_reopened_one(who: AgentState | None, anyone: bool, what: Fate) -> None:
    again = Held(ticket(1, agent=1), reopened=True, automatic=False)
    assert fate(again, who, anyone_works=anyone) is what


@pytest.mark.parametrize(
    ("done", "pending", "who", "seen", "state"),
    [
        (True, True, 1, True, TicketState.DONE),
        (False, True, 1, True, TicketState.PENDING),
        (False, True, None, False, TicketState.PENDING),
        (False, False, None, False, TicketState.QUEUED),
        (False, False, 1, True, TicketState.OPENED),
        (False, False, 1, False, TicketState.ASSIGNED),
    ],
)
def test_the_state_follows_from_what_is_known(
    done: bool, pending: bool, who: int | None, seen: bool, state: TicketState
) -> None:
    assert state_of(done=done, pending=pending, agent=who, seen=seen) is state
