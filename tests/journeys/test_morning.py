"""A whole morning at the sample hotel by keyboard alone: forty new mails are triaged, Inquiries ends empty (issue 3, Done when)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.demo import morning
from crm_tui.desk.common.views import ConversationRow
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.mail.screen import MailScreen
from crm_tui.screens.run.screen import RunScreen
from crm_tui.screens.templates.pick import TemplatePick
from tests.journeys.person import Person, at_the_desk
from tests.journeys.sample_desk import SampleDesk

GREETINGS = ("Dear", "Buenos", "Hola", "Estimad", "Dzień", "Bonjour")
ANSWER, INQUIRY, ASSIGN, MEMO, UNDO = 6, 3, 3, 2, 1
"""Keys at most (UX, Keystroke budget), letters and text not counted."""
PHONED = 12
"""So many inquiries are settled on the telephone."""
MEMO_TEXT = "Ask Łucja first."


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[SampleDesk]:
    made = SampleDesk(tmp_path / "home")
    made.open()
    yield made
    made.close()


@dataclass
class Work:
    """How the morning is worked through, and what was done.

    Attributes:
        most: keys that a task took, the most of all times, by task.
        done: conversations by what was done with them, in order.
    """

    hotel: SampleDesk
    ana: Person
    most: Counter[str] = field(default_factory=Counter)
    done: dict[str, list[int]] = field(default_factory=dict)

    async def counted(self, task: str, number: int, work: Awaitable[None], before: int) -> None:
        """Do a task and remember how many keys it took."""
        await work
        self.most[task] = max(self.most[task], self.ana.keys - before)
        self.done.setdefault(task, []).append(number)

    async def press(self, *keys: str) -> None:
        """Keys as fast as a hand is that knows them: the desk is waited for after the last one only."""
        self.ana.keys += len(keys)
        await self.ana.burst(*keys)

    def shown(self) -> ConversationRow:
        """The conversation that the run shows."""
        run = self.ana.at(RunScreen)
        assert run is not None
        assert run.tally.row is not None
        return run.tally.row

    async def answer(self, letters: str) -> None:
        """Answer what is shown with a template, and put it on the waitlist."""
        await self.press("r")
        await self.press("ctrl+t")
        assert self.ana.at(TemplatePick)
        await self.ana.burst(*letters)
        await self.press("enter")
        writing = self.ana.at(ComposeScreen)
        assert writing is not None
        assert writing.editor.text.startswith(GREETINGS), writing.editor.text
        await self.press("f6")
        assert self.ana.at(ComposeScreen) is None, self.ana.seen()

    async def inquiry(self, number: int) -> None:
        """Make an inquiry of what is shown, take over what was read, and come back."""
        await self.press("i")
        shown = self.ana.at(InquiryScreen)
        assert shown is not None
        if shown.view is not None and shown.view.proposed:
            await self.press("y")
        await self.press("escape")
        made = desk.inquiries.of_conversation(self.hotel.ctx, number)
        assert made is not None
        assert desk.inquiries.get(self.hotel.ctx, made).proposed == {}

    async def memo(self) -> None:
        """Write a memo on what is shown."""
        await self.press("c")
        await self.ana.burst(*MEMO_TEXT)
        await self.press("ctrl+s")

    async def take_back(self, task: str, row: ConversationRow) -> None:
        """``z``: the conversation is as it was, and on the screen again."""
        before = self.ana.keys
        await self.press("z")
        self.most["undo"] = max(self.most["undo"], self.ana.keys - before)
        await self.ana.until(lambda: not self.over and self.shown().id == row.id)
        now = self.hotel.row(row.id)
        assert (now.folder, now.assignee, now.unanswered) == (row.folder, row.assignee, row.unanswered)
        assert self.done[task].pop() == row.id

    async def decide(self) -> str:
        """One conversation of the run, as a receptionist would; returns what was done."""
        row, before = self.shown(), self.ana.keys
        task = task_of(row)
        keys = {"spam": "exclamation_mark", "thanks": "x", "done": "e"}
        if task == "inquiry":
            await self.counted("inquiry", row.id, self.inquiry(row.id), before)
        elif task == "assign":
            await self.counted("assign", row.id, self.ana.press("a", "l"), before)
        elif task == "complaint":
            await self.counted("memo", row.id, self.memo(), before)
            await self.counted("snooze", row.id, self.ana.press("s", "t"), self.ana.keys)
        elif task in keys:
            await self.counted(task, row.id, self.press(keys[task]), before)
        else:
            await self.counted("answer", row.id, self.answer("first"), before)
        await self.ana.until(lambda: self.over or self.shown().id != row.id)
        return task

    @property
    def over(self) -> bool:
        """Whether the run is through."""
        run = self.ana.at(RunScreen)
        return run is None or run.tally.row is None


def task_of(row: ConversationRow) -> str:
    """What a receptionist sees at a glance: who writes, and about what."""
    sender, subject = row.counterpart.address.partition("@")[2], row.subject.casefold()
    if sender in {"mailbox-quota.example", "bases-pro.example", "top-ranking-now.example", "recouvrement-rapide.example",
                  "voucher-centrum.example"}:  # fmt: skip
        return "spam"
    if sender == "lavanderia-balear.example":
        return "done"
    for task, words in _WORDS.items():
        if any(word in subject for word in words):
            return task
    return "answer"


_WORDS = {
    "thanks": ("thank", "gracias", "merci", "podziękowania"),
    "assign": ("flight", "vuelo", "horaire", "przylotu", "llegada", "arriv", "przyjazd, "),
    "complaint": ("cold", "noise", "queja", "réclamation", "reklamacja", "hałas"),
    "inquiry": ("anniversary", "cousins", "cycling", "escapada", "generaciones", "curso", "séjour du", "vacances à",
                "randonneurs", "pobyt od", "dziadkami", "kurs", "double", "family", "familia"),
}  # fmt: skip


async def test_a_morning_by_keyboard_alone(hotel: SampleDesk) -> None:
    new = {row.id for row in hotel.rows("Inbox", "unanswered")}
    assert len(new) == morning.WAITING
    async with at_the_desk(hotel, (110, 30)) as ana:
        ana.quick = True
        work = Work(hotel, ana)
        await triage_the_inbox(work)
        assert {number for ids in work.done.values() for number in ids} == new
        assert_triaged(work)
        await empty_the_inquiries(work)
        assert hotel.rows("Inquiries") == []
        assert {hotel.row(number).folder for number in work.done["answer"]} == {"Waitlist"}
        await the_guests_answer(work)
        await the_history_tells(work)
    assert work.most["answer"] <= ANSWER
    assert work.most["inquiry"] <= INQUIRY
    assert work.most["assign"] <= ASSIGN
    assert work.most["memo"] <= MEMO
    assert work.most["undo"] <= UNDO


async def triage_the_inbox(work: Work) -> None:
    """The run through the Inbox; the first of each kind of decision is taken back once."""
    ana, taken_back = work.ana, set[str]()
    await ana.press("2", "t")
    await ana.until(lambda: ana.at(RunScreen) is not None and not work.over)
    while not work.over:
        row = work.shown()
        task = await work.decide()
        if task in {"spam", "assign", "thanks", "done"} - taken_back:
            taken_back.add(task)
            await work.take_back(task, row)
            await work.decide()
    assert taken_back == {"spam", "assign", "thanks", "done"}
    await ana.press("escape")
    assert ana.at(MailScreen)
    assert work.hotel.deliver() == len(work.done["answer"])


def assert_triaged(work: Work) -> None:
    """What the desk holds after the run is what was decided."""
    rows = {task: [work.hotel.row(number) for number in ids] for task, ids in work.done.items()}
    assert min(len(found) for task, found in rows.items() if task != "done") >= 2, "several of each"
    assert {row.folder for row in rows["inquiry"]} == {"Inquiries"}
    assert {row.folder for row in rows["answer"]} == {"Waitlist"}
    assert {row.folder for row in rows["spam"]} == {"Spam"}
    assert {row.folder for row in rows["done"]} == {"Done"}
    assert {row.assignee for row in rows["assign"]} == {"Leo"}
    assert all(row.snoozed and row.snooze_for == "date" for row in rows["snooze"])
    assert not any(row.unanswered for row in rows["thanks"])
    for row in rows["memo"]:
        assert [memo.text for memo in desk.memos.listed(work.hotel.ctx, conversation=row.id)] == [MEMO_TEXT]


async def empty_the_inquiries(work: Work) -> None:
    """The oldest are answered in a run; what was settled on the telephone goes as a marked set, and comes back once."""
    hotel, ana = work.hotel, work.ana
    await ana.press("g", "q", "t")
    await ana.until(lambda: ana.at(RunScreen) is not None and not work.over)
    total = len(hotel.rows("Inquiries"))
    while len(work.done.get("inquiries", [])) < total - PHONED:
        row, before = work.shown(), ana.keys
        await work.counted("answer", row.id, work.answer("first"), before)
        work.done.setdefault("inquiries", []).append(row.id)
        await ana.until(lambda row=row: work.over or work.shown().id != row.id)  # type: ignore[misc]
    assert hotel.deliver() == total - PHONED
    await ana.press("escape", "home")
    screen = ana.at(MailScreen)
    assert screen is not None
    await ana.until(lambda: screen.list.total == PHONED)
    phoned = [row.id for row in hotel.rows("Inquiries")]
    assert len(phoned) == PHONED
    await work.press(*["space"] * PHONED, "w")
    assert {hotel.row(number).folder for number in phoned} == {"Waitlist"}
    before = ana.keys
    await ana.press("z")
    work.most["undo"] = max(work.most["undo"], ana.keys - before)
    assert {hotel.row(number).folder for number in phoned} == {"Inquiries"}
    await ana.until(lambda: screen.list.total == PHONED)
    await work.press("home", *["space"] * PHONED, "x")
    await work.press("home", *["space"] * PHONED, "w")
    assert not any(hotel.row(number).unanswered for number in phoned)


async def the_guests_answer(work: Work) -> None:
    """What went out through SMTP is answered; the answers come in through IMAP and raise the Waitlist's badge by one each."""
    hotel, ana = work.hotel, work.ana
    before = hotel.badge("Waitlist")
    assert badge_seen(ana, "Waitlist") == before
    sent = len(work.done["answer"])
    assert len(hotel.servers.accepted) == sent
    assert hotel.badge("Waitlist") == before, "what the hotel writes raises nothing"
    hotel.fetch_until(lambda: hotel.badge("Waitlist") == before + sent)
    await ana.until(lambda: badge_seen(ana, "Waitlist") == before + sent)
    assert badge_seen(ana, "Inquiries") == 0
    await ana.press("g", "w", "f")
    screen = ana.at(MailScreen)
    assert screen is not None
    await ana.until(lambda: screen.list.total == before + sent)


async def the_history_tells(work: Work) -> None:
    """Who did what with an inquiry, and when."""
    ana = work.ana
    number = desk.inquiries.of_conversation(work.hotel.ctx, work.done["inquiry"][0])
    assert number is not None
    shown = desk.inquiries.get(work.hotel.ctx, number)
    assert shown.handler == "Ana"
    await ana.press("slash")
    await ana.write(f"code:{number}")
    await ana.press("enter", "I", "H")
    seen = ana.seen()
    await ana.press("end")
    seen += ana.seen()
    for who, what in (
        (shown.title[:8], "wrote: "),  # a long name is cut short
        ("Ana", "made the inquiry"),
        ("Ana", "took over what was proposed"),
        ("Ana", "sent: "),
    ):
        assert re.search(rf" (now|\d+ min|\d\d:\d\d) . {re.escape(who)}.*{what}", seen), f"{who} {what}\n{seen}"


def badge_seen(ana: Person, folder: str) -> int:
    """The number that stands beside a folder in the left pane."""
    found = re.search(rf"^.?\s*{folder} +(\d+)", ana.seen(), re.MULTILINE)
    return int(found[1]) if found else 0
