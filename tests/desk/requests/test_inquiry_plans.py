"""No list of inquiries and no search for guests walks a whole table or sorts: what SQLite says it will do (QUALITY §1)."""

from __future__ import annotations

import itertools

import pytest

from crm_tui import desk
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_views import InquiryQuery
from tests.desk.common.test_plans import Plans


def walks(plans: Plans, *tables: str) -> list[str]:
    """Steps that read a table without an index, or sort."""
    scans = [
        line for line in plans.lines if line.startswith("SCAN") and line.split()[1] in tables and "INDEX" not in line
    ]
    return scans + [line for line in plans.lines if "TEMP B-TREE" in line]


@pytest.mark.parametrize("order", ["planned", "arrival", "newest"])
def test_a_list_of_inquiries_walks_its_index(ctx: Context, order: str) -> None:
    cursor = ("2026-07-01", 5)
    for status, handler in itertools.product(("open", "all", "new", "booked"), ("", "me", "nobody")):
        plans = Plans(ctx)
        query = InquiryQuery(status, handler, order)
        desk.inquiries.page(ctx, query)
        desk.inquiries.page(ctx, query, last=True)
        desk.inquiries.page(ctx, query, after=cursor)
        desk.inquiries.page(ctx, query, before=cursor)
        desk.inquiries.position(ctx, query, cursor)
        assert len(plans.lines) > 10
        by_number = order == "newest" and status == "all"  # in order of the numbers the table is its own index
        assert walks(plans, *(() if by_number else ("inquiry",)), "conversation", "guest", "inquiry_guest") == [], query


def test_a_page_after_a_row_seeks_to_that_row(ctx: Context) -> None:
    for order in ("planned", "arrival", "newest"):
        for status in ("open", "new"):
            plans = Plans(ctx)
            desk.inquiries.page(ctx, InquiryQuery(status, order=order), after=("2026-07-01", 5))
            assert any(line.startswith("SEARCH inquiry USING INDEX ix_inquiry_") for line in plans.lines), plans.lines


def test_counts_read_counters(ctx: Context) -> None:
    plans = Plans(ctx)
    desk.inquiries.counts(ctx)
    desk.inquiries.total(ctx, InquiryQuery(handler="me"))
    assert plans.lines
    assert not [line for line in plans.lines if "inquiry " in f"{line} " and "inquiry_count" not in line]


def test_guests_are_found_by_indexes(ctx: Context) -> None:
    for text in ("nowak", "lu now", "marta@example", "+34 600"):
        plans = Plans(ctx)
        desk.guests.find(ctx, text)
        assert plans.lines
        assert not [line for line in plans.lines if line == "SCAN guest"]
