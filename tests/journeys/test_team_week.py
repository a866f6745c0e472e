"""Three desks share the work of a morning, and the week's figures are worked out again from the journal (issue 6, Done when)."""

from __future__ import annotations

import csv
import json
import re
import smtplib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.base.redact import Secret
from crm_tui.cli.main import run
from crm_tui.demo.people import HOTEL_ADDRESS, HOTEL_ZONE
from crm_tui.desk.common.context import Actor, Context, open_context
from crm_tui.desk.ticketing.tickets import TicketQuery
from crm_tui.engine.lease import Lease
from crm_tui.engine.routing import RoutingWorker
from crm_tui.rules.money import Money
from crm_tui.screens.curtain.screen import Curtain
from crm_tui.screens.feedback.form import FeedbackForm
from crm_tui.screens.feedback.resolve import ResolveBox
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.screens.reports.report import ReportScreen
from crm_tui.screens.tickets.screen import TicketsScreen
from crm_tui.screens.working.form import SessionForm
from crm_tui.widgets.forms import Form
from tests.journeys.by_hand import ByHand
from tests.journeys.person import Person
from tests.journeys.sample_desk import SampleDesk

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
ASSIGN, PAUSE, HIDE = 3, 1, 1
"""Keys at most (UX, Keystroke budget; SPEC §10 and §13)."""
PIN = "7391"
COUNTED = (
    *("received", "opened", "done", "queue", "pending", "working_seconds", "invisible_seconds"),
    *("responses", "response_seconds", "response_seconds_working", "eligible_inquiries", "converted"),
    *("before_responses", "before_seconds", "before_seconds_working"),
    *("after_responses", "after_seconds", "after_seconds_working"),
)
HOURS = "Mon-Fri 08:10-18:00"
"""Some mail comes in before, and is answered within."""


@dataclass
class Team:
    """The sample hotel on a Monday morning, with a manager in the team, and its command line."""

    hotel: SampleDesk
    environment: pytest.MonkeyPatch
    mails: int = 0

    def cli(self, agent: str, *argv: str) -> tuple[int, str, str]:
        """A command, at the hour of the hotel's clock; its exit code and what it wrote."""
        self.environment.setenv("CRM_TUI_NOW", self.hotel.clock.now().isoformat())
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as error:
            code = run(["--home", str(self.hotel.home.data), "--agent", agent, *argv])
        self.wait(1)  # the clock of a command runs on from there
        return code, out.getvalue(), error.getvalue()

    def wait(self, minutes: float) -> None:
        """Time goes by."""
        self.hotel.clock.advance(timedelta(minutes=minutes))

    def write(self, count: int) -> list[str]:
        """Guests write to the hotel's SMTP server, and the engine does what it does; returns the subjects."""
        subjects = []
        with smtplib.SMTP("127.0.0.1", self.hotel.servers.smtp_port, timeout=20) as server:
            server.login(HOTEL_ADDRESS, self.hotel.servers.secret)
            for _each in range(count):
                self.mails += 1
                mail = EmailMessage()
                mail["From"], mail["To"] = f"Visitor {self.mails} <v{self.mails}@example.net>", HOTEL_ADDRESS
                mail["Subject"] = f"Room number {self.mails} in May"
                mail["Date"] = format_datetime(self.hotel.clock.now())
                mail["Message-ID"] = f"<visitor{self.mails}@example.net>"
                mail.set_content("Good morning, is it free from 3 May?\n")
                server.send_message(mail)
                subjects.append(str(mail["Subject"]))
        self.wait(4)  # mail is fetched later than it comes
        self.hotel.fetch_until(lambda: set(subjects) <= {row.subject for row in self.hotel.rows("Inbox")})
        self.share_out()
        return subjects

    def share_out(self) -> None:
        """What the engine's routing does next."""
        lease = Lease(self.hotel.ctx)
        assert lease.tick()
        try:
            RoutingWorker(self.hotel.ctx, lease).step()
        finally:
            lease.release()

    def loads(self) -> dict[str, int]:
        """How much everybody who works has in hand."""
        return {one.agent: one.assigned for one in desk.tickets.loads(self.hotel.ctx) if one.running}

    def holders(self, subjects: list[str]) -> list[str]:
        """Who has those tickets."""
        rows = desk.tickets.page(self.hotel.ctx, TicketQuery(), limit=500).rows
        return [row.agent for subject in subjects for row in rows if row.subject == subject]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    hotel = SampleDesk(tmp_path / "home")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    hotel.open()
    made = Team(hotel, monkeypatch)
    assert made.cli("Ana", "agent", "add", "Eva", "--role", "manager", "--department", "Reception")[0] == 0
    assert made.cli("Ana", "property", "set", "--hours", HOURS)[0] == 0
    yield made
    hotel.close()


