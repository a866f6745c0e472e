"""``quality`` and what ``feedback`` gives on the command line (SPEC §11, §15)."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Crm


def test_complaints_are_settled_with_items_at_the_prices_of_the_day(desk: Crm) -> None:
    assert desk("quality", "item", "add", "Wine", "18.50").code == 0
    (item,) = desk("quality", "item", "add", "Massage", "200 PLN", "--json").lines
    assert (item["value"], item["currency"], item["entries"]) == ("200.00", "PLN", 0)
    assert desk("feedback", "add", "negative", "Noise", "--room", "204").code == 0
    for wrong in (
        ["Wine", "0"],
        ["Wine", "-1"],
        ["Wine", "1.5"],
        ["Wine", "1", "20 PLN"],
        ["Yacht"],
        ["Wine", "1", "2", "3"],
    ):
        told = desk("feedback", "resolve", "1", "--item", *wrong)
        assert (told.code, "Traceback" in told.err) == (2, False), wrong
    (done,) = desk("feedback", "resolve", "1", "--item", "wine", "2", "--item", "2", "--json").lines
    assert [(one["name"], one["quantity"], one["amount"], one["currency"]) for one in done["items"]] == [
        ("Wine", 2, "37.00", "EUR"), ("Massage", 1, "200.00", "PLN")]  # fmt: skip
    assert desk("quality", "item", "change", "Wine", "--value", "25", "--name", "House wine").code == 0
    desk("feedback", "reopen", "1")
    (done,) = desk("feedback", "resolve", "1", "--item", "house wine", "--json").lines
    assert [one["value"] for one in done["items"]] == ["18.50", "200.00", "25.00"]
    assert done["cost"] == [{"amount": "62.00", "currency": "EUR"}, {"amount": "200.00", "currency": "PLN"}]
    shown = desk("feedback", "show", "1").out
    assert "2 × Wine: 18.50 EUR = 37.00 EUR" in shown
    assert "together 62.00 EUR + 200.00 PLN" in shown
    assert desk("quality", "item", "remove", "House wine").code == 0
    assert "was taken off the list" in desk("quality", "add", "--room", "1", "--item", "House wine").err
    assert "House wine" not in desk("quality", "item", "list").out


def test_what_is_said_of_settled_feedback_is_not_lost(desk: Crm) -> None:
    desk("feedback", "add", "negative", "Noise", "--room", "204", "--resolved")
    (said,) = desk("feedback", "resolve", "1", "--resolution", "Another room", "--satisfaction", "4", "--json").lines
    assert (said["resolution"], said["satisfaction"], said["resolved"]) == ("Another room", 4, True)
    assert desk("feedback", "resolve", "1").code == 0
    assert desk("feedback", "show", "1", "--json").lines[0]["version"] == said["version"]


def test_a_room_alone_finds_who_stays_in_it_today(desk: Crm, tmp_path: Path) -> None:
    stay = {
        "reference": "M-1",
        "status": "confirmed",
        "room": "204",
        "arrival": "2026-06-28",
        "departure": "2026-07-03",
    }
    stay["guests"] = [{"surname": "Nowak", "given": "Łucja", "holder": True}]  # type: ignore[assignment]
    (tmp_path / "stays.json").write_text(json.dumps([stay]), encoding="utf-8")
    assert desk("import", "reservations", str(tmp_path / "stays.json")).code == 0
    (said,) = desk("feedback", "add", "negative", "Noise", "--room", "204", "--json").lines
    assert (said["guest"]["name"], said["reservation"], said["room"]) == ("Łucja Nowak", "M-1", "204")
    desk("quality", "item", "add", "Cake", "30")
    assert "Łucja Nowak · 204" in desk("quality", "add", "--room", "204", "--item", "Cake").out
    (said,) = desk("feedback", "add", "negative", "Noise", "--room", "205", "--json").lines
    assert (said["guest"], said["room"]) == (None, "205")


def test_what_was_written_down_is_changed_and_taken_away(desk: Crm) -> None:
    desk("feedback", "add", "negative", "Noise", "--room", "204", "--code", "Lift", "--employee", "Leo")
    said = ("--text", "Noise at night", "--room", "205", "--employee", "", "--at", "2026-06-30 22:00")
    (found,) = desk("feedback", "set", "1", *said, "--json").lines
    told = [found[name] for name in ("kind", "comment", "room", "code", "employee", "version")]
    assert told == ["negative", "Noise at night", "205", "Lift", None, 2]
    assert found["at"].startswith("2026-06-30T2")
    assert desk("feedback", "set", "1", "--kind", "positive").out.splitlines() == ["Feedback 1 is changed.", "  205"]
    late = desk("feedback", "set", "1", "--text", "Mine", "--version", "2", "--json")
    assert (late.code, "changed meanwhile" in late.complaint["error"]) == (1, True)
    for wrong in ([], ["--room", ""], ["--kind", "neutral"], ["--at", "never"]):
        assert desk("feedback", "set", "1", *wrong).code == 2, wrong
    assert desk("feedback", "set", "9", "--text", "Mine").code == 1
    assert desk("feedback", "show", "1", "--json").lines[0]["comment"] == "Noise at night"
    assert desk("feedback", "remove", "1", "--json").lines[0]["id"] == 1
    assert desk("feedback", "show", "1").code == 1
    assert desk("undo").code == 0
    assert desk("feedback", "show", "1").code == 0


def test_another_guest_has_not_the_stay_of_the_one_before(desk: Crm) -> None:
    desk("guest", "new", "--surname", "Nowak")
    desk("guest", "new", "--surname", "Lis")
    days = ("--arrival", "2026-07-10", "--departure", "2026-07-12")
    (stay,) = desk("reservation", "new", "--guest", "1", "--value", "100EUR", *days, "--json").lines
    (found,) = desk("feedback", "add", "negative", "Noise", "--reservation", "1", "--json").lines
    assert (found["guest"]["name"], found["reservation"]) == ("Nowak", stay["code"])
    (found,) = desk("feedback", "set", "1", "--guest", "2", "--json").lines
    assert (found["guest"]["name"], found["reservation"]) == ("Lis", None)


def test_what_was_given_before_keeps_its_value_when_a_cost_is_changed(desk: Crm) -> None:
    desk("quality", "item", "add", "Cake", "30")
    desk("quality", "item", "add", "Wine", "18")
    desk("quality", "add", "--room", "12", "--item", "Cake", "--item", "Wine")
    desk("quality", "item", "change", "Cake", "--value", "40", "--name", "Torte")
    (found,) = desk("quality", "set", "1", "--item", "torte", "3", "--occasion", "Birthday", "--json").lines
    assert [(one["name"], one["quantity"], one["value"]) for one in found["items"]] == [("Cake", 3, "30.00")]
    assert (found["occasion"], found["room"]) == ("Birthday", "12")
    (found,) = desk("quality", "set", "1", "--item", "Cake", "1", "25", "--item", "1", "--item", "Wine", "--json").lines
    assert [(one["name"], one["value"]) for one in found["items"]] == [
        ("Cake", "25.00"), ("Torte", "40.00"), ("Wine", "18.00")]  # fmt: skip
    for wrong in ([], ["--item", "Yacht"], ["--item", "Wine", "0"]):
        assert desk("quality", "set", "1", *wrong).code == 2, wrong
    assert desk("quality", "set", "1", "--text", "x", "--version", "1").code == 1
    assert desk("quality", "set", "1", "--text", "With candles").out.startswith("Cost of quality 1 is changed.")


def test_costs_of_quality_are_written_down_listed_and_removed(desk: Crm) -> None:
    desk("quality", "item", "add", "Cake", "30")
    assert desk("quality", "add", "--room", "12").code == 2  # nothing was given
    assert desk("quality", "add", "--item", "Cake").code == 2  # neither guest nor room
    (made,) = desk(
        "quality", "add", "With", "candles", "--room", "12", "--occasion", "Birthday", "--item", "Cake", "1", "--json"
    ).lines
    assert (made["occasion"], made["comment"], made["cost"]) == (
        "Birthday", "With candles", [{"amount": "30.00", "currency": "EUR"}])  # fmt: skip
    assert "Birthday" in desk("quality", "list").out
    assert "1 × Cake: 30.00 EUR" in desk("quality", "show", "1").out
    assert [one["id"] for one in desk("quality", "list", "--code", "none", "--json").lines] == []
    assert desk("quality", "remove", "1").code == 0
    assert desk("quality", "show", "1").code == 1
    assert desk("quality", "list").out.strip() == "Nothing was given to guests yet."


def test_codes_are_kept_by_the_administrator_and_renamed_where_they_are_used(desk: Crm) -> None:
    assert desk("quality", "code", "list").out.strip() == "The list of codes is empty; an administrator fills it."
    assert desk("quality", "code", "add", "Noise").code == 0
    assert desk("feedback", "add", "negative", "Lift", "--room", "1", "--code", "noise").code == 0
    (code,) = desk("quality", "code", "rename", "noise", "Loud", "--json").lines
    assert (code["name"], code["entries"]) == ("Loud", 1)
    assert [one["code"] for one in desk("feedback", "list", "--json").lines] == ["Loud"]
    assert desk("quality", "code", "remove", "Loud").code == 0
    assert [one["code"] for one in desk("feedback", "list", "--json").lines] == ["Loud"]
    assert desk("quality", "code", "remove", "Loud").code == 1
