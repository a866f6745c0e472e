"""Files of guests from programs of other countries: what their columns mean, whose numbers are meant, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.desk.client_base import guests
from crm_tui.desk.client_files import guest_import
from crm_tui.desk.client_files.import_errors import ErrorFile
from crm_tui.desk.common.context import Context
from crm_tui.rules.import_columns import guess
from tests.desk.client_files.test_guest_import import counts, ctx, stored, written

__all__ = ["ctx"]


def test_the_country_of_a_row_tells_how_its_numbers_are_read(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, "Nazwisko;Telefon;Kraj\nNowak;601 222 333;Polska\nPons;600 111 222;\n")

    dry = guest_import.run(ctx, path, dry_run=True)
    assert dry.assumed == [("600 111 222", "+34600111222")]
    assert any("600 111 222 → +34600111222" in one for one in dry.sentences)
    guest_import.run(ctx, path)
    assert [guests.get(ctx, number).phones[0].number for number in (1, 2)] == ["+48601222333", "+34600111222"]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Znaczniki", "attributes"),
        ("Atrybuty", "attributes"),
        ("Etiquetas", "attributes"),
        ("Attributs", "attributes"),
        ("Merkmale", "attributes"),
        ("Zgoda data", "consent_day"),
        ("Data zgody", "consent_day"),
        ("Zgoda źródło", "consent_source"),
        ("Fecha consentimiento", "consent_day"),
        ("Fecha de consentimiento", "consent_day"),
        ("Origen del consentimiento", "consent_source"),
        ("Date du consentement", "consent_day"),
        ("Einwilligung Datum", "consent_day"),
        ("Zgoda e-mail data", "consent_mail_day"),
    ],
)
def test_columns_of_many_languages_are_known(column: str, field: str) -> None:
    assert guess(["Nazwisko", column])[column] == field


def test_the_day_and_source_of_consents_hold_for_all_columns_beside_them(ctx: Context, tmp_path: Path) -> None:
    head = "Nazwisko;Zgoda e-mail;Zgoda SMS;Zgoda SMS data;Zgoda data;Zgoda źródło\n"
    path = written(tmp_path, head + "Nowak;tak;tak;2024-02-02;2024-01-01;formularz\n")

    assert counts(guest_import.run(ctx, path)) == {"new": 1}
    said = {channel: (str(one.day), one.source) for channel, one in guests.get(ctx, 1).consents.items() if one.day}
    assert said == {"mail": ("2024-01-01", "formularz"), "sms": ("2024-02-02", "formularz")}


def test_one_reference_is_not_two_persons(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, "reference,surname,given\nD1,First,A\nD1,Second,B\nD1,First,A\n")

    dry = guest_import.run(ctx, path, dry_run=True)
    assert counts(dry) == {"new": 1, "same": 1, "bad": 1}
    (problem,) = dry.problems
    assert (problem.row, problem.column, "Row 2" in problem.message) == (3, "reference", True)
    assert counts(guest_import.run(ctx, path)) == {"new": 1, "same": 1, "bad": 1}
    assert counts(guest_import.run(ctx, path)) == {"same": 2, "bad": 1}
    assert len(stored(ctx)) == 1


def test_rows_of_the_wrong_width_stay_refused_until_they_are_mended(ctx: Context, tmp_path: Path) -> None:
    path = written(tmp_path, "surname,given,city\nA,B\nC,D,Palma,extra\n")
    errors = tmp_path / "bad.csv"
    with ErrorFile(errors, ["surname", "given", "city"]) as file:
        guest_import.run(ctx, path, on_problem=file.add)
    assert "extra" in errors.read_text("utf-8")
    assert counts(guest_import.run(ctx, errors)) == {"bad": 2}
    again = tmp_path / "again.csv"
    with ErrorFile(again, errors.read_text("utf-8").splitlines()[0].replace('"', "").split(",")) as file:
        guest_import.run(ctx, errors, on_problem=file.add)
    assert counts(guest_import.run(ctx, again)) == {"bad": 2}
    assert stored(ctx) == []
