"""``list guests`` with criteria: who is printed, and what is said of values that cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from crm_tui import desk
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.cli.main import run as crm
from crm_tui.data.tables import SavedView
from crm_tui.desk.common.context import open_context
from crm_tui.rules.guest_criteria import GuestCriteria
from crm_tui.rules.guest_searches import GuestQuery
from tests.desk.asked import add_guest, consent
from tests.desk.house import make_house


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A desk with three persons and a company."""
    ctx = make_house(tmp_path)
    golf = desk.attributes.add(ctx, "Golf")
    zofia = add_guest(
        ctx, "Łoś", "Zofia", mails=["zofia@x.example"], phones=["+48601234567"], nationality="PL", city="Łódź"
    )
    add_guest(ctx, "Peña", "José", language="es", country="ES")
    add_guest(ctx, "Nowak", "Jan", reference="R-7")
    add_guest(ctx, "Łódź Travel", kind="company")
    desk.attributes.tag(ctx, zofia, golf)
    consent(ctx, zofia)
    ctx.store.close()
    return tmp_path / "home"


def run(home: Path, *arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = crm(["--home", str(home), "list", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def names(out: str) -> list[str]:
    return [json.loads(line)["surname"] for line in out.splitlines()]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ([], ["Łódź Travel", "Łoś", "Nowak", "Peña"]),
        (["--limit", "2"], ["Łódź Travel", "Łoś"]),
        (["--newest"], ["Łódź Travel", "Nowak", "Peña", "Łoś"]),
        (["--text", "lod"], ["Łódź Travel", "Łoś"]),
        (["--text", "601 23"], ["Łoś"]),
        (["--text", "r-7"], ["Nowak"]),
        (["--persons"], ["Łoś", "Nowak", "Peña"]),
        (["--companies"], ["Łódź Travel"]),
        (["--attribute", "GOLF"], ["Łoś"]),
        (["--consent", "mail"], ["Łoś"]),
        (["--no-consent", "mail", "--persons"], ["Nowak", "Peña"]),
        (["--nationality", "Poland"], ["Łoś"]),
        (["--country", "es"], ["Peña"]),
        (["--language", "ES"], ["Peña"]),
        (["--city", "lodz"], ["Łoś"]),
        (["--destination", "Crete"], []),
        (["--never-booked", "--text", "jan"], ["Nowak"]),
        (["--archived"], []),
    ],
)
def test_who_is_listed(home: Path, options: list[str], found: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(home, "guests", "--json", *options, capsys=capsys)
    assert (code, names(out)) == (0, found)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--attribute", "Tennis"], "no attribute called Tennis"),
        (["--consent", "pigeon"], "--consent cannot be “pigeon”"),
        (["--nationality", "Atlantis"], "--nationality cannot be “Atlantis”"),
        (["--language", "spanish"], "--language cannot be “spanish”"),
        (["--passport-until", "soon"], "--passport-until cannot be “soon”"),
        (["--born-from", "31.2."], "--born-from cannot be “31.2.”"),
        (["--value-from", "much"], "--value-from cannot be “much”"),
        (["--value-from", "9", "--value-to", "3"], "--value-to cannot be “300”"),
        (["--arrival-from", "2026-08-02", "--arrival-to", "2026-08-01"], "--arrival-to cannot be"),
        (["--package", "Easter"], "no package"),
        (["--persons", "--companies"], "not allowed with"),
    ],
)
def test_a_wrong_value_is_one_sentence(
    home: Path, options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(home, "guests", *options, capsys=capsys)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_criteria_of_guests_are_for_guests(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(home, "Inbox", "--never-booked", capsys=capsys)
    assert code == 2
    assert "--never-booked is for guests, not for Inbox" in err


def test_foreign_text_is_shown_safely(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    add_guest(ctx, "\x1b]0;x\x07Evil", "‮gip")
    ctx.store.close()
    _code, out, _err = run(home, "guests", "--text", "evil", capsys=capsys)
    assert "\x1b" not in out
    assert "‮" not in out
    assert "Evil" in out


def record_of(out: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_record_says_what_is_known(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = run(home, "guests", "--json", "--text", "zof", capsys=capsys)
    found = record_of(out)
    assert found["name"] == "Zofia Łoś"
    assert found["phone"] == "+48 601 234 567"
    assert found["attributes"] == ["Golf"]
    assert found["language"] is None


def test_what_is_for_mail_only_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, error = run(home, "guests", "--unanswered", capsys=capsys)
    assert code == 2
    assert "--unanswered is for folders of mail, not for guests." in error
    assert run(home, "guests", "--limit", "0", "--json", capsys=capsys)[1].count("\n") == 4


def test_the_list_and_the_guest_say_the_same_of_what_is_not_known(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (listed,) = (
        json.loads(line) for line in run(home, "guests", "--text", "nowak", "--json", capsys=capsys)[1].splitlines()
    )
    assert crm(["--home", str(home), "show", "guest", str(listed["id"]), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    both = listed.keys() & shown.keys()
    assert {"city", "country", "language", "given"} <= both
    assert {name: listed[name] for name in both} == {name: shown[name] for name in both}
    assert (shown["city"], shown["document"]) == (None, None)


def test_a_number_that_is_none_says_where_the_numbers_are(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crm(["--home", str(home), "show", "guest", "abc"]) == 2
    assert "See: crm-tui list guests" in capsys.readouterr().err


def test_a_saved_view_of_guests(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ctx = open_context(home_at(home), Settings(), agent="Ana")
    asked = GuestQuery(GuestCriteria(attributes=(1,), text="zof"), "newest")
    desk.saved_views.create(ctx, "Golfers", asked, key="g")
    desk.saved_views.create(ctx, "Persons", GuestQuery(GuestCriteria(kind="person"), "newest"))
    desk.saved_views.create(ctx, "Mail", "suite")
    with ctx.write() as tx:
        broken = {"agent_id": ctx.actor.id, "name": "Broken", "query": "guests:{", "created_at": tx.now}
        tx.connection.execute(insert(SavedView).values(**broken))
    ctx.store.close()
    code, out, _err = run(home, "views", "--json", capsys=capsys)
    kept = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert kept[1] == {
        "id": 1, "name": "Golfers", "key": "g", "query": None, "of": "guests",
        "criteria": {"attributes": [1], "text": "zof"}, "order": "newest", "words": "“zof” · Golf · newest first",
    }  # fmt: skip
    assert kept[0]["criteria"] is None
    assert "Golf · newest first" in run(home, "views", capsys=capsys)[1]
    assert names(run(home, "guests", "--view", "golfers", "--json", capsys=capsys)[1]) == ["Łoś"]
    assert names(run(home, "guests", "--view", "Persons", "--json", capsys=capsys)[1]) == ["Nowak", "Peña", "Łoś"]
    narrowed = run(home, "guests", "--view", "Persons", "--country", "es", "--json", capsys=capsys)
    assert names(narrowed[1]) == ["Peña"]
    for arguments, code, words in (
        (("guests", "--view", "nothing"), 1, "There is no view called nothing"),
        (("guests", "--view", "Broken"), 1, "cannot be read"),
        (("guests", "--view", "Mail"), 2, "search --view"),
        (("Inbox", "--view", "Golfers"), 2, "is for guests"),
    ):
        done = run(home, *arguments, capsys=capsys)
        assert done[0] == code
        assert words in done[2]
    assert crm(["--home", str(home), "search", "--view", "Golfers"]) == 2
    assert "list guests --view" in capsys.readouterr().err
