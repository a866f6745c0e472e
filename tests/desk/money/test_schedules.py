"""Schedules made from terms, changed with a reason, made anew; terms and operators (SPEC §7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput
from crm_tui.desk.common.context import Context
from crm_tui.desk.money.money_views import NewLine
from crm_tui.desk.money.schedules import StaleSchedule
from crm_tui.desk.undoing.undo_refusal import Refused
from crm_tui.rules.schedule import TermLine
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW, make_house

TODAY = NOW.date()
HOTEL = [TermLine("deposit", 30_00, None, "booking", 7), TermLine("balance", 70_00, None, "arrival", -30)]
TOURS = [TermLine("deposit", None, 200_00, "booking", 0, "EUR"), TermLine("balance", 100_00, None, "departure", -60)]


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    made = make_house(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def leo(ctx: Context) -> Context:
    desk.team.add(ctx, "Leo")
    found = desk.team.find(ctx, "Leo")
    return ctx.acting_as(type(ctx.actor)(found.id, "Leo", "agent"))


def stay(ctx: Context, code: str = "R1", **values: Any) -> int:
    given: dict[str, Any] = {"value": 1000_00, "currency": "EUR", "arrival": day(60), "departure": day(67)} | values
    return add_reservation(ctx, code, **given)


def made(ctx: Context, number: int) -> bool:
    with ctx.write() as tx:
        return desk.schedules.generate_in(tx, number)


def lines(ctx: Context, number: int) -> list[tuple[str, int, int, str]]:
    shown = desk.schedules.shown(ctx, number).lines
    return [(one.kind, (one.due - TODAY).days, one.amount.amount, one.reason) for one in shown]


def test_the_propertys_terms_hold_where_an_operator_has_none(ctx: Context) -> None:
    desk.terms.set(ctx, None, HOTEL)
    sun, sea = (desk.operators.create(ctx, {"name": name}) for name in ("Sun Tours", "Sea Tours"))
    desk.terms.set(ctx, sun, TOURS)
    theirs, ours = stay(ctx, "R1", operator_id=sun), stay(ctx, "R2", operator_id=sea)
    assert made(ctx, theirs)
    assert made(ctx, ours)
    assert lines(ctx, theirs) == [("deposit", 0, 200_00, ""), ("balance", 7, 800_00, "")]
    assert lines(ctx, ours) == [("deposit", 7, 300_00, ""), ("balance", 30, 700_00, "")]
    assert desk.schedules.shown(ctx, theirs).terms == "Sun Tours"
    assert desk.schedules.shown(ctx, ours).terms == ""


def test_what_makes_no_schedule_is_told_and_is_no_error_while_booking(ctx: Context) -> None:
    number = stay(ctx)
    assert not made(ctx, number)
    with pytest.raises(InvalidInput, match="no payment terms yet"):
        desk.schedules.preview(ctx, number)
    desk.terms.set(ctx, None, TOURS)
    zloty, lost, free = stay(ctx, "R2", currency="PLN"), stay(ctx, "R3", departure=None), stay(ctx, "R4", value=None)
    for one, sentence in ((zloty, "amount in EUR"), (lost, "departure, and that is not known"), (free, "no value yet")):
        assert not made(ctx, one)
        with pytest.raises(InvalidInput, match=sentence):
            desk.schedules.regenerate(ctx, one)
    assert not made(ctx, 999)


def test_a_schedule_that_stands_is_left_alone(ctx: Context) -> None:
    desk.terms.set(ctx, None, HOTEL)
    number = stay(ctx)
    assert made(ctx, number)
    assert not made(ctx, number)
    desk.reservations.set(ctx, number, 2, {"value": "1200 EUR"})
    assert desk.schedules.shown(ctx, number).differs is not None
    assert not made(ctx, number)
    assert [one[2] for one in lines(ctx, number)] == [300_00, 700_00]


def test_lines_are_changed_with_a_reason_and_taken_back(ctx: Context) -> None:
    desk.terms.set(ctx, None, HOTEL)
    number = stay(ctx)
    made(ctx, number)
    view = desk.schedules.shown(ctx, number)
    first, second = (NewLine(one.kind, one.due, one.amount.amount, "", one.id) for one in view.lines)
    late = NewLine("deposit", day(9), 250_00, "", first.id)
    more = NewLine("instalment", day(20), 50_00)
    with pytest.raises(InvalidInput, match="Say why this line"):
        desk.schedules.set_lines(ctx, number, view.version, [late, more, second])
    with pytest.raises(InvalidInput, match="Say why a line goes"):
        desk.schedules.set_lines(ctx, number, view.version, [second])
    then = desk.schedules.set_lines(ctx, number, view.version, [late, more, second], "asked for time")
    assert [one.id for one in then.lines][::2] == [first.id, second.id]
    assert [(one.amount.amount, one.reason) for one in then.lines] == [
        (250_00, "asked for time"),
        (50_00, "asked for time"),
        (700_00, ""),
    ]
    assert then.differs is None
    desk.undo.undo(ctx)
    assert lines(ctx, number) == [("deposit", 7, 300_00, ""), ("balance", 30, 700_00, "")]
    assert [one.id for one in desk.schedules.shown(ctx, number).lines] == [first.id, second.id]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (NewLine("bribe", TODAY, 5), "lines.0.kind"),
        (NewLine("deposit", TODAY, 0), "lines.0.amount"),
        (NewLine("deposit", TODAY, -5), "lines.0.amount"),
        (NewLine("deposit", TODAY, 5, "x" * 401), "lines.0.reason"),
    ],
)
def test_lines_that_are_refused(ctx: Context, line: NewLine, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.schedules.set_lines(ctx, stay(ctx), 1, [line], "because")
    assert caught.value.field == field


def test_a_schedule_is_not_overwritten(ctx: Context, leo: Context) -> None:
    number = stay(ctx)
    desk.schedules.set_lines(leo, number, 1, [NewLine("deposit", day(1), 5_00)], "agreed")
    with pytest.raises(StaleSchedule, match="Leo") as caught:
        desk.schedules.set_lines(ctx, number, 1, [NewLine("deposit", day(1), 7_00)], "agreed")
    assert [one.amount.amount for one in caught.value.theirs.lines] == [5_00]
    with pytest.raises(StaleSchedule):
        desk.schedules.regenerate(_with_terms(ctx), number, 1)
    version = desk.reservations.get(ctx, number).version
    desk.reservations.set(leo, number, version, {"remarks": "late"})
    desk.schedules.set_lines(ctx, number, version, [NewLine("deposit", day(1), 7_00)], "agreed")  # beside it


def _with_terms(ctx: Context) -> Context:
    desk.terms.set(ctx, None, HOTEL)
    return ctx


def test_undo_does_not_run_over_others(ctx: Context, leo: Context) -> None:
    number = stay(ctx)
    desk.schedules.set_lines(ctx, number, 1, [NewLine("deposit", day(1), 5_00)], "agreed")
    version = desk.schedules.shown(ctx, number).version
    desk.schedules.set_lines(leo, number, version, [NewLine("deposit", day(1), 7_00)], "no")
    with pytest.raises(Refused, match="Leo"):
        desk.undo.undo(ctx)
    assert lines(ctx, number)[0][2] == 7_00


def test_made_anew_after_a_look(ctx: Context) -> None:
    _with_terms(ctx)
    number = stay(ctx, arrival=day(10), made=NOW - timedelta(days=5))
    made(ctx, number)
    before = desk.schedules.shown(ctx, number)
    assert lines(ctx, number) == [("deposit", 2, 300_00, ""), ("balance", 0, 700_00, "")]
    assert desk.schedules.preview(ctx, number).same
    desk.reservations.set(ctx, number, before.version, {"value": "500"})
    seen = desk.schedules.preview(ctx, number)
    assert [one.amount for one in seen.then] == [150_00, 350_00]
    after = desk.schedules.regenerate(ctx, number, seen.version)
    assert [one.id for one in after.lines] == [one.id for one in before.lines]
    assert after.price.amount == 500_00
    desk.undo.undo(ctx)
    assert desk.schedules.shown(ctx, number).price.amount == 1000_00


def test_what_is_overdue_stays_overdue_when_made_anew(ctx: Context) -> None:
    desk.terms.set(ctx, None, [TermLine("deposit", 50_00, None, "booking", 2), HOTEL[1]._replace(percent=50_00)])
    number = stay(ctx, booked=day(-9), made=NOW - timedelta(days=9))
    overdue = [NewLine("deposit", day(-7), 100_00), NewLine("balance", day(30), 900_00)]
    desk.schedules.set_lines(ctx, number, 1, overdue, "imported so")
    desk.schedules.regenerate(ctx, number)
    assert [(one[1], one[2]) for one in lines(ctx, number)] == [(-7, 500_00), (30, 500_00)]


# Terms and operators


@pytest.mark.parametrize(("share", "total"), [(29_00, "99 %"), (31_00, "101 %")])
def test_percentages_total_a_hundred(ctx: Context, share: int, total: str) -> None:
    with pytest.raises(InvalidInput, match=f"total {total}"):
        desk.terms.set(ctx, None, [HOTEL[0]._replace(percent=share), HOTEL[1]])
    assert desk.terms.shown(ctx).lines == ()


def test_only_admins_change_terms_and_operators(ctx: Context, leo: Context) -> None:
    made_by_ana = desk.operators.create(ctx, {"name": "Sun"})
    for call in (
        lambda: desk.terms.set(leo, None, HOTEL),
        lambda: desk.operators.create(leo, {"name": "Sea"}),
        lambda: desk.operators.set(leo, made_by_ana, 1, {"phone": "1"}),
        lambda: desk.operators.remove(leo, made_by_ana),
    ):
        with pytest.raises(Forbidden, match="administrator"):
            call()
    assert [one.name for one in desk.operators.listed(leo)] == ["Sun"]


def test_terms_are_not_overwritten_and_taken_back(ctx: Context) -> None:
    empty = desk.terms.shown(ctx)
    first = desk.terms.set(ctx, None, HOTEL, mark=empty.mark)
    with pytest.raises(Conflict, match="meanwhile"):
        desk.terms.set(ctx, None, TOURS, mark=empty.mark)
    desk.terms.set(ctx, None, [TermLine("balance", 100_00, None, "arrival", 0)], mark=first.mark)
    desk.undo.undo(ctx)
    assert desk.terms.shown(ctx) == first
    desk.undo.undo(ctx)
    assert desk.terms.shown(ctx).lines == ()


def test_operators(ctx: Context) -> None:
    number = desk.operators.create(ctx, {"name": " Słońce  Tours ", "email": "a@b.example", "watch_days": "3"})
    found = desk.operators.find(ctx, "slonce tours")
    assert (found.id, found.name, found.watch_days) == (number, "Słońce Tours", 3)
    for values, field in (
        ({"name": "SŁOŃCE TOURS"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x", "watch_days": "-1"}, "watch_days"),
        ({"name": "x", "watch_days": "31"}, "watch_days"),
        ({"name": "x", "email": "nobody"}, "email"),
    ):
        with pytest.raises(InvalidInput) as caught:
            desk.operators.create(ctx, values)
        assert caught.value.field == field
    assert desk.operators.set(ctx, number, 1, {"watch_days": ""}).watch_days is None
    with pytest.raises(Conflict):
        desk.operators.set(ctx, number, 1, {"phone": "5"})
    desk.undo.undo(ctx)
    assert desk.operators.get(ctx, number).watch_days == 3
    desk.operators.remove(ctx, number)
    assert desk.operators.listed(ctx) == []
    desk.undo.undo(ctx)
    assert [one.name for one in desk.operators.listed(ctx)] == ["Słońce Tours"]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (("deposit", "30 %", "booking", "7"), TermLine("deposit", 30_00, None, "booking", 7)),
        (("Balance", "33.34%", "arrival", "-30"), TermLine("balance", 33_34, None, "arrival", -30)),
        (("instalment", "200 EUR", "departure", ""), TermLine("instalment", None, 200_00, "departure", 0, "EUR")),
        (("deposit", "200", "booking", "0"), TermLine("deposit", None, 200_00, "booking", 0, "PLN")),
    ],
)
def test_terms_are_typed(typed: tuple[str, str, str, str], line: TermLine) -> None:
    assert desk.term_words.read_line(*typed, currency="PLN") == line


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("bribe", "30 %", "booking", "7"), "kind"),
        (("deposit", "30 %", "easter", "7"), "anchor"),
        (("deposit", "a lot", "booking", "7"), "share"),
        (("deposit", "", "booking", "7"), "share"),
        (("deposit", "33.333 %", "booking", "7"), "share"),
        (("deposit", "-5 EUR", "booking", "7"), "share"),
        (("deposit", "30 %", "booking", "soon"), "days"),
    ],
)
def test_terms_that_cannot_be_read(typed: tuple[str, str, str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        desk.term_words.read_line(*typed, currency="EUR")
    assert caught.value.field == field