@asynccontextmanager
async def seated(team: Team, name: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Person]:
    """One of the team at a desk of their own on the one store."""
    hotel = team.hotel

    def opener() -> Context:
        return open_context(hotel.home, hotel.settings, clock=hotel.clock, agent=name, env={})

    app = DeskApp(hotel.home, hotel.settings, opener, clock=hotel.clock)
    async with app.run_test(size=size) as pilot:
        person = Person(app, pilot)
        person.quick = True
        await person.until(lambda: app.ctx is not None)
        yield person


async def test_three_desks_share_a_morning_and_its_figures_are_right(team: Team, tmp_path: Path) -> None:
    async with seated(team, "Eva", (150, 45)) as eva, seated(team, "Leo") as leo, seated(team, "Łucja") as lucja:
        await _mail_is_shared_out(team, eva, leo, lucja)
        await _the_manager_moves_a_ticket(team, eva, lucja)
        await _guests_are_answered(team, leo, lucja)
        await _a_complaint_is_compensated(team, lucja)
        await _the_desk_is_hidden_and_changes_hands(team, leo)
        await _the_timesheet_is_corrected(team, eva)
        _what_the_screen_hides_is_refused(team)
        await _the_week_is_right(team, eva, tmp_path)


async def _mail_is_shared_out(team: Team, eva: Person, leo: Person, lucja: Person) -> None:
    """What comes in goes to the two who work, evenly; to the other alone once one has paused."""
    new = team.write(4)
    assert sorted(team.holders(new)) == ["Leo", "Leo", "Łucja", "Łucja"]
    loads = team.loads()
    assert set(loads) == {"Leo", "Łucja"}
    assert abs(loads["Leo"] - loads["Łucja"]) <= 1
    for person in (eva, leo, lucja):
        await person.press("9")
        assert person.at(TicketsScreen)
    await leo.until(lambda: "takes tickets" in leo.seen())
    leo.keys = 0
    await leo.press("ctrl+n")
    assert leo.keys <= PAUSE
    await leo.until(lambda: "intake paused" in leo.seen())
    await eva.until(lambda: "‖ Leo" in eva.seen())
    assert set(team.holders(team.write(3))) == {"Łucja"}
    await lucja.until(lambda: f"{team.loads()['Łucja']} open" in lucja.seen())


async def _the_manager_moves_a_ticket(team: Team, eva: Person, lucja: Person) -> None:
    """The manager sees all queues, looks without opening, and gives one of Łucja's tickets to Leo, who has paused."""
    screen = eva.at(TicketsScreen)
    assert screen is not None
    open_ones = len(desk.tickets.page(team.hotel.ctx, TicketQuery(), limit=500).rows)
    await eva.until(lambda: f"{open_ones} tickets" in eva.seen())
    await eva.press("end")
    row = screen.list.current
    assert row is not None
    assert (row.agent, row.state) == ("Łucja", "assigned")
    before = team.loads()
    eva.keys = 0
    await eva.press("a", "l")
    assert eva.keys <= ASSIGN
    await eva.until(lambda: team.holders([row.subject]) == ["Leo"])
    assert team.loads() == {"Leo": before["Leo"] + 1, "Łucja": before["Łucja"] - 1}
    await lucja.until(lambda: f"{before['Łucja'] - 1} open" in lucja.seen())
    moved = desk.tickets.get(team.hotel.ctx, row.id)
    assert (moved.seen_at, moved.pinned, moved.why) == (None, True, "Given by Eva.")
    team.share_out()
    assert team.holders([row.subject]) == ["Leo"], "what is given by hand is not moved by itself"


async def _cursor_on(person: Person, state: str) -> None:
    """The first ticket of the list that stands so."""
    screen = person.at(TicketsScreen)
    assert screen is not None
    await person.press("home")
    while screen.list.current is None or screen.list.current.state != state:
        before = screen.list.current
        await person.press("down")
        assert screen.list.current != before, f"none is {state}"


