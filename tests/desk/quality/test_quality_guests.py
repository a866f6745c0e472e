"""What was said by and given to guests who are merged, parted and erased (SPEC §6, §11)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from crm_tui import desk
from crm_tui.base.errors import CrmError, NotFound
from crm_tui.desk.common.context import Context
from crm_tui.rules.money import Money
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation


@pytest.fixture
def pair(ctx: Context) -> tuple[int, int]:
    """Two profiles of Anna; the second complained, was given wine for it, and cava for her honeymoon."""
    one, two = add_guest(ctx, "Nowak", "Anna"), add_guest(ctx, "Novak", "Ania")
    desk.quality_items.add(ctx, "Wine", "18.50")
    desk.feedback.add(ctx, "negative", guest=two, comment="Ania heard the lift", items=[("Wine", 2)])
    desk.quality_costs.add(ctx, [("Wine", 3)], guest=two, occasion="Ania's honeymoon", comment="Cold, at her door")
    return one, two


def held(ctx: Context, guest: int) -> tuple[list[Any], list[Any]]:
    """What a profile shows: feedback and costs, with what they cost."""
    said = [(one.guest, one.guest_name, one.cost) for one in desk.feedback.of_guest(ctx, guest)]
    given = [(one.guest, one.guest_name, one.cost) for one in desk.quality_costs.of_guest(ctx, guest)]
    return said, given


def test_who_was_put_away_and_stays_again_can_complain_and_be_given_something(ctx: Context) -> None:
    guest = add_guest(ctx, "Marsh", "Beatrice")
    today = desk.periods.today(ctx)
    stay = add_reservation(ctx, "M-9", guest, room="204", arrival=today, departure=today)
    desk.guests.archive(ctx, [guest])
    found = desk.feedback.staying(ctx, "204")
    assert (found.guest, found.reservation) == (guest, stay)
    number = desk.feedback.add(ctx, "negative", guest=guest, room="204", comment="The lift")
    assert desk.feedback.get(ctx, number).guest == guest
    other = desk.feedback.add(ctx, "negative", room="204")
    assert desk.feedback.edit(ctx, other, 1, {"guest": guest}).guest == guest
    desk.quality_items.add(ctx, "Wine", "18.50")
    assert desk.quality_costs.get(ctx, desk.quality_costs.add(ctx, [("Wine", 1)], guest=guest)).guest == guest


def test_other_notes_on_who_was_put_away_say_why_not_and_what_to_do(ctx: Context) -> None:
    guest = add_guest(ctx, "Marsh", "Beatrice")
    desk.guests.archive(ctx, [guest])
    with pytest.raises(NotFound, match=r"Beatrice Marsh \(guest 1\) is archived") as caught:
        desk.memos.add(ctx, "Quiet room", guest=guest)
    assert "guest unarchive 1" in caught.value.hint


def test_feedback_and_costs_go_over_to_the_survivor_and_back(ctx: Context, pair: tuple[int, int]) -> None:
    one, two = pair
    before = held(ctx, two)
    desk.guest_merging.merge(ctx, one, [two])
    over = ([(one, "Anna Nowak", (Money(3700, "EUR"),))], [(one, "Anna Nowak", (Money(5550, "EUR"),))])
    assert held(ctx, one) == held(ctx, two) == over
    (cost,) = desk.quality_costs.of_guest(ctx, one)
    desk.undo.undo(ctx)
    assert (held(ctx, one), held(ctx, two)) == (([], []), before)
    desk.guest_merging.merge(ctx, one, [two])
    late = desk.quality_costs.add(ctx, [("Wine", 1)], guest=two, room="7")
    assert desk.quality_costs.get(ctx, late).guest == one
    changed = desk.quality_costs.edit(ctx, cost.id, desk.quality_costs.get(ctx, cost.id).version, {"guest": two})
    assert changed.guest == one


def test_erasing_blacks_the_words_and_keeps_what_it_cost(ctx: Context, pair: tuple[int, int]) -> None:
    _one, two = pair
    (said,), (given,) = desk.feedback.of_guest(ctx, two), desk.quality_costs.of_guest(ctx, two)
    desk.quality_costs.edit(ctx, given.id, given.version, {"comment": "Ania was delighted"})
    desk.feedback.amend(ctx, said.id, said.version, {"resolution": "Ania was called"})
    desk.erasing.erase(ctx, two)
    feedback, cost = desk.feedback.get(ctx, said.id), desk.quality_costs.get(ctx, given.id)
    assert (feedback.cost, cost.cost) == (said.cost, given.cost)
    with ctx.store.connect() as connection:
        tables = ("feedback", "quality_cost", "compensation", "guest")
        rows = [dict(row) for name in tables for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]
        rows += [dict(row) for row in connection.execute(text("SELECT before, after FROM journal")).mappings()]
    whole = json.dumps(rows, default=str, ensure_ascii=False)
    assert "Ania" not in whole
    assert "her door" not in whole
    for work in (
        lambda: desk.quality_costs.edit(ctx, cost.id, cost.version, {"comment": "Ania"}),
        lambda: desk.feedback.amend(ctx, said.id, feedback.version, {"resolution": "Ania"}),
        lambda: desk.feedback.reopen(ctx, said.id),
    ):
        with pytest.raises(CrmError):
            work()
