"""No edit of an inquiry or a guest is lost, whatever else was done to them meanwhile (SPEC §13, QUALITY R3)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from crm_tui import desk
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest
from crm_tui.desk.client_base.guests import StaleGuest
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests.inquiry_checking import Stale
from crm_tui.desk.texts import template_starter
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague
from tests.desk.house import add_account, come_in, mail


@pytest.fixture
def leo(ctx: Context) -> Context:
    return colleague(ctx, "Leo")


@pytest.fixture
def guest(ctx: Context) -> int:
    return desk.guests.create(ctx, {"surname": "Nowak", "given": "Ala"})


def test_a_recall_is_no_change_of_an_inquiry(ctx: Context, leo: Context) -> None:
    come_in(ctx, mail(), account=add_account(ctx))
    template_starter.add(ctx)
    number = desk.inquiries.from_conversation(ctx, desk.folders.page(ctx, desk.views.ListQuery("Inbox")).rows[0].id)
    stay = {"arrival": "2026-08-01", "departure": "2026-08-05", "status": "waiting for guest"}
    seen = desk.inquiries.set(ctx, number, desk.inquiries.get(ctx, number).version, stay)
    desk.guests.set_consent(ctx, seen.guests[0].id, "mail", True, "form")
    desk.inquiries.set(leo, number, seen.version, {"room": "12"})
    assert desk.recall.draft(ctx, date(2026, 8, 1), date(2026, 8, 10)).drafted
    with pytest.raises(Stale, match="Leo") as told:
        desk.inquiries.set(ctx, number, seen.version, {"room": "14"})
    assert told.value.fields == ("room",)
    assert desk.inquiries.set(ctx, number, seen.version, {"board": "half"}).room == "12"


def test_a_tag_and_a_consent_are_no_changes_of_a_guest(ctx: Context, leo: Context, guest: int) -> None:
    vip = desk.attributes.add(ctx, "VIP")
    seen = desk.guests.get(ctx, guest).version
    desk.guests.set(leo, guest, seen, {"remarks": "allergic to nuts"})
    desk.attributes.tag(ctx, guest, vip)
    desk.guests.set_consent(ctx, guest, "mail", True, "form")
    undo.undo(ctx)
    with pytest.raises(StaleGuest, match="Leo"):
        desk.guests.set(ctx, guest, seen, {"remarks": "likes the sea"})
    assert desk.guests.get(ctx, guest).remarks == "allergic to nuts"


def test_a_consent_given_is_not_the_given_name(ctx: Context, leo: Context, guest: int) -> None:
    seen = desk.guests.get(ctx, guest).version
    desk.guests.set(leo, guest, seen, {"remarks": "x"})
    desk.guests.set_consent(leo, guest, "mail", True, "form")
    assert desk.guests.set(ctx, guest, seen, {"given": "Ewa"}).given == "Ewa"


def test_an_undo_that_makes_two_versions_hides_no_change(ctx: Context, leo: Context, guest: int) -> None:
    first = desk.guests.get(ctx, guest).version
    desk.guests.set(leo, guest, first, {"surname": "Maj", "emails": ["a@example.org"]})
    undo.undo(leo)
    seen = desk.guests.get(ctx, guest).version
    assert seen > first + 2, "the undo did not make two versions: nothing was tried"
    desk.guests.set(leo, guest, seen, {"remarks": "Leo's"})
    desk.guests.set_consent(leo, guest, "mail", True, "form")
    with pytest.raises(StaleGuest):
        desk.guests.set(ctx, guest, seen, {"remarks": "Ana's"})
    with pytest.raises(StaleGuest):
        desk.guests.set(ctx, guest, first, {"emails": ["b@example.org"]})


def test_after_an_undo_refused_a_stale_edit_is_refused_too(ctx: Context, leo: Context, guest: int) -> None:
    number = desk.inquiries.create(ctx, {}, guest=guest)
    desk.inquiries.set(ctx, number, 1, {"room": "1"})
    seen = desk.inquiries.get(leo, number).version
    desk.inquiries.set(leo, number, seen, {"board": "half"})
    undo.undo(ctx)
    with pytest.raises(Stale, match="Leo changed Board"):
        desk.inquiries.set(ctx, number, seen, {"board": "full"})


def test_who_changed_the_field_is_named_not_who_changed_another(ctx: Context, leo: Context, guest: int) -> None:
    eva = colleague(ctx, "Eva")
    seen = desk.guests.get(ctx, guest).version
    desk.guests.set(leo, guest, seen, {"city": "Toledo"})
    desk.guests.set(eva, guest, seen, {"street": "Mayor 1"})
    desk.guests.set(ctx, guest, seen, {"remarks": "mine"})
    with pytest.raises(StaleGuest, match="Leo"):
        desk.guests.set(ctx, guest, seen, {"city": "Cuenca"})


def test_a_version_that_the_journal_does_not_tell_of_may_have_changed_anything(ctx: Context, guest: int) -> None:
    names = columns(Guest)
    seen = desk.guests.get(ctx, guest).version
    with ctx.store.write() as session:
        session.connection().execute(update(Guest).where(names.id == guest).values(city="Lugo", version=seen + 1))
    desk.guests.set(ctx, guest, seen + 1, {"remarks": "x"})
    with pytest.raises(StaleGuest):
        desk.guests.set(ctx, guest, seen, {"city": "Vigo"})