async def _guests_are_answered(team: Team, leo: Person, lucja: Person) -> None:
    """Leo answers the one that he was given, an inquiry, and asks the manager about another; Łucja's guest has booked by
    telephone, so that she marks the mail as needing no answer."""
    team.wait(20)
    hotel = team.hotel
    await _cursor_on(leo, "assigned")
    assert team.cli("Leo", "inquiry", "new", "--from", _conversation(leo))[0] == 0
    await leo.press("enter", "r")
    await leo.burst(*"Yes, it is free.")
    await leo.press("ctrl+s")
    assert leo.at(MailScreen)
    assert hotel.deliver() == 1
    await leo.press("9")
    await _cursor_on(leo, "assigned")
    await leo.press("P")
    await leo.burst(*"May they have a late check-out?")
    await leo.press("enter")
    await leo.until(lambda: len(desk.tickets.page(hotel.ctx, TicketQuery("pending")).rows) == 2)
    team.wait(7)
    await _cursor_on(lucja, "assigned")
    code, out, _error = team.cli("Łucja", "--json", "inquiry", "new", "--from", _conversation(lucja))
    stay = ("--status", "confirmed", "--arrival", "2027-05-03", "--departure", "2027-05-06")
    assert (code, team.cli("Łucja", "reservation", "new", "--inquiry", _made(out), *stay)[0]) == (0, 0)
    await lucja.press("enter", "x", "9")
    await leo.press("ctrl+n")
    await leo.until(lambda: "takes tickets" in leo.seen())


def _conversation(person: Person) -> str:
    """The number of the conversation under the cursor of the list of tickets."""
    screen = person.at(TicketsScreen)
    assert screen is not None
    assert screen.list.current is not None
    return str(screen.list.current.conversation)


def _made(out: str) -> str:
    """The number of what a command made."""
    return str(json.loads(out)["id"])


async def _a_complaint_is_compensated(team: Team, lucja: Person) -> None:
    """Two bottles of wine for the noise, at what they cost now; what they cost later changes nothing."""
    await lucja.press("0", "U")
    assert lucja.at(FeedbackForm)
    await lucja.burst(*"The lift rattled")
    await lucja.press("tab")
    await lucja.burst(*"noise")
    await lucja.press("enter", "tab")
    await lucja.burst(*"311")
    await lucja.press("ctrl+s")
    (made,) = (one for one in desk.feedback.open_page(team.hotel.ctx) if one.room == "311")
    team.wait(6)
    await lucja.press("home", "e")
    assert lucja.at(ResolveBox)
    await lucja.burst(*"Moved to 204")
    await lucja.press("tab")
    await lucja.burst(*"bottle")
    await lucja.press("enter")
    await lucja.burst(*"2")
    await lucja.press("ctrl+s")
    assert lucja.at(ResolveBox) is None, lucja.seen()
    assert "✔" in lucja.seen()
    assert team.cli("Ana", "quality", "item", "change", "bottle of wine", "--value", "99")[0] == 0
    (given,) = desk.feedback.get(team.hotel.ctx, made.id).given
    assert (given.quantity, given.value) == (2, Money(18_50, "EUR"))


async def _the_desk_is_hidden_and_changes_hands(team: Team, leo: Person) -> None:
    """One key hides everything; wrong PINs wait longer and longer; somebody else sees their own."""
    subject = "Room number 1 in May"
    _set_pin(team, "Leo")
    leo.keys = 0
    await leo.press("ctrl+l")
    assert leo.keys <= HIDE
    await leo.until(lambda: leo.at(Curtain) is not None)
    assert subject not in leo.seen()
    await _try_pin(leo, "1111")
    assert "That is not the PIN. Try again in 1 second." in leo.seen()
    _guessed(team, "pin_failures = 9")
    await _try_pin(leo, PIN)
    assert "Too soon after a wrong PIN" in leo.seen()
    code, _out, error = team.cli("Łucja", "timer", "show")
    assert code == 0, f"nobody else waits: {error}"
    _guessed(team, "pin_failed_at = '2026-01-01 00:00:00.000000'")
    await _try_pin(leo, PIN)
    await leo.until(lambda: leo.at(Curtain) is None)
    await leo.press("ctrl+g")
    await leo.burst(*"Łucja")
    await leo.press("enter")
    await leo.until(lambda: "· Łucja ·" in leo.seen())


def _set_pin(team: Team, name: str) -> None:
    who = desk.team.find(team.hotel.ctx, name)
    desk.sign_in.set_pin(team.hotel.ctx.acting_as(Actor(who.id, who.name, who.role)), Secret(PIN))


