"""One inquiry on one screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.app import DeskApp
from crm_tui.desk.common.views import ListQuery
from crm_tui.screens.compose.screen import ComposeScreen
from crm_tui.screens.dialogs.leader import LeaderMenu
from crm_tui.screens.dialogs.memo import MemoBox
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.guests.form import GuestForm
from crm_tui.screens.inquiries.detail import InquiryScreen
from crm_tui.screens.inquiries.form import InquiryForm
from crm_tui.widgets.forms import Form
from tests.screens.inquiries.conftest import Desk
from tests.screens.opened import opened, press, screen_text, settle, until


def told(app: DeskApp) -> list[str]:
    """What notices say."""
    return [str(one.message) for one in app._notifications]


SMALL, WIDE, WIDER = (80, 24), (120, 40), (160, 45)


@asynccontextmanager
async def shown(
    busy: Desk, number: int, size: tuple[int, int] = SMALL
) -> AsyncIterator[tuple[DeskApp, Pilot[int], InquiryScreen]]:
    """An inquiry, open and read."""
    async with opened(busy.hotel, size, agent="Ana") as (app, pilot):
        app.open_inquiry(number)
        await until(pilot, lambda: isinstance(app.screen, InquiryScreen) and app.screen.found is not None)
        await settle(pilot)
        assert isinstance(app.screen, InquiryScreen)
        yield app, pilot, app.screen


async def test_the_first_lines_say_how_it_stands_and_what_is_wanted(busy: Desk) -> None:
    busy.hotel.clock.advance(timedelta(days=1))
    async with shown(busy, busy.phoned) as (app, _pilot, _screen):
        lines = screen_text(app).splitlines()
        assert "⌂ Inquiry 2 · ● new · Leo · ! plan 21 Nov · everyone" in lines[1]
        assert "Marie Petit · 28 Dec – 3 Jan, 6 n · 2+2 · family room · half board · €900.00" in lines[2]


async def test_the_bar_counts_what_the_parts_hold(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, _pilot, _screen):
        bar = screen_text(app).splitlines()[3]
        assert bar == " M Messages  C Memos 1  G Guests 2  O Offer  T Reminders 1  H History"


@pytest.mark.parametrize("size", [SMALL, WIDE, WIDER])
@pytest.mark.parametrize(
    ("key", "part"),
    [("M", "messages"), ("C", "memos"), ("G", "guests"), ("O", "offer"), ("T", "reminders"), ("H", "history")],
)
async def test_every_part_is_one_key_away(busy: Desk, size: tuple[int, int], key: str, part: str) -> None:
    async with shown(busy, busy.phoned, size) as (_app, pilot, screen):
        await press(pilot, "G" if part != "guests" else "O", key)
        assert screen.focused is (screen.history.list if part == "history" else screen.sections[part].content)
        assert screen.sections[part].display


async def test_a_narrow_desk_shows_one_part_and_tab_goes_round(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (_app, pilot, screen):
        seen = []
        for _part in range(7):
            seen.append([part for part, section in screen.sections.items() if section.display])
            await press(pilot, "tab")
        assert seen == [["messages"], ["memos"], ["guests"], ["offer"], ["reminders"], ["history"], ["messages"]]
        await press(pilot, "left_square_bracket")
        assert screen.sections["messages"].display


@pytest.mark.parametrize(("size", "count"), [(WIDE, 5), (WIDER, 6)])
async def test_a_wide_desk_shows_parts_side_by_side(busy: Desk, size: tuple[int, int], count: int) -> None:
    async with shown(busy, busy.phoned, size) as (app, _pilot, screen):
        assert sum(section.display for section in screen.sections.values()) == count
        text = screen_text(app)
        for words in ("family room", "★ Marie Petit", "Send the offer", "Prefers the sea side.", "No mail belongs"):
            assert words in text


async def test_what_was_read_in_the_mail_is_marked_and_taken_over_with_one_key(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "O")
        text = screen_text(app)
        assert "3–7 Dec, 4 n" in text
        assert "◂ “del 3 al 7 de diciembre”" in text
        assert "y takes" in text
        await press(pilot, "y")
        assert busy.view(busy.mailed).proposed == {}
        assert busy.view(busy.mailed).arrival == date(2026, 12, 3)
        assert "◂" not in screen_text(app)
        await press(pilot, "z")
        await until(pilot, lambda: bool(busy.view(busy.mailed).proposed))


async def test_a_memo_takes_two_keys_and_its_text(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, screen):
        await press(pilot, "c", *"Wants a cot.", "enter", *"Asked twice.", "ctrl+s")
        (memo,) = desk.memos.listed(busy.ctx, inquiry=busy.mailed)
        assert memo.text == "Wants a cot.\nAsked twice."
        assert screen.sections["memos"].count == 1
        await press(pilot, "C")
        assert "Wants a cot." in screen_text(app)


async def test_a_half_written_memo_is_kept(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "c", *"Half", "escape")
        assert desk.memos.listed(busy.ctx, inquiry=busy.mailed) == []
        await press(pilot, "c")
        assert isinstance(app.screen, MemoBox)
        assert app.screen.area.text == "Half"
        await press(pilot, *" done", "ctrl+s")
        assert [memo.text for memo in desk.memos.listed(busy.ctx, inquiry=busy.mailed)] == ["Half done"]
        await press(pilot, "c")
        assert isinstance(app.screen, MemoBox)
        assert app.screen.area.text == ""


async def test_a_memo_of_200_kB_is_kept_whole(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "c")
        assert isinstance(app.screen, MemoBox)
        text = "\n".join(f"line {number} " + "x" * 90 for number in range(2000))
        app.screen.area.load_text(text)
        await press(pilot, "ctrl+s")
        (memo,) = desk.memos.listed(busy.ctx, inquiry=busy.mailed)
        assert memo.text == text
        await press(pilot, "C")
        assert "goes on: Enter shows all of it" in screen_text(app)


async def test_ones_own_memo_is_changed_in_place(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "C", "enter")
        assert isinstance(app.screen, MemoBox)
        await press(pilot, *" Call first.", "ctrl+s")
        (memo,) = desk.memos.listed(busy.ctx, inquiry=busy.phoned)
        assert memo.text.endswith("room 204. Call first.")
        assert "(edited)" in screen_text(app)


async def test_a_memo_is_taken_away_and_brought_back(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (_app, pilot, screen):
        await press(pilot, "C", "delete")
        assert desk.memos.listed(busy.ctx, inquiry=busy.phoned) == []
        await press(pilot, "z")
        await until(pilot, lambda: screen.sections["memos"].count == 1)


@pytest.mark.parametrize(("letter", "status"), [("p", "in progress"), ("o", "offer sent"), ("w", "waiting for guest")])
async def test_the_status_is_two_keys_away(busy: Desk, letter: str, status: str) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "S")
        assert isinstance(app.screen, LeaderMenu)
        await press(pilot, letter)
        assert busy.view(busy.phoned).status == status
        assert status in screen_text(app).splitlines()[1]


async def test_lost_asks_for_the_reason(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "S", "l", "enter")
        assert busy.view(busy.phoned).status == "new"
        assert "✕ Say it in a few words." in screen_text(app)
        await press(pilot, *"too dear", "enter")
        view = busy.view(busy.phoned)
        assert (view.status, view.lost_reason) == ("lost", "too dear")
        await press(pilot, "z")
        await until(pilot, lambda: busy.view(busy.phoned).status == "new")


async def test_it_is_given_to_a_colleague_with_two_keys(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "a", "l")
        assert busy.view(busy.mailed).handler == "Leo"
        assert "· Leo ·" in screen_text(app).splitlines()[1]
        await press(pilot, "a", "x")
        assert busy.view(busy.mailed).handler == ""


async def test_who_sees_it_is_chosen(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "V", *"only me", "enter")
        assert busy.view(busy.mailed).scope.kind == "me"
        assert "only me" in screen_text(app).splitlines()[1]


async def test_the_planned_end_is_typed_as_a_day(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "D", *["ctrl+u"], *"31.2.", "enter")
        assert "There is no such day" in screen_text(app)
        await press(pilot, "ctrl+u", *"+3", "enter")
        assert busy.view(busy.mailed).planned_end == date(2026, 11, 24)


async def test_a_reminder_is_made_done_and_open_again(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, screen):
        await press(pilot, "plus", *"Call back", "tab", *"+2", "ctrl+s")
        (one,) = desk.reminders.listed(busy.ctx, inquiry=busy.mailed)
        assert (one.title, one.due, one.assignee) == ("Call back", date(2026, 11, 23), "Ana")
        await press(pilot, "T")
        assert "[ ] Call back" in screen_text(app)
        await press(pilot, "space")
        assert "[x] Call back" in screen_text(app)
        assert screen.sections["reminders"].count == 0
        await press(pilot, "enter")
        assert "[ ] Call back" in screen_text(app)


async def test_the_holder_is_changed_with_one_key(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "down", "h")
        view = busy.view(busy.phoned)
        assert view.holder is not None
        assert view.holder.name == "Jean Petit"
        assert "★ Jean Petit" in screen_text(app)
        await press(pilot, "z")
        await until(pilot, lambda: "★ Marie Petit" in screen_text(app))


async def test_a_guest_is_edited_in_place(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "down", "enter")
        assert isinstance(app.screen, GuestForm)
        form = app.screen.query_one(Form)
        emails = (("jean@lac.example", ""), ("jp@work.example", "work"))
        form.fill({"emails": emails, "phones": (("01 42 68 53 01", ""),), "country": "FR", "language": "fr"})
        form.fill({"phones": (("+33142685301", ""),)})
        await press(pilot, "ctrl+s")
        guest = desk.guests.get(busy.ctx, busy.view(busy.phoned).guests[1].id)
        assert guest.emails == ("jean@lac.example", "jp@work.example")
        assert guest.email_labels == ("", "work")
        assert (guest.phones[0].number, guest.language) == ("+33142685301", "fr")
        assert "jean@lac.example" in screen_text(app)


async def test_a_number_that_is_none_is_refused_at_its_field(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "enter")
        assert isinstance(app.screen, GuestForm)
        form = app.screen.query_one(Form)
        form.fill({"phones": (("12", ""),)})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, GuestForm)
        assert form.fields["phones"].error
        await press(pilot, "escape", "enter")
        assert isinstance(app.screen, GuestForm)
        assert app.screen.query_one(Form).fields["phones"].value == (("12", ""),)


async def test_two_who_change_the_same_guest_see_both(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "enter")
        guest = desk.guests.get(busy.ctx, busy.view(busy.phoned).guests[0].id)
        desk.guests.set(busy.leo, guest.id, guest.version, {"given": "Mary"})
        app.screen.query_one(Form).fill({"given": "Marie-Anne"})
        await press(pilot, "ctrl+s")
        assert isinstance(app.screen, VersionsDialog)
        assert "Mary" in screen_text(app)
        assert "Marie-Anne" in screen_text(app)
        await press(pilot, "m", "ctrl+s")
        assert desk.guests.get(busy.ctx, guest.id).given == "Marie-Anne"


async def test_a_guest_is_found_and_added_or_made_new(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (_app, pilot, screen):
        await press(pilot, "B", *"mart", "enter")
        await press(pilot, "B", *"Olga Braun", "ctrl+s")
        names = {guest.name for guest in busy.view(busy.phoned).guests}
        assert names == {"Marie Petit", "Jean Petit", "Javier Martín", "Olga Braun"}
        assert screen.sections["guests"].count == 4


async def test_taking_the_holder_off_asks_who_follows(busy: Desk) -> None:
    desk.inquiry_guests.add_new(busy.ctx, busy.phoned, {"surname": "Braun", "given": "Olga"})
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "delete")
        assert "Who follows?" in screen_text(app)
        await press(pilot, *"olga", "enter")
        view = busy.view(busy.phoned)
        assert view.holder is not None
        assert view.holder.name == "Olga Braun"
        assert len(view.guests) == 2


async def test_a_fact_opens_the_form_at_its_field(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "O", "down", "down", "enter")
        assert isinstance(app.screen, InquiryForm)
        field = app.screen.form.fields["room"]
        assert app.screen.focused is field.control()


async def test_a_reply_answers_the_newest_mail_of_the_guest(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (app, pilot, _screen):
        await press(pilot, "G", "r")
        await until(pilot, lambda: isinstance(app.screen, ComposeScreen))
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert "jm@correo.example" in app.screen.to.line.value


async def test_its_conversations_are_moved_from_here(busy: Desk) -> None:
    async with shown(busy, busy.mailed) as (_app, pilot, _screen):
        await press(pilot, "w")
        assert desk.folders.total(busy.ctx, ListQuery("Waitlist")) == 1
        await press(pilot, "z")
        await until(pilot, lambda: desk.folders.total(busy.ctx, ListQuery("Inquiries")) == 1)


async def test_the_history_tells_who_did_what(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, screen):
        await press(pilot, "S", "p", "H")
        text = screen_text(app)
        assert "in progress" in text
        assert "Ana" in text
        rows = screen.history.list
        await until(pilot, lambda: "in progress" in str(rows.pages.get(0)))
        await press(pilot, "home")
        newest = rows.current
        await press(pilot, "o", "end")
        assert screen.history.list.current is not None
        assert newest is not None
        assert screen.history.list.current.id == newest.id


async def test_a_colleague_is_written_to_about_it(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, screen):
        await press(pilot, "W", *"Is 204 free?", "ctrl+s")
        await until(pilot, lambda: screen.sections["memos"].count == 2)
        await press(pilot, "C")
        assert "✉ Ana → Leo" in screen_text(app)
        assert [one.text for one in desk.internal.unread(busy.leo)] == ["Is 204 free?"]


async def test_what_a_colleague_does_is_seen_at_once(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        desk.memos.add(busy.leo, "Room 204 is free.", inquiry=busy.phoned)
        view = busy.view(busy.phoned)
        desk.inquiries.set(busy.leo, busy.phoned, view.version, {"status": "offer sent"})
        await until(pilot, lambda: "offer sent" in screen_text(app) and "C Memos 2" in screen_text(app))


async def test_a_change_that_meets_a_colleagues_asks_whose_counts(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, screen):
        old, version = screen.found, busy.view(busy.phoned).version
        desk.inquiries.set(busy.leo, busy.phoned, version, {"status": "offer sent"})
        await until(pilot, lambda: "offer sent" in screen_text(app))
        await settle(pilot)
        screen.found = old  # as a desk that has not heard of it yet
        await press(pilot, "S", "p")
        assert isinstance(app.screen, VersionsDialog)
        assert "Leo changed Status meanwhile" in screen_text(app)
        await press(pilot, "t", "ctrl+s")
        assert busy.view(busy.phoned).status == "offer sent"
        screen.found = old
        await press(pilot, "S", "p", "m", "ctrl+s")
        assert busy.view(busy.phoned).status == "in progress"


async def test_the_next_of_the_list_is_one_key_away(busy: Desk) -> None:
    async with opened(busy.hotel, agent="Ana") as (app, pilot):
        await press(pilot, "3", "enter")
        assert isinstance(app.screen, InquiryScreen)
        first = app.screen.number
        await press(pilot, "J")
        assert app.screen.number != first
        assert f"Inquiry {app.screen.number} " in screen_text(app)
        await press(pilot, "K")
        assert app.screen.number == first


async def test_one_that_is_hidden_meanwhile_goes_away_with_a_word(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        view = busy.view(busy.phoned)
        desk.inquiries.set(busy.leo, busy.phoned, view.version, {"scope": "me"})
        await until(pilot, lambda: not isinstance(app.screen, InquiryScreen))


async def test_foreign_text_is_shown_as_it_is(busy: Desk) -> None:
    desk.memos.add(busy.ctx, "[b]bold[/b] [/x] [@click=app.quit]x[/]", inquiry=busy.phoned)
    view = busy.view(busy.phoned)
    desk.inquiries.set(busy.ctx, busy.phoned, view.version, {"room": "[red]suite[/x]"})
    async with shown(busy, busy.phoned, WIDER) as (app, _pilot, _screen):
        text = screen_text(app)
        assert "[b]bold[/b] [/x] [@click=app.quit]x[/]" in text
        assert "[red]suite[/x]" in text


@pytest.mark.parametrize(
    "keys",
    [
        ("E", "ctrl+s"),
        ("G", "enter", "ctrl+s"),
        ("C", "enter", "ctrl+s"),
        ("D", "enter"),
        ("S", "n"),
        ("a", "l"),
        ("V", *"everyone", "enter"),
    ],
    ids=["offer", "guest", "memo", "planned end", "status", "handler", "scope"],
)
async def test_what_changed_nothing_says_so_and_offers_no_undo(busy: Desk, keys: tuple[str, ...]) -> None:
    desk.inquiries.set(busy.ctx, busy.phoned, busy.view(busy.phoned).version, {"planned_end": date(2026, 12, 1)})
    last = desk.undo.last(busy.ctx)
    async with shown(busy, busy.phoned) as (app, pilot, screen):
        await press(pilot, *keys)
        await until(pilot, lambda: app.screen is screen and bool(told(app)))
        assert told(app) == ["Nothing was changed."]
        assert desk.undo.last(busy.ctx) == last


async def test_taking_over_says_when_nothing_is_proposed(busy: Desk) -> None:
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        assert "y Take over" not in screen_text(app)
        await press(pilot, "y")
        assert told(app) == ["Nothing is proposed."]


async def test_a_company_is_refused_as_the_holder_with_the_reason(busy: Desk) -> None:
    firm = desk.guests.create(busy.ctx, {"surname": "Zander GmbH", "kind": "company"})
    desk.inquiry_guests.add(busy.ctx, busy.phoned, firm)
    before = busy.view(busy.phoned).holder
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "end", "h")
        told = [str(one.message) for one in app._notifications]
        assert any("Zander GmbH is a company; the holder is a person" in text for text in told)
        assert busy.view(busy.phoned).holder == before


async def test_where_only_companies_stay_the_desk_says_that_nobody_leads(busy: Desk) -> None:
    view = busy.view(busy.phoned)
    assert view.holder is not None
    for one in view.guests:
        if not one.holder:
            desk.inquiry_guests.remove(busy.ctx, busy.phoned, one.id)
    firm = desk.guests.create(busy.ctx, {"surname": "Zander GmbH", "kind": "company"})
    desk.inquiry_guests.add(busy.ctx, busy.phoned, firm)
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "delete")
        assert "Only companies are left" in screen_text(app)
        await press(pilot, "escape")
        assert len(busy.view(busy.phoned).guests) == 2
        await press(pilot, "delete", "y")
        (left,) = busy.view(busy.phoned).guests
        assert (left.id, left.holder) == (firm, False)
        await press(pilot, "z")
        holder = busy.view(busy.phoned).holder
        assert holder is not None
        assert holder.id == view.holder.id


async def test_where_only_somebody_archived_stays_the_holder_can_go(busy: Desk) -> None:
    view = busy.view(busy.phoned)
    assert view.holder is not None
    for one in view.guests:
        if not one.holder:
            desk.inquiry_guests.remove(busy.ctx, busy.phoned, one.id)
    away = desk.guests.create(busy.ctx, {"surname": "Braun"})
    desk.inquiry_guests.add(busy.ctx, busy.phoned, away)
    desk.guests.archive(busy.ctx, [away])
    async with shown(busy, busy.phoned) as (app, pilot, _screen):
        await press(pilot, "G", "delete")
        assert "Nobody stays but guests who are archived or erased" in " ".join(screen_text(app).split())
        await press(pilot, "y")
        assert [one.id for one in busy.view(busy.phoned).guests] == [away]
