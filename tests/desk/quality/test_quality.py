"""What guests are given, what it costs, and the figures of it (SPEC §11, §12)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Compensation
from crm_tui.desk.common.context import Context
from crm_tui.desk.quality.feedback_lists import FeedbackList
from crm_tui.desk.quality.feedback_views import FeedbackQuery
from crm_tui.desk.quality.quality_views import By, Given, QualityFilter
from crm_tui.rules.money import Money
from tests.desk.asked import add_guest
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW
from tests.desk.undoing.test_undo import another


class Days(NamedTuple):
    """A period."""

    start: date
    end: date


WEEK = Days(NOW.date() - timedelta(days=6), NOW.date())


@pytest.fixture
def items(ctx: Context) -> dict[str, int]:
    """Wine for 18.50 EUR, dinner for 40 EUR, a massage for 200 PLN."""
    return {
        "wine": desk.quality_items.add(ctx, "Wine", "18.50"),
        "dinner": desk.quality_items.add(ctx, "Dinner", 4000),
        "massage": desk.quality_items.add(ctx, "Massage", "200 PLN"),
    }


def complaint(ctx: Context, **more: Any) -> int:
    """Of room 204."""
    return desk.feedback.add(ctx, "negative", **({"room": "204"} | more))


# Resolving


def test_a_complaint_is_settled_with_items_whose_prices_stay_as_they_were(ctx: Context, items: dict[str, int]) -> None:
    number = complaint(ctx, comment="Noise")
    desk.feedback.resolve(
        ctx, number, resolution="Sorry", satisfaction=4, items=[Given("wine", 2), (items["dinner"], "1", "35,00")]
    )
    wine = next(one for one in desk.quality_items.listed(ctx) if one.name == "Wine")
    desk.quality_items.change(ctx, wine.id, wine.version, name="House wine", value="25")
    found = desk.feedback.get(ctx, number)
    assert [(one.name, one.quantity, one.value) for one in found.given] == [
        ("Wine", 2, Money(1850, "EUR")),
        ("Dinner", 1, Money(3500, "EUR")),
    ]
    assert found.cost == (Money(7200, "EUR"),)
    kept = [Given("", one.quantity, None, one.id) for one in found.given]
    changed = desk.feedback.amend(ctx, number, found.version, {"items": [*kept, Given("House wine")]})
    assert [one.value.amount for one in changed.given] == [1850, 3500, 2500]
    with pytest.raises(Conflict):
        desk.feedback.amend(ctx, number, found.version, {"items": []})
    assert len(desk.feedback.get(ctx, number).given) == 3


def test_what_was_given_is_taken_back_with_its_resolution_and_the_journal_keeps_it(
    ctx: Context, items: dict[str, int]
) -> None:
    number = complaint(ctx, code="noise")
    desk.feedback.resolve(ctx, number, items=[Given(items["wine"], 2)])
    first = desk.feedback.get(ctx, number)
    desk.feedback.amend(ctx, number, first.version, {"items": [Given(items["dinner"])], "resolution": "Dinner instead"})
    assert desk.undo.undo(ctx).text == "“noise” is resolved as before."
    assert [(one.name, one.at) for one in desk.feedback.get(ctx, number).given] == [("Wine", first.given[0].at)]
    desk.feedback.reopen(ctx, number)
    assert desk.feedback.get(ctx, number).open
    assert [one.name for one in desk.feedback.get(ctx, number).given] == ["Wine"]  # what is gone stays written
    desk.feedback.resolve(ctx, number)
    assert [one.name for one in desk.feedback.get(ctx, number).given] == ["Wine"]
    for _time in range(3):
        desk.undo.undo(ctx)
    assert desk.feedback.get(ctx, number).given == ()
    guest = add_guest(ctx, "Nowak")
    desk.feedback.add(ctx, "negative", guest=guest, code="noise", items=[Given("wine", 3)])
    told = [one.text for one in desk.history.of_guest(ctx, guest)]
    assert "wrote a complaint down: noise · 3 × Wine: €55.50" in told


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Given("Wine", 0), "None of “Wine” was given"),
        (Given("Wine", -2), "Less than nothing of “Wine” cannot be given: -2"),
        (Given("Wine", "1,5"), "Only whole numbers of “Wine” can be given, not 1,5"),
        (Given("Wine", 10**20), "are too many; at most 9999 at once"),
        (Given("Wine", "two"), "“two” is no whole number"),
        (Given("Wine", ""), "is no whole number"),
        (Given("Wine", 1, "-3"), "less than nothing"),
        (Given("Wine", 1, -3), "less than nothing"),
        (Given("Wine", 1, "3.999"), "more digits than the currency"),
        (Given("Wine", 1, "20 PLN"), "This is in PLN, but “Wine” is kept in EUR"),
        (Given("Wine", 9999, 10**13), "more than can be stored"),
        (Given("Wine", 1, "free"), "no amount"),
        (Given("Yacht"), "There is no item “Yacht” on the list"),
        (Given(99), "There is no item 99 on the list"),
        (Given("Massage", 1, None, 77), ""),
    ],
)
def test_what_cannot_be_given_is_refused_in_one_sentence_and_nothing_is_stored(
    ctx: Context, items: dict[str, int], given: Given, sentence: str
) -> None:
    assert items
    number = complaint(ctx)
    if not sentence:  # a line that is not one of this complaint is read as new
        desk.feedback.resolve(ctx, number, items=[given])
        assert [one.name for one in desk.feedback.get(ctx, number).given] == ["Massage"]
        return
    with pytest.raises(InvalidInput, match=sentence.replace("(", r"\(")) as wrong:
        desk.feedback.resolve(ctx, number, resolution="Sorry", items=[given])
    assert wrong.value.field == "items"
    with pytest.raises(InvalidInput):
        desk.quality_costs.add(ctx, [given], room="12")
    found = desk.feedback.get(ctx, number)
    assert (found.open, found.resolution, found.given) == (True, "", ())
    assert desk.quality_costs.listed(ctx) == []


def test_amounts_are_read_as_the_agent_writes_them(ctx: Context, items: dict[str, int]) -> None:
    assert items
    number = complaint(ctx)
    desk.feedback.resolve(ctx, number, items=[Given("Dinner", 1, "1.234,56"), Given("Wine", 1, "€ 20")])
    assert [one.value for one in desk.feedback.get(ctx, number).given] == [Money(123456, "EUR"), Money(2000, "EUR")]


def test_an_item_that_left_the_list_meanwhile_is_named_and_old_lines_keep_it(
    ctx: Context, items: dict[str, int]
) -> None:
    settled, other = complaint(ctx, resolved=True, items=[Given("wine")]), complaint(ctx)
    desk.quality_items.remove(ctx, items["wine"])
    with pytest.raises(InvalidInput, match="“Wine” was taken off the list of items") as wrong:
        desk.feedback.resolve(ctx, other, items=[Given(items["wine"])])
    assert "Dinner" in wrong.value.hint
    found = desk.feedback.get(ctx, settled)
    (line,) = found.given
    changed = desk.feedback.amend(ctx, settled, found.version, {"items": [Given("", 5, "10", line.id)]})
    assert [(one.name, one.quantity, one.value.amount) for one in changed.given] == [("Wine", 5, 1000)]


def test_a_compliment_is_settled_with_nothing_that_costs(ctx: Context, items: dict[str, int]) -> None:
    assert items
    with pytest.raises(InvalidInput, match="Only a complaint") as wrong:
        desk.feedback.add(ctx, "positive", room="1", items=[Given("wine")])
    assert "cost of quality" in wrong.value.hint
    number = complaint(ctx, items=[Given("wine")])
    with pytest.raises(InvalidInput, match="Only a complaint"):
        desk.feedback.edit(ctx, number, 1, {"kind": "positive"})


# Codes and items


def test_codes_are_chosen_from_the_list_and_an_admins_own_word_comes_on_it(ctx: Context) -> None:
    number = complaint(ctx, code="anything")  # the list is empty: every word is taken
    desk.quality_codes.add(ctx, "Noise")
    leo = another(ctx)
    assert desk.feedback.get(leo, complaint(leo, code="noise")).code == "Noise"
    with pytest.raises(InvalidInput, match="There is no code “smell” on the list") as wrong:
        complaint(leo, code="smell")
    assert (wrong.value.field, "Noise" in wrong.value.hint) == ("code", True)
    complaint(ctx, code="Smell")
    assert [one.name for one in desk.quality_codes.listed(ctx)] == ["Noise", "Smell"]
    desk.undo.undo(ctx)  # one command: the complaint and the code
    assert [one.name for one in desk.quality_codes.listed(ctx)] == ["Noise"]
    kept = desk.feedback.edit(ctx, number, 1, {"code": "anything", "comment": "Still so"})
    assert kept.code == "anything"


def test_a_code_is_renamed_where_it_was_used_removed_without_harm_and_all_of_it_taken_back(
    ctx: Context, items: dict[str, int]
) -> None:
    assert items
    code = desk.quality_codes.add(ctx, "Breakfast")
    number = complaint(ctx, code="breakfast")
    cost = desk.quality_costs.add(ctx, [Given("wine")], room="12", code="Breakfast")
    desk.quality_codes.rename(ctx, code, 1, "Morning")
    assert desk.feedback.get(ctx, number).code == desk.quality_costs.get(ctx, cost).code == "Morning"
    assert [(one.name, one.uses) for one in desk.quality_codes.listed(ctx)] == [("Morning", 2)]
    with pytest.raises(Conflict):
        desk.quality_codes.rename(ctx, code, 1, "Evening")
    desk.undo.undo(ctx)
    assert desk.feedback.get(ctx, number).code == desk.quality_costs.get(ctx, cost).code == "Breakfast"
    desk.quality_codes.remove(ctx, code)
    assert desk.feedback.get(ctx, number).code == "Breakfast"
    assert desk.quality_codes.listed(ctx) == []
    desk.undo.undo(ctx)
    assert [one.name for one in desk.quality_codes.listed(ctx)] == ["Breakfast"]


def test_only_an_administrator_keeps_the_lists_and_names_are_theirs_alone(ctx: Context, items: dict[str, int]) -> None:
    leo = another(ctx)
    code = desk.quality_codes.add(ctx, "Noise")
    for work in (
        lambda: desk.quality_codes.add(leo, "Mine"),
        lambda: desk.quality_codes.rename(leo, code, 1, "Mine"),
        lambda: desk.quality_codes.remove(leo, code),
        lambda: desk.quality_items.add(leo, "Mine", "1"),
        lambda: desk.quality_items.change(leo, items["wine"], 1, value="1"),
        lambda: desk.quality_items.remove(leo, items["wine"]),
    ):
        with pytest.raises(Forbidden, match="Only an administrator"):
            work()
    for name in ("", "  ", "x" * 61, "nóise"):
        with pytest.raises(InvalidInput):
            desk.quality_codes.add(ctx, name)
    for name, value in (("", "1"), ("WINE", "1"), ("Tea", "-1"), ("Tea", "much"), ("Tea", "1 XQQ"), ("Tea", 10**14)):
        with pytest.raises(InvalidInput):
            desk.quality_items.add(ctx, name, value)
    with pytest.raises(NotFound):
        desk.quality_codes.remove(ctx, 99)
    with pytest.raises(NotFound):
        desk.quality_items.remove(ctx, 99)


# Costs of quality


def test_a_cost_of_quality_is_written_down_changed_and_taken_back(ctx: Context, items: dict[str, int]) -> None:
    guest = add_guest(ctx, "Nowak", "Łucja")
    stay = add_reservation(ctx, "M-1", guest, room="204")
    number = desk.quality_costs.add(
        ctx, [Given("wine"), Given("massage", 2)], reservation=stay, occasion="Honeymoon", comment="Card\x1b[31m"
    )
    found = desk.quality_costs.get(ctx, number)
    assert (found.title, found.code_of, found.occasion) == ("Łucja Nowak · 204", "M-1", "Honeymoon")
    assert found.cost == (Money(1850, "EUR"), Money(40000, "PLN"))
    assert "\x1b" not in found.comment
    with pytest.raises(InvalidInput, match="Nothing was given"):
        desk.quality_costs.add(ctx, [], guest=guest)
    with pytest.raises(InvalidInput, match="Neither guest nor room"):
        desk.quality_costs.add(ctx, [Given("wine")])
    with pytest.raises(Forbidden):
        desk.quality_costs.remove(another(ctx), number)
    before = NOW - timedelta(days=3)
    changed = desk.quality_costs.edit(ctx, number, 1, {"at": before, "items": [Given("dinner")]})
    assert (changed.at, [(one.name, one.at) for one in changed.given]) == (before, [("Dinner", before)])
    with pytest.raises(Conflict):
        desk.quality_costs.edit(ctx, number, 1, {"occasion": "Lost"})
    desk.undo.undo(ctx)
    back = desk.quality_costs.get(ctx, number)
    assert (back.at, [(one.name, one.at) for one in back.given]) == (
        found.at,
        [(one.name, one.at) for one in found.given],
    )
    desk.quality_costs.remove(ctx, number)
    assert desk.quality_costs.of_guest(ctx, guest) == desk.quality_costs.of_reservation(ctx, stay) == []
    assert desk.undo.undo(ctx).text == "The cost of quality “Honeymoon” is back."
    assert [one.id for one in desk.quality_costs.listed(ctx, text="lucja honey")] == [number]
    assert "wrote a cost of quality down: Honeymoon · Wine, 2 × Massage: €18.50 + PLN 400.00" in [
        one.text.replace("\xa0", " ").replace("PLN400", "PLN 400") for one in desk.history.of_guest(ctx, guest)
    ]
    assert items


# The overview


def test_how_long_resolved_feedback_stays_is_the_propertys_wish(ctx: Context) -> None:
    from sqlalchemy import update

    from crm_tui.data.tables import Property

    number = complaint(ctx)
    desk.feedback.resolve(ctx, number)

    def seen(days: int, later: timedelta) -> bool:
        with ctx.store.write() as session:
            session.connection().execute(update(Property).values(resolved_days=days))
        then = replace(ctx, clock=FixedClock(NOW + later))
        return bool(FeedbackList(FeedbackQuery()).page(then))

    assert seen(0, timedelta())
    assert not seen(0, timedelta(days=1))
    assert seen(1, timedelta(days=1))
    assert not seen(1, timedelta(days=2))
    assert seen(-1, timedelta(days=900))


def test_the_overview_finds_by_words_code_and_kind(ctx: Context) -> None:
    guest = add_guest(ctx, "Żak", "Łucja")
    first = complaint(ctx, guest=guest, code="Noise", comment="Door bangs", employee="Iker")
    second = desk.feedback.add(ctx, "positive", room="310", comment="Lovely")

    def found(**query: str) -> list[int]:
        return [one.id for one in FeedbackList(FeedbackQuery(**query)).page(ctx)]

    assert found() == [second, first]
    assert (found(text="lucja BANGS"), found(text="310"), found(text="nothing")) == ([first], [second], [])
    assert (found(kind="positive"), found(code="Noise"), found(employee="Iker")) == ([second], [first], [first])
    assert found(order="oldest") == [first, second]
    desk.feedback.resolve(ctx, first)
    assert (found(show="open"), found(show="resolved"), found(show="all")) == ([], [first], [second, first])
    assert FeedbackList(FeedbackQuery(show="all")).page(ctx, limit=1) == [desk.feedback.get(ctx, second)]


# The three reports


def test_the_reports_count_each_cost_once_by_day_code_item_room_employee_and_currency(
    ctx: Context, items: dict[str, int]
) -> None:
    first = complaint(ctx, code="Noise", employee="Iker", at=NOW - timedelta(hours=5), comment="Loud")
    desk.feedback.resolve(ctx, first, satisfaction=4, items=[Given("wine", 2), Given("massage")])
    second = complaint(ctx, code="Noise", room="12", resolved=True, items=[Given("wine")])
    complaint(ctx, code="Food")
    desk.feedback.add(ctx, "positive", room="204", code="Food")
    cost = desk.quality_costs.add(ctx, [Given("dinner")], room="204", code="VIP", occasion="Birthday")
    figures = desk.quality_reports
    relations = figures.relations(ctx, WEEK)
    assert [(one.label, one.positive, one.negative, one.resolved, one.open) for one in relations.rows] == [
        ("Noise", 0, 2, 2, 0),
        ("Food", 1, 1, 0, 1),
    ]
    total = relations.total
    assert (total.total, total.mean_satisfaction, total.mean_seconds) == (4, 4.0, 2.5 * 3600)
    complaints = figures.complaint_costs(ctx, WEEK, By.ITEM)
    assert [(one.label, one.currency, one.entries, one.quantity, one.amount) for one in complaints.rows] == [
        ("Wine", "EUR", 2, 3, 5550),
        ("Massage", "PLN", 1, 1, 20000),
    ]
    by_room = figures.complaint_costs(ctx, WEEK, By.ROOM)
    assert [(one.label, one.money) for one in by_room.rows] == [
        ("204", Money(3700, "EUR")), ("12", Money(1850, "EUR")), ("204", Money(20000, "PLN"))]  # fmt: skip
    assert [one.label for one in figures.complaint_costs(ctx, WEEK, By.EMPLOYEE).rows] == ["Iker", "", "Iker"]
    assert [one.label for one in figures.complaint_costs(ctx, WEEK, By.MONTH).rows] == [f"{NOW:%Y-%m}"] * 2
    quality = figures.quality_costs(ctx, WEEK)
    assert [(one.label, one.money) for one in quality.rows] == [("VIP", Money(4000, "EUR"))]
    assert [one.label for one in figures.quality_costs(ctx, WEEK, By.EMPLOYEE).rows] == ["Ana"]
    whole: Counter[str] = Counter()
    for report in (complaints, quality):
        for one in report.totals:
            whole[one.currency] += one.amount
    names = columns(Compensation)
    stored: Counter[str] = Counter()
    with ctx.store.connect() as connection:
        for row in connection.execute(select(names.quantity, names.value, names.currency)):
            stored[row.currency] += row.quantity * row.value
    assert whole == stored  # each in one report, none in both
    for by in By:
        assert figures.complaint_costs(ctx, WEEK, by).totals == complaints.totals
        assert sum(one.amount for one in figures.complaint_costs(ctx, WEEK, by).rows) == 25550
    only = QualityFilter(item="Wine", room="12")
    assert [one.amount for one in figures.complaint_costs(ctx, WEEK, By.CODE, only).totals] == [1850]
    assert figures.relations(ctx, WEEK, By.ROOM, QualityFilter(kind="positive")).total.total == 1
    desk.feedback.remove(ctx, second)
    desk.quality_costs.remove(ctx, cost)
    assert figures.complaint_costs(ctx, WEEK, By.ITEM).rows[0].amount == 3700
    assert figures.quality_costs(ctx, WEEK).totals == ()
    assert items
    with pytest.raises(InvalidInput, match="not put together by item"):
        figures.relations(ctx, WEEK, By.ITEM)


def test_a_day_of_a_report_is_the_propertys_day_when_the_clocks_change_too(ctx: Context, items: dict[str, int]) -> None:
    assert items
    madrid = ZoneInfo("Europe/Madrid")
    changing = date(2026, 3, 29)  # a day of 23 hours
    for hour, day in ((23, 28), (0, 29), (23, 29), (0, 30)):
        at = datetime(2026, 3, day, hour, 30, tzinfo=madrid)
        then = replace(ctx, clock=FixedClock(at))
        complaint(then, resolved=True, items=[Given("wine")])
        desk.quality_costs.add(then, [Given("dinner")], room="1")
    period = Days(changing, changing)
    assert desk.quality_reports.relations(ctx, period).total.total == 2
    assert [one.amount for one in desk.quality_reports.complaint_costs(ctx, period).totals] == [3700]
    assert [one.amount for one in desk.quality_reports.quality_costs(ctx, period).totals] == [8000]
    march = desk.quality_reports.relations(ctx, Days(date(2026, 3, 1), date(2026, 3, 31)), By.MONTH)
    assert [(one.label, one.total) for one in march.rows] == [("2026-03", 4)]


def test_another_name_of_an_item_does_not_divide_its_figures(ctx: Context, items: dict[str, int]) -> None:
    complaint(ctx, items=[Given("wine")])
    desk.quality_items.change(ctx, items["wine"], 1, name="House wine")
    complaint(ctx, items=[Given("house wine")])
    found = desk.quality_reports.complaint_costs(ctx, WEEK, By.ITEM)
    assert [(one.label, one.quantity) for one in found.rows] == [("House wine", 2)]
    assert desk.quality_reports.choices(ctx).items == ("House wine",)
