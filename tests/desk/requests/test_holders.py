"""Exactly one person leads an inquiry or a reservation, whatever people do (SPEC §1)."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import desk
from crm_tui.base.errors import CrmError, InvalidInput, NotFound
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.requests import holders
from crm_tui.desk.requests.holders import INQUIRIES, OWNERS, RESERVATIONS, Owner


class Led:
    """An inquiry or a reservation with its commands."""

    def __init__(self, ctx: Context, owner: Owner) -> None:
        self.ctx, self.owner = ctx, owner
        self.first = desk.guests.create(ctx, {"surname": "Nowak"})
        self.other = desk.guests.create(ctx, {"surname": "Kaya"})
        self.firm = desk.guests.create(ctx, {"surname": "Firm", "kind": "company"})
        if owner is INQUIRIES:
            self.commands: Any = desk.inquiry_guests
            self.number = desk.inquiries.create(ctx, {}, guest=self.first)
        else:
            self.commands = desk.reservation_guests
            self.number = desk.reservations.create(ctx, {}, guests_of=[self.first])

    def state(self) -> dict[int, bool]:
        with self.ctx.store.connect() as connection:
            return holders.state(connection, self.owner, self.number)

    def do(self, what: str, *args: int, **more: Any) -> None:
        getattr(self.commands, what)(self.ctx, self.number, *args, **more)


@pytest.fixture(params=OWNERS, ids=lambda owner: owner.entity)
def led(ctx: Context, request: pytest.FixtureRequest) -> Led:
    return Led(ctx, request.param)


def test_the_first_person_leads_and_another_is_set_by_one_command(led: Led) -> None:
    led.do("add", led.firm)
    led.do("add", led.other)
    assert led.state() == {led.first: True, led.other: False, led.firm: False}
    led.do("set_holder", led.other)
    assert led.state() == {led.first: False, led.other: True, led.firm: False}
    desk.undo.undo(led.ctx)
    assert led.state() == {led.first: True, led.other: False, led.firm: False}


def test_a_company_or_a_stranger_is_refused_in_words(led: Led) -> None:
    led.do("add", led.firm)
    with pytest.raises(InvalidInput, match="Firm is a company; the holder is a person"):
        led.do("set_holder", led.firm)
    with pytest.raises(NotFound, match="is not in this"):
        led.do("set_holder", led.other)
    with pytest.raises(NotFound):
        led.do("set_holder", 900_001)
    assert led.state() == {led.first: True, led.firm: False}


def test_taking_the_holder_out_needs_a_successor_while_there_is_a_person(led: Led) -> None:
    led.do("add", led.firm)
    led.do("add", led.other)
    with pytest.raises(InvalidInput, match="say who is the holder now"):
        led.do("remove", led.first)
    with pytest.raises(InvalidInput, match="is a company"):
        led.do("remove", led.first, new_holder=led.firm)
    with pytest.raises(NotFound):
        led.do("remove", led.first, new_holder=led.first)
    led.do("remove", led.first, new_holder=led.other)
    assert led.state() == {led.other: True, led.firm: False}
    led.do("remove", led.other)  # only a company stays: nobody can follow
    assert led.state() == {led.firm: False}
    led.do("add", led.first)
    assert led.state() == {led.first: True, led.firm: False}


def test_a_company_that_proves_a_person_leads_where_nobody_did(led: Led) -> None:
    led.do("add", led.firm)
    led.do("remove", led.first)
    version = desk.guests.get(led.ctx, led.firm).version
    desk.guests.set(led.ctx, led.firm, version, {"kind": "person"})
    assert led.state() == {led.firm: True}
    desk.undo.undo(led.ctx)
    assert led.state() == {led.firm: False}
    assert desk.guests.get(led.ctx, led.firm).kind == "company"


def test_a_holder_does_not_become_a_company(led: Led) -> None:
    version = desk.guests.get(led.ctx, led.first).version
    with pytest.raises(InvalidInput) as refused:
        desk.guests.set(led.ctx, led.first, version, {"kind": "company"})
    assert refused.value.field == "kind"
    assert led.state() == {led.first: True}
    led.do("add", led.other)
    led.do("set_holder", led.other)
    version = desk.guests.get(led.ctx, led.first).version
    desk.guests.set(led.ctx, led.first, version, {"kind": "company"})
    assert led.state() == {led.first: False, led.other: True}


def test_a_companys_making_into_a_person_taken_back_after_the_others_went(led: Led) -> None:
    """Undo gives a guest the kind of a person back where only companies are left."""
    colleague = desk.team.add(led.ctx, "Leo", role="admin")
    leo = Actor(colleague.id, "Leo", "admin")
    led.do("add", led.other)
    version = desk.guests.get(led.ctx, led.other).version
    desk.guests.set(led.ctx, led.other, version, {"kind": "company"})
    led.commands.remove(led.ctx.acting_as(leo), led.number, led.first)
    desk.undo.undo(led.ctx)
    assert led.state() == {led.other: True}


steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "set_holder", "kind", "undo"]), st.integers(0, 3), st.integers(-1, 3)),
    max_size=14,
)


@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner.entity)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_nothing_that_people_do_leaves_none_or_two(
    ctx: Context, owner: Owner, steps: list[tuple[str, int, int]]
) -> None:
    led = Led(ctx, owner)
    people = [led.first, led.other, led.firm, desk.guests.create(ctx, {"surname": "Zhou", "kind": "company"})]
    for what, one, heir in steps:
        work: Callable[[], object]
        if what == "kind":
            found = desk.guests.get(ctx, people[one])
            kind = "company" if found.kind == "person" else "person"
            work = lambda found=found, kind=kind: desk.guests.set(ctx, found.id, found.version, {"kind": kind})  # type: ignore[misc]  # noqa: E731
        elif what == "undo":
            work = lambda: desk.undo.undo(ctx)  # noqa: E731
        else:
            more = {"new_holder": people[heir]} if what == "remove" and heir >= 0 else {}
            work = lambda what=what, one=one, more=more: led.do(what, people[one], **more)  # type: ignore[misc]  # noqa: E731
        with suppress(CrmError):  # a sentence; nothing else may come
            work()
        kinds = {number: desk.guests.get(ctx, number).kind for number in led.state()}
        leads = [number for number, holder in led.state().items() if holder]
        assert len(leads) == ("person" in kinds.values())
        assert all(kinds[number] == "person" for number in leads)
        with ctx.store.connect() as connection:
            assert holders.without_holder(connection, owner) == []


def _fight(path: str, mine: int, others: list[int], number: int, told: Any) -> None:
    from crm_tui.base.paths import home_at
    from crm_tui.base.settings import Settings
    from crm_tui.desk.common.context import open_context

    ctx = open_context(home_at(Path(path)), Settings(), agent="Ana", env={})
    try:
        for turn in range(25):
            heir = others[turn % len(others)]
            works: list[Callable[[], object]] = [
                partial(desk.reservation_guests.set_holder, ctx, number, mine),
                partial(desk.reservation_guests.remove, ctx, number, mine, heir),
                partial(desk.reservation_guests.add, ctx, number, mine),
            ]
            for work in works:
                with suppress(CrmError):
                    work()
        told.put("")
    except BaseException as error:
        told.put(f"{type(error).__name__}: {error}")
    finally:
        ctx.store.close()


def test_two_processes_that_fight_over_it_hear_sentences_only(ctx: Context) -> None:
    people = [desk.guests.create(ctx, {"surname": name}) for name in ("A", "B", "C")]
    number = desk.reservations.create(ctx, {}, guests_of=people)
    process = multiprocessing.get_context("spawn")
    told: Any = process.Queue()
    fighters = [
        process.Process(
            target=_fight, args=(str(ctx.home.data), one, [other for other in people if other != one], number, told)
        )
        for one in people[:2]
    ]
    for fighter in fighters:
        fighter.start()
    assert [told.get(timeout=60) for _fighter in fighters] == ["", ""]
    for fighter in fighters:
        fighter.join(timeout=30)
    with ctx.store.connect() as connection:
        assert holders.without_holder(connection, RESERVATIONS) == []
        assert sum(holders.state(connection, RESERVATIONS, number).values()) == 1


@pytest.mark.parametrize("gone", ["archive", "erase"])
def test_where_only_somebody_put_away_stays_nobody_is_asked_for(led: Led, gone: str) -> None:
    led.do("add", led.other)
    if gone == "erase":
        desk.erasing.erase(led.ctx, led.other)
    else:
        desk.guests.archive(led.ctx, [led.other])
    with pytest.raises(CrmError):
        led.do("remove", led.first, new_holder=led.other)
    assert led.state()[led.first]
    led.do("remove", led.first)
    assert led.state() == {led.other: True}, "somebody stands for the holder, as for any group of persons"
    desk.undo.undo(led.ctx)
    assert led.state() == {led.first: True, led.other: False}


def test_somebody_put_away_is_not_who_follows_while_others_can(led: Led) -> None:
    led.do("add", led.other)
    third = desk.guests.create(led.ctx, {"surname": "Third"})
    led.do("add", third)
    desk.guests.archive(led.ctx, [led.other])
    with pytest.raises(InvalidInput):
        led.do("remove", led.first)
    led.do("remove", led.first, new_holder=third)
    assert led.state() == {led.other: False, third: True}
