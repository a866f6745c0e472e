"""Triage from the command line: the same commands, permissions and journal as the screen's (SPEC §15)."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm, Ran


def folders(crm: Crm, place: str) -> list[int]:
    return sorted(row["id"] for row in crm("list", place, "--json").lines)


def test_moved_conversations_are_printed_as_they_are_now(mailed: Crm) -> None:
    done = mailed("move", 1, 3, "waitlist", "--json")
    assert done.code == 0
    assert [(row["id"], row["folder"]) for row in done.lines] == [(1, "Waitlist"), (3, "Waitlist")]
    assert set(done.lines[0]) == set(mailed("list", "Waitlist", "--json").lines[0])
    assert (folders(mailed, "Inbox"), folders(mailed, "Waitlist")) == ([2], [1, 3])
    assert "In Done: 1 conversation." in mailed("move", 2, "Done").out


def test_assigned_to_an_agent_and_to_nobody(mailed: Crm) -> None:
    assert [row["assignee"] for row in mailed("assign", 1, 2, "ana", "--json").lines] == ["Ana", "Ana"]
    assert [row["assignee"] for row in mailed("assign", 1, "nobody", "--json").lines] == [None]


def test_snoozed_until_a_day_or_a_reply_and_woken(mailed: Crm) -> None:
    (row,) = mailed("snooze", 1, "--until", "24.12.", "18:00", "--json").lines
    assert (row["snoozed_until"], row["snoozed_for"]) == ("2026-12-24T17:00:00+00:00", "date")
    (row,) = mailed("snooze", 2, "--reply", "--json").lines
    assert (row["snoozed_until"], row["snoozed_for"]) == (None, "reply")
    assert folders(mailed, "Snoozed") == [1, 2]
    assert "a reply" in mailed("snooze", 2, "--reply").out
    (row,) = mailed("snooze", 1, "--wake", "--json").lines
    assert (row["snoozed_until"], row["snoozed_for"], row["woken_by"]) == (None, None, None)
    assert folders(mailed, "Snoozed") == [2]


def test_stars_and_turns(mailed: Crm) -> None:
    assert [row["starred"] for row in mailed("star", 1, 2, "--json").lines] == [True, True]
    assert [row["starred"] for row in mailed("star", 1, "--off", "--json").lines] == [False]
    assert [row["unanswered"] for row in mailed("answered", 1, "--json").lines] == [False]
    assert len(mailed("list", "Inbox", "--unanswered", "--json").lines) == 2


def test_merged_and_split(mailed: Crm) -> None:
    (row,) = mailed("merge", 3, 1, "--json").lines
    assert (row["id"], row["messages"]) == (1, 2)
    old, new = mailed("split", 1, 3, "--json").lines
    assert (old["id"], old["messages"], new["messages"]) == (1, 1, 1)
    assert new["id"] != 3


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("move", 99, "Done"), 1, "There is no conversation 99."),
        (("move", 1, "Attic"), 2, "no folder called Attic"),
        (("assign", 1, "Eve"), 2, "no agent called Eve"),
        (("snooze", 1, "--until", "31.2."), 2, "There is no such day."),
        (("snooze", 1, "--until", "2020-01-01"), 2, "is past"),
        (("snooze", 1), 2, "One of the arguments"),
        (("snooze", 1, "--again"), 2, "came back from a snooze"),
        (("snooze", 1, "--again"), 2, "Say until when with --until, or --reply."),
        (("merge", 1), 2, "two conversations"),
        (("split", 1, 1), 2, "Nothing was split"),
        (("star", "one"), 2, "not a whole number"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    mailed: Crm, arguments: tuple[object, ...], code: int, words: str
) -> None:
    done: Ran = mailed(*arguments)
    assert done.code == code
    assert words in done.err


def test_a_desk_opened_to_read_changes_nothing(mailed: Crm) -> None:
    done = mailed("--readonly", "move", 1, "Done")
    assert (done.code, folders(mailed, "Inbox")) == (1, [1, 2, 3])
