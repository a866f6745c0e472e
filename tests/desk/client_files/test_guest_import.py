"""Guests come in from files: good rows land, bad ones are told, and twice is as once (SPEC §6)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.base.errors import Forbidden, InvalidInput
from crm_tui.base.progress import CancelEvent
from crm_tui.data import record_search
from crm_tui.data.columns import columns
from crm_tui.data.tables import Consent, Guest, Journal
from crm_tui.desk.client_base import guests
from crm_tui.desk.client_files import guest_import, guest_import_survey
from crm_tui.desk.client_files.guest_import_survey import ImportOptions
from crm_tui.desk.client_files.guest_import_views import ImportResult, Match, Status
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.groups import attributes
from crm_tui.desk.undoing import undo
from tests.desk.house import make_house

_G = columns(Guest)
_N = columns(Consent)


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return make_house(tmp_path)


def written(tmp_path: Path, text: str, name: str = "guests.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def counts(result: ImportResult) -> dict[str, int]:
    return {str(status): result.counts[status] for status in Status if result.counts[status]}


def stored(ctx: Context) -> list[tuple[Any, ...]]:
    with ctx.store.connect() as connection:
        query = select(_G.id, _G.surname, _G.given, _G.reference, _G.city, _G.archived_at).order_by(_G.id)
        assert record_search.wrong(connection, "guest") == 0
        return [tuple(row) for row in connection.execute(query)]


THREE = """Referencia;Apellidos;Nombre;Correo;Teléfono;Fecha de nacimiento;Ciudad
R1;Pérez;José;jose@x.es;600 111 222;14/03/1980;Palma
R2;Núñez;Íñigo;no address;12;31/02/1980;Inca
R3;Łącka;Anna;anna@x.pl, a2@x.pl;+48 600 100 200;1.2.85;Kraków
"""


def test_good_rows_land_and_bad_ones_are_told_with_their_place(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, THREE)

    result = guest_import.run(ctx, path)

    assert counts(result) == {"new": 2, "bad": 1}
    assert [(one.row, one.column, one.value) for one in result.problems] == [
        (3, "Correo", "no address"),
        (3, "Teléfono", "12"),
        (3, "Fecha de nacimiento", "31/02/1980"),
    ]
    anna = guests.get(ctx, 2)
    assert (anna.surname, anna.given, anna.emails) == ("Łącka", "Anna", ("anna@x.pl", "a2@x.pl"))
    assert (str(anna.birth_date), [one.number for one in anna.phones]) == ("1985-02-01", ["+48600100200"])
    assert [one.id for one in guests.find(ctx, "lacka")] == [2]


def test_a_name_that_cannot_be_is_one_mistake(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, f"surname,given,reference\n{'A' * 501},Long,R1\n,Jan,R2\n{'B' * 500},Most,R3\n")
    survey = guest_import.run(ctx, path, dry_run=True)
    assert [(one.row, one.column, one.message) for one in survey.problems] == [
        (2, "surname", "This is too long: at most 500 letters fit here."),
        (3, "surname", "A guest needs a surname, a company its name."),
    ]


def test_a_dry_run_tells_the_same_and_stores_nothing(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, THREE)

    dry = guest_import.run(ctx, path, dry_run=True)

    assert stored(ctx) == []
    real = guest_import.run(ctx, path)
    assert (counts(dry), dry.problems) == (counts(real), real.problems)


def test_twice_changes_nothing(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, THREE)
    guest_import.run(ctx, path)
    before = stored(ctx)
    with ctx.store.connect() as connection:
        journal = connection.execute(select(columns(Journal).id)).all()

    again = guest_import.run(ctx, path)

    assert (counts(again), stored(ctx)) == ({"same": 2, "bad": 1}, before)
    with ctx.store.connect() as connection:
        assert connection.execute(select(columns(Journal).id)).all() == journal


def test_a_changed_row_changes_what_it_gives_and_nothing_else(ctx: Context, tmp_path: Path) -> None:
    guest_import.run(ctx, written(tmp_path, THREE))

    result = guest_import.run(ctx, written(tmp_path, "ref,surname,city,email\nR1,Pérez,Sóller,\n"))

    assert [(one.guest, one.fields) for one in result.rows] == [(1, ("city",))]
    jose = guests.get(ctx, 1)
    assert (jose.city, jose.given, jose.emails, jose.version) == ("Sóller", "José", ("jose@x.es",), 2)


def test_a_reference_leads_to_whoever_took_its_guest_over(ctx: Context, tmp_path: Path) -> None:
    guest_import.run(ctx, written(tmp_path, THREE))
    with ctx.write() as tx:
        tx.connection.execute(Guest.__table__.update().where(_G.id == 1).values(merged_into=2))  # type: ignore[attr-defined]

    result = guest_import.run(ctx, written(tmp_path, "ref,surname,city\nR1,Łącka,Gdynia\n"))

    assert [(one.guest, one.fields) for one in result.rows] == [(2, ("city",))]
    assert guests.get(ctx, 2).reference == "R3"


def test_without_a_reference_mail_and_name_tell_who_it_is(ctx: Context, tmp_path: Path) -> None:
    guests.create(ctx, {"surname": "Łącka", "given": "Anna", "email": "Anna@x.pl"})
    path = written(tmp_path, "surname,given,email,city\nLacka,ANNA,anna@X.pl,Kraków\nKowal,Anna,anna@x.pl,\n")

    result = guest_import.run(ctx, path)

    assert [(one.status, one.guest) for one in result.rows] == [(Status.CHANGED, 1), (Status.NEW, 2)]
    other = guest_import.run(ctx, path, ImportOptions(match=Match.NONE))
    assert counts(other) == {"new": 2}


def test_two_rows_of_one_guest_make_one_guest(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, "ref,surname,city\nR1,Nowak,Palma\nR1,Nowak,Inca\nR1,Nowak,Inca\n")

    dry = guest_import.run(ctx, path, dry_run=True)
    result = guest_import.run(ctx, path)

    assert counts(result) == {"new": 1, "changed": 1, "same": 1}
    assert (counts(dry)["new"], stored(ctx)[0][4]) == (1, "Inca")


def test_a_consent_is_never_assumed(ctx: Context, tmp_path: Path) -> None:
    text = """ref,surname,newsletter,newsletter date,newsletter source
