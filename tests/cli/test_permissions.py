"""What a role may not do is refused on the command line too, and every command stands in one of the two lists (SPEC §13)."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from crm_tui.cli.main import run
from crm_tui.cli.options import build
from crm_tui.desk.common.permissions import RULES, Permission
from crm_tui.rules.vocabulary import Role
from tests.cli.conftest import LETTER, NOW, Crm

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
    "quality code add": (P.QUALITY, "Smoke"),
    "quality code rename": (P.QUALITY, "Draught Wind"),
    "quality code remove": (P.QUALITY, "Draught"),
    "quality item add": (P.QUALITY, "Gold 1"),
    "quality item change": (P.QUALITY, "Wine --value 1"),
    "quality item remove": (P.QUALITY, "Wine"),
    "retention proposals": (P.ERASE, ""),
    "retention keep": (P.ERASE, "1 --until 2027-01-01"),
    "guest unmerge": (P.MERGE, "3"),
    "notices gateway": (P.NOTICES, "--remove"),
    "timer correct": (P.CORRECT_TIME, "1 --started 5:00 --reason Late"),
    "timer add": (P.CORRECT_TIME, "Leo --started 5:00 --stopped 6:00 --reason Late"),
    "timer remove": (P.CORRECT_TIME, "1 --reason Late"),
    "timer correct-pause": (P.CORRECT_TIME, "1 --started 5:10 --reason Late"),
    "timer add-pause": (P.CORRECT_TIME, "Leo --started 5:00 --stopped 6:00 --reason Late"),
    "timer remove-pause": (P.CORRECT_TIME, "1 --reason Late"),
    "backup": (P.KEEPING, "copy.db"),
    "restore": (P.KEEPING, "copy.db --yes"),
    "journal": (P.JOURNAL, ""),
}
"""Commands that are a role's alone, each with arguments. What depends on whose it is stands in :data:`PARTLY`."""

PARTLY: dict[str, list[tuple[Permission, str]]] = {
    "agent set": [(P.TEAM, "Leo --role admin"), (P.TEAM, "Leo --name Ana2"), (P.ROUTING, "Leo --takes no")],
    "agent pin": [(P.PINS, "Ana --remove")],
    "folio reverse": [(P.CORRECT_BILL, "1 --reason Wrong")],
    "ticket take": [(P.REASSIGN, "1")],
    "ticket give": [(P.REASSIGN, "--to Leo 1")],
    "ticket release": [(P.REASSIGN, "1")],
    "ticket pending": [(P.REASSIGN, "1 --note Ask")],
    "ticket resume": [(P.REASSIGN, "2")],
    "assign": [(P.REASSIGN, "1 Leo")],
    "event edit": [(P.OTHERS_WORDS, "1 --text Mine")],
    "event remove": [(P.OTHERS_WORDS, "1")],
    "quality set": [(P.OTHERS_WORDS, "1 --occasion Birthday")],
    "quality remove": [(P.OTHERS_WORDS, "1")],
    "feedback set": [(P.OTHERS_WORDS, "1 --text Mine")],
    "feedback remove": [(P.OTHERS_WORDS, "1")],
    "report": [
        (P.FIGURES, "productivity"),
        (P.FIGURES, "response-times --of Ana"),
        (P.FIGURES, "productivity --by day"),
    ],
    "timer list": [(P.FIGURES, "--of Ana")],
    "timer sheet": [(P.FIGURES, "--of Ana")],
    "timer pauses": [(P.FIGURES, "--of Ana")],
}
"""Commands that everybody may use on what is theirs, with arguments under which they are a role's: what is another's."""

