"""A receptionist's work with inquiries, counted in keystrokes against UX.md's budget."""

from __future__ import annotations

from datetime import date

from crm_tui import desk
from crm_tui.desk.common.views import ListQuery
from crm_tui.screens.inquiries.detail import InquiryScreen
from tests.journeys.person import at_the_desk
from tests.screens.inquiries.conftest import Desk, _morning, busy

__all__ = ["_morning", "busy"]


async def test_a_mail_becomes_an_inquiry_with_dates_and_guest_in_three_keys(busy: Desk) -> None:
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("2")
        before = ana.keys
        await ana.press("i", "y", "escape")
        assert ana.keys - before <= 3
        number = desk.inquiries.of_conversation(busy.ctx, busy.loose)
        assert number is not None
        view = busy.view(number)
        assert (view.arrival, view.departure, view.adults) == (date(2027, 7, 12), date(2027, 7, 19), 2)
        assert view.proposed == {}
        assert view.holder is not None
        assert (view.holder.name, view.holder.email) == ("Łucja Nowak", "lucja@poczta.example")
        assert desk.folders.total(busy.ctx, ListQuery("Inquiries")) == 2


async def test_making_it_is_taken_back_with_one_key(busy: Desk) -> None:
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("2", "i", "escape", "z")
        await ana.until(lambda: desk.inquiries.of_conversation(busy.ctx, busy.loose) is None)
        assert desk.folders.total(busy.ctx, ListQuery("Inbox")) == 1


async def test_a_mail_that_has_an_inquiry_leads_to_it(busy: Desk) -> None:
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("g", "q", "i")
        shown = ana.at(InquiryScreen)
        assert shown is not None
        assert shown.number == busy.mailed
        await ana.press("escape", "I")
        assert ana.at(InquiryScreen) is not None


async def test_one_that_has_an_inquiry_elsewhere_goes_to_inquiries(busy: Desk) -> None:
    desk.triage.move(busy.ctx, [busy.conversation], "Done")
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("g", "e", "i")
        await ana.until(lambda: desk.folders.total(busy.ctx, ListQuery("Inquiries")) == 1)


async def test_a_mail_tells_its_inquiry_and_what_is_noted(busy: Desk) -> None:
    desk.memos.add(busy.ctx, "Wants a cot.", inquiry=busy.mailed)
    desk.reminders.add(busy.ctx, "Call back", date(2026, 11, 24), inquiry=busy.mailed)
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("g", "q", "enter")
        await ana.until(lambda: f"⌂ Inquiry {busy.mailed} · ● new · Ana" in ana.seen())
        assert "▸ 1 memo · 1 reminder · plan 24 Nov   Wants a cot." in ana.seen()


async def test_a_memo_on_a_mail_is_two_keys_and_its_text(busy: Desk) -> None:
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("2", "enter")
        before = ana.keys
        await ana.press("c")
        await ana.write("Ask Leo first.")
        await ana.press("ctrl+s")
        assert ana.keys - before <= 2
        assert [memo.text for memo in desk.memos.listed(busy.ctx, conversation=busy.loose)] == ["Ask Leo first."]
        await ana.until(lambda: "▸ 1 memo" in ana.seen())
        await ana.press("C")
        assert "Ask Leo first." in ana.seen()


async def test_an_inquiry_on_the_phone_from_anywhere(busy: Desk) -> None:
    async with at_the_desk(busy.hotel) as ana:
        before = ana.keys
        await ana.press("N")
        await ana.write("petit m")
        await ana.press("enter")
        await ana.press("ctrl+s")
        assert ana.keys - before <= 3
        shown = ana.at(InquiryScreen)
        assert shown is not None
        assert busy.view(shown.number).title == "Marie Petit"


async def test_status_handler_and_undo_from_the_list(busy: Desk) -> None:
    async with at_the_desk(busy.hotel) as ana:
        await ana.press("3", "enter")
        before = ana.keys
        await ana.press("S", "p")
        assert ana.keys - before == 2
        assert busy.view(busy.phoned).status == "in progress"
        await ana.press("a", "a")
        assert busy.view(busy.phoned).handler == "Ana"
        await ana.press("z")
        await ana.until(lambda: busy.view(busy.phoned).handler == "Leo")
        await ana.press("z")
        await ana.until(lambda: busy.view(busy.phoned).status == "new")
