"""The lists of guests: pages, order, search, criteria."""

from __future__ import annotations

from datetime import date

import pytest

from crm_tui.base.errors import InvalidInput
from crm_tui.desk import guest_lists
from crm_tui.desk.context import Context
from crm_tui.desk.guest_lists import GuestQuery
from crm_tui.rules.guest_criteria import GuestCriteria
from tests.desk.requests import add_guest, consent


def test_pages_walk_the_names(ctx: Context) -> None:
    made = [add_guest(ctx, f"Guest {number % 7}", f"{number:03}") for number in range(50)]
    query = GuestQuery()
    whole = guest_lists.page(ctx, query)
    assert [row.id for row in whole.rows] == sorted(made, key=lambda one: ((one - made[0]) % 7, one))
    assert whole.total == guest_lists.total(ctx, query) == 50
    first = guest_lists.page(ctx, query, limit=10).rows
    second = guest_lists.page(ctx, query, after=first[-1].cursor, limit=10).rows
    assert [*first, *second] == list(whole.rows)[:20]
    assert guest_lists.page(ctx, query, before=second[0].cursor, limit=4).rows == list(whole.rows)[6:10]
    assert guest_lists.page(ctx, query, last=True, limit=3).rows == list(whole.rows)[-3:]
    assert guest_lists.page(ctx, query, at=20, limit=2).rows == list(whole.rows)[20:22]
    assert guest_lists.position(ctx, query, whole.rows[33].cursor) == 33
    assert guest_lists.row_in_list(ctx, query, whole.rows[5].id) == whole.rows[5]
    assert guest_lists.ids(ctx, GuestCriteria(), limit=3) == [row.id for row in whole.rows[:3]]


def test_the_newest_word_on_a_consent_holds(ctx: Context) -> None:
    yes, no, never = (add_guest(ctx, name) for name in ("Yes", "No", "Never"))
    consent(ctx, yes)
    consent(ctx, no)
    consent(ctx, no, given=False)
    consent(ctx, never, channel="sms")
    assert guest_lists.ids(ctx, GuestCriteria(consent="mail")) == [yes]
    assert guest_lists.ids(ctx, GuestCriteria(no_consent="mail")) == [never, no]


@pytest.mark.parametrize("criteria", [GuestCriteria(kind="dog"), GuestCriteria(value_from=2, value_to=1)])
def test_what_cannot_be_asked_is_refused(ctx: Context, criteria: GuestCriteria) -> None:
    with pytest.raises(InvalidInput):
        guest_lists.ids(ctx, criteria)


def test_words_name_attributes(ctx: Context) -> None:
    from crm_tui.desk import attributes

    golf = attributes.add(ctx, "Golf")
    asked = GuestCriteria(attributes=(golf,), passport_by=date(2026, 12, 1))
    assert guest_lists.words(ctx, asked) == "Golf · passport expires by 2026-12-01"
