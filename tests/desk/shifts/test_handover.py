"""The handover between shifts: made of what is open, acknowledged line by line (SPEC §9)."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.desk.common.context import Context
from crm_tui.desk.shifts import handover_lines
from crm_tui.desk.shifts.handover_text import as_text
from crm_tui.desk.shifts.handover_views import HandoverView, Sheet
from tests.desk.asked import add_guest, add_inquiry
from tests.desk.bookings import add_reservation, pay
from tests.desk.house import NOW, add_account, come_in, mail
from tests.desk.journeys import add_flight, add_line
from tests.desk.undoing.test_undo import another

TODAY = NOW.date()


def waitlisted(ctx: Context, number: int = 1) -> int:
    """A guest's answer on the waitlist."""
    letter = mail(message_id=f"w{number}@x", subject=f"Offer {number}", sender=f"Marta <m{number}@example.org>")
    conversation = next(iter(come_in(ctx, letter).conversations))
    desk.triage.move(ctx, [conversation], "Waitlist")
    return conversation


def texts(view: HandoverView) -> list[str]:
    return [line.text for line in view.lines]


def test_the_page_holds_what_is_open_and_the_last_acknowledgement_closes_it(ctx: Context) -> None:
    add_account(ctx)
    leo, conversation = another(ctx), waitlisted(ctx)
    desk.feedback.add(ctx, "negative", room="204", code="noise", comment="All night")
    desk.reminders.add(ctx, "Call the taxi", TODAY - timedelta(days=1))
    desk.reminders.add(ctx, "Tomorrow's", TODAY + timedelta(days=1))
    number = desk.handover.make(ctx, "Keys of 12 are at the porter's\n\nTaxi at 5:30")
    (page,) = desk.handover.open_pages(leo)
    assert (page.id, page.author, page.waiting) == (number, "Ana", 5)
    assert [line.kind for line in page.lines] == ["note", "note", "waitlist", "complaint", "reminder"]
    assert texts(page)[1:] == [
        "Taxi at 5:30",
        "Marta · Offer 1 · waits since 1 Jul 2026 09:00",
        "204 · noise · All night",
        "Call the taxi · overdue since 30 Jun 2026 · Ana",
    ]
    assert (page.lines[2].where, page.lines[2].at) == ("conversation", conversation)
    first, *others = [line.id for line in page.lines]
    assert desk.handover.acknowledge(leo, [first], "hung up again") == 1
    taken = desk.handover.get(ctx, number).lines[0]
    assert (taken.acknowledged_by, taken.acknowledged_at, taken.note) == ("Leo", NOW, "hung up again")
    assert desk.handover.open_counts(ctx) == (1, 4)
    assert desk.handover.acknowledge(ctx, [first, *others]) == 4  # what Leo took stays Leo's
    assert desk.handover.get(ctx, number).lines[0].acknowledged_by == "Leo"
    assert (desk.handover.open_pages(ctx), desk.handover.open_counts(ctx)) == ([], (0, 0))
    assert desk.handover.get(ctx, number).closed_at == NOW
    desk.undo.undo(ctx)
    assert desk.handover.open_counts(ctx) == (1, 4)
    assert desk.undo.undo(leo).text == "“Keys of 12 are at the porter's” waits again."
    assert desk.handover.open_counts(ctx) == (1, 5)


def test_lines_stay_as_they_were_and_say_what_was_settled_meanwhile(ctx: Context) -> None:
    add_account(ctx)
    conversation = waitlisted(ctx)
    complaint = desk.feedback.add(ctx, "negative", room="204", comment="Noise")
    reminder = desk.reminders.add(ctx, "Call", TODAY)
    number = desk.handover.make(ctx)
    assert {line.settled for line in desk.handover.get(ctx, number).lines} == {""}
    before = texts(desk.handover.get(ctx, number))
    desk.triage.no_answer_needed(ctx, [conversation])
    desk.feedback.resolve(ctx, complaint)
    desk.reminders.done(ctx, reminder)
    page = desk.handover.get(ctx, number)
    assert texts(page) == before
    assert [line.settled for line in page.lines] == ["answered", "resolved", "done"]
    assert page.waiting == 3  # settled is not acknowledged


