"""``crm-tui guest erase|export|consents`` and ``retention``: the same rules as at the desk (SPEC §6)."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Crm


@pytest.fixture
def guest(desk: Crm) -> int:
    made = desk("guest", "new", "--surname", "Brzęczyk", "--given", "Żaneta", "--email", "zb@poczta.example", "--json")
    return int(made.lines[0]["id"])


def test_a_guest_is_looked_at_then_erased_then_gone(desk: Crm, guest: int) -> None:
    looked = desk("guest", "erase", str(guest), "--dry-run")
    assert (looked.code, "Żaneta Brzęczyk" in looked.out, "1 mail address removed" in looked.out) == (0, True, True)
    refused = desk("guest", "erase", str(guest))
    assert (refused.code, "Nothing was erased" in refused.err) == (1, True)
    assert desk("guest", "erase", str(guest), "--json").code == 2
    report = desk("guest", "erase", str(guest), "--yes", "--reason", "asked by mail", "--json").lines[0]
    assert (report["guest"], report["erased"]["addresses"], report["clean"]) == (guest, 1, True)
    assert "Brz" not in json.dumps(report)
    assert desk("guest", "erase", str(guest), "--yes").code == 1
    (listed,) = desk("erasure", "list", "--json").lines
    assert listed == report
    shown = desk("erasure", "show", str(listed["id"]))
    assert "What stays:" in shown.out
    assert desk("erasure", "show", "99").code == 1
    profile = desk("show", "guest", str(guest))
    assert (profile.code, "This person was erased on 20" in profile.out) == (0, True)
    assert desk("show", "guest", str(guest), "--json").lines[0]["erased_at"] == report["at"]
    for again in (("set", str(guest), "--surname", "Back"), ("unarchive", str(guest))):
        refused = desk("guest", *again)
        assert (refused.code, f"Guest {guest} was erased on 20" in refused.err) == (1, True)


def test_everything_on_a_guest_is_written_for_one_reader(desk: Crm, guest: int, tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    assert desk("guest", "export", str(guest), str(file)).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    whole = json.loads(file.read_text(encoding="utf-8"))
    assert whole["emails"][0]["address"] == "zb@poczta.example"
    assert desk("guest", "export", str(guest), "--json").lines[0]["guest"] == guest
    assert "Surname: Brzęczyk" in desk("guest", "export", str(guest)).out
    text = tmp_path / "out.txt"
    files = tmp_path / "files"
    assert desk("guest", "export", str(guest), str(text), "--attachments", str(files)).code == 0
    assert text.read_text(encoding="utf-8").startswith("What is held on guest")
    assert desk("guest", "export", str(guest), str(tmp_path / "none" / "out.json")).code == 1


def test_an_export_of_a_guest_replaces_no_file_and_is_always_journaled(desk: Crm, guest: int, tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("precious")
    refused = desk("guest", "export", str(guest), str(file))
    assert (refused.code, "nothing was written" in refused.err, file.read_text()) == (1, True, "precious")
    assert desk("guest", "export", str(guest), str(file), "--overwrite").code == 0
    assert file.read_text(encoding="utf-8").startswith("What is held on guest")
    other, files = tmp_path / "other.json", tmp_path / "files"
    for target in ((str(other), "--attachments", str(files)), ("--json",), ()):
        refused = desk("guest", "export", str(guest), *target, "--readonly")
        assert (refused.code, refused.out, "read only" in refused.err) == (1, "", True)
    assert not other.exists()
    assert not files.exists()


def test_erasing_says_where_the_surname_stands_alone_and_takes_places(desk: Crm, guest: int) -> None:
    surname = desk("show", "guest", str(guest), "--json").lines[0]["surname"]
    other = desk("guest", "new", "--surname", "Other", "--json").lines[0]["id"]
    for text in (f"The {surname}s arrive Friday", f"{surname} Road is closed"):
        desk("memo", text, "--guest", str(other))
    seen = desk("guest", "erase", str(guest), "--dry-run", "--json").lines[0]["places"]
    assert [(one["linked"], one["sentence"]) for one in seen] == [
        (False, f"{surname} Road is closed"),
        (False, f"The {surname}s arrive Friday"),
    ]
    assert f"[ ] {seen[0]['place']}  {surname} Road is closed" in desk("guest", "erase", str(guest), "--dry-run").out
    for wrong in ("some", "memo", ""):
        assert desk("guest", "erase", str(guest), "--yes", "--also", wrong).code == 2
    assert desk("guest", "erase", str(guest), "--yes", "--also", "memo:99").code == 1
    told = desk("guest", "erase", str(guest), "--yes", "--also", seen[1]["place"], "--json").lines[0]
    assert told["erased"]["places"] == 1
    assert [(one["kind"], one["times"]) for one in told["left_places"]] == [("memo", 1)]


def test_consent_is_told_with_its_history(desk: Crm, guest: int) -> None:
    silent = desk("guest", "consents", str(guest))
    assert "Never spoken of, which is a no: mail, SMS, telephone, newsletter" in silent.out
    desk("guest", "consent", str(guest), "mail", "yes", "--source", "form")
    desk("guest", "consent", str(guest), "mail", "no")
    said = desk("guest", "consents", str(guest), "--json").lines
    assert [(one["given"], one["source"], one["agent"], one["holds"]) for one in said] == [
        (False, None, "Ana", True),
        (True, "form", "Ana", False),
    ]
    assert desk("guest", "consents", "900").code == 1


def test_rules_are_made_and_propose(desk: Crm, guest: int) -> None:
    assert "There is no rule yet" in desk("retention", "list").out
    made = desk("retention", "add", "Silent", "36", "--criteria", '{"never_booked": true}', "--json").lines[0]
    assert made == {"id": 1, "name": "Silent", "months": 36, "criteria": {"never_booked": True}}
    assert "Silent" in desk("retention", "list").out
    assert "Nobody is proposed" in desk("retention", "proposals").out
    kept = desk("retention", "keep", str(guest), "--until", "2099-01-01", "--json").lines[0]
    assert kept == {"kept": 1, "until": "2099-01-01"}
    assert desk("retention", "remove", "1", "--json").lines == [{"removed": 1}]
    assert desk("retention", "proposals", "--rule", "1").code == 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("retention", "add", "X", "36", "--criteria", "nonsense"), "no criteria"),
        (("retention", "add", "X", "36", "--criteria", '{"shoe": 1}'), "no criterion shoe"),
        (("retention", "add", "X", "36", "--criteria", '{"archived": "x"}'), "no criteria"),
        (("retention", "add", "X", "0"), "1 to 600"),
        (("retention", "keep", "1", "--until", "soonish"), "is no day"),
    ],
)
def test_what_cannot_be_is_said(desk: Crm, command: tuple[str, ...], words: str) -> None:
    refused = desk(*command)
    assert (refused.code, words in refused.err) == (2, True), refused.err
