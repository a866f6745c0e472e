"""Guest relations and its two costs as reports (SPEC §11, §12): counted by hand, and never added twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.desk.common.context import Context
from crm_tui.desk.quality.quality_views import Given
from crm_tui.desk.reports import ReportData
from crm_tui.rules.money import Money
from crm_tui.rules.periods import Period
from tests.desk.house import NOW, make_house

TODAY = NOW.date()
DAY = Period(TODAY, TODAY)
WEEK = Period(TODAY - timedelta(days=6), TODAY)


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    """Praise for breakfast, a complaint about noise settled with wine and a massage, one about breakfast that is open."""
    made = make_house(tmp_path)
    desk.quality_items.add(made, "Wine", "18.50")
    desk.quality_items.add(made, "Massage", "200 PLN")
    desk.feedback.add(made, "positive", room="1", code="breakfast")
    noise = desk.feedback.add(made, "negative", room="2", code="noise", at=NOW - timedelta(hours=3))
    desk.feedback.resolve(made, noise, satisfaction=4, items=[Given("Wine", 2), Given("Massage", 1)])
    desk.feedback.add(made, "negative", room="2", code="breakfast", at=NOW - timedelta(days=2))
    desk.quality_costs.add(made, [Given("Wine", 1)], room="7", code="honeymoon", occasion="Honeymoon")
    yield made
    made.store.close()


def run(ctx: Context, name: str, period: Period = WEEK, by: str = "", **filters: str) -> ReportData:
    return desk.reports.run(ctx, name, period, filters, by=by)


def cells(data: ReportData, *names: str) -> list[tuple[Any, ...]]:
    columns = ([round(one, 4) if isinstance(one, float) else one for one in data.table.values(name)] for name in names)
    return list(zip(*columns, strict=True))


def test_praise_and_complaints(ctx: Context) -> None:
    data = run(ctx, "guest-relations")
    names = ("code", "praise", "complaints", "resolved", "open", "share", "average", "satisfaction")
    assert cells(data, *names) == [
        ("breakfast", 1, 1, 0, 1, 0.0, None, None),
        ("noise", 0, 1, 1, 0, 1.0, 3 * 3600, 4.0),
    ]
    assert cells(run(ctx, "guest-relations", DAY), "code", "complaints") == [("noise", 1), ("breakfast", 0)]
    assert cells(run(ctx, "guest-relations", code="NOISE"), "code") == [("noise",)]
    assert cells(run(ctx, "guest-relations", status="positive"), "code", "complaints") == [("breakfast", 0)]
    assert cells(run(ctx, "guest-relations", by="room"), "room", "complaints") == [("2", 2), ("1", 0)]
    with pytest.raises(InvalidInput, match="Nothing is filed under moon"):
        run(ctx, "guest-relations", code="moon")


def test_the_two_costs_are_apart_and_a_currency_each(ctx: Context) -> None:
    data = run(ctx, "complaint-costs", by="item")
    assert cells(data, "item", "complaints", "quantity", "cost") == [
        ("Wine", 1, 2, Money(3700, "EUR")),
        ("Massage", 1, 1, Money(20000, "PLN")),
    ]
    assert [row[1:] for row in data.table.totals] == [(1, 2, Money(3700, "EUR")), (1, 1, Money(20000, "PLN"))]
    quality = run(ctx, "quality-costs")
    assert cells(quality, "code", "occasions", "cost") == [("honeymoon", 1, Money(1850, "EUR"))]
    assert run(ctx, "quality-costs", code="noise").table.rows == ()


def test_one_complaint_with_two_things_is_one_complaint(ctx: Context) -> None:
    one = desk.feedback.add(ctx, "negative", room="3", code="noise")
    desk.quality_items.add(ctx, "Dinner", "40")
    desk.feedback.resolve(ctx, one, items=[Given("Wine", 1), Given("Dinner", 1)])
    data = run(ctx, "complaint-costs", by="item", code="noise")
    euros = [row for row in data.table.totals if row[3] == Money(3700 + 1850 + 4000, "EUR")]
    assert [row[1] for row in euros] == [2]  # though three rows name one each