def test_what_waits_for_a_manager_is_handed_over_and_waits_on_the_start_screen_of_managers_only(ctx: Context) -> None:
    add_account(ctx)
    leo = another(ctx)
    conversation = next(iter(come_in(ctx, mail(message_id="p@x", sender="Marta <m@example.org>")).conversations))
    ticket = desk.tickets.of_conversation(ctx, conversation)
    assert ticket is not None
    desk.tickets.take(leo, [ticket.id])
    desk.tickets.set_pending(leo, [ticket.id], "10 % off?")
    assert (desk.morning.read(ctx).pending, desk.morning.read(leo).pending) == (1, 0)
    page = desk.handover.get(ctx, desk.handover.make(leo))
    (line,) = page.lines
    assert (line.kind, line.where, line.at, line.settled) == ("pending", "conversation", conversation, "")
    assert line.text == f"Marta · {ticket.subject} · 10 % off? · Leo · since 1 Jul 2026 11:00"
    desk.tickets.resume(ctx, [ticket.id])
    assert desk.handover.get(ctx, page.id).lines[0].settled == "decided"
    desk.triage.no_answer_needed(ctx, [conversation])
    assert desk.handover.get(ctx, page.id).lines[0].settled == "answered"
    assert desk.morning.read(ctx).pending == 0


def test_flights_and_payments_are_on_it_until_somebody_sees_to_them(ctx: Context) -> None:
    guest = add_guest(ctx, "Nowak", "Łucja", phones=["+48601234567"])
    stay = add_reservation(ctx, "M-1", guest, currency="EUR")
    add_line(ctx, stay, "deposit", TODAY - timedelta(days=2), 300_00)
    flight = add_flight(ctx, stay, "LO 351", "WAW-PMI", "2026-07-02T06:40", "2026-07-02T09:20")
    number = desk.handover.make(ctx)
    page = desk.handover.get(ctx, number)
    assert texts(page) == [
        "Łucja Nowak · LO 351 · WAW→PMI · 2 Jul 2026 06:40 · +48 601 234 567",
        "Łucja Nowak · M-1 · Z €300.00 · overdue since 29 Jun 2026 · +48 601 234 567",
    ]
    assert {(line.where, line.at) for line in page.lines} == {("reservation", stay)}
    desk.departures.inform(ctx, [flight])
    pay(ctx, stay, TODAY, 300_00)
    assert [line.settled for line in desk.handover.get(ctx, number).lines] == ["informed by Ana", "paid"]
    desk.departures.set_times(ctx, flight, desk.departures.version_of(ctx, flight), departs="9:50", arrives="12:30")
    assert [line.settled for line in desk.handover.get(ctx, number).lines] == ["", "paid"]


def test_a_payment_of_nobody_yet_names_the_code_once(ctx: Context) -> None:
    stay = add_reservation(ctx, "M-1", currency="EUR")
    add_line(ctx, stay, "deposit", TODAY - timedelta(days=2), 300_00)
    assert texts(desk.handover.get(ctx, desk.handover.make(ctx))) == ["M-1 · Z €300.00 · overdue since 29 Jun 2026"]


def test_a_new_page_takes_over_what_nobody_acknowledged_of_the_one_before(ctx: Context) -> None:
    leo = another(ctx)
    desk.feedback.add(ctx, "negative", room="204", comment="Noise")
    first = desk.handover.make(ctx, "Keys\nTaxi")
    desk.handover.acknowledge(leo, [desk.handover.get(ctx, first).lines[0].id])
    second = desk.handover.make(leo)
    (page,) = desk.handover.open_pages(ctx)
    assert (page.id, texts(page)) == (second, ["Taxi", "204 · Noise"])
    old = desk.handover.get(ctx, first)
    assert old.closed_at is not None
    assert [line.note for line in old.lines] == ["", "handed on", "handed on"]
    assert desk.undo.undo(leo).text == "The handover is taken back; the page before is open again."
    assert [one.id for one in desk.handover.open_pages(ctx)] == [first]


def test_nothing_hidden_is_handed_over_and_what_is_ones_own_stays(ctx: Context) -> None:
    add_account(ctx)
    leo, mia = another(ctx), another(ctx, "Mia")
    mine, leos = waitlisted(ctx, 1), waitlisted(ctx, 2)
    add_inquiry(ctx, scope="a1", conversations=[mine])
    desk.reminders.add(ctx, "For all", TODAY)
    sheet = desk.handover.draft(ctx)
    assert (len(sheet.items), sheet.left_out) == (2, 1)
    number = desk.handover.make(ctx)
    add_inquiry(ctx, scope=f"a{leo.actor.id}", conversations=[leos])
    hidden = desk.handover.get(leo, number).lines[0]
    page = desk.handover.get(mia, number)
    assert (texts(page), page.hidden) == (["For all · Ana"], 1)
    with pytest.raises(NotFound, match=f"no line {hidden.id}"):
        desk.handover.acknowledge(mia, [hidden.id])
    desk.handover.acknowledge(mia, [page.lines[0].id])
    assert desk.handover.open_pages(mia)[0].waiting == 0  # Leo's line is still to be taken
    desk.handover.acknowledge(leo, [hidden.id])
    assert desk.handover.open_pages(mia) == []


