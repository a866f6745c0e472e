"""Templates from the command line: the same rules, the same journal."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Crm


def test_the_starter_set_is_listed(desk: Crm) -> None:
    found = desk("template", "list", "--json").lines
    assert len(found) == 36
    assert {
        "id",
        "name",
        "language",
        "category",
        "subject",
        "body",
        "archived",
        "agent",
        "updated_at",
        "version",
    } == set(found[0])
    assert len(desk("template", "list", "--language", "pl", "--json").lines) == 9
    assert "Pierwsza odpowiedź" in desk("template", "list").out
    assert desk("template", "starter", "--json").lines == [{"added": 0}]


def test_one_is_written_changed_put_away_and_had_back(desk: Crm, tmp_path: Path) -> None:
    body = tmp_path / "parking.md"
    body.write_text("Dear {{ guest.name }},\n\nParking is free.\n", encoding="utf-8")
    made = desk("template", "set", "--name", "Parking", "--language", "en", "--body", body, "--json")
    assert made.code == 0, made.err
    (one,) = made.lines
    assert (one["version"], one["agent"], one["category"]) == (1, "Ana", "other")
    (changed,) = desk("template", "set", one["id"], "--subject", "Parking at {{ property.name }}", "--json").lines
    assert (changed["version"], changed["body"]) == (2, one["body"])
    stale = desk("template", "set", one["id"], "--subject", "x", "--version", "1", "--json")
    assert stale.code == 1
    assert "meanwhile" in stale.complaint["error"]
    assert desk("template", "archive", one["id"]).code == 0
    assert [row["id"] for row in desk("template", "list", "--archived", "--json").lines] == [one["id"]]
    assert desk("template", "restore", one["id"], "--json").lines[0]["archived"] is False


def test_a_hostile_template_is_refused_with_its_line(desk: Crm, tmp_path: Path) -> None:
    body = tmp_path / "x.md"
    body.write_text("fine\n{% for a in range(9) %}{{ a.__class__ }}{% endfor %}", encoding="utf-8")
    done = desk("template", "set", "--name", "X", "--language", "en", "--body", body, "--json")
    assert done.code == 2
    assert done.complaint["error"].startswith("Line 2: “__class__”")
    assert len(desk("template", "list", "--json").lines) == 36


def test_what_it_becomes_for_a_guest(mailed: Crm) -> None:
    shown = mailed("template", "show", "Pierwsza odpowiedź", "--conversation", 1, "--json")
    assert shown.code == 0, shown.err
    filled = shown.lines[0]["filled"]
    assert "pobytem w Hotel Miramar" in filled["text"]
    assert filled["gaps"] == []
    offer = mailed("template", "show", "Offer", "--language", "en", "--conversation", 1)
    assert "Missing: inquiry.arrival" in offer.out
    assert mailed("template", "show", "Nope").code == 1


def test_usage_and_permission(desk: Crm, tmp_path: Path) -> None:
    assert desk("template", "set", "--name", "X").code == 2
    binary = tmp_path / "x.bin"
    binary.write_bytes(b"\xff\xfe\x00")
    assert desk("template", "set", "--name", "X", "--language", "en", "--body", binary).code == 2
    assert desk("template", "archive", 1, "--readonly").code == 1
    assert desk("template", "archive", 999).code == 1
