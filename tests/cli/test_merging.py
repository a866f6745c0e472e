"""``guest merge``, ``guest unmerge`` and ``list duplicates`` (SPEC §6, §15)."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Crm


def new(crm: Crm, *options: str) -> int:
    done = crm("guest", "new", "--json", *options)
    assert done.code == 0, done.err
    return int(done.lines[0]["id"])


def shown(crm: Crm, number: int) -> dict[str, Any]:
    return crm("show", "guest", str(number), "--json").lines[0]


def test_merged_and_taken_apart(desk: Crm) -> None:
    one = new(desk, "--surname", "Nowak", "--given", "Łucja", "--birth-date", "1980-04-03", "--reference", "R-1")
    two = new(desk, "--surname", "Novak", "--email", "l@x.example", "--birth-date", "1980-03-04", "--reference", "R-2")
    ids = (str(one), str(two))
    (seen,) = desk("guest", "merge", *ids, "--dry-run", "--json").lines
    assert (seen["main"], seen["others"], seen["merged"]) == (one, [two], False)
    assert seen["fields"]["surname"] == {"values": ["Nowak", "Novak"], "taken": one, "result": "Nowak"}
    assert seen["differences"] == [
        {"field": "birth_date", "guests": [one, two], "values": ["3 Apr 1980", "4 Mar 1980"]}
    ]
    refused = desk("guest", "merge", *ids)
    assert (refused.code, "--sure" in refused.err, shown(desk, two)["id"]) == (1, True, two)
    done = desk("guest", "merge", *ids, "--sure", "--take", f"surname={two}", "--take", f"reference={two}", "--json")
    assert (done.code, done.lines[0]["merged"]) == (0, True)
    found = shown(desk, two)
    assert (found["id"], found["surname"], found["given"], found["emails"], found["reference"]) == (
        one,
        "Novak",
        "Łucja",
        ["l@x.example"],
        "R-2",
    )
    assert desk("guest", "merge", *ids).code == 1
    assert desk("guest", "unmerge", str(two), "--json").lines == [{"id": two, "name": "Novak"}]
    assert [shown(desk, number)["reference"] for number in (one, two)] == ["R-1", "R-2"]
    assert desk("guest", "unmerge", str(two)).code == 1


def test_undo_takes_a_merge_back(desk: Crm) -> None:
    one, two, three = (new(desk, "--surname", "Nowak", "--given", name) for name in ("Ana", "Anna", "Hanna"))
    said = desk("guest", "merge", str(one), str(two), str(three))
    assert said.out.strip() == f"2 guests are merged into Ana Nowak, guest {one}."
    assert desk("undo").code == 0
    assert [shown(desk, number)["given"] for number in (one, two, three)] == ["Ana", "Anna", "Hanna"]


def test_what_is_wrong_is_said(desk: Crm) -> None:
    one, firm = new(desk, "--surname", "Sol"), new(desk, "--surname", "Sol", "--kind", "company")
    for options, code, words in (
        ((str(one), str(firm)), 1, "A person and a company cannot be one"),
        ((str(one), str(one)), 1, "cannot be merged with itself"),
        ((str(one), "99"), 1, "There is no guest 99"),
        ((str(one), "99", "--take", "surname"), 2, "--take says whose field counts"),
        ((str(one), str(new(desk, "--surname", "S")), "--take", "shoe=1"), 1, "no field called shoe"),
    ):
        done = desk("guest", "merge", *options)
        assert (done.code, words in done.err) == (code, True), done.err


def test_duplicates_are_listed_with_reasons(desk: Crm) -> None:
    assert desk("list", "duplicates").out.strip() == "Nobody seems to be in the client base twice."
    one = new(desk, "--surname", "Nowak", "--given", "Łucja", "--email", "l@x.example")
    two = new(desk, "--surname", "Nowak", "--given", "Lucja", "--email", "L@x.example")
    (line,) = desk("list", "duplicates", "--json").lines
    assert [guest["id"] for guest in line["guests"]] == [one, two]
    assert (line["score"], line["shared"], line["reasons"]) == (90, False, ["same e-mail l@x.example", "same name"])
    assert f"Łucja Nowak #{one} = Lucja Nowak #{two}" in desk("list", "duplicates").out
