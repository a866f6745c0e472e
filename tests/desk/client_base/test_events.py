"""Events and their types: written down, changed, taken away, named otherwise (SPEC §1, §6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import set_language
from crm_tui.desk.common.context import Context
from crm_tui.rules.vocabulary import EventKind
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import add_reservation, signpost
from tests.desk.house import NOW, add_account, come_in, mail
from tests.desk.undoing.test_undo import another


def test_an_event_says_what_happened_when_and_to_whom(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", "Łucja")
    at = NOW - timedelta(days=2)
    number = desk.events.add(ctx, guest, "call", "Asked for a cot.\x1b[31m", at=at)
    found = desk.events.get(ctx, number)
    assert (found.type, found.guest, found.at, found.author) == ("call", guest, at, "Ana")
    assert found.text.startswith("Asked for a cot.")
    assert "\x1b" not in found.text
    assert desk.events.get(ctx, desk.events.add(ctx, guest, "visit", "")).at == NOW
    assert [one.type for one in desk.events.listed(ctx, guest)] == ["visit", "call"]


def test_an_event_is_linked_with_what_it_is_about(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    inquiry, stay = add_inquiry(ctx, guest), add_reservation(ctx, "M-1", guest)
    number = desk.events.add(ctx, guest, "call", "", conversation=conversation)
    assert desk.events.get(ctx, number).conversation == conversation
    number = desk.events.add(ctx, guest, "call", "", inquiry=inquiry, reservation=stay)
    found = desk.events.get(ctx, number)
    assert (found.inquiry, found.reservation) == (inquiry, stay)
    with pytest.raises(NotFound, match="no conversation 99"):
        desk.events.add(ctx, guest, "call", "", conversation=99)
    with pytest.raises(NotFound, match="no inquiry 99"):
        desk.events.add(ctx, guest, "call", "", inquiry=99)
    with pytest.raises(NotFound, match="no reservation 99"):
        desk.events.add(ctx, guest, "call", "", reservation=99)
    with pytest.raises(NotFound, match="no guest 99"):
        desk.events.add(ctx, 99, "call", "")
    with pytest.raises(NotFound, match="no type of event called singing"):
        desk.events.add(ctx, guest, "singing", "")


def test_what_has_not_happened_is_no_event(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    with pytest.raises(InvalidInput) as wrong:
        desk.events.add(ctx, guest, "call", "", at=NOW + timedelta(minutes=6))
    assert wrong.value.field == "at"
    with pytest.raises(InvalidInput):
        desk.events.add(ctx, guest, "call", "", at=datetime(2026, 6, 1))  # noqa: DTZ001  # no zone
    desk.events.add(ctx, guest, "call", "", at=NOW + timedelta(minutes=4))
    with pytest.raises(InvalidInput, match="before 1950"):
        desk.events.add(ctx, guest, "call", "", at=datetime(1949, 12, 31, tzinfo=UTC))
    with pytest.raises(InvalidInput) as wrong:
        desk.events.add(ctx, guest, "call", "x" * 100_001)
    assert wrong.value.field == "text"


def test_an_event_is_changed_by_its_author_or_a_manager_and_never_over_anothers_change(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    leo = another(ctx)
    number = desk.events.add(ctx, guest, "call", "Asked")
    with pytest.raises(Forbidden, match="Ana wrote this event"):
        desk.events.edit(leo, number, 1, text="Leo was here")
    with pytest.raises(Forbidden):
        desk.events.remove(leo, number)
    changed = desk.events.edit(
        ctx, number, 1, text="Asked for a cot", type="visit", at=datetime(2026, 6, 1, tzinfo=UTC)
    )
    assert (changed.text, changed.type, changed.version) == ("Asked for a cot", "visit", 2)
    with pytest.raises(Conflict):
        desk.events.edit(ctx, number, 1, text="Lost")
    assert desk.events.edit(ctx, number, 2, text="Asked for a cot").version == 2  # nothing to change
    desk.team.change(ctx, leo.actor.id or 0, role="manager")
    assert desk.events.edit(leo, number, 2, text="By a manager").text == "By a manager"


def test_events_are_taken_back_by_one_key(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    number = desk.events.add(ctx, guest, "call", "Asked for a cot")
    desk.events.edit(ctx, number, 1, text="Asked for two cots")
    desk.events.remove(ctx, number)
    with pytest.raises(NotFound):
        desk.events.get(ctx, number)
    assert desk.undo.undo(ctx).text == "The event “Asked for two cots” is back."
    assert desk.undo.undo(ctx).text == "The event “Asked for a cot” reads as before."
    assert desk.events.get(ctx, number).text == "Asked for a cot"
    assert desk.undo.undo(ctx).text == "The event “Asked for a cot” is gone again."
    assert desk.events.listed(ctx, guest) == []


def test_events_of_a_merged_guest_are_the_survivors(ctx: Context) -> None:
    one, other = add_guest(ctx, "Nowak"), add_guest(ctx, "Nowakowa")
    desk.events.add(ctx, other, "call", "Before")
    signpost(ctx, other, one)
    desk.events.add(ctx, one, "visit", "After")
    assert {event.text for event in desk.events.listed(ctx, other)} == {"Before", "After"}


# Types


def test_every_desk_has_the_types_of_the_specification_in_its_language(ctx: Context) -> None:
    types = desk.event_types.listed(ctx)
    assert [one.code for one in types] == list(EventKind)
    assert [one.name for one in types][:3] == ["call", "mail", "SMS"]


def test_an_admin_adds_renames_and_removes_types_and_events_keep_theirs(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    number = desk.event_types.add(ctx, "  Transfer   ")
    event = desk.events.add(ctx, guest, "transfer", "From the airport")
    desk.event_types.rename(ctx, number, 1, "Airport transfer")
    assert desk.events.get(ctx, event).type == "Airport transfer"
    desk.event_types.remove(ctx, number)
    assert desk.events.get(ctx, event).type == "Airport transfer"
    assert "Airport transfer" not in [one.name for one in desk.event_types.listed(ctx)]
    assert desk.event_types.listed(ctx, removed=True)[-1].removed
    with pytest.raises(NotFound):
        desk.events.add(ctx, guest, number, "")
    assert desk.undo.undo(ctx).text == "The type of event “Airport transfer” is on the list again."
    assert desk.undo.undo(ctx).text == "The type of event is called “Transfer” again."


def test_names_of_types_are_compared_folded(ctx: Context) -> None:
    number = desk.event_types.add(ctx, "Zażalenie")
    for taken in ("zazalenie", "CALL", "payment REMINDER", "sms"):
        with pytest.raises(InvalidInput, match="already"):
            desk.event_types.add(ctx, taken)
    desk.event_types.rename(ctx, number, 1, "ZAŻALENIE")  # its own name is not in its way
    assert desk.event_types.named(ctx, "zazalenie").name == "ZAŻALENIE"
    for wrong in ("", "   ", "x" * 61):
        with pytest.raises(InvalidInput):
            desk.event_types.add(ctx, wrong)


def test_a_type_of_every_desk_can_be_named_otherwise_and_back(ctx: Context) -> None:
    call = desk.event_types.named(ctx, "call")
    desk.event_types.rename(ctx, call.id, call.version, "Telephone")
    assert desk.event_types.named(ctx, "telephone").code == "call"
    assert desk.event_types.named(ctx, "call").name == "Telephone"  # what scripts call it still finds it
    desk.event_types.rename(ctx, call.id, call.version + 1, "")
    assert desk.event_types.named(ctx, "call").name == "call"


def test_two_admins_do_not_overwrite_each_other(ctx: Context) -> None:
    number = desk.event_types.add(ctx, "Transfer")
    desk.event_types.rename(ctx, number, 1, "Shuttle")
    with pytest.raises(Conflict):
        desk.event_types.rename(ctx, number, 1, "Taxi")
    with pytest.raises(Conflict):
        desk.event_types.remove(ctx, number, 1)


def test_only_admins_change_the_list(ctx: Context) -> None:
    leo = another(ctx)
    for work in (
        lambda: desk.event_types.add(leo, "Transfer"),
        lambda: desk.event_types.rename(leo, 1, 1, "Transfer"),
        lambda: desk.event_types.remove(leo, 1),
    ):
        with pytest.raises(Forbidden, match="Only an administrator"):
            work()


def test_one_type_is_left(ctx: Context) -> None:
    first, *others = desk.event_types.listed(ctx)
    for one in others:
        desk.event_types.remove(ctx, one.id)
    with pytest.raises(InvalidInput, match="One type"):
        desk.event_types.remove(ctx, first.id)


def test_types_are_named_in_the_agents_language(ctx: Context) -> None:
    set_language("pl")
    try:
        assert {one.code for one in desk.event_types.listed(ctx)} == set(EventKind)
        assert desk.event_types.named(ctx, "complaint").code == "complaint"
    finally:
        set_language("en")
