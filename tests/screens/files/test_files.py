"""Importing and exporting under a person's keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui import desk
from crm_tui.screens.files.export import ExportScreen
from crm_tui.screens.files.screen import FilesScreen
from crm_tui.widgets.dialogs import Ask, PickList, Tell
from crm_tui.widgets.forms.files import remember_folder
from crm_tui.widgets.forms.text import TextField
from tests.screens.harness import Desk, Hotel, settled

CSV = """ref;Apellidos;Correo;Nacimiento;Sitio
R1;Pérez[@click=app.quit]x[/];jose@x.es;01/02/1980;Palma
R2;Núñez;no address;03/04/1980;Inca
R3;Łącka;anna@x.pl;05/06/1985;Kraków
"""


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    (tmp_path / "guests.csv").write_text(CSV, "utf-8")
    yield hotel
    hotel.ctx.store.close()


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await settled(pilot)


def shown(app: Desk) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_a_file_is_seen_tried_and_imported(hotel: Hotel, tmp_path: Path, size: tuple[int, int]) -> None:
    app = hotel.at(FilesScreen(tmp_path / "guests.csv"))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        text = shown(app)
        assert "guests.csv · CSV · semicolons · utf-8 · 3 rows · 4 of 5 columns are taken" in text
        assert "birth date (day first)" in text
        assert "left out" in text

        await keys(pilot, "d")
        text = shown(app)
        assert "WOULD BE · 2 new · 0 changed · 0 the same · 1 wrong" in text
        assert "3 ! Correo: no address is no mail address." in text
        assert desk.guests.listed(hotel.ctx) == []
        await keys(pilot, "enter")
        assert isinstance(app.screen, Tell)
        await keys(pilot, "escape", "ctrl+s")
        assert isinstance(app.screen, Ask)
        await keys(pilot, "y")
        assert "IMPORTED · 2 new · 0 changed · 0 the same · 1 wrong" in shown(app)
        assert app.told == ["2 new · 0 changed · 0 the same · 1 wrong · z takes it back"]
        await keys(pilot, "down", "enter")
        assert app.went == ["guest 1"]
        await keys(pilot, "z")
        assert desk.guests.listed(hotel.ctx) == []


async def test_a_column_is_taken_for_another_field(hotel: Hotel, tmp_path: Path) -> None:
    app = hotel.at(FilesScreen(tmp_path / "guests.csv"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "end", "enter")
        assert isinstance(app.screen, PickList)
        await keys(pilot, *"city", "enter")
        assert "Sitio                  → city" in shown(app)
        await keys(pilot, "up", "D")
        assert "birth date (month first)" in shown(app)
        await keys(pilot, "ctrl+s", "y", "escape")
        assert str(desk.guests.get(hotel.ctx, 1).birth_date) == "1980-01-02"
        assert desk.guests.get(hotel.ctx, 1).city == "Palma"

        await keys(pilot, "home", "enter", *"surname", "enter", "ctrl+s", "y")
        assert "→ surname" in shown(app)


async def test_the_rows_that_are_wrong_are_saved(hotel: Hotel, tmp_path: Path) -> None:
    app = hotel.at(FilesScreen(tmp_path / "guests.csv"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await keys(pilot, "d", "s", "enter")

        saved = tmp_path / "guests-errors.csv"
        assert saved.read_text("utf-8").splitlines()[1].startswith("R2,Núñez,no address,03/04/1980,Inca,Correo:")
        assert app.told == ["1 row is in guests-errors.csv: mend it there and open it here."]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b'"open', b"a,b\n1,2\n"])
async def test_a_file_that_is_no_table_is_told(hotel: Hotel, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.csv"
    path.write_bytes(content)
    app = hotel.at(FilesScreen(path))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        if content.startswith(b"a,b"):
            await keys(pilot, "d")
            assert isinstance(app.screen, Tell)
            assert "No column tells the surname" in shown(app)
        else:
            assert len(app.reports) == 1
            assert "No file is open." in shown(app)


async def test_guests_are_exported(hotel: Hotel, tmp_path: Path) -> None:
    first = desk.guests.create(hotel.ctx, {"surname": "Pérez"})
    desk.guests.create(hotel.ctx, {"surname": "Nowak"})
    app = hotel.at(ExportScreen([first]))
    remember_folder(app, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "EXPORT · 1 guest" in shown(app)
        await keys(pilot, "right", "right")
        assert app.screen.query_one(TextField).value == str(tmp_path / "guests-2026-11-21.vcf")
        await keys(pilot, "ctrl+s")
        assert app.told == ["1 guest is in guests-2026-11-21.vcf"]
    text = (tmp_path / "guests-2026-11-21.vcf").read_text("utf-8")
    assert ("FN:Pérez" in text, "Nowak" in text) == (True, False)


async def test_a_file_that_exists_is_replaced_after_asking(hotel: Hotel, tmp_path: Path) -> None:
    desk.guests.create(hotel.ctx, {"surname": "Pérez"})
    target = tmp_path / "guests-2026-11-21.csv"
    target.write_text("mine", "utf-8")
    app = hotel.at(ExportScreen(None))
    remember_folder(app, tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "1 guest · all that are in use" in shown(app)
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, Ask)
        await keys(pilot, "n")
        assert target.read_text("utf-8") == "mine"
        await keys(pilot, "ctrl+s", "y")
        assert "Pérez" in target.read_text("utf-8")
