"""Inquiries: made from mail and by hand, changed by several, closed (SPEC §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.context import Context
from crm_tui.desk.inquiry_views import InquiryQuery
from crm_tui.desk.views import ListQuery
from crm_tui.rules.money import Money
from tests.desk.house import add_account, come_in, mail, make_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Context]:
    ctx = make_house(tmp_path)
    yield ctx
    ctx.store.close()


def one_mail(ctx: Context, **words: str) -> int:
    """The conversation of a mail that comes in."""
    come_in(ctx, mail(**words), account=add_account(ctx))  # type: ignore[arg-type]
    return desk.folders.page(ctx, ListQuery()).rows[0].id


def test_an_inquiry_of_a_mail_has_its_sender_as_holder_and_stands_in_inquiries(house: Context) -> None:
    talk = one_mail(house)
    number = desk.inquiries.from_conversation(house, talk)
    found = desk.inquiries.get(house, number)
    assert [one.id for one in found.conversations] == [talk]
    assert found.conversations[0].folder == "Inquiries"
    assert found.holder is not None
    assert (found.holder.name, found.holder.email) == ("Marta Guest", "marta@example.org")
    assert (found.status, found.handler, found.planned_end) == ("new", "Ana", date(2026, 7, 4))
    assert desk.inquiries.from_conversation(house, talk) == number
    assert desk.inquiries.of_conversation(house, talk) == number
    rows = desk.inquiries.page(house, InquiryQuery()).rows
    assert [(row.id, row.title, row.conversation, row.unanswered) for row in rows] == [
        (number, "Marta Guest", talk, True)
    ]


def test_fields_are_read_from_what_is_typed(house: Context) -> None:
    number = desk.inquiries.create(
        house,
        {"arrival": "14.8.2026", "departure": "2026-08-21", "children": "7, ?", "budget": "1.200,50 €", "adults": "2"},
        guest={"surname": "Nowak", "given": "Łucja", "phone": "+48 601 234 567"},
    )
    found = desk.inquiries.get(house, number)
    assert (found.arrival, found.departure) == (date(2026, 8, 14), date(2026, 8, 21))
    assert (found.children, found.adults, found.budget) == ((7, None), 2, Money(120050, "EUR"))
    assert found.title == "Łucja Nowak"
