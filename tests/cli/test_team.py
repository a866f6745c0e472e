"""``crm-tui agent`` and ``crm-tui department``: the same rules and the same journal as the desk (SPEC §13)."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


def test_an_agent_is_added_changed_and_taken_off(desk: Crm) -> None:
    assert desk("department", "add", "Reservations").code == 0
    added = desk("agent", "add", "Łucja", "--department", "reservations", "--login", "lucja", "--json")
    assert added.lines == [
        {
            "id": 2,
            "name": "Łucja",
            "role": "agent",
            "department": "Reservations",
            "language": "en",
            "login": "lucja",
            "active": True,
            "pin": False,
            "takes": True,
            "stages": [],
            "channels": [],
        }
    ]
    changed = desk("agent", "set", "łucja", "--role", "manager", "--language", "pl", "--department", "", "--json")
    assert {name: changed.lines[0][name] for name in ("role", "language", "department")} == {
        "role": "manager",
        "language": "pl",
        "department": None,
    }
    assert "Łucja is off the team" in desk("agent", "remove", "Łucja", "--yes").out
    assert [one["name"] for one in desk("list", "agents", "--json").lines] == ["Ana"]
    assert [one["active"] for one in desk("agent", "list", "--all", "--json").lines] == [True, False]
    assert "Łucja" in desk("agent", "restore", "Łucja").out
    table = desk("list", "agents").out.splitlines()
    assert table[0].split() == ["ID", "Name", "Role", "Department", "Language", "System", "user", "Tickets"]
    assert "manager" in table[2]


def test_without_a_terminal_nobody_is_taken_off_unasked(desk: Crm) -> None:
    desk("agent", "add", "Leo")
    refused = desk("agent", "remove", "Leo")
    assert (refused.code, "Leo stays in the team" in refused.err) == (1, True)
    assert len(desk("agent", "list", "--json").lines) == 2


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("agent", "add", "ana"), 2, "called Ana already"),
        (("agent", "add", "me"), 2, "means something else"),
        (("agent", "add", "Leo", "--department", "Moon"), 2, "no department called Moon"),
        (("agent", "add", "Leo", "--language", "xx"), 2, "does not speak xx"),
        (("agent", "add", "Leo", "--role", "king"), 2, "king"),
        (("agent", "set", "Leo", "--role", "admin"), 1, "no agent called Leo"),
        (("agent", "set", "Ana"), 2, "Nothing was said"),
        (("agent", "set", "Ana", "--role", "agent"), 1, "no administrator"),
        (("agent", "remove", "Ana", "--yes"), 1, "no administrator"),
        (("department", "remove", "Moon"), 2, "no department called Moon"),
    ],
)
def test_what_cannot_be_is_said(desk: Crm, command: tuple[str, ...], code: int, words: str) -> None:
    refused = desk(*command)
    assert refused.code == code
    assert words in refused.err
    assert [one["role"] for one in desk("agent", "list", "--json").lines] == ["admin"]


def test_only_administrators_change_the_team(desk: Crm) -> None:
    desk("agent", "add", "Leo")
    desk("agent", "add", "Mia", "--role", "manager")
    desk("department", "add", "Groups")
    for who in ("Leo", "Mia"):
        for command in (
            ("agent", "add", "Eve"),
            ("agent", "set", "Leo", "--role", "admin"),
            ("agent", "remove", "Ana", "--yes"),
            ("agent", "restore", "Ana"),
            ("department", "add", "Moon"),
            ("department", "rename", "Groups", "Moon"),
            ("department", "remove", "Groups"),
        ):
            refused = desk("--agent", who, *command, "--json")
            assert refused.code == 1, command
            assert refused.complaint["error"].startswith("Only an administrator")
            assert refused.complaint["hint"] == "Ask Ana."
    assert len(desk("agent", "list", "--json").lines) == 3


def test_departments_are_listed_renamed_and_removed_when_nobody_needs_them(desk: Crm) -> None:
    assert "no departments" in desk("department", "list").out
    desk("department", "add", "Groups")
    desk("agent", "add", "Leo", "--department", "Groups")
    renamed = desk("department", "rename", "groups", "  Large   groups", "--json").lines[0]
    assert renamed == {"id": 1, "name": "Large groups", "status": "renamed"}
    assert desk("department", "list", "--json").lines == [{"id": 1, "name": "Large groups", "members": 1}]
    refused = desk("department", "remove", "Large groups")
    assert (refused.code, "Leo is in Large groups" in refused.err) == (1, True)
    desk("agent", "set", "Leo", "--department", "")
    assert desk("department", "remove", "Large groups").code == 0
    assert desk("department", "list", "--json").lines == []


def test_a_read_only_desk_changes_no_team(desk: Crm) -> None:
    refused = desk("--readonly", "agent", "add", "Leo")
    assert (refused.code, "read only" in refused.err) == (1, True)
