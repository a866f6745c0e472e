"""Internal messages from the command line: the same scope, the same journal, the same badge."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from tests.cli.conftest import Crm
from tests.desk.colleagues import colleague, keep_for


@pytest.fixture
def team(mailed: Crm, home: Path) -> Crm:
    """The desk with mail, and Leo beside Ana."""
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    colleague(ctx, "Leo")
    ctx.store.close()
    return mailed


def test_a_message_waits_for_its_agent(team: Crm) -> None:
    done = team("--agent", "Ana", "message", "leo", "Could you take this?", "--conversation", 1, "--json")
    assert done.code == 0, done.err
    number = done.lines[0]["id"]
    [one] = team("--agent", "Leo", "list", "messages", "--unread", "--json").lines
    assert (one["id"], one["from"], one["to"], one["text"]) == (number, "Ana", "Leo", "Could you take this?")
    assert (one["conversation"], one["inquiry"], one["read_at"]) == (1, None, None)
    assert "Could you take this?" in team("--agent", "Leo", "list", "messages").out
    assert team("--agent", "Ana", "list", "messages", "--unread", "--json").lines == []
    assert len(team("--agent", "Ana", "list", "messages", "--json").lines) == 1
    assert "read everything" in team("--agent", "Ana", "list", "messages", "--unread").out


def test_wrong_use_is_told(team: Crm) -> None:
    assert team("--agent", "Ana", "message", "Leo", "hi").code == 2
    assert team("--agent", "Ana", "message", "Leo", "hi", "--conversation", 1, "--inquiry", 1).code == 2
    unknown = team("--agent", "Ana", "message", "Zoe", "hi", "--conversation", 1)
    assert unknown.code == 2
    assert "Known are: Leo" in unknown.err
    assert team("--agent", "Ana", "message", "Leo", "hi", "--conversation", 99).code == 1
    assert team("--agent", "Ana", "--readonly", "message", "Leo", "hi", "--conversation", 1).code == 1
    assert team("--agent", "Leo", "list", "messages", "--json").lines == []


def test_scope_holds_here_too(team: Crm, home: Path) -> None:
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    inquiry = keep_for(ctx, 1, f"a{ctx.actor.id}")
    ctx.store.close()
    refused = team("--agent", "Ana", "message", "Leo", "look", "--conversation", 1)
    assert refused.code == 2
    assert f"scope of inquiry {inquiry}" in refused.err
    assert team("--agent", "Leo", "message", "Ana", "look", "--conversation", 1).code == 1
