"""Nothing is written to an erased guest any more, by any command; looking at one says so (SPEC §6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import CrmError
from crm_tui.desk.client_base import events, guests, linking
from crm_tui.desk.client_base.guest_gone import Gone
from crm_tui.desk.common.context import Context
from crm_tui.desk.groups import package_search, packages, tagging
from crm_tui.desk.privacy import erasing
from crm_tui.desk.requests import inquiries, inquiry_guests
from crm_tui.desk.shifts import internal, memos, reminders
from crm_tui.desk.stays import reservation_guests, reservations
from crm_tui.desk.undoing import undo
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.colleagues import colleague
from tests.desk.house import add_account, come_in, mail

SENTENCE = "Guest 1 was erased on 2026-07-01; nothing can be noted of them any more."


def new(ctx: Context, surname: str, **values: Any) -> int:
    return guests.create(ctx, {"surname": surname, **values})


@pytest.fixture
def gone(ctx: Context) -> int:
    number = new(ctx, "Brzęczyk", email="z@example.org")
    erasing.erase(ctx, number)
    return number


def conversation(ctx: Context) -> int:
    number = come_in(ctx, mail(), account=add_account(ctx)).message_ids[0]
    return desk.reading.message(ctx, number).conversation


def attribute(ctx: Context) -> int:
    return desk.attributes.add(ctx, "Dogs")


WRITES: dict[str, Callable[[Context, int], Any]] = {
    "set": lambda ctx, gone: guests.set(ctx, gone, guests.get(ctx, gone).version, {"surname": "New", "passport": "X1"}),
    "consent": lambda ctx, gone: guests.set_consent(ctx, gone, "mail", given=True, source="form"),
    "consent by set": lambda ctx, gone: guests.set(
        ctx, gone, 2, {"consents": {"mail": {"given": True, "source": "form"}}}
    ),
    "archive": lambda ctx, gone: guests.archive(ctx, [gone]),
    "unarchive": lambda ctx, gone: guests.unarchive(ctx, [gone]),
    "contact": lambda ctx, gone: new(ctx, "Firm", kind="company", contacts=[{"person": gone}]),
    "tag": lambda ctx, gone: desk.attributes.tag(ctx, gone, attribute(ctx)),
    "tag several": lambda ctx, gone: tagging.tag_many(ctx, [new(ctx, "Other"), gone], add=[attribute(ctx)]),
    "memo": lambda ctx, gone: memos.add(ctx, "rang", guest=gone),
    "event": lambda ctx, gone: events.add(ctx, gone, 1, "rang"),
    "reminder": lambda ctx, gone: reminders.add(ctx, "call", date(2026, 8, 1), guest=gone),
    "internal": lambda ctx, gone: internal.send(ctx, colleague(ctx, "Leo").actor.name, "look", guest=gone),
    "package": lambda ctx, gone: packages.create(ctx, "P", ids=[gone]),
    "into a package": lambda ctx, gone: packages.add(ctx, packages.create(ctx, "P", ids=[]), [gone]),
    "inquiry": lambda ctx, gone: inquiries.create(ctx, {}, guest=gone),
    "into an inquiry": lambda ctx, gone: inquiry_guests.add(ctx, inquiries.create(ctx, {}, guest=new(ctx, "O")), gone),
    "reservation": lambda ctx, gone: reservations.create(ctx, {}, guests_of=[gone]),
    "into a reservation": lambda ctx, gone: reservation_guests.add(ctx, reservations.create(ctx, {}), gone),
    "payer": lambda ctx, gone: reservations.create(ctx, {"company": gone}),
    "link": lambda ctx, gone: linking.link(ctx, conversation(ctx), gone),
    "apart": lambda ctx, gone: desk.duplicates.tell_apart(ctx, [gone, new(ctx, "Other")]),
}


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_to_an_erased_guest(ctx: Context, gone: int, write: str) -> None:
    with pytest.raises(Gone) as refused:
        WRITES[write](ctx, gone)
    assert refused.value.message == SENTENCE


def test_what_was_done_before_is_not_taken_back_into_an_erased_guest(ctx: Context) -> None:
    number = new(ctx, "Nowak")
    guests.archive(ctx, [number])
    erasing.erase(ctx, number)
    with pytest.raises(CrmError):
        undo.undo(ctx)
    assert guests.get(ctx, number).archived_at is not None
    assert guests.listed(ctx) == []


def test_what_is_on_an_erased_guest_is_read_and_taken_away_only(ctx: Context) -> None:
    number = new(ctx, "Nowak")
    memo = memos.add(ctx, "quiet", guest=number)
    event = events.add(ctx, number, 1, "rang")
    erasing.erase(ctx, number)
    assert [one.id for one in memos.listed(ctx, guest=number)] == [memo]
    with pytest.raises(Gone):
        memos.edit(ctx, memo, memos.get(ctx, memo).version, "Nowak again")
    with pytest.raises(Gone):
        events.edit(ctx, event, events.get(ctx, event).version, text="Nowak again")


def test_a_search_among_the_archived_makes_a_package_without_the_erased(ctx: Context, gone: int) -> None:
    archived = new(ctx, "Away")
    guests.archive(ctx, [archived])
    criteria = GuestCriteria(archived=True)
    assert package_search.found(ctx, package_search.stored(criteria)) == [archived]
    made = packages.create(ctx, "P", criteria, [gone, archived])
    assert packages.get(ctx, made).size == 1


def test_the_profile_says_that_the_person_was_erased(ctx: Context, gone: int) -> None:
    from crm_tui.screens.guests import profile_facts

    found = desk.guest_profile.get(ctx, gone)
    said = "".join(text for text, _style in profile_facts.summary(found))
    assert "This person was erased on 2026-07-01." in said
