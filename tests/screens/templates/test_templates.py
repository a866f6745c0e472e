"""The templates and their editor under a person's keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.screens.templates.dialogs import PreviewBox
from crm_tui.screens.templates.editor import TemplateEditor
from crm_tui.screens.templates.screen import TemplatesScreen
from crm_tui.widgets.dialogs import Ask
from tests.journeys.person import Person, at_the_desk
from tests.screens.harness import Hotel

NARROW, WIDE = (80, 24), (150, 45)


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path, draft_seconds=60).open()
    hotel.account()
    hotel.mail(
        "Bonjour, quel est le prix pour une chambre ? Merci de votre réponse.", sender="Marc Petit <m@lac.example>"
    )
    yield hotel
    hotel.ctx.store.close()


def listed(person: Person) -> TemplatesScreen:
    screen = person.at(TemplatesScreen)
    assert screen is not None
    return screen


def editing(person: Person) -> TemplateEditor:
    screen = person.at(TemplateEditor)
    assert screen is not None
    return screen


async def test_the_list_says_how_many_and_is_filtered_by_letters_and_language(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t")
        assert "TEMPLATES · 36" in person.seen()
        await person.press(">", ">")  # en, es
        assert "TEMPLATES · 9" in person.seen()
        assert "Primera respuesta" in person.seen()
        assert "First reply\n" not in person.seen()
        await person.press("f")
        await person.write("bank")
        assert "TEMPLATES · 1 " in person.seen()
        assert "Datos bancarios" in person.seen()
        await person.write("zzz")
        assert "Nothing fits. Esc shows all of them." in person.seen()
        await person.press("escape", "escape")
        assert "TEMPLATES · 36" in person.seen()
        await person.press("escape")
        assert person.at(TemplatesScreen) is None


async def test_what_is_highlighted_is_shown_as_the_sample_guest_gets_it(hotel: Hotel) -> None:
    async with at_the_desk(hotel, WIDE) as person:
        await person.press("g", "t")
        assert "Dear Łucja Nowak," in person.seen()
        await person.press("f")
        await person.write("bank details en")
        await person.press("enter")
        assert "gaps to fill: property." in person.seen()
        assert "⟦property.iban⟧" in person.seen()


async def test_archiving_is_taken_back_with_one_key(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t", "delete")
        assert "TEMPLATES · 35" in person.seen()
        await person.press("f3")
        assert "ARCHIVED TEMPLATES · 1" in person.seen()
        await person.press("f3", "z")
        await person.until(lambda: "TEMPLATES · 36" in person.seen())


async def test_the_archive_gives_back(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t", "delete", "f3", "u")
        assert "Nothing is archived" in person.seen()
        await person.press("f3")
        assert "TEMPLATES · 36" in person.seen()


async def test_a_fault_is_shown_at_its_line_while_one_types_and_is_not_saved(hotel: Hotel) -> None:
    async with at_the_desk(hotel, WIDE) as person:
        await person.press("g", "t", "enter")
        editor = editing(person).editor
        await person.press("down")
        await person.write("{{ ''.__class__ }}")
        assert editor.wrong_line == 2
        assert "Line 2: “__class__” is nothing a template may use." in person.seen()
        await person.press("pageup", "ctrl+home", "f4")
        assert editor.cursor_location == (1, 0)
        await person.press("ctrl+s")
        assert editing(person)
        await person.press("end", *["backspace"] * len("{{ ''.__class__ }}"))
        assert editor.wrong_line == 0
        assert "__class__" not in person.seen()


async def test_the_preview_follows_the_text_and_the_guest_of_the_conversation(hotel: Hotel) -> None:
    async with at_the_desk(hotel, WIDE) as person:
        await person.press("2", "g", "t", "enter")
        await person.press("ctrl+home")
        await person.write("NOW ")
        assert "NOW Dear Łucja Nowak" in person.seen()
        assert "guest.surname" in person.seen()
        await person.press("f8")
        assert "NOW Dear Marc Petit" in person.seen()


async def test_a_narrow_terminal_shows_the_preview_over_the_text(hotel: Hotel) -> None:
    async with at_the_desk(hotel, NARROW) as person:
        await person.press("g", "t", "enter", "f8")
        assert person.at(PreviewBox)
        assert "Dear Łucja Nowak," in person.seen()
        await person.press("escape")
        assert editing(person)


async def test_what_is_left_unsaved_is_there_when_one_comes_back(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t", "enter")
        await person.write("half")
        await person.press("escape", "enter")
        assert "What you had not saved is back." in person.seen()
        assert editing(person).editor.text.startswith("half")


async def test_a_change_is_saved_and_taken_back(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t")
        template = listed(person).template
        assert template is not None
        await person.press("enter")
        await person.write("Hello. ")
        await person.press("ctrl+s")
        assert desk.templates.get(hotel.ctx, template.id).body.startswith("Hello. Dear")
        await person.press("z")
        await person.until(lambda: desk.templates.get(hotel.ctx, template.id).body == template.body)


async def test_who_was_slower_sees_both_texts_and_chooses(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t")
        template = listed(person).template
        assert template is not None
        await person.press("enter")
        await person.write("Mine. ")
        desk.templates.change(hotel.ctx, template.id, template.version, body="Theirs.")
        await person.press("ctrl+s")
        assert person.at(Ask)
        assert "Theirs." in person.seen()
        assert "Mine. Dear" in person.seen()
        await person.press("m")
        assert desk.templates.get(hotel.ctx, template.id).body.startswith("Mine. Dear")


async def test_an_error_stands_at_its_field(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t", "plus")
        await person.press("ctrl+s")
        assert "Name is needed." in person.seen()
        await person.write("First reply")
        await person.press("ctrl+s")
        assert "A template needs a text." in person.seen()
        editing(person).editor.focus()
        await person.write("x")
        await person.press("ctrl+s")
        assert "There is a template called First reply" in person.seen()
        assert editing(person).name_field.line.has_focus


async def test_another_desks_change_is_seen_in_the_list(hotel: Hotel) -> None:
    async with at_the_desk(hotel) as person:
        await person.press("g", "t")
        first = desk.templates.listed(hotel.ctx)[0]
        desk.templates.change(hotel.ctx, first.id, first.version, name="Renamed")
        person.app.changed(desk.changes.since(hotel.ctx, 0))
        await person.until(lambda: "Renamed" in person.seen())


async def test_a_desk_to_read_only_says_so_before_anything_is_written(hotel: Hotel) -> None:
    from dataclasses import replace

    hotel.ctx = replace(hotel.ctx, readonly=True)
    async with at_the_desk(hotel) as person:
        await person.press("g", "t", "enter")
        assert [one.message for one in person.app._notifications] == ["This desk was opened to read only."]
        assert "TEMPLATES" in person.seen()


async def test_a_hostile_template_is_told_in_the_pick_and_the_desk_goes_on(hotel: Hotel) -> None:
    """It could only be in the store by another program's hand."""
    from sqlalchemy import update

    from crm_tui.data.columns import columns
    from crm_tui.data.tables import Template
    from crm_tui.screens.compose.screen import ComposeScreen
    from crm_tui.screens.templates.pick import TemplatePick

    endless = "{% for a in range(200) %}{% for b in range(200) %}{{ a }}{% endfor %}{% endfor %}"
    with hotel.ctx.write() as tx:
        tx.connection.execute(update(Template).where(columns(Template).category == "offer").values(body=endless))
    async with at_the_desk(hotel, WIDE) as person:
        await person.press("2", "r")
        screen = person.at(ComposeScreen)
        assert screen is not None
        before = screen.editor.text
        await person.press("ctrl+t")
        await person.write("offer")
        assert "the loops go round more than 2000" in person.seen()
        await person.press("enter")
        assert person.at(TemplatePick), "what cannot be filled in is not put in"
        await person.press("escape")
        assert screen.editor.text == before
        await person.write("Bonjour")
        assert "Bonjour" in person.seen()


@pytest.mark.parametrize("size", [(80, 24), WIDE])
async def test_a_template_in_another_language_than_the_guests_says_so(hotel: Hotel, size: tuple[int, int]) -> None:
    hotel.mail("Bonjour, nous cherchons une chambre pour deux personnes du 3 au 7 juillet. Merci beaucoup.", number=9)
    async with at_the_desk(hotel, size) as person:
        await person.press("2", "r", "ctrl+t")
        assert "for a guest who writes French" in person.seen()
        assert "! English; the guest writes French" not in person.seen()
        await person.write("english")
        assert "! English; the guest writes French" in person.seen()
        assert any(" en " in line and " English " in line for line in person.seen().splitlines())
