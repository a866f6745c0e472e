"""``demand`` and ``recall``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from crm_tui.desk.texts import template_starter
from tests.cli.conftest import Crm
from tests.desk.asked import add_guest, add_inquiry, consent
from tests.desk.house import add_account

FREE = ("--from", "2026-08-10", "--to", "2026-08-12")


@pytest.fixture
def asked(desk: Crm, home: Path) -> Crm:
    """Two guests wait for the same nights; one of them may be written to."""
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    add_account(ctx)
    template_starter.add(ctx)
    for name, allowed in (("Nowak", True), ("Peña\x1b[2J", False)):
        guest = add_guest(ctx, name, mails=[f"{name[:3].lower()}@x.example"])
        consent(ctx, guest, given=allowed)
        add_inquiry(ctx, guest, status="offer sent", arrival=date(2026, 8, 8), departure=date(2026, 8, 11))
    ctx.store.close()
    return desk


def test_demand(asked: Crm) -> None:
    lines = asked("demand", "--month", "2026-08", "--json").lines
    assert len(lines) == 31
    assert lines[9] == {"day": "2026-08-10", "asked": 2, "flexible": 0, "booked": 0}
    assert lines[10]["asked"] == 0
    assert len(asked("demand", "--json").lines) == 31  # July: this month
    assert "2026-08-10" in asked("demand", "--month", "2026-08").out
    for wrong in ("2026-13", "august", "2026-08-01", "2026", "9999-12"):
        assert asked("demand", "--month", wrong).code == 2


def test_who_is_listed(asked: Crm) -> None:
    assert [line["mark"] for line in asked("recall", *FREE, "--json").lines] == ["ready", "no consent"]
    shown = asked("recall", *FREE).out
    assert "1 of 2 may be written to" in shown
    assert "\x1b[2J" not in shown
    assert "Nobody" in asked("recall", "--from", "2026-09-01", "--to", "2026-09-02").out


def test_drafting(asked: Crm) -> None:
    lines = asked("recall", *FREE, "--draft", "--json").lines
    assert [(line["inquiry"], line["draft"], line["reason"]) for line in lines] == [
        (1, 1, None),
        (2, None, "no consent"),
    ]
    assert [line["to"] for line in asked("list", "Drafts", "--json").lines] == ["Nowak <now@x.example>"]
    again = asked("recall", *FREE, "--draft")
    assert again.code == 1
    assert "nothing to draft" in again.out
    assert asked("list", "Outbox", "--json").lines == []


@pytest.mark.parametrize(
    "argv",
    [
        ("--from", "2026-08-12", "--to", "2026-08-10"),
        ("--from", "soon", "--to", "2026-08-10"),
        ("--from", "2026-02-30", "--to", "2026-08-10"),
        ("--from", "2026-08-10"),
        (*FREE, "--template", "x"),
    ],
)
def test_wrong_use(asked: Crm, argv: tuple[str, ...]) -> None:
    assert asked("recall", *argv).code == 2


def test_a_template_that_is_not_there(asked: Crm) -> None:
    done = asked("recall", *FREE, "--draft", "--template", "Nope")
    assert done.code == 1
    assert "Nope" in done.err