def test_what_the_author_may_not_see_is_handed_on_to_those_who_may(ctx: Context) -> None:
    add_account(ctx)
    leo, mia = another(ctx), another(ctx, "Mia")
    talk = waitlisted(ctx)
    desk.handover.make(ctx, "Keys")
    add_inquiry(ctx, scope=f"a{leo.actor.id}", conversations=[talk])
    assert desk.handover.open_counts(mia) == (1, 1)  # as many as the page shows her
    assert desk.handover.open_counts(leo) == (1, 2)
    assert len(desk.handover.draft(mia).items) == 1
    made = desk.handover.make(mia)
    assert texts(desk.handover.get(mia, made)) == ["Keys"]
    assert [line.thing for line in desk.handover.get(leo, made).lines] == [None, talk]
    desk.triage.no_answer_needed(leo, [talk])
    assert texts(desk.handover.get(leo, desk.handover.make(mia))) == ["Keys"]  # settled: it goes no further


def test_notes_of_a_page_that_is_made_at_the_same_time_are_kept(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    leo, gather = another(ctx), handover_lines.gather
    made: list[int] = []

    def meanwhile(own: Context) -> Sheet:
        if own is ctx and not made:
            made.append(desk.handover.make(leo, "Leo's note"))
        return gather(own)

    monkeypatch.setattr(handover_lines, "gather", meanwhile)
    page = desk.handover.get(ctx, desk.handover.make(ctx, "Ana's note"))
    assert texts(page) == ["Ana's note", "Leo's note"]


def test_a_page_that_somebody_took_lines_of_is_not_taken_back(ctx: Context) -> None:
    leo = another(ctx)
    number = desk.handover.make(ctx, "Keys\nTaxi")
    desk.handover.acknowledge(leo, [desk.handover.get(ctx, number).lines[0].id])
    with pytest.raises(Conflict):
        desk.undo.undo(ctx)
    assert [one.id for one in desk.handover.open_pages(leo)] == [number]


def test_a_flight_that_has_left_is_settled(ctx: Context) -> None:
    stay = add_reservation(ctx, "M-1", add_guest(ctx, "Nowak"))
    add_flight(ctx, stay, "LO 351", "WAW-PMI", "2026-07-02T06:40")
    number = desk.handover.make(ctx)
    assert isinstance(ctx.clock, FixedClock)
    ctx.clock.instant = NOW + timedelta(days=1)
    assert desk.handover.get(ctx, number).lines[0].settled == ""  # on its day it is watched still
    ctx.clock.instant = NOW + timedelta(days=2)
    assert desk.handover.get(ctx, number).lines[0].settled == "left"


def test_an_empty_page_and_an_endless_note_are_refused(ctx: Context) -> None:
    with pytest.raises(Conflict, match="Nothing is open"):
        desk.handover.make(ctx, " \n ")
    with pytest.raises(InvalidInput) as wrong:
        desk.handover.make(ctx, "x" * 2001)
    assert wrong.value.field == "note"
    with pytest.raises(NotFound):
        desk.handover.get(ctx, 99)
    with pytest.raises(NotFound):
        desk.handover.acknowledge(ctx, [99])


@pytest.mark.parametrize("width", [10, 46, 80])
def test_a_printed_page_is_as_wide_as_wished_and_whole(ctx: Context, width: int) -> None:
    desk.feedback.add(ctx, "negative", room="204", comment="It was so loud all night that nobody could sleep " * 3)
    number = desk.handover.make(ctx, "Keys are at the porter's")
    desk.handover.acknowledge(ctx, [desk.handover.get(ctx, number).lines[0].id], "hung up")
    text = as_text(desk.handover.get(ctx, number), UTC, width=width, title="Hotel")
    assert max(len(line) for line in text.splitlines()) <= max(40, width)
    words = " ".join(text.split())
    assert "[x] Keys are at the porter's → Ana, 1 Jul 2026 09:00 · hung up" in words
    assert words.count("nobody could sleep") == 3
    assert "Open complaints (1)" in text
    assert text.startswith("Hotel\n")
    assert "What a handover made now would hold" in as_text(desk.handover.draft(ctx), UTC)
