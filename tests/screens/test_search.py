"""Search as you type."""

from __future__ import annotations

from datetime import date

from crm_tui.screens.guests.profile import GuestScreen
from crm_tui.screens.search.screen import SearchScreen
from tests.desk.asked import add_guest, add_inquiry
from tests.screens.harness import Hotel
from tests.screens.opened import mail_screen, opened, press, screen_text, settle, until


async def searching(pilot: object, app: object) -> SearchScreen:
    SearchScreen.last_query = ""
    await press(pilot, "slash")  # type: ignore[arg-type]
    screen = app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, SearchScreen)
    return screen


async def test_results_come_while_typing_without_accents(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        screen = await searching(pilot, app)
        await press(pilot, *"lucj")
        assert [row.hit.counterpart.label for row in screen.results.visible_rows()] == ["Łucja Nowak"]
        assert "1 message" in screen_text(app)
        await press(pilot, "x")
        assert screen.results.total == 0
        assert "Nothing fits “lucjx”." in screen_text(app)
        assert "nothing found" in screen_text(app)
        assert "0 messages" not in screen_text(app)


async def test_letters_that_are_keys_elsewhere_are_typed(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        screen = await searching(pilot, app)
        await press(pilot, "r", "slash", "question_mark", "1", "q", "minus")
        assert screen.box.value == "r/?1q-"


async def test_a_wrong_query_points_at_the_word_and_keeps_the_results(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        screen = await searching(pilot, app)
        await press(pilot, *"from:martin ")
        assert screen.results.total == 2
        screen.box.value = "from:martin foo:x"
        await settle(pilot)
        text = screen_text(app)
        assert "There is no field foo" in text
        box, said = (next(n for n, line in enumerate(text.split("\n")) if wanted in line) for wanted in ("foo:x", "▔"))
        lines = text.split("\n")
        assert said == box + 2
        assert lines[box].index("foo") == lines[said].index("▔")
        assert screen.results.total == 2


async def test_what_is_wrong_is_said_once_typing_pauses_and_on_enter(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        screen = await searching(pilot, app)
        await press(pilot, *"zzz ", *"before:tomorrow")
        await until(pilot, lambda: "tomorrow is not a day. Write it like 2026-07-31." in screen_text(app))
        assert "Nothing fits" not in screen_text(app)
        screen.box.value = "foo:x"
        await until(pilot, lambda: "There is no field foo" in screen_text(app))
        assert "after." in screen_text(app)  # the hint goes on in a second line
        await press(pilot, "enter")
        assert isinstance(app.screen, SearchScreen)
        screen.box.value = "lucja"
        await until(pilot, lambda: "1 message" in screen_text(app) and "no field" not in screen_text(app))
        assert "enter Open" in screen_text(app)


async def test_what_would_do_is_named_once_and_whole(morning: Hotel) -> None:
    async with opened(morning, size=(80, 24)) as (app, pilot):
        screen = await searching(pilot, app)
        screen.box.value = "channel:pigeon"
        await until(pilot, lambda: "pigeon is not known" in screen_text(app))
        said = " ".join(screen_text(app).split())
        assert said.count("Use one of") == said.count("pigeon is") == 1
        assert "other." in said


async def test_enter_opens_the_message_found(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await searching(pilot, app)
        await press(pilot, *"disponibilidad", "down", "enter")
        screen = mail_screen(app)
        await until(pilot, lambda: screen.reading.conversation is not None)
        assert screen.reading.position == (1, 2)
        assert "¿Tienen disponibilidad?" in screen_text(app)


async def test_escape_leads_back_and_the_query_is_kept(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await searching(pilot, app)
        await press(pilot, *"prix", "escape")
        assert not isinstance(app.screen, SearchScreen)
        await press(pilot, "slash")
        assert isinstance(app.screen, SearchScreen)
        assert app.screen.box.value == "prix"
        assert app.screen.results.total == 1


async def test_markup_in_results_stays_text(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        await searching(pilot, app)
        await press(pilot, *"ticket")
        assert "[Ticket#1] [@click=app.quit]x[/]" in screen_text(app)


async def test_inquiries_and_guests_stand_among_the_mail(morning: Hotel) -> None:
    lucja = add_guest(morning.ctx, "Nowak", "Łucja", mails=["lucja@poczta.example"], city="Gdańsk")
    add_inquiry(morning.ctx, lucja, room="sea view", arrival=date(2026, 12, 3), departure=date(2026, 12, 7))
    async with opened(morning) as (app, pilot):
        screen = await searching(pilot, app)
        await press(pilot, *"nowak")
        assert [row.hit.kind for row in screen.results.visible_rows()] == ["inquiry", "guest", "message"]
        text = screen_text(app)
        assert "1 message · 1 inquiry · 1 guest" in text
        assert "⌂" in text
        assert "Łucja Nowak · Inquiry 1 · new · 2026-12-03 – 2026-12-07" in text
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, GuestScreen)
        await until(pilot, lambda: "Łucja Nowak · guest" in screen_text(app))


async def test_a_name_half_typed_is_no_mistake_and_a_wrong_one_is(morning: Hotel) -> None:
    async with opened(morning) as (app, pilot):
        screen = await searching(pilot, app)
        await press(pilot, *"agent:an")
        assert "no agent" not in screen_text(app)
        screen.box.value = "agent:zoe "
        await until(pilot, lambda: "There is no agent called zoe" in screen_text(app))
