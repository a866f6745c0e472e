"""``show guest``, ``event`` and ``event-type``: the profile and its history on the command line (SPEC §15)."""

from __future__ import annotations

from tests.cli.conftest import Crm


def guest(crm: Crm) -> int:
    done = crm("guest", "new", "--surname", "Nowak", "--given", "Łucja", "--email", "lucja@poczta.example", "--json")
    assert done.code == 0, done.err
    return int(done.lines[0]["id"])


def test_a_guest_is_shown_whole_with_the_history(mailed: Crm) -> None:
    number = guest(mailed)
    assert mailed("event", "add", str(number), "call", "Asked", "for", "a", "cot", "--at", "2026-06-30T10:00").code == 0
    assert mailed("memo", "--guest", str(number), "Quiet room").code == 0
    (line,) = mailed("show", "guest", str(number), "--json").lines
    assert (line["surname"], line["stays"], line["passport_state"], line["asked_for"]) == (
        "Nowak",
        0,
        "unknown",
        number,
    )
    told = [(one["kind"], one["text"]) for one in line["history"]]
    assert {("memo", "Quiet room"), ("change", "made the profile")} < set(told)
    assert [one for one in line["history"] if one["kind"] == "event"] == [
        {"kind": "event", "id": 1, "at": "2026-06-30T08:00:00+00:00", "day": "2026-06-30", "day_only": False, "who": "Ana",
         "text": "Asked for a cot", "type": "call"}
    ]  # fmt: skip
    assert {one["conversation"] for one in line["history"] if one["kind"] == "mail"} == {1, 2, 3}
    assert line["entries"] == len(line["history"])
    (few,) = mailed("show", "guest", str(number), "--history", "1", "--kind", "event", "--json").lines
    assert ([one["kind"] for one in few["history"]], few["entries"]) == (["event"], 1)
    text = mailed("show", "guest", str(number)).out
    assert "Łucja Nowak · guest" in text
    assert "call Asked for a cot" in text
    assert "2026-06-30 10:00" in text
    assert mailed("show", "guest", str(number), "--history", "0").out.count("Asked") == 0
    assert mailed("show", "guest", str(number), "--kind", "songs").code == 2
    assert mailed("show", "guest", "999").code == 1


def test_events_are_written_changed_listed_and_taken_away(desk: Crm) -> None:
    number = str(guest(desk))
    (made,) = desk("event", "add", number, "visit", "Picked up catalogues", "--json").lines
    assert (made["type"], made["at"][:16], made["author"]) == ("visit", "2026-07-01T08:00", "Ana")
    (changed,) = desk("event", "edit", "1", "--text", "Two catalogues", "--type", "catalogue", "--json").lines
    assert (changed["text"], changed["type"], changed["version"]) == ("Two catalogues", "catalogue", 2)
    assert desk("event", "edit", "1", "--text", "x", "--version", "1").code == 1
    assert desk("event", "edit", "1").code == 2
    assert "Two catalogues" in desk("event", "list", number).out
    assert desk("event", "add", number, "visit", "--at", "soon").code == 2
    assert desk("event", "add", number, "visit", "--at", "2026-08-01").code == 2
    assert desk("event", "add", number, "singing").code == 1
    assert desk("event", "remove", "1").code == 0
    assert desk("event", "list", number, "--json").lines == []
    assert "is back" in desk("undo").out


def test_types_of_event_are_kept_by_an_admin(desk: Crm) -> None:
    (made,) = desk("event-type", "add", "Transfer", "--json").lines
    assert (made["name"], made["code"], made["events"]) == ("Transfer", None, 0)
    assert desk("event-type", "add", "transfer").code != 0
    assert desk("event-type", "rename", "Transfer", "Airport transfer").code == 0
    names = [one["name"] for one in desk("event-type", "list", "--json").lines]
    assert names[:2] == ["call", "mail"]
    assert names[-1] == "Airport transfer"
    assert desk("event-type", "remove", "airport transfer").code == 0
    assert "Airport" not in desk("event-type", "list").out


def test_a_colleague_is_told_about_a_guest(desk: Crm) -> None:
    number = guest(desk)
    assert desk("agent", "add", "Leo").code == 0
    assert desk("message", "Leo", "Call her", "--guest", str(number)).code == 0
    (line,) = desk("show", "guest", str(number), "--kind", "internal", "--json").lines
    assert [one["text"] for one in line["history"]] == ["→ Leo\nCall her"]
