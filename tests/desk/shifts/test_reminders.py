"""Reminders: made, changed by two, moved, done once by two desks, coming back, taken back (SPEC §9)."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Reminder
from crm_tui.desk.common.context import Context
from crm_tui.desk.shifts.reminder_views import ReminderQuery
from crm_tui.desk.shifts.reminders import StaleReminder
from tests.desk.colleagues import colleague
from tests.desk.house import make_house

TODAY = date(2026, 7, 1)  # a Wednesday


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    found = make_house(tmp_path)
    desk.departments.add(found, "Reservations")
    return found


@pytest.fixture
def leo(ctx: Context) -> Context:
    return colleague(ctx, "Leo")


def series(ctx: Context) -> list[tuple[str, bool]]:
    return [(one.due.isoformat(), one.done_at is not None) for one in desk.reminders.listed(ctx, include_done=True)]


def todos(content: bytes) -> list[Any]:
    """The tasks of a calendar."""
    calendar: Any = Calendar.from_ical(content)
    return list(calendar.walk("VTODO"))


def stored(ctx: Context, number: int) -> Any:
    with ctx.store.connect() as connection:
        return connection.execute(select(Reminder.__table__).where(columns(Reminder).id == number)).one()  # type: ignore[attr-defined]


def test_for_oneself_an_agent_or_a_department(ctx: Context, leo: Context) -> None:
    mine = desk.reminders.get(ctx, desk.reminders.add(ctx, "Call the taxi", "in 3 days"))
    his = desk.reminders.get(ctx, desk.reminders.add(ctx, "Ask the kitchen", "fri", assignee="leo"))
    theirs = desk.reminders.get(ctx, desk.reminders.add(ctx, "Check keys", "tomorrow", department="reservations"))
    assert (mine.assignee, mine.due, mine.bucket) == ("Ana", TODAY + timedelta(days=3), "later")
    assert (his.assignee, his.author, his.due) == ("Leo", "Ana", date(2026, 7, 3))
    assert (theirs.assignee, theirs.department, theirs.bucket) == ("", "Reservations", "tomorrow")
    for wrong in (
        {"assignee": "Zoe"},
        {"department": "Spa"},
        {"assignee": "Leo", "department": "Reservations"},
        {"department": 9},
    ):
        with pytest.raises(InvalidInput):
            desk.reminders.add(ctx, "x", "fri", **wrong)
    for due in ("yesterdayish", "", "31.2.2027", "+9999999999"):
        with pytest.raises(InvalidInput):
            desk.reminders.add(ctx, "x", due)
    assert leo.actor.name == "Leo"


def test_a_change_is_kept_beside_that_of_another(ctx: Context, leo: Context) -> None:
    number = desk.reminders.add(ctx, "Call", "fri")
    before = desk.reminders.get(ctx, number)
    desk.reminders.set(leo, number, before.version, {"title": "Call Łucja"})
    after = desk.reminders.set(ctx, number, before.version, {"due": "+5", "assignee": "Leo"})
    assert (after.title, after.due, after.assignee) == ("Call Łucja", TODAY + timedelta(days=5), "Leo")
    with pytest.raises(StaleReminder, match="Leo changed") as stale:
        desk.reminders.set(ctx, number, before.version, {"title": "Write"})
    assert (stale.value.theirs.title, stale.value.fields) == ("Call Łucja", ("title",))
    assert stored(ctx, number).folded == "call lucja"
    with pytest.raises(InvalidInput):
        desk.reminders.set(ctx, number, after.version, {"colour": "red"})


def test_taking_a_new_title_back_folds_it_again(ctx: Context) -> None:
    number = desk.reminders.add(ctx, "Zażółć", "fri")
    desk.reminders.set(ctx, number, 1, {"title": "Other"})
    assert desk.undo.undo(ctx).text == "The reminder “Zażółć” is as it was."
    assert stored(ctx, number).folded == "zazolc"


def test_doing_one_makes_the_next_once(ctx: Context) -> None:
    number = desk.reminders.add(ctx, "Order linen", rule="every Monday")
    assert series(ctx) == [("2026-07-06", False)]
    assert (desk.reminders.done(ctx, number), desk.reminders.done(ctx, number)) == (1, 0)
    assert series(ctx) == [("2026-07-06", True), ("2026-07-13", False)]
    desk.reminders.reopen(ctx, number)
    desk.reminders.done(ctx, number)
    assert series(ctx) == [("2026-07-06", True), ("2026-07-13", False)]
    second = desk.reminders.listed(ctx)[0]
    assert (second.series, second.repeats, second.assignee) == (number, "every Monday", "Ana")


def test_undo_takes_both_back_and_doing_it_again_makes_one(ctx: Context) -> None:
    number = desk.reminders.add(ctx, "Order linen", rule="every Monday")
    desk.reminders.done(ctx, number)
    assert "the next one of its series is gone" in desk.undo.undo(ctx).text
    assert series(ctx) == [("2026-07-06", False)]
    desk.reminders.done(ctx, number)
    assert series(ctx) == [("2026-07-06", True), ("2026-07-13", False)]


def test_two_desks_doing_it_make_one(ctx: Context) -> None:
    number = desk.reminders.add(ctx, "Order linen", rule="daily")
    ready, counts = threading.Barrier(4), []

    def work() -> None:
        ready.wait(10)
        counts.append(desk.reminders.done(ctx, number))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(counts) == [0, 0, 0, 1]
    assert series(ctx) == [("2026-07-01", True), ("2026-07-02", False)]


def test_a_series_ends(ctx: Context) -> None:
    desk.reminders.add(ctx, "Twice", rule="daily 2 times")
    for _ in range(2):
        desk.reminders.done(ctx, [one.id for one in desk.reminders.listed(ctx)])
    assert [done for _due, done in series(ctx)] == [True, True]
    removed = desk.reminders.add(ctx, "No more", rule="daily")
    desk.reminders.remove(ctx, removed)
    assert desk.reminders.listed(ctx) == []
    for rule in ("sometimes", "daily until 1.1.2020", "FREQ=SECONDLY"):
        with pytest.raises(InvalidInput):
            desk.reminders.add(ctx, "x", "fri", rule=rule)


def test_several_move_together_and_back(ctx: Context) -> None:
    first = desk.reminders.add(ctx, "a", "2026-06-20")
    second = desk.reminders.add(ctx, "b", "2026-07-03")
    closed = desk.reminders.add(ctx, "c", "2026-07-03")
    desk.reminders.done(ctx, closed)
    assert desk.reminders.move(ctx, [first, second, closed, first], by=1) == 2
    assert [one.due for one in desk.reminders.listed(ctx)] == [date(2026, 7, 2), date(2026, 7, 4)]
    desk.undo.undo(ctx)
    assert [one.due for one in desk.reminders.listed(ctx)] == [date(2026, 6, 20), date(2026, 7, 3)]
    assert desk.reminders.move(ctx, [first, second], "fri") == 1
    with pytest.raises(NotFound):
        desk.reminders.move(ctx, [first, 999], "+9")
    with pytest.raises(InvalidInput):
        desk.reminders.move(ctx, [first], by=10**9)
    assert desk.reminders.assign(ctx, [first, second], department="Reservations") == 2
    assert {one.department for one in desk.reminders.listed(ctx)} == {"Reservations"}


def test_of_a_reservation_it_is_its_holders_too(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak", "given": "Łucja"})
    stay = desk.reservations.create(
        ctx, {"arrival": "2026-07-10", "departure": "2026-07-12", "currency": "EUR"}, guests_of=[guest]
    )
    number = desk.reminders.add(ctx, "Send the voucher", "fri", reservation=stay)
    found = desk.reminders.get(ctx, number)
    assert [(link.kind, link.id) for link in found.links] == [("guest", guest), ("reservation", stay)]
    assert "Łucja Nowak" in found.links[1].title
    assert [one.id for one in desk.reminders.listed(ctx, reservation=stay)] == [number]
    with pytest.raises(NotFound):
        desk.reminders.add(ctx, "x", "fri", reservation=99)
    told = [entry.text for entry in desk.guest_history.entries(ctx, guest, desk.guest_history.keys(ctx, guest))]
    assert any("Send the voucher" in text for text in told)


def test_the_history_tells_what_was_done(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak"})
    made = desk.inquiries.create(ctx, {}, guest=guest)
    number = desk.reminders.add(ctx, "Call", "fri", inquiry=made)
    desk.reminders.move(ctx, number, "+7")
    desk.reminders.set(ctx, number, 2, {"title": "Write", "repeats": "every 2 weeks", "department": "Reservations"})
    desk.reminders.done(ctx, number)
    told = "\n".join(entry.text for entry in desk.history.of_inquiry(ctx, made))
    assert "moved the reminder “Write” from 3 Jul 2026 to 8 Jul 2026" in told
    assert "reminder “Call”: “Call” is now “Write”, for department Reservations, every 2 weeks on Wednesday" in told
    assert "reminder “Write” done" in told


def test_one_finds_by_text_people_days_and_state(ctx: Context, leo: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Żółć"})
    voucher = desk.reminders.add(ctx, "Wysłać voucher", "2026-06-01", guest=guest)
    desk.reminders.add(ctx, "Call", "2026-09-01", assignee="Leo")
    linen = desk.reminders.add(leo, "Linen", "2026-07-05", department="Reservations")
    desk.reminders.done(ctx, voucher)

    def found(**query: Any) -> list[int]:
        wanted = desk.reminder_views.ReminderQuery(**query)
        rows = [one.id for one in desk.reminder_search.page(ctx, wanted)]
        assert desk.reminder_search.total(ctx, wanted) == len(rows)
        return rows

    assert found(text="wyslac VOU") == found(text="zolc") == found(state="done") == [1]
    assert found(text="voucher zolc") == []
    assert (found(state="open"), found(assignee="leo"), found(author="Leo"), found(department="Reservations")) == (
        [3, 2], [2], [linen], [linen],
    )  # fmt: skip
    assert (found(kind="guest"), found(kind="guest", number=guest), found(kind="inquiry")) == ([1], [1], [])
    assert found(due_from=date(2026, 7, 1), due_to=date(2026, 7, 31)) == [linen]
    assert found(order="latest") == [2, 3, 1]
    assert found(text="'\"; %_") == []
    for wrong in ({"state": "x"}, {"kind": "x"}, {"order": "x"}, {"assignee": "x"}):
        with pytest.raises(InvalidInput):
            found(**wrong)


def test_ones_own_as_a_calendar(ctx: Context, leo: Context, tmp_path: Path) -> None:
    weekly = desk.reminders.add(ctx, "Order linen; towels, \x1b[31mnow", rule="every Monday")
    desk.reminders.add(ctx, "Call", "2026-07-03")
    desk.reminders.add(leo, "His", "2026-07-03")
    path = tmp_path / "mine.ics"
    assert desk.reminder_calendar.to_file(ctx, path) == 2
    assert path.stat().st_mode & 0o777 == 0o600
    call, linen = todos(path.read_bytes())
    assert (str(call["SUMMARY"]), call["DUE"].dt, call.get("RRULE")) == ("Call", date(2026, 7, 3), None)
    assert "\x1b" not in str(linen["SUMMARY"])
    assert linen["RRULE"].to_ical() == b"FREQ=WEEKLY;BYDAY=MO"
    desk.reminders.done(ctx, weekly)
    with pytest.raises(InvalidInput):
        desk.reminder_calendar.to_file(ctx, path)
    desk.reminder_calendar.to_file(ctx, path, overwrite=True)
    again = todos(path.read_bytes())[1]
    assert (again["UID"], again["DUE"].dt) == (linen["UID"], date(2026, 7, 13))


def test_of_a_merged_guest_they_are_found_by_either_number(ctx: Context) -> None:
    main, other = (desk.guests.create(ctx, {"surname": name}) for name in ("Nowak", "Nowakowa"))
    number = desk.reminders.add(ctx, "Call", "fri", guest=other)
    desk.guest_merging.merge(ctx, main, [other], {})
    for guest in (main, other):
        assert [one.id for one in desk.reminders.listed(ctx, guest=guest)] == [number]
        query = ReminderQuery(kind="guest", number=guest)
        assert [one.id for one in desk.reminder_search.page(ctx, query)] == [number]


def test_a_department_with_open_reminders_is_not_removed(ctx: Context) -> None:
    room = desk.departments.add(ctx, "Night")
    number = desk.reminders.add(ctx, "Count the keys", "fri", department="Night")
    with pytest.raises(Conflict, match="Reminders are for Night"):
        desk.departments.remove(ctx, room)
    desk.reminders.done(ctx, number)
    desk.departments.remove(ctx, room)


def test_a_series_about_an_erased_guest_ends(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak"})
    number = desk.reminders.add(ctx, "Call Nowak", "fri", guest=guest, rule="every friday")
    desk.erasing.erase(ctx, guest, "asked for it")
    open_ones = desk.reminders.listed(ctx)
    for one in open_ones:
        desk.reminders.done(ctx, one.id)
    assert [one.id for one in desk.reminders.listed(ctx, include_done=True)] in ([], [number])