def _guessed(team: Team, so: str) -> None:
    """As if it had been tried more often, or longer ago: these delays go by the machine's own time."""
    with team.hotel.ctx.write() as tx:
        tx.connection.exec_driver_sql(f"UPDATE agent SET {so} WHERE name = 'Leo'")


async def _try_pin(person: Person, pin: str) -> None:
    await person.burst(*pin)
    await person.press("enter")


async def _the_timesheet_is_corrected(team: Team, eva: Person) -> None:
    """Both end their shift; Leo had come an hour earlier than his timer says."""
    team.wait(30)
    assert team.cli("Łucja", "timer", "stop")[0] == 0
    assert team.cli("Ana", "agent", "pin", "Leo", "--remove")[0] == 0
    assert team.cli("Leo", "timer", "stop")[0] == 0
    await eva.press("g", "W", "down")
    await eva.until(lambda: " Leo · " in eva.seen())
    await eva.press("tab", "home", "down", "E")
    form = eva.at(SessionForm)
    assert form is not None
    await eva.burst(*"2026-11-23 04:00")
    await eva.press("tab", "tab")
    await eva.burst(*"He let the baker in")
    await eva.press("ctrl+s")
    await eva.until(lambda: eva.at(SessionForm) is None)
    assert re.search(r"✎ Mon 23 Nov +04:00 – 09:\d\d .*He let the baker in", eva.seen()), eva.seen()


def _what_the_screen_hides_is_refused(team: Team) -> None:
    """An agent tries by command line what is a manager's; a desk that only reads writes nothing."""
    for tried in (
        ("report", "productivity", "--period", "week"),
        ("report", "response-times", "--of", "Leo"),
        ("journal",),
        ("timer", "add", "Łucja", "--started", "01:00", "--stopped", "02:00", "--reason", "x"),
        ("agent", "set", "Łucja", "--role", "manager"),
        ("quality", "item", "add", "Gold", "1"),
    ):
        code, out, error = team.cli("Łucja", *tried)
        assert (code, out) == (1, ""), tried
        assert "Only a" in error
    code, out, error = team.cli("Łucja", "report", "productivity", "--period", "week", "--of", "me")
    assert code == 0, error
    assert "Leo" not in out
    code, _out, error = team.cli("Eva", "--readonly", "feedback", "add", "negative", "x", "--room", "1")
    assert code == 1
    assert "read only" in error


async def _the_week_is_right(team: Team, eva: Person, place: Path) -> None:
    """The manager exports the week; every figure is what the journal gives."""
    path = place / "week.csv"
    await eva.press("g", "c")
    await eva.until(lambda: "REPORTS · 12 reports" in eva.seen())
    await eva.press("j", "j", "enter")
    await eva.until(lambda: eva.at(ReportScreen) is not None and "PRODUCTIVITY · 5 rows · 23–29 Nov" in eva.seen())
    await eva.press("X")
    eva.app.screen.query_one(Form).fields["path"].value = str(path)
    await eva.press("ctrl+s")
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    code, out, error = team.cli("Eva", "--json", "journal", "--limit", "0")
    assert code == 0, error
    hand = ByHand((json.loads(line) for line in out.splitlines()), MONDAY, SUNDAY, ZoneInfo(HOTEL_ZONE))
    figures = hand.productivity()
    assert {row["agent"] for row in rows} >= {"Leo", "Łucja"}
    for row in rows:
        by_hand = {name: figures.get(row["agent"], Counter[str]())[name] for name in COUNTED}
        assert {name: int(row[name]) for name in COUNTED} == by_hand, row["agent"]
    week = figures["total"]
    assert all(week[name] > 0 for name in COUNTED)
    assert week["response_seconds_working"] < week["response_seconds"]
    assert week["converted"] < week["eligible_inquiries"]
    code, out, error = team.cli("Eva", "report", "productivity", "--period", "week", "--json")
    (total,) = (line for line in map(json.loads, out.splitlines()) if line.get("total"))
    assert {name: total[name] for name in COUNTED} == {name: week[name] for name in COUNTED}
    cost = team.cli("Eva", "report", "complaint-costs", "--period", "week", "--csv", "-")[1]
    found = {row["code"]: row["cost"] for row in csv.DictReader(cost.splitlines())}
    assert found == {code: f"{minor / 100:.2f}" for code, minor in hand.given("feedback", "resolve").items()}
    assert found == {"noise": "37.00"}
