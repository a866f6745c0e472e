"""What a role may not do is refused on the command line too, and every command stands in one of the two lists (SPEC §13)."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.cli.options import build
from crm_tui.desk.common.permissions import RULES, Permission
from crm_tui.rules.vocabulary import Role
from tests.cli.conftest import Crm

P = Permission

NEEDS: dict[str, tuple[Permission, str]] = {
    "account add": (P.ACCOUNTS, "--address a@b.example --imap-host h --smtp-host h --password-command true"),
    "account remove": (P.ACCOUNTS, "a@hotel.example --yes"),
    "agent add": (P.TEAM, "Eve"),
    "agent remove": (P.TEAM, "Ana --yes"),
    "agent restore": (P.TEAM, "Ana"),
    "department add": (P.TEAM, "Moon"),
    "department rename": (P.TEAM, "Groups Moon"),
    "department remove": (P.TEAM, "Groups"),
    "attribute add": (P.LISTS, "VIP"),
    "attribute rename": (P.LISTS, "Sea Lake"),
    "attribute merge": (P.LISTS, "Sea Garden"),
    "attribute remove": (P.LISTS, "Sea"),
    "event-type add": (P.LISTS, "Fax"),
    "event-type rename": (P.LISTS, "call Ring"),
    "event-type remove": (P.LISTS, "call"),
    "operator new": (P.OPERATORS, "Sol"),
    "operator set": (P.OPERATORS, "Mar --rename Sol"),
    "operator remove": (P.OPERATORS, "Mar"),
    "terms set": (P.TERMS, "--none"),
    "retention add": (P.RETENTION, "Old 36"),
    "retention remove": (P.RETENTION, "1"),
    "guest merge": (P.MERGE, "1 2"),
    "guest erase": (P.ERASE, "1 --yes"),
    "guest export": (P.GUEST_RECORD, "1"),
    "property set": (P.PROPERTY, "--checkin-days 2"),
    "backup": (P.KEEPING, "copy.db"),
    "restore": (P.KEEPING, "copy.db --yes"),
    "journal": (P.JOURNAL, ""),
}
"""Commands with arguments under which an agent is refused. What several may do under conditions stands in :data:`PARTLY`."""

PARTLY = {
    "agent set": "a manager may set --takes, --stages and --channels; the rest is an administrator's",
    "agent pin": "one's own; that of another is an administrator's",
    "guest unmerge": "needs a merge: tests/desk/merges/test_guest_merging.py",
    "retention proposals": "a manager's, as erasing: tests/desk/privacy/test_retention.py",
    "retention keep": "a manager's, as erasing: tests/desk/privacy/test_retention.py",
    "notices gateway": "an administrator's: tests/desk/watchlists/test_notices.py",
    "folio reverse": "a manager's on a closed folio: tests/desk/money/test_folios.py",
    "ticket take": "a manager's where a colleague has it: tests/desk/ticketing/test_tickets.py",
    "ticket give": "a manager's where a colleague has it: tests/desk/ticketing/test_tickets.py",
    "ticket release": "a manager's where a colleague has it: tests/desk/ticketing/test_tickets.py",
    "assign": "a manager's where a colleague has it: tests/desk/ticketing/test_tickets.py",
    "event edit": "one's own, or a manager's",
    "event remove": "one's own, or a manager's",
    "feedback resolve": "one's own, or a manager's",
    "feedback reopen": "one's own, or a manager's",
    "report": "one's own figures; those of others are a manager's",
    "timer list": "one's own; those of others are a manager's",
    "timer sheet": "one's own; those of others are a manager's",
    "timer pauses": "one's own; those of others are a manager's",
    "timer correct-pause": "a manager's: tests of timers",
    "timer add-pause": "a manager's: tests of timers",
    "timer remove-pause": "a manager's: tests of timers",
    "timer correct": "a manager's: tests of timers",
    "timer add": "a manager's: tests of timers",
    "timer remove": "a manager's: tests of timers",
    "erasure list": "names nobody",
    "erasure show": "names nobody",
}

OPEN = frozenset(
    [
        "demo",
        "init",
        "completion",
        "engine",
        "sync",
        "check",
        "doctor",
        "account:list",
        "account:test",
        "undo",
        "history",
        "list",
        "show",
        "search",
        "demand",
        "recall",
        "import:mail",
        "import:guests",
        "import:reservations",
        "export:guests",
        "export:reservations",
        "memo",
        "message",
        "reminders",
        "payments",
        "inquiry:*",
        "guest:new",
        "guest:set",
        "guest:archive",
        "guest:unarchive",
        "guest:contact",
        "guest:consent",
        "guest:consents",
        "retention:list",
        "reservation:*",
        "folio:*",
        "payment:*",
        "schedule:*",
        "terms:show",
        "operator:list",
        "statement",
        "event:add",
        "event:list",
        "event-type:list",
        "feedback:*",
        "handover:*",
        "reminder:*",
        "departures:*",
        "package:*",
        "mailing:*",
        "notices:*",
        "attribute:list",
        "attribute:tag",
        "move",
        "snooze",
        "star",
        "answered",
        "split",
        "merge",
        "template:*",
        "agent:list",
        "department:list",
        "ticket:*",
        "timer:*",
        "property:show",
        "quality:*",
        "working:*",
    ]
)
"""What everybody may do. Templates are everybody's: who answers guests writes the texts; the journal tells who changed one."""


