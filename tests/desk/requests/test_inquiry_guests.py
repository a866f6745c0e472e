"""The guests of an inquiry: exactly one holder, a person (SPEC §1)."""

from __future__ import annotations

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from crm_tui import desk
from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.data.tables import InquiryGuest
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_faults import InvalidFields
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague


@pytest.fixture
def number(ctx: Context) -> int:
    return desk.inquiries.create(ctx, {}, guest={"surname": "Nowak", "given": "Ewa"})


def guests_of(ctx: Context, number: int) -> list[tuple[str, bool]]:
    return [(one.name, one.holder) for one in desk.inquiries.get(ctx, number).guests]


def test_guests_are_added_and_the_first_person_is_the_holder(ctx: Context) -> None:
    first = desk.guests.create(ctx, {"surname": "Wrong"})
    number = desk.inquiries.create(ctx, {}, guest=first)
    desk.inquiry_guests.remove(ctx, number, first)
    firm = desk.guests.create(ctx, {"surname": "Kwarc", "kind": "company"})
    desk.inquiry_guests.add(ctx, number, firm)
    assert guests_of(ctx, number) == [("Kwarc", False)]
    desk.inquiry_guests.add_new(ctx, number, {"surname": "Nowak", "given": "Ewa"})
    desk.inquiry_guests.add_new(ctx, number, {"surname": "Adamczyk"})
    desk.inquiry_guests.add(ctx, number, firm)
    assert guests_of(ctx, number) == [("Ewa Nowak", True), ("Adamczyk", False), ("Kwarc", False)]


def test_the_holder_is_one_person_of_the_inquiry(ctx: Context, number: int) -> None:
    found = desk.inquiry_guests.add_new(ctx, number, {"surname": "Adamczyk"})
    second = next(one for one in found.guests if not one.holder)
    assert desk.inquiry_guests.set_holder(ctx, number, second.id).title == "Adamczyk"
    firm = desk.guests.create(ctx, {"surname": "Kwarc", "kind": "company"})
    with pytest.raises(NotFound):
        desk.inquiry_guests.set_holder(ctx, number, firm)
    desk.inquiry_guests.add(ctx, number, firm)
    with pytest.raises(InvalidInput, match="company") as caught:
        desk.inquiry_guests.set_holder(ctx, number, firm)
    assert caught.value.field == "holder"
    with pytest.raises(InvalidInput):
        desk.inquiries.create(ctx, {}, guest=firm)
    with pytest.raises(IntegrityError), ctx.write() as tx:
        tx.connection.execute(insert(InquiryGuest).values(inquiry_id=number, guest_id=99, holder=True))


def test_when_the_holder_goes_somebody_must_follow(ctx: Context, number: int) -> None:
    holder = desk.inquiries.get(ctx, number).guests[0].id
    firm = desk.guests.create(ctx, {"surname": "Kwarc", "kind": "company"})
    desk.inquiry_guests.add(ctx, number, firm)
    found = desk.inquiry_guests.add_new(ctx, number, {"surname": "Adamczyk"})
    heir = next(one.id for one in found.guests if one.name == "Adamczyk")
    with pytest.raises(InvalidInput) as caught:
        desk.inquiry_guests.remove(ctx, number, holder)
    assert caught.value.field == "holder"
    for wrong in (firm, holder):
        with pytest.raises((InvalidInput, NotFound)):
            desk.inquiry_guests.remove(ctx, number, holder, wrong)
    assert guests_of(ctx, number)[0] == ("Ewa Nowak", True)
    desk.inquiry_guests.remove(ctx, number, holder, heir)
    assert guests_of(ctx, number) == [("Adamczyk", True), ("Kwarc", False)]
    desk.inquiry_guests.remove(ctx, number, heir)
    assert guests_of(ctx, number) == [("Kwarc", False)]
    desk.inquiry_guests.remove(ctx, number, firm)
    assert guests_of(ctx, number) == []
    for before in ([("Kwarc", False)], [("Adamczyk", True), ("Kwarc", False)]):
        undo.undo(ctx)
        assert guests_of(ctx, number) == before
    undo.undo(ctx)
    assert guests_of(ctx, number)[0] == ("Ewa Nowak", True)


def test_a_new_guest_is_taken_back_with_the_adding(ctx: Context, number: int) -> None:
    desk.inquiry_guests.add_new(ctx, number, {"surname": "Adamczyk"})
    undo.undo(ctx)
    assert guests_of(ctx, number) == [("Ewa Nowak", True)]
    assert desk.guests.find(ctx, "Adamczyk") == []
    with pytest.raises(InvalidFields):
        desk.inquiry_guests.add_new(ctx, number, {"surname": ""})
    with pytest.raises(NotFound):
        desk.inquiry_guests.add(ctx, number, 999)


def test_guests_that_a_colleague_changed_since_are_not_taken_back(ctx: Context, number: int) -> None:
    leo = colleague(ctx, "Leo")
    desk.inquiry_guests.add_new(ctx, number, {"surname": "Adamczyk"})
    desk.inquiry_guests.add_new(leo, number, {"surname": "Zając"})
    with pytest.raises(undo.Refused):
        undo.undo(ctx)
    assert len(guests_of(ctx, number)) == 3
