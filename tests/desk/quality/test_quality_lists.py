"""The lists of guest relations in pages: nothing twice, nothing lost, along an index (SPEC §11; QUALITY §1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.desk.common.context import Context
from crm_tui.desk.quality import quality_found
from crm_tui.desk.quality.feedback_lists import FeedbackList
from crm_tui.desk.quality.feedback_views import FeedbackQuery, FeedbackView
from crm_tui.desk.quality.quality_costs import CostList
from crm_tui.rules.folding import fold_text
from tests.desk.asked import add_guest
from tests.desk.common.test_plans import Plans
from tests.desk.house import NOW

CODES, ROOMS = ("", "Noise", "breakfast"), ("12", "204", "")
ASKED = (
    *({"show": show, "order": order} for show in ("page", "open", "resolved", "all") for order in ("newest", "oldest")),
    *({"show": "all", "order": order} for order in ("code", "room")),
    {"show": "all", "text": "lucja LOUD"},
    {"show": "page", "code": "Noise"},
    {"show": "all", "kind": "positive"},
)


@pytest.fixture
def many(ctx: Context) -> Context:
    """Twenty-four entries: some at the same instant, half of them resolved, some praise; half as many costs."""
    wine = desk.quality_items.add(ctx, "Wine", "18.50")
    guest = add_guest(ctx, "Żak", "Łucja")
    for number in range(24):
        then = replace(ctx, clock=FixedClock(NOW - timedelta(hours=number // 2 * 5)))
        code, room, said = CODES[number % 3], ROOMS[number % 3], "Loud" if number % 4 else "Cold"
        kind, done = "positive" if number % 5 == 0 else "negative", number % 2 == 0
        desk.feedback.add(then, kind, guest=guest, resolved=done, code=code, room=room, comment=said)
        if number % 2:
            desk.quality_costs.add(then, [(wine, 1)], guest=guest, code=code, room=room)
    return ctx


def in_pages(ctx: Context, make: Callable[[], Any], size: int) -> list[Any]:
    """A list read forwards; backwards it is the same, and every row knows its place."""
    rows: list[Any] = []
    listed = make()
    total = listed.total(ctx)
    while page := listed.page(ctx, after=rows[-1] if rows else None, limit=size):
        rows += page
    back = listed.page(ctx, last=True, limit=size)
    while page := listed.page(ctx, before=back[0], limit=size) if back else []:
        back = page + back
    assert rows == back == listed.page(ctx, limit=None)
    assert len(rows) == total
    assert [listed.position(ctx, row) for row in rows] == list(range(total))
    assert listed.page(ctx, at=total // 2, limit=size) == rows[total // 2 : total // 2 + size]
    assert all(listed.find(ctx, row.id) == row for row in rows)
    return rows


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "-".join(asked.values()))
def test_feedback_comes_in_pages_that_fit_together(many: Context, asked: dict[str, str]) -> None:
    rows = in_pages(many, lambda: FeedbackList(FeedbackQuery(**asked)), 5)
    assert sorted(one.id for one in rows) == sorted(one.id for one in expected(many, asked))
    keys = [place(one, asked.get("order", "newest")) for one in rows]
    assert keys == sorted(keys)
    assert rows


WORDS = ("lucja LOUD", "nois", "noise zak", "204 lou", "breakfast lucja", "cold", "12", "!!", "nothing")


@pytest.mark.parametrize("few", [0, 5, 5000])
@pytest.mark.parametrize("order", ["newest", "room"])
@pytest.mark.parametrize("words", WORDS)
def test_words_find_the_same_however_many_have_them(
    many: Context, monkeypatch: pytest.MonkeyPatch, few: int, order: str, words: str
) -> None:
    """Few are read at once, many are walked along."""
    monkeypatch.setattr(quality_found, "FEW", few)
    everything = [desk.feedback.get(many, number) for number in range(1, 25)]
    texts = {one.id: fold_text(f"{one.guest_name} {one.room} {one.code} {one.comment}").split() for one in everything}
    wanted = fold_text(words).split()
    fitting = {
        number for number, said in texts.items() if all(any(text.startswith(word) for text in said) for word in wanted)
    }
    rows = in_pages(many, lambda: FeedbackList(FeedbackQuery(show="all", order=order, text=words)), 5)
    assert {one.id for one in rows} == fitting
    assert [place(one, order) for one in rows] == sorted(place(one, order) for one in rows)
    assert bool(fitting) == (words not in ("!!", "nothing"))


def expected(ctx: Context, asked: dict[str, str]) -> list[FeedbackView]:
    """The same said in another way, over everything there is."""
    return [one for one in (desk.feedback.get(ctx, number) for number in range(1, 25)) if fits(one, asked)]


def fits(one: FeedbackView, asked: dict[str, str]) -> bool:
    """Whether it is asked for."""
    since = NOW.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=2)  # midnight in Madrid, in summer
    on_page = (
        one.open or (one.resolved_at or since - timedelta(1)) >= since or (one.kind == "positive" and one.at >= since)
    )
    shown = {"page": on_page, "open": one.open, "resolved": one.resolved_at is not None, "all": True}[asked["show"]]
    words = "text" not in asked or one.comment == "Loud"
    return shown and words and all(getattr(one, name) == asked[name] for name in ("code", "kind") if name in asked)


def place(one: FeedbackView, order: str) -> tuple[Any, ...]:
    """Where it belongs."""
    newest = (NOW - one.at, -one.id)
    return {
        "newest": newest,
        "oldest": (one.at - NOW, one.id),
        "code": (not one.code, one.code, *newest),
        "room": (not one.room, one.room, *newest),
    }[order]


@pytest.mark.parametrize("asked", [{}, {"order": "oldest"}, {"order": "room"}, {"text": "zak"}, {"code": "Noise"}])
def test_costs_come_in_pages_that_fit_together(many: Context, asked: dict[str, str]) -> None:
    rows = in_pages(many, lambda: CostList(**asked), 3)
    assert len(rows) == (4 if "code" in asked else 12)


def test_a_row_that_left_the_list_still_has_a_place(many: Context) -> None:
    for order in ("newest", "room"):
        listed = FeedbackList(FeedbackQuery(show="open", order=order))
        rows = listed.page(many, limit=None)
        gone = rows[2]
        desk.feedback.resolve(many, gone.id)
        listed.total(many)
        assert (listed.find(many, gone.id), listed.position(many, gone)) == (None, 2)
        assert (listed.page(many, before=gone), listed.page(many, after=gone)) == (rows[:2], rows[3:])
        desk.undo.undo(many)


def test_the_lists_walk_an_index_and_sort_nothing(many: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    row, cost = desk.feedback.get(many, 1), desk.quality_costs.get(many, 1)
    page = Plans(many)
    FeedbackList(FeedbackQuery()).total(many)  # what is open and of today: few, sorted by time
    assert [line for line in page.lines if line.startswith("SCAN feedback") and "INDEX" not in line] == []
    assert any("ix_feedback_resolved" in line for line in page.lines)
    plans = Plans(many)
    for show in ("open", "resolved", "all"):
        listed = FeedbackList(FeedbackQuery(show=show))
        listed.total(many)
        listed.page(many)
        listed.page(many, after=row)
        listed.page(many, before=row)
        listed.position(many, row)
    costs = CostList()
    costs.total(many)
    costs.page(many, after=cost)
    costs.page(many, before=cost)
    costs.position(many, cost)
    for order in ("code", "room"):
        listed = FeedbackList(FeedbackQuery(show="all", order=order))
        costs = CostList(order=order)
        listed.page(many)
        costs.page(many)
        listed.page(many, after=row)
        listed.page(many, before=row)
        listed.page(many, last=True)
        costs.page(many, after=cost)
        costs.page(many, before=cost)
        costs.page(many, last=True)
    monkeypatch.setattr(quality_found, "FEW", 0)
    found = FeedbackList(FeedbackQuery(show="all", text="lucja nois"))
    found.total(many)
    found.page(many, after=row)
    assert any("feedback_search VIRTUAL TABLE" in line for line in plans.lines)
    assert plans.lines
    assert [
        line
        for line in plans.lines
        if (line.startswith(("SCAN feedback", "SCAN quality_cost")) and "INDEX" not in line) or "TEMP B-TREE" in line
    ] == []