OPEN = frozenset(
    [
        *(
            "demo",
            "init",
            "completion",
            "engine",
            "sync",
            "check",
            "doctor",
            "undo",
            "history",
            "list",
            "show",
            "search",
        ),
        *("demand", "recall", "memo", "message", "reminders", "payments", "statement", "move", "snooze", "star"),
        *("answered", "split", "merge", "account list", "account test", "import mail", "import guests"),
        *("import reservations", "export guests", "export reservations", "inquiry list", "inquiry new", "inquiry set"),
        *("inquiry accept", "inquiry reject", "inquiry link", "inquiry unlink", "inquiry remove", "inquiry guest add"),
        *("inquiry guest remove", "inquiry guest holder", "guest new", "guest set", "guest archive", "guest unarchive"),
        *("guest contact", "guest consent", "guest consents", "erasure list", "erasure show", "retention list"),
        *("reservation new", "reservation set", "reservation status", "reservation show", "reservation add-guest"),
        *("reservation remove-guest", "reservation holder", "folio list", "folio new", "folio set", "folio post"),
        *("folio move", "folio split", "folio route", "folio close", "folio delete", "folio print", "payment add"),
        *("payment refund", "payment reverse", "payment list", "schedule show", "schedule set", "schedule generate"),
        *("terms show", "operator list", "event add", "event list", "event-type list", "feedback add", "feedback show"),
        *("feedback list", "feedback resolve", "feedback reopen", "handover make", "handover ack", "handover print"),
        *("handover list", "quality add", "quality list", "quality show", "quality code list", "quality item list"),
        *("reminder add", "reminder set", "reminder done", "reminder reopen", "reminder remove", "reminder move"),
        *(
            "reminder export",
            "departures inform",
            "departures uninform",
            "departures times",
            "package list",
        ),
        *("package show", "package create", "package add", "package remove", "package refresh", "package rename"),
        *("package delete", "mailing preview", "mailing start", "mailing status", "mailing pause", "mailing resume"),
        *("mailing stop", "mailing retry", "notices preview", "notices run", "notices list", "notices send"),
        *("notices stop", "notices start", "notices settle", "attribute list", "attribute tag", "template list"),
        *("template show", "template set", "template archive", "template restore", "template starter", "agent list"),
        *("department list", "ticket list", "ticket show", "ticket why", "ticket loads", "timer start", "timer stop"),
        *("timer pause", "timer resume", "timer show", "property show"),
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


def test_every_command_is_in_one_of_the_lists() -> None:
    """Whoever adds a command says here who may run it; and none of the lists names one that is none."""
    found = list(commands(build()))
    listed = [*NEEDS, *PARTLY, *OPEN]
    assert [one for one in found if one not in listed] == []
    assert [one for one in listed if one not in found] == []
    assert len(listed) == len(set(listed)), "in one of them"


@pytest.fixture(scope="session")
def _with_team(tmp_path_factory: pytest.TempPathFactory, _set_up: Path) -> Path:
    """A folder with the home of :func:`team` and a backup, once a worker."""
    folder = tmp_path_factory.mktemp("team")
    copytree(_set_up, folder / "home")
    letters = folder / "letters"
    letters.mkdir()
    for number in range(1, 4):
        (letters / f"{number}.eml").write_text(LETTER.format(number=number, hour=number), encoding="utf-8")
    with pytest.MonkeyPatch.context() as surroundings:
        surroundings.setenv("CRM_TUI_NOW", NOW)
        surroundings.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
        surroundings.chdir(folder)
        for line in (
            "department add Groups", "agent add Leo", "agent add Mia --role manager", "attribute add Sea",
            "attribute add Garden", "operator new Mar", "guest new --surname Nowak", "guest new --surname Lis", "backup copy.db",
            f"import mail {letters}", "ticket take 1", "ticket take 2", "ticket pending 2 --note What?", "event add 1 call Hers",
            "quality code add Draught", "quality item add Wine 18", "quality add --item Wine --guest 1", "feedback add negative --room 12",
            "reservation new --guest 1 --value 100EUR --arrival 2026-07-10 --departure 2026-07-12", "folio post 1 12 --text Bar",
            "folio close 1 1 --sure", "guest new --surname Kos", "guest merge 1 3 --sure",
            "--agent Leo timer start", "--agent Leo timer pause", "--agent Leo timer stop",
        ):  # fmt: skip
            assert run(["--home", str(folder / "home"), *line.split()]) == 0, line
    return folder


@pytest.fixture
def team(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, _with_team: Path, capsys: Any) -> Crm:
    """Ana, who administers, Mia, who manages, and Leo; with one thing of each kind, Ana's where it is anybody's."""
    copytree(_with_team, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return crm


def refused(team: Crm, who: str, permission: Permission, *words: str) -> str:
    """What is wrong with how a command is refused; empty if nothing is."""
    done = team("--agent", who, *words, "--json")
    whose = "an administrator" if RULES[permission].role == Role.ADMIN else "a manager"
    said = f"Only {whose}" in done.err or "only they or a manager can" in done.err or "Ana has" in done.err
    if done.code != 1 or done.out or not said:
        return f"{who}: {' '.join(words)}: {done.code} {done.out} {done.err}"
    return ""


@pytest.mark.parametrize("who", ["Leo", "Mia"])
def test_who_may_not_is_refused_with_its_sentence(team: Crm, home: Path, who: str) -> None:
    """Nothing is changed by any of them, and nothing is shown."""
    before = _journal(home)
    wrong, asked = [], 0
    cases = [(command, *case) for command, case in NEEDS.items()]
    cases += [(command, *case) for command, several in PARTLY.items() for case in several]
    for command, permission, arguments in cases:
        if who == "Leo" or RULES[permission].role == Role.ADMIN:
            asked += 1
            wrong.append(refused(team, who, permission, *command.split(), *arguments.split()))
    assert "\n".join(filter(None, wrong)) == ""
    assert asked > 25
    assert _journal(home) == before


def test_what_is_ones_own_is_not_refused(team: Crm) -> None:
    for line in (
        "report productivity --of me", "report response-times --of me", "timer list", "timer sheet --of me", "timer pauses",
        "ticket take 3", "ticket pending 3 --note Ask", "ticket resume 3", "ticket give --to Mia 3", "event add 1 call Mine",
        "event edit 2 --text Changed", "event remove 2", "quality add --item Wine --guest 1", "quality set 2 --room 7", "quality remove 2",
        "feedback add negative --room 12", "feedback set 2 --room 7", "feedback remove 2",
    ):  # fmt: skip
        done = team("--agent", "Leo", *line.split())
        assert done.code == 0, (line, done.err)


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