R0,Full,yes,2024-05-01,web form
R1,NoDay,yes,,web form
R2,NoSource,yes,2024-05-01,
R3,Maybe,perhaps,2024-05-01,web form
R4,Not,no,,
R5,Nothing,,2024-05-01,web form
"""
    result = guest_import.run(ctx, written(tmp_path, text))

    assert [one.row for one in result.problems] == [3, 4, 5]
    given = {one.surname: one.consents["newsletter"] for one in (guests.get(ctx, at) for at in (1, 2, 3))}
    assert {name: (one.given, one.source) for name, one in given.items()} == {
        "Full": (True, "web form"),
        "Not": (False, ""),
        "Nothing": (False, ""),
    }
    assert counts(guest_import.run(ctx, written(tmp_path, text))) == {"same": 3, "bad": 3}
    with ctx.store.connect() as connection:
        assert len(connection.execute(select(_N.id)).all()) == 2


def test_attributes_that_are_not_on_the_list_are_added_by_an_admin_only(ctx: Context, tmp_path: Path) -> None:
    attributes.add(ctx, "VIP")
    path = written(tmp_path, 'surname,tags\nNowak,"vip; sea view"\n')
    agent = ctx.acting_as(Actor(ctx.actor.id, "Ana", "agent"))

    told = guest_import.run(agent, path)
    assert ([one.name for one in guests.get(ctx, 1).attributes], dict(told.unknown)) == (["VIP"], {"sea view": 1})

    guest_import.run(ctx, path, ImportOptions(match=Match.NONE))
    assert [one.name for one in attributes.listed(ctx)] == ["sea view", "VIP"]


def test_the_order_of_days_is_settled_by_the_column(ctx: Context, tmp_path: Path) -> None:
    american = "surname,born\nA,03/04/1980\nB,12/31/1980\n"
    guest_import.run(ctx, written(tmp_path, american))
    assert str(guests.get(ctx, 1).birth_date) == "1980-03-04"

    mixed = "surname,born\nC,03/04/1980\nD,12/31/1980\nE,31/12/1980\n"
    result = guest_import.run(ctx, written(tmp_path, mixed))
    assert [(one.row, one.message[:13]) for one in result.problems] == [(2, "Day and month")]


def test_one_key_takes_an_import_back_and_the_next_brings_it_again(ctx: Context, tmp_path: Path) -> None:
    guests.create(ctx, {"surname": "Pérez", "reference": "R1", "email": "old@x.es"})
    path = written(tmp_path, THREE)
    guest_import.run(ctx, path)

    said = undo.undo(ctx)

    assert "guests.csv" in said.text
    old = guests.get(ctx, 1)
    assert (old.given, old.emails, old.city) == ("", ("old@x.es",), "")
    assert stored(ctx)[1][5] is not None
    again = guest_import.run(ctx, path)
    assert counts(again) == {"changed": 2, "bad": 1}
    assert (len(stored(ctx)), stored(ctx)[1][5]) == (2, None)


def test_what_is_archived_stays_archived(ctx: Context, tmp_path: Path) -> None:
    guests.archive(ctx, [guests.create(ctx, {"surname": "Pérez", "reference": "R1"})])

    result = guest_import.run(ctx, written(tmp_path, "ref,surname,city\nR1,Pérez,Inca\n"))

    assert (counts(result), result.notes["archived"]) == ({"changed": 1}, 1)
    assert stored(ctx)[0][5] is not None


def test_a_stopped_import_tells_what_landed_and_goes_on(ctx: Context, tmp_path: Path) -> None:
    rows = "".join(f"R{number},Nowak{number}\n" for number in range(3_500))
    path = written(tmp_path, "ref,surname\n" + rows)
    stop = CancelEvent()
    options = ImportOptions(mapping={"ref": "reference", "surname": "surname"}, orders={"ref": "dmy"})  # type: ignore[dict-item]

    result = guest_import.run(ctx, path, options, cancel=stop, on_row=lambda _row: stop.set())

    assert (result.cancelled, counts(result)) == (True, {"new": 2_000})
    assert len(stored(ctx)) == 2_000
    assert counts(guest_import.run(ctx, path)) == {"new": 1_500, "same": 2_000}


def test_the_mapping_is_remembered_for_the_same_columns(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, "A,B\nNowak,Łucja\n")
    assert guest_import_survey.survey(ctx, path).mapping == {"A": "", "B": ""}
    with pytest.raises(InvalidInput, match="No column tells"):
        guest_import.run(ctx, path)

    guest_import.run(ctx, path, ImportOptions(mapping={"A": "surname", "B": "given"}))

    found = guest_import_survey.survey(ctx, written(tmp_path, "A,B\nX,Y\n", "later.csv"))
    assert (found.mapping, found.columns[0].remembered) == ({"A": "surname", "B": "given"}, True)


@pytest.mark.parametrize("mapping", [{"Z": "surname"}, {"A": "shoe size"}, {"A": "city", "B": "city"}])
def test_a_mapping_that_makes_no_sense_is_refused(ctx: Context, tmp_path: Path, mapping: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as failure:
        guest_import.run(ctx, written(tmp_path, "A,B\n1,2\n"), ImportOptions(mapping=mapping))

    assert failure.value.field == "map"


def test_a_desk_to_read_only_tells_and_stores_nothing(ctx: Context, tmp_path: Path) -> None:
    from dataclasses import replace

    path = written(tmp_path, THREE)
    reading = replace(ctx, readonly=True)

    assert counts(guest_import.run(reading, path, dry_run=True)) == {"new": 2, "bad": 1}
    with pytest.raises(Forbidden):
        guest_import.run(reading, path)
