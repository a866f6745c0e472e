"""Saved views of guests: what the list was asked for, by words and criteria, kept with a name and a key (SPEC §3, §6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, update

from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, InvalidInput
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Agent, SavedView
from crm_tui.desk.client_base.guest_lists import GuestQuery
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.undoing import undo
from crm_tui.rules.guest_criteria import GuestCriteria

EVERYTHING = GuestCriteria(
    text="jan  wis",
    kind="person",
    consent="mail",
    no_consent="sms",
    nationality="PL",
    language="pl",
    country="PL",
    city="Łódź",
    passport_by=date(2027, 1, 1),
    never_booked=True,
    destination="Kreta",
    departure_from=date(2026, 7, 1),
    departure_to=date(2026, 7, 31),
    arrival_from=date(2026, 6, 1),
    arrival_to=date(2026, 7, 1),
    value_from=100_00,
    value_to=2000_00,
    currency="EUR",
    born_from="12-01",
    born_to="01-31",
    archived=True,
)


def kept(ctx: Context, criteria: GuestCriteria, order: str = "name", name: str = "Golfers", key: str = "") -> int:
    return desk.saved_views.create(ctx, name, GuestQuery(criteria, order), key=key)


def test_all_that_can_be_asked_is_kept(ctx: Context) -> None:
    golf = desk.attributes.add(ctx, "Golf")
    criteria = replace(EVERYTHING, attributes=(golf,))
    view = desk.saved_views.get(ctx, kept(ctx, criteria, "newest", key="g"))
    assert (view.name, view.key, view.of_guests, view.order, view.problem) == ("Golfers", "g", True, "newest", "")
    assert view.criteria == replace(criteria, text="jan wis")
    assert view.query == ""
    assert "Golf" in view.words
    assert view.words.endswith("newest first")
    assert desk.saved_views.named(ctx, "GOLFERS") == view
    plain = desk.saved_views.get(ctx, desk.saved_views.create(ctx, "Mail", "suite"))
    assert (plain.of_guests, plain.criteria, plain.words) == (False, None, "suite")


def test_it_shares_names_and_keys_with_the_views_of_mail(ctx: Context) -> None:
    desk.saved_views.create(ctx, "Suites", "suite", key="s")
    for values, field in (({"name": "suítes"}, "name"), ({"key": "s"}, "key")):
        with pytest.raises(InvalidInput) as caught:
            kept(ctx, GuestCriteria(kind="person"), **values)
        assert caught.value.field == field


@pytest.mark.parametrize(
    ("criteria", "order"),
    [
        (GuestCriteria(), "name"),
        (GuestCriteria(currency="EUR"), "name"),
        (GuestCriteria(text="   "), "name"),
        (GuestCriteria(kind="dog"), "name"),
        (GuestCriteria(kind="person"), "sideways"),
        (GuestCriteria(arrival_from=date(2026, 7, 1), arrival_to=date(2026, 6, 1)), "name"),
        (GuestCriteria(text="x" * 5000), "name"),
    ],
)
def test_what_cannot_be_kept(ctx: Context, criteria: GuestCriteria, order: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        kept(ctx, criteria, order)
    assert caught.value.field == "query"
    assert desk.saved_views.listed(ctx) == []


def test_the_newest_first_is_a_view_by_itself(ctx: Context) -> None:
    view = desk.saved_views.get(ctx, kept(ctx, GuestCriteria(), "newest"))
    assert (view.criteria, view.order, view.words) == (GuestCriteria(), "newest", "all guests · newest first")


def test_nobody_types_a_view_of_guests_into_the_search_of_mail(ctx: Context) -> None:
    with pytest.raises(CrmError):
        desk.saved_views.create(ctx, "Sly", 'guests:{"kind":"person"}')
    with pytest.raises(CrmError):
        desk.saved_views.create(ctx, "Sly", "guests:")


def test_changed_renamed_put_away_and_all_of_it_back(ctx: Context) -> None:
    number = kept(ctx, GuestCriteria(kind="person"), key="p")
    desk.saved_views.change(ctx, number, 1, name="Persons of Łódź", query=GuestQuery(GuestCriteria(city="Łódź")))
    view = desk.saved_views.get(ctx, number)
    assert (view.name, view.key, view.criteria) == ("Persons of Łódź", "p", GuestCriteria(city="Łódź"))
    with pytest.raises(Conflict):
        desk.saved_views.change(ctx, number, 1, query=GuestQuery(GuestCriteria(city="Kraków")))
    desk.saved_views.remove(ctx, number, view.version)
    assert desk.saved_views.listed(ctx) == []
    undo.undo(ctx)
    assert desk.saved_views.get(ctx, number).criteria == GuestCriteria(city="Łódź")
    undo.undo(ctx)
    assert desk.saved_views.get(ctx, number).criteria == GuestCriteria(kind="person")
    undo.undo(ctx)
    assert desk.saved_views.listed(ctx) == []


def test_an_attribute_renamed_merged_or_taken_off_the_list(ctx: Context) -> None:
    golf, greens = desk.attributes.add(ctx, "Golf"), desk.attributes.add(ctx, "Greens")
    jan = desk.guests.create(ctx, {"surname": "Nowak"})
    desk.attributes.tag(ctx, jan, golf)
    number = kept(ctx, GuestCriteria(attributes=(golf,)))
    desk.attributes.rename(ctx, golf, 1, "Golf players")
    assert found(ctx, number) == ("Golf players", [jan])
    versions = {one.id: one.version for one in desk.attributes.listed(ctx)}
    desk.attribute_merging.merge(ctx, golf, greens, (versions[golf], versions[greens]))
    assert desk.saved_views.get(ctx, number).criteria == GuestCriteria(attributes=(greens,))
    assert found(ctx, number) == ("Greens", [jan])
    undo.undo(ctx)
    assert found(ctx, number) == ("Golf players", [jan])
    versions = {one.id: one.version for one in desk.attributes.listed(ctx)}
    desk.attribute_merging.remove(ctx, golf, versions[golf])
    assert desk.saved_views.get(ctx, number).words == "Golf players (not on the list any more)"


def found(ctx: Context, number: int) -> tuple[str, list[int]]:
    view = desk.saved_views.get(ctx, number)
    assert view.criteria is not None
    return view.words, desk.guest_lists.ids(ctx, view.criteria)


def test_a_view_that_was_put_away_asks_for_the_merged_attribute_when_it_is_back(ctx: Context) -> None:
    golf, greens = desk.attributes.add(ctx, "Golf"), desk.attributes.add(ctx, "Greens")
    number = kept(ctx, GuestCriteria(attributes=(golf, greens), kind="person"))
    mia = desk.team.add(ctx, "Mia", role="admin")
    desk.saved_views.remove(ctx, number, 1)
    desk.attribute_merging.merge(ctx.acting_as(Actor(mia.id, "Mia", "admin")), golf, greens, (1, 1))
    undo.undo(ctx)
    assert desk.saved_views.get(ctx, number).criteria == GuestCriteria(attributes=(greens,), kind="person")


def test_a_package_that_was_put_away_is_said(ctx: Context) -> None:
    jan = desk.guests.create(ctx, {"surname": "Nowak"})
    package = desk.packages.create(ctx, "Summer", None, [jan])
    number = kept(ctx, GuestCriteria(package=package))
    assert found(ctx, number) == ("in package Summer", [jan])
    desk.packages.remove(ctx, package, 1)
    assert desk.saved_views.get(ctx, number).words == "in package Summer (put away)"


@pytest.mark.parametrize(
    "stored",
    [
        "guests:",
        "guests:{",
        "guests:[]",
        'guests:{"kind":"dog"}',
        'guests:{"order":"up"}',
        pytest.param("guests:" + "[" * 90_000, id="deep"),
        pytest.param(f'guests:{{"attributes":{[*range(50_000)]}}}', id="many"),
    ],
)
def test_one_that_cannot_be_read_is_a_sentence(ctx: Context, stored: str) -> None:
    number = kept(ctx, GuestCriteria(kind="person"), key="p")
    with ctx.write() as tx:
        tx.connection.execute(update(SavedView).where(columns(SavedView).id == number).values(query=stored))
    (view,) = desk.saved_views.listed(ctx)
    assert view.of_guests
    assert view.criteria is None
    assert view.problem.startswith("The search of “Golfers” cannot be read")
    desk.saved_views.change(ctx, number, view.version, query=GuestQuery(GuestCriteria(kind="company")))
    assert desk.saved_views.get(ctx, number).problem == ""


def test_what_a_later_version_asks_besides_is_left_out(ctx: Context) -> None:
    number = kept(ctx, GuestCriteria(kind="person"))
    with ctx.write() as tx:
        query = 'guests:{"kind":"person","shoe_size":44}'
        tx.connection.execute(update(SavedView).where(columns(SavedView).id == number).values(query=query))
    assert desk.saved_views.get(ctx, number).criteria == GuestCriteria(kind="person")


def test_views_are_ones_own(ctx: Context) -> None:
    kept(ctx, GuestCriteria(kind="person"))
    with ctx.write() as tx:
        leo = new_id(tx.connection.execute(insert(Agent).values(name="Leo", created_at=tx.now)))
    assert desk.saved_views.listed(ctx.acting_as(Actor(leo, "Leo"))) == []


def test_a_desk_that_only_reads_keeps_none(ctx: Context) -> None:
    number = kept(ctx, GuestCriteria(kind="person"))
    reading = replace(ctx, readonly=True)
    assert desk.saved_views.get(reading, number).criteria == GuestCriteria(kind="person")
    with pytest.raises(CrmError):
        kept(reading, GuestCriteria(kind="company"), name="Other")


def test_who_is_erased_is_erased_from_it_and_it_can_be_read(ctx: Context) -> None:
    """Numbers in it are amounts and ids: never taken for a telephone number."""
    values = {"surname": "Brzęczykowska", "given": "Żaneta", "phones": ["+48601234567"], "email": "z@x.example"}
    guest = desk.guests.create(ctx, values)
    asked = GuestCriteria(text="Żaneta Brzęczykowska", city="+48 601 234 567", value_from=601_234_567, currency="EUR")
    number = kept(ctx, asked)
    desk.erasing.erase(ctx, guest, also="all")
    view = desk.saved_views.get(ctx, number)
    assert view.problem == ""
    assert view.criteria is not None
    assert "Brz" not in view.words
    assert "234" not in view.criteria.city
    assert view.criteria.value_from == 601_234_567
