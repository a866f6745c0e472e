"""``import guests`` and ``export guests``: lines for people, objects for programs, exit codes (SPEC §15)."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crm_tui.base.paths import home_at
from crm_tui.cli.main import run
from tests.building import empty_store_in

CSV = "ref;Apellidos;Correo\nR1;Pérez;jose@x.es\nR2;Núñez;no address\n;Łącka;anna@x.pl\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A desk that was set up."""
    monkeypatch.setenv("CRM_TUI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CRM_TUI_NOW", "2026-07-01T09:00:00Z")
    monkeypatch.chdir(tmp_path)
    words = ["init", "--property", "Hotel", "--timezone", "Europe/Madrid", "--currency", "EUR", "--agent", "Ana"]
    empty_store_in(home_at(tmp_path / "home"))
    assert run(words) == 0
    (tmp_path / "guests.csv").write_text(CSV, "utf-8")
    capsys.readouterr()
    return tmp_path


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_import_tells_rows_that_are_wrong_and_a_sum(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "guests", "guests.csv", "--dry-run", "--json"]) == 1
    assert objects(capsys.readouterr().out) == [
        {"row": 3, "column": "Correo", "value": "no address", "error": "no address is no mail address."},
        {"dry_run": True, "cancelled": False, "new": 2, "changed": 0, "same": 0, "bad": 1}
        | {"unknown_attributes": {}, "archived": 0},
    ]
    assert run(["import", "guests", "guests.csv", "--errors", "bad.csv"]) == 1
    out = capsys.readouterr()
    assert "Row 3, Correo: no address is no mail address." in out.out
    assert "2 new, 0 changed, 0 the same, 1 wrong." in out.out
    assert "1 row to be mended is in bad.csv." in out.err


def test_the_rows_that_were_wrong_are_mended_and_imported(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "guests", "guests.csv", "--errors", "bad.csv"])
    bad = home / "bad.csv"
    assert oct(bad.stat().st_mode & 0o777) == "0o600"
    bad.write_text(bad.read_text("utf-8").replace("R2,Núñez,no address", "R2,Núñez,nunez@x.es"), "utf-8")
    capsys.readouterr()

    assert run(["import", "guests", "bad.csv", "--json"]) == 0
    assert objects(capsys.readouterr().out)[-1]["new"] == 1
    assert run(["import", "guests", "guests.csv", "--errors", "bad.csv"]) == 2
    assert "exists already" in capsys.readouterr().err


def test_a_mapping_on_the_command_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["import", "guests", "guests.csv", "--map", "Correo=remarks", "--map", "1=", "--json"]
    assert run(words) == 0
    capsys.readouterr()
    assert run(["export", "guests", "--json"]) == 0
    found = {one["surname"]: one for one in objects(capsys.readouterr().out)}
    assert (found["Núñez"]["remarks"], found["Núñez"]["reference"], found["Núñez"]["emails"]) == ("no address", "", [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "guests", "nope.csv"], "No such file"),
        (["import", "guests", "."], "is a folder"),
        (["import", "guests", "guests.csv", "--map", "Correo=shoe"], "no field called shoe"),
        (["import", "guests", "guests.csv", "--map", "Correo"], "COLUMN=FIELD"),
        (["import", "guests", "guests.csv", "--encoding", "klingon"], "no encoding called klingon"),
        (["import", "guests", "guests.csv", "--delimiter", "ab"], "one character"),
        (["export", "guests", "--ids", "1,x"], "numbers of guests"),
        (["export", "guests", "--vcard", "--json"], "one format"),
        (["export", "guests", "guests.csv"], "exists already"),
        (["export", "guests", "--attribute", "nothing"], "no attribute"),
    ],
)
def test_what_was_typed_wrong(home: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(words) in (1, 2)
    assert said in capsys.readouterr().err


def test_out_and_in_again_through_a_pipe(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "guests", "guests.csv"])
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    program = [sys.executable, "-m", "crm_tui"]
    for flag in ("--csv", "--vcard"):  # all formats are read again in tests of the desk; here it is the pipe
        out = subprocess.run([*program, "export", "guests", flag], capture_output=True, env=environment, check=True)
        words = [*program, "import", "guests", "-", "--json"]
        back = subprocess.run(words, input=out.stdout, capture_output=True, env=environment, check=True)
        assert objects(back.stdout.decode())[-1]["same"] == 2


def test_a_file_of_some_guests(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "guests", "guests.csv"])
    capsys.readouterr()

    assert run(["export", "guests", "out.vcf", "--vcard", "--text", "lack"]) == 0

    assert "1 guest is in out.vcf." in capsys.readouterr().out
    assert "FN:Łącka" in (home / "out.vcf").read_text("utf-8")


def test_nothing_goes_out_of_a_desk_to_read_only(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "guests", "--readonly"]) == 1
    assert io.StringIO(capsys.readouterr().out).read() == ""


def test_fields_are_named_as_the_dry_run_prints_them(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["import", "guests", "guests.csv", "--dry-run", "--json"]
    assert run([*told, "--map", "Correo=city"]) == 0
    assert run([*told, "--map", "Correo=Street"]) == 0
    assert run([*told, "--map", "Correo=mail addresses"]) == 1
    assert run([*told, "--map", "Correo=nothing such"]) == 2
    assert "surname" in capsys.readouterr().err


def test_a_guest_who_is_not_there_is_not_exported(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "guests", "--ids", "999"]) == 1
    assert "There is no guest 999." in capsys.readouterr().err


def test_guests_are_exported_by_the_criteria_of_their_list(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["import", "guests", "guests.csv"])
    capsys.readouterr()
    for words in (
        ["--persons"],
        ["--destination", "Palma"],
        ["--passport-until", "2030-01-01"],
        ["--born-from", "1.1."],
    ):
        assert run(["list", "guests", "--json", *words]) == 0
        listed = [one["id"] for one in objects(capsys.readouterr().out)]
        assert run(["export", "guests", "--json", *words]) == 0
        assert [one["id"] for one in objects(capsys.readouterr().out)] == listed


def test_a_file_that_cannot_be_read_is_a_failure(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("guests", "reservations"):
        assert run(["import", kind, "missing.csv"]) == 1
        assert run(["import", kind, "."]) == 1
    assert run(["import", "guests", "guests.csv", "--encoding", "klingon"]) == 2
