"""``search`` over mail, inquiries and guests, and ``attribute``."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from tests.cli.conftest import Crm
from tests.desk.asked import add_guest, add_inquiry, add_memo


@pytest.fixture
def asked(mailed: Crm, home: Path) -> Crm:
    """The desk with mail, a guest who wrote one, and an inquiry of hers by phone."""
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    guest = add_guest(ctx, "Nowak", "Łucja", mails=["lucja@poczta.example"], phones=["+48601234567"])
    add_inquiry(ctx, guest, conversations=[1], channel="phone", room="doble")
    add_memo(ctx, "=cmd|x\x1b[31m", inquiry=1)
    ctx.store.close()
    return mailed


def test_every_kind_is_found_and_named(asked: Crm) -> None:
    lines = asked("search", "nowak", "--json").lines
    assert {line["kind"] for line in lines} == {"message", "inquiry", "guest"}
    assert all(line.keys() >= {"kind", "id", "title", "snippet", "date"} for line in lines)
    (inquiry,) = [line for line in lines if line["kind"] == "inquiry"]
    assert (inquiry["id"], inquiry["conversation"]) == (1, 1)
    assert inquiry["title"] == "Łucja Nowak · Inquiry 1 · new"
    shown = asked("search", "doble").out
    assert "inquiry" in shown
    assert "\x1b" not in shown


def test_fields_narrow(asked: Crm) -> None:
    kinds = [line["kind"] for line in asked("search", "channel:phone", "--json").lines]
    assert sorted(kinds) == ["inquiry", "message"]
    assert [line["id"] for line in asked("search", "code:1", "status:new", "doble", "--json").lines] == [1]


def test_a_code_of_nothing_is_a_mistake(asked: Crm) -> None:
    done = asked("search", "code:!!")
    assert (done.code, done.out) == (2, "")
    said = "!! is not a code. Write the number of an inquiry, like 1042, or the code of a reservation, like M-26118."
    assert said in " ".join(done.err.split())


def test_attributes(asked: Crm) -> None:
    made = asked("attribute", "add", "VIP", "--json").lines[0]
    assert (made["name"], made["guests"]) == ("VIP", 0)
    assert asked("attribute", "tag", "vip", "1", "--json").lines[0]["changed"]
    assert not asked("attribute", "tag", "VIP", "1", "--json").lines[0]["changed"]
    assert "called Regular now" in asked("attribute", "rename", "vip", "Regular").out
    assert [(line["name"], line["guests"]) for line in asked("attribute", "list", "--json").lines] == [("Regular", 1)]
    assert {line["kind"] for line in asked("search", "attr:regular", "--json").lines} >= {"guest", "inquiry"}
    assert asked("attribute", "tag", "Regular", "1", "--remove").code == 0
    assert asked("search", "attr:regular", "--json").lines == []
    done = asked("attribute", "add", "regular")
    assert done.code in (1, 2)
    assert "already" in done.err
    assert asked("attribute", "tag", "Regular", "99").code == 1


def test_views(asked: Crm, home: Path) -> None:
    from crm_tui.desk.finding import saved_views

    assert "no saved views" in asked("list", "views").out
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    saved_views.create(ctx, "By phone", "channel:phone", key="p")
    ctx.store.close()
    assert asked("list", "views", "--json").lines == [
        {"id": 1, "name": "By phone", "key": "p", "query": "channel:phone", "of": "all"}
    ]
    assert "By phone" in asked("list", "views").out
    kinds = [line["kind"] for line in asked("search", "--view", "by PHONE", "--json").lines]
    assert sorted(kinds) == ["inquiry", "message"]
    assert asked("search", "--view", "nothing").code == 1
    assert asked("search").code == 2
    assert asked("search", "x", "--view", "By phone").code == 2