def commands(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command by its words."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield " ".join(path)
    for name, child in groups[0].choices.items() if groups else ():
        yield from commands(child, (*path, name))


def everybodys(command: str) -> bool:
    words = command.split(" ")
    return ":".join(words) in OPEN or f"{words[0]}:*" in OPEN


def test_every_command_is_in_one_of_the_lists() -> None:
    """Whoever adds a command says here who may run it."""
    unknown = [one for one in commands(build()) if one not in NEEDS and one not in PARTLY and not everybodys(one)]
    assert unknown == []


@pytest.fixture
def team(desk: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Ana, who administers, Mia, who manages, and Leo; with one thing of each kind."""
    monkeypatch.chdir(tmp_path)
    for line in (
        "department add Groups", "agent add Leo", "agent add Mia --role manager", "attribute add Sea",
        "attribute add Garden", "operator new Mar", "guest new --surname Nowak", "guest new --surname Lis", "backup copy.db",
    ):  # fmt: skip
        done = desk(*line.split())
        assert done.code == 0, (line, done.err)
    return desk


@pytest.mark.parametrize("who", ["Leo", "Mia"])
def test_who_may_not_is_refused_with_its_sentence(team: Crm, home: Path, who: str) -> None:
    """Nothing is changed by any of them."""
    role = Role.AGENT if who == "Leo" else Role.MANAGER
    before = _journal(home)
    asked, wrong = 0, []
    for command, (permission, arguments) in NEEDS.items():
        needed = RULES[permission].role
        if needed == Role.MANAGER and role == Role.MANAGER:
            continue
        asked += 1
        done = team("--agent", who, *command.split(), *arguments.split(), "--json")
        whose = "an administrator" if needed == Role.ADMIN else "a manager"
        if done.code != 1 or f"Only {whose}" not in done.err or "Ana" not in done.complaint["hint"]:
            wrong.append((command, done.code, done.out, done.err))
    assert wrong == []
    assert asked > 15
    assert _journal(home) == before


def test_an_agent_may_not_set_anothers_place_or_pin(team: Crm) -> None:
    for line in ("agent set Leo --role admin", "agent set Leo --takes no", "agent pin Ana --remove"):
        done = team("--agent", "Leo", *line.split(), "--json")
        assert (done.code, done.complaint["error"].startswith("Only a")) == (1, True), (line, done.err)
    assert team("--agent", "Mia", "agent", "set", "Leo", "--takes", "yes", "--channels", "Expedia").code == 0


def test_what_is_refused_in_part_is_refused_whole_and_the_team_says_what_each_takes(team: Crm) -> None:
    def takes() -> list[object]:
        (leo,) = [one for one in team("agent", "list", "--json").lines if one["name"] == "Leo"]
        return [leo["takes"], leo["stages"], leo["channels"]]

    assert takes() == [True, [], []]
    for words in (
        ("--agent", "Mia", "agent", "set", "Leo", "--takes", "no", "--role", "admin"),
        ("agent", "set", "Leo", "--role", "manager", "--stages", "nonsense"),
    ):
        assert team(*words).code != 0
        assert takes() == [True, [], []]
        assert {one["name"]: one["role"] for one in team("agent", "list", "--json").lines}["Leo"] == "agent"
    done = team("agent", "set", "Leo", "--channels", "expedia", "--stages", "before booking", "--json")
    assert done.lines[0]["channels"] == ["Expedia"]
    assert takes() == [True, ["before booking"], ["Expedia"]]
    assert "before booking · Expedia" in team("agent", "list").out
    assert team("undo").code == 0
    assert takes() == [True, [], []]


def test_a_readonly_desk_changes_nothing_whoever_asks(team: Crm, home: Path) -> None:
    before = _dump(home)
    for line in (
        "guest new --surname Kowal", "agent add Eve", "attribute add VIP", "undo", "notices run", "agent pin --remove",
        "memo --guest 1 Text", "reminder add Call --due 2026-07-02", "template starter", "import guests copy.db",
        "feedback add negative --room 12", "handover make", "engine", "restore copy.db --yes", "agent set Leo --takes no",
    ):  # fmt: skip
        done = team("--readonly", *line.split(), "--json")
        assert done.code in (1, 2), (line, done.out)
    assert team("--readonly", "list", "guests", "--json").code == 0
    assert _dump(home) == before


def _journal(home: Path) -> int:
    with sqlite3.connect(home / "desk.db") as store:
        return int(store.execute("SELECT count(*) FROM journal WHERE action <> 'stand-in'").fetchone()[0])


def _dump(home: Path) -> list[str]:
    with sqlite3.connect(home / "desk.db") as store:
        kept = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%search%'"
        names = [name for (name,) in store.execute(kept)]
        return [f"{name} {store.execute('SELECT * FROM ' + repr(name)).fetchall()}" for name in names]


def test_a_pin_comes_on_standard_input_or_from_a_prompt_never_as_an_argument(
    team: Crm, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    def typed(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    typed("83hg71")
    assert team("agent", "pin", "Leo", "--stdin").code == 0
    assert team("agent", "list", "--json").lines[1]["pin"] is True
    typed()
    refused = team("--agent", "Leo", "list", "guests", "--json")
    assert (refused.code, refused.complaint["error"]) == (1, "Leo signs in with a PIN.")
    typed("83hg71")
    assert team("--agent", "Leo", "--pin-stdin", "list", "guests").code == 0
    typed("83hg71", "29kd41")
    changed = team("--agent", "Leo", "--pin-stdin", "agent", "pin", "--stdin", "--json")
    assert changed.lines == [{"name": "Leo", "pin": True}]
    typed("0000")
    wrong = team("--agent", "Leo", "--pin-stdin", "list", "guests", "--json")
    assert wrong.complaint == {"error": "That is not the PIN.", "hint": "Try again in 1 second."}
    with sqlite3.connect(home / "desk.db") as store:  # so often that the machine's time plays no part here
        store.execute("UPDATE agent SET pin_failures = 9 WHERE name = 'Leo'")
    typed("29kd41")
    assert "Too soon" in team("--agent", "Leo", "--pin-stdin", "list", "guests").err
    typed("1234")
    assert "among the first" in team("agent", "pin", "Ana", "--stdin").err
    assert "usage" not in team("agent", "pin", "--help").err
    assert not [one for one in commands(build()) if "--pin " in one]
