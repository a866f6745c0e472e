"""Compliments and complaints: written down, resolved, told in the guest's history (SPEC §11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.client_base.guest_history_views import EntryKind
from crm_tui.desk.common.context import Context
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import add_reservation
from tests.desk.house import NOW, add_account, come_in, mail
from tests.desk.undoing.test_undo import another


def test_a_complaint_says_whose_it_is_what_about_and_stays_open_until_resolved(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", "Łucja")
    number = desk.feedback.add(
        ctx,
        "negative",
        guest=guest,
        room="204",
        code="breakfast",
        comment="Cold coffee\x1b[31m",
        employee="Iker",
        emoji="🙁",
    )
    praise = desk.feedback.add(ctx, "positive", guest=guest, comment="Lovely")
    found = desk.feedback.get(ctx, number)
    assert (found.title, found.code, found.employee, found.emoji, found.open) == (
        "Łucja Nowak · 204", "breakfast", "Iker", "🙁", True)  # fmt: skip
    assert "\x1b" not in found.comment
    assert [one.id for one in desk.feedback.open_page(ctx)] == [number]
    assert not desk.feedback.get(ctx, praise).open
    desk.feedback.resolve(ctx, number, resolution="A new pot", satisfaction=4)
    found = desk.feedback.get(ctx, number)
    assert (found.open, found.resolution, found.satisfaction, found.resolved_by) == (False, "A new pot", 4, "Ana")
    assert (desk.feedback.open_page(ctx), desk.feedback.open_count(ctx)) == ([], 0)
    desk.feedback.reopen(ctx, number)
    found = desk.feedback.get(ctx, number)
    assert (found.open, found.resolution) == (True, "A new pot")  # what was done stays written
    assert desk.feedback.open_count(ctx) == 1
    assert [one.id for one in desk.feedback.of_guest(ctx, guest)] == [praise, number]
    assert desk.feedback.codes(ctx) == ["breakfast"]


def test_guest_and_room_come_from_the_reservation_or_the_mail(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", mails=["marta@example.org"])
    stay = add_reservation(ctx, "M-1", guest, room="204")
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    booked = desk.feedback.get(ctx, desk.feedback.add(ctx, "negative", reservation=stay, resolved=True))
    assert (booked.guest, booked.room, booked.code_of, booked.open) == (guest, "204", "M-1", False)
    written = desk.feedback.get(ctx, desk.feedback.add(ctx, "negative", conversation=conversation))
    assert (written.guest, written.conversation) == (guest, conversation)
    assert [one.id for one in desk.feedback.of_reservation(ctx, stay)] == [booked.id]


def test_what_is_no_feedback_is_refused(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    with pytest.raises(InvalidInput, match="Neither guest nor room") as wrong:
        desk.feedback.add(ctx, "negative", comment="Cold coffee")
    assert wrong.value.field == "room"
    for given in ({"kind": "neutral"}, {"kind": "negative", "satisfaction": 6}, {"kind": "negative", "code": "x" * 61},
                  {"kind": "negative", "at": NOW + timedelta(hours=1)}, {"kind": "negative", "at": datetime(2026, 6, 1)}):  # fmt: skip  # noqa: DTZ001
        with pytest.raises(InvalidInput):
            desk.feedback.add(ctx, guest=guest, **given)
    for missing in ({"guest": 99}, {"reservation": 99}, {"conversation": 99}):
        with pytest.raises(NotFound):
            desk.feedback.add(ctx, "negative", room="1", **missing)  # type: ignore[arg-type]
    number = desk.feedback.add(ctx, "negative", guest=guest)
    with pytest.raises(InvalidInput, match="Neither guest nor room"):
        desk.feedback.edit(ctx, number, 1, {"guest": None})


def test_it_is_changed_by_its_author_or_a_manager_never_over_anothers_change_and_taken_back(ctx: Context) -> None:
    guest, leo = add_guest(ctx, "Nowak"), another(ctx)
    number = desk.feedback.add(ctx, "negative", guest=guest, comment="Cold coffee")
    with pytest.raises(Forbidden, match="Ana wrote this down"):
        desk.feedback.edit(leo, number, 1, {"comment": "Hot"})
    changed = desk.feedback.edit(ctx, number, 1, {"comment": "Cold tea", "kind": "positive", "room": " 12 "})
    assert (changed.comment, changed.kind, changed.room, changed.version) == ("Cold tea", "positive", "12", 2)
    with pytest.raises(Conflict):
        desk.feedback.edit(ctx, number, 1, {"comment": "Lost"})
    manager = leo.acting_as(replace(leo.actor, role="manager"))
    desk.feedback.resolve(leo, number, resolution="Talked")  # whoever settles it says so
    desk.feedback.resolve(manager, number, resolution="Twice")
    assert desk.feedback.get(ctx, number).resolution == "Talked"
    assert desk.undo.undo(leo).text == "“Cold tea” is not resolved after all."
    desk.feedback.remove(ctx, number)
    with pytest.raises(NotFound):
        desk.feedback.get(ctx, number)
    assert desk.undo.undo(ctx).text == "The feedback “Cold tea” is back."
    assert desk.undo.undo(ctx).text == "The feedback “Cold coffee” reads as before."
    assert desk.undo.undo(ctx).text == "The feedback “Cold coffee” is gone again."
    assert desk.feedback.of_guest(ctx, guest) == []


def test_what_came_by_a_hidden_mail_is_hidden(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", mails=["marta@example.org"])
    conversation = next(iter(come_in(ctx, mail(), account=add_account(ctx)).conversations))
    number = desk.feedback.add(ctx, "negative", conversation=conversation)
    add_inquiry(ctx, guest, scope="a1", conversations=[conversation])
    leo = another(ctx)
    assert (desk.feedback.open_page(leo), desk.feedback.open_count(leo)) == ([], 0)
    assert (desk.feedback.listed(leo, "all"), desk.feedback.of_guest(leo, guest)) == ([], [])
    for work in (desk.feedback.get, desk.feedback.resolve, desk.feedback.reopen, desk.feedback.remove):
        with pytest.raises(NotFound, match="There is no feedback 1"):
            work(leo, number)
    assert desk.feedback.open_count(ctx) == 1


def test_what_is_resolved_leaves_the_page_at_the_propertys_midnight(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    late = replace(ctx, clock=FixedClock(NOW.replace(hour=21, minute=59)))  # 23:59 in Madrid
    number = desk.feedback.add(late, "negative", guest=guest, comment="Noise")
    desk.feedback.resolve(late, number)
    assert [one.id for one in desk.feedback.listed(late)] == [number]
    after = replace(ctx, clock=FixedClock(NOW.replace(hour=22, minute=1)))
    assert desk.feedback.listed(after) == []
    assert [one.id for one in desk.feedback.listed(after, "all", kind="negative")] == [number]


def test_the_history_of_the_guest_tells_it(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak")
    number = desk.feedback.add(ctx, "negative", guest=guest, code="room", room="204", comment="Noise")
    desk.feedback.resolve(ctx, number, resolution="Moved to 310", satisfaction=5)
    (entry,) = desk.guest_history.page(ctx, guest, [EntryKind.FEEDBACK])
    assert (entry.text, entry.type, entry.status, entry.done, entry.code) == ("Noise", "room", "negative", True, "204")
    assert "Moved to 310" in entry.whole
    told = [one.text for one in desk.history.of_guest(ctx, guest)]
    assert "resolved the complaint “room”: Moved to 310 · guest delighted" in told
    assert "wrote a complaint down: room" in told
