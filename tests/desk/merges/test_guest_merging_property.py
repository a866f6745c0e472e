"""Any merges of any guests, then all of them taken back: every row of every table is as it was (SPEC §6)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui import desk
from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.data import record_search
from crm_tui.desk.common.context import Context
from crm_tui.desk.merges.guest_merge_fields import FIELDS, ORDERS
from crm_tui.desk.merges.guest_merging import merge, merges_of, survivor_in, unmerge
from crm_tui.desk.undoing import undo
from tests.desk.house import make_house
from tests.desk.merge_house import OWNED, SHARED, World, add_guest, snapshot, tell_apart, world

COUNT = 4
_texts = st.sampled_from(["", "Ana", "Łucja", "\u202eمحمد", "X" * 200])
profiles = st.fixed_dictionaries(
    {
        "values": st.fixed_dictionaries(
            {
                "given": _texts,
                "city": _texts,
                "remarks": _texts,
                "language": st.sampled_from(["", "pl", "es"]),
                "birth_date": st.sampled_from([None, "1.2.1980", "3.4.1990"]),
                "passport": st.sampled_from(["", "A1", "B2"]),
                "passport_expiry": st.sampled_from([None, "1.2.2030"]),
                "emails": st.lists(st.sampled_from(["a@x.example", "B@x.example", "c@x.example"]), unique=True),
                "phones": st.lists(st.sampled_from(["+34600111222", "+48601234567"]), unique=True),
            }
        ),
        "within": st.lists(st.tuples(st.sampled_from(SHARED), st.integers(0, 1)), unique=True, max_size=8),
        "own": st.lists(st.sampled_from(OWNED), max_size=6),
        "consents": st.lists(st.tuples(st.sampled_from(["mail", "sms"]), st.booleans()), max_size=3),
        "reference": st.booleans(),
    }
)
merges = st.lists(
    st.tuples(
        st.integers(0, COUNT - 1),
        st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=2).map(sorted),
        st.dictionaries(st.sampled_from([*FIELDS, *ORDERS]), st.integers(0, COUNT - 1), max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def populate(ctx: Context, people: list[dict[str, Any]], apart: set[tuple[int, int]]) -> World:
    made = world(ctx)
    for place, one in enumerate(people):
        values = one["values"] | ({"reference": f"R-{place}"} if one["reference"] else {})
        add_guest(ctx, made, values, within=one["within"], own=sorted({*one["own"]}), consents=one["consents"])
    for first, second in apart:
        if first < second:
            tell_apart(ctx, made.guests[first], made.guests[second])
    return made


def check(ctx: Context, guests: list[int]) -> None:
    """What always holds: the index is right, every number leads to somebody who is not merged."""
    with ctx.store.connect() as connection:
        assert record_search.wrong(connection, "guest") == record_search.wrong(connection, "inquiry") == 0
        for number in guests:
            assert desk.guests.get(ctx, number).id == survivor_in(connection, number)
        assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(profiles, min_size=COUNT, max_size=COUNT),
    st.sets(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=2),
    merges,
    st.lists(st.booleans(), min_size=20, max_size=20),
)
def test_whatever_was_merged_comes_apart_again(
    people: list[dict[str, Any]],
    apart: set[tuple[int, int]],
    wanted: list[tuple[int, list[int], dict[str, int]]],
    by_key: list[bool],
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ctx = make_house(Path(directory))
        guests = populate(ctx, people, apart).guests
        states = [snapshot(ctx)]
        for main, others, choices in wanted:
            picked = {name: guests[place] for name, place in choices.items() if place in (main, *others)}
            try:
                merge(ctx, guests[main], [guests[one] for one in others], picked, sure=True)
            except (Conflict, InvalidInput):
                assert snapshot(ctx) == states[-1]
                continue
            check(ctx, guests)
            assert snapshot(ctx) != states[-1]
            states.append(snapshot(ctx))
        by_hand = False
        for key in by_key:
            if len(states) == 1:
                break
            by_hand = by_hand or not key  # the key would take back what was taken apart by hand, that being the newest
            states.pop()
            _take_back(ctx, guests, not by_hand)
            assert snapshot(ctx) == states[-1]
            check(ctx, guests)
        assert len(states) == 1
        ctx.store.close()


def _take_back(ctx: Context, guests: list[int], by_key: bool) -> None:
    """The newest command: with the undo key, or merge by merge."""
    standing = {one.id: one for number in guests for one in merges_of(ctx, number) if one.undone_at is None}
    last = max(standing.values(), key=lambda one: one.id)
    if by_key:
        undo.undo(ctx)
        return
    command = _command(ctx, last.absorbed)
    same = [
        one for one in standing.values() if one.survivor == last.survivor and _command(ctx, one.absorbed) == command
    ]
    for one in sorted(same, key=lambda one: -one.id):
        unmerge(ctx, one.id)


def _command(ctx: Context, absorbed: int) -> str:
    from sqlalchemy import select

    from crm_tui.data.columns import columns
    from crm_tui.data.tables import Journal

    names = columns(Journal)
    query = select(names.command).where(names.entity == "guest", names.entity_id == absorbed, names.action == "merge")
    with ctx.store.connect() as connection:
        return str(connection.execute(query.order_by(names.id.desc()).limit(1)).scalar())
