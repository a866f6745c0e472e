"""``inquiry``, ``guest``, ``memo`` and their lists: the same rules and the same journal as the screens (SPEC §15)."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from tests.cli.conftest import Crm

FIELDS = {
    *("id", "title", "status", "lost_reason", "planned_end", "handler", "scope", "channel", "arrival", "departure"),
    *("period_from", "period_to", "nights", "adults", "children", "room", "destination", "board", "budget"),
    *("budget_currency", "airport", "preferences", "price", "price_currency", "valid_until", "proposed", "guests"),
    *("conversations", "created_by", "created_at", "updated_at", "closed_at", "version"),
}


def made(crm: Crm, *options: str) -> dict[str, Any]:
    done = crm("inquiry", "new", "--json", *options)
    assert done.code == 0, done.err
    (line,) = done.lines
    return line


def test_an_inquiry_of_a_conversation(mailed: Crm) -> None:
    line = made(mailed, "--from", "1", "--room", "12")
    assert set(line) == FIELDS
    assert (line["title"], line["status"], line["handler"], line["room"]) == ("Łucja Nowak", "new", "Ana", "12")
    assert [(one["name"], one["email"], one["holder"]) for one in line["guests"]] == [
        ("Łucja Nowak", "lucja@poczta.example", True)
    ]
    assert made(mailed, "--from", "1")["id"] == line["id"]
    (shown,) = mailed("show", "conversation", "1", "--json").lines
    assert (shown["folder"], shown["inquiry"], shown["memos"]) == ("Inquiries", line["id"], [])


def test_an_inquiry_by_phone_with_days_and_money(desk: Crm) -> None:
    line = made(
        desk,
        *("--surname", "Kowalska", "--given", "Ewa", "--phone", "+48 601 234 567", "--arrival", "14.8.2026"),
        *(
            "--departure",
            "2026-08-21",
            "--children",
            "7,?",
            "--adults",
            "2",
            "--budget",
            "1.200,50 EUR",
            "--channel",
            "phone",
        ),
    )
    assert (line["arrival"], line["departure"], line["children"]) == ("2026-08-14", "2026-08-21", [7, None])
    assert (line["budget"], line["budget_currency"], line["price"], line["price_currency"]) == (
        "1200.50",
        "EUR",
        None,
        None,
    )
    shown = desk("show", "inquiry", line["id"]).out
    assert "Ewa Kowalska" in shown
    assert "Budget: 1200.50 EUR" in shown
    assert "Children's ages: 7, ?" in shown
    assert "+48 601 234 567" in shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--arrival", "31.2.2027"), "arrival: There is no such day"),
        (("--arrival", "2026-08-14", "--departure", "2026-08-10"), "departure: "),
        (("--children=-1",), "children: "),
        (("--budget", "900"), "budget: Say the currency"),
        (("--status", "lost"), "lost-reason: "),
        (("--handler", "Zoe"), "handler: "),
        (("--scope", "Zoe"), "scope: "),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_field(desk: Crm, options: tuple[str, ...], words: str) -> None:
    done = desk("inquiry", "new", "--surname", "Nowak", *options)
    assert done.code == 2
    assert words in done.err
    assert desk("inquiry", "list", "--status", "all", "--json").lines == []
    assert desk("list", "guests", "--json").lines == []


def test_all_wrong_values_are_told_at_once(desk: Crm) -> None:
    done = desk("inquiry", "new", "--surname", "Nowak", "--arrival", "soon", "--adults", "many", "--json")
    assert "arrival" in done.complaint["error"]
    assert "adults" in done.complaint["hint"]


def test_whose_it_is_must_be_said(desk: Crm) -> None:
    assert desk("inquiry", "new", "--arrival", "2026-08-14").code == 2
    assert desk("inquiry", "new", "--from", "1", "--surname", "Nowak").code == 2
    assert desk("inquiry", "new", "--from", "99").code == 1


def test_fields_are_set_and_cleared(desk: Crm) -> None:
    number = made(desk, "--surname", "Nowak", "--room", "12")["id"]
    done = desk(
        "inquiry",
        "set",
        number,
        "status=offer sent",
        "price=1120 EUR",
        "room=",
        "--valid-until",
        "2026-07-10",
        "--json",
    )
    (line,) = done.lines
    assert (line["status"], line["price"], line["room"], line["valid_until"]) == (
        "offer sent",
        "1120.00",
        "",
        "2026-07-10",
    )
    assert desk("inquiry", "set", number).code == 2
    assert desk("inquiry", "set", number, "status").code == 2
    assert "colour" in desk("inquiry", "set", number, "colour=red").err
    assert desk("inquiry", "set", number, "room=14", "--version", "1").code == 1
    assert desk("inquiry", "set", "99", "room=14").code == 1
    assert "nothing was changed" in desk("--readonly", "inquiry", "set", number, "room=14").err


def test_lists_by_status_and_handler(desk: Crm) -> None:
    first = made(desk, "--surname", "Nowak", "--handler", "nobody", "--planned-end", "2026-07-20")["id"]
    second = made(desk, "--surname", "Kowalska", "--planned-end", "2026-07-02")["id"]
    third = made(desk, "--surname", "Mazur", "--status", "booked")["id"]

    def listed(*options: str) -> list[int]:
        return [line["id"] for line in desk("inquiry", "list", "--json", *options).lines]

    assert listed() == listed("--status", "open") == [second, first]
    assert sorted(listed("--status", "all")) == [first, second, third]
    assert listed("--status", "booked") == [third]
    assert listed("--handler", "nobody") == [first]
    assert listed("--handler", "me") == listed("--handler", "ana") == [second]
    assert listed("--limit", "1") == [second]
    assert desk("inquiry", "list", "--status", "finished").code == 2
    assert desk("list", "Inbox", "--status", "new").code == 2
    assert "Kowalska" in desk("inquiry", "list").out
    assert "no such inquiries" in desk("inquiry", "list", "--status", "lost").out


def test_guests_of_an_inquiry(desk: Crm) -> None:
    line = made(desk, "--surname", "Nowak")
    number, holder = line["id"], line["guests"][0]["id"]
    (line,) = desk("inquiry", "guest", "add", number, "--surname", "Mazur", "--json").lines
    other = next(one["id"] for one in line["guests"] if one["id"] != holder)
    assert desk("inquiry", "guest", "remove", number, holder).code == 2
    (line,) = desk("inquiry", "guest", "remove", number, holder, "--holder", other, "--json").lines
    assert [(one["name"], one["holder"]) for one in line["guests"]] == [("Mazur", True)]
    desk("inquiry", "guest", "add", number, holder)
    (line,) = desk("inquiry", "guest", "holder", number, holder, "--json").lines
    assert line["title"] == "Nowak"
    assert desk("inquiry", "guest", "add", number).code == 2


def test_conversations_of_an_inquiry(mailed: Crm) -> None:
    number = made(mailed, "--surname", "Nowak")["id"]
    (line,) = mailed("inquiry", "link", number, "1", "2", "--json").lines
    assert sorted(line["conversations"]) == [1, 2]
    (line,) = mailed("inquiry", "unlink", number, "1", "--json").lines
    assert line["conversations"] == [2]
    assert mailed("inquiry", "remove", number).code == 0
    assert mailed("show", "inquiry", number).code == 1


def test_memos_on_a_conversation_and_an_inquiry(mailed: Crm) -> None:
    number = made(mailed, "--from", "1")["id"]
    (first,) = mailed("memo", "1", "called,", "all well", "--json").lines
    assert (first["text"], first["conversation"], first["author"]) == ("called, all well", 1, "Ana")
    (second,) = mailed("memo", "--inquiry", number, "7 nights", "--json").lines
    assert (second["text"], second["inquiry"]) == ("7 nights", number)
    (shown,) = mailed("show", "inquiry", number, "--json").lines
    assert [one["text"] for one in shown["memos"]] == ["called, all well", "7 nights"]
    assert "called, all well" in mailed("show", "conversation", "1").out
    assert mailed("memo", "hello").code == 2
    assert mailed("memo", "1", "hello", "--inquiry", number, "--conversation", "1").code == 2
    assert mailed("memo", "99", "hello").code == 1


def test_a_long_memo_comes_from_standard_input(mailed: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "zażółć gęślą jaźń\n" * 10_000
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    (memo,) = mailed("memo", "1", "-", "--json").lines
    assert memo["text"] + "\n" == text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\xff")))
    assert mailed("memo", "1", "-").code == 2


def test_guests_of_the_client_base(desk: Crm) -> None:
    (line,) = desk(
        "guest",
        "new",
        "--surname",
        "Nowak",
        "--email",
        "ewa@example.org,e@firma.example",
        "--phone",
        "600 111 222",
        "--json",
    ).lines
    assert (line["emails"], line["phones"]) == (["ewa@example.org", "e@firma.example"], ["+34600111222"])
    (line,) = desk("guest", "set", line["id"], "--given", "Ewa", "--city", "Łódź", "--json").lines
    assert (line["given"], line["city"], line["version"]) == ("Ewa", "Łódź", 2)
    (line,) = desk("guest", "consent", line["id"], "mail", "yes", "--source", "by phone", "--json").lines
    assert line["consents"]["mail"] == {"given": True, "day": "2026-07-01", "source": "by phone"}
    assert desk("guest", "consent", line["id"], "mail", "yes").code == 2
    assert [one["name"] for one in desk("list", "guests", "--json").lines] == ["Ewa Nowak"]
    shown = desk("show", "guest", line["id"]).out
    assert "+34 600 11 12 22" in shown
    assert "Łódź" in shown
    assert desk("guest", "new", "--given", "Ewa").code == 2
    assert desk("guest", "set", line["id"]).code == 2
    assert "phones: " in desk("guest", "set", line["id"], "--phone", "12").err


def test_the_folder_and_the_inquiries_themselves(mailed: Crm) -> None:
    number = made(mailed, "--from", "1", "--status", "in progress")["id"]
    for name in ("Inquiries", "inquiries", "INQUIRIES"):
        assert [line["subject"] for line in mailed("list", name, "--json").lines] == ["Pokój w Łodzi1"]
    themselves = mailed("list", "inquiries", "--status", "in progress", "--json").lines
    assert [line["id"] for line in themselves] == [number]
    assert themselves == mailed("inquiry", "list", "--handler", "me", "--json").lines
    assert mailed("list", "waitlist", "--json").lines == []


def test_an_inquiry_for_a_colleague_alone_is_told_as_done(desk: Crm) -> None:
    assert desk("agent", "add", "Leo").code == 0
    done = desk("inquiry", "new", "--surname", "Nowak", "--scope", "Leo")
    assert (done.code, done.out) == (0, "Inquiry 1 is taken down, seen only by Leo.\n")
    assert desk("inquiry", "new", "--surname", "Nowak", "--scope", "Leo", "--json").lines == [{"id": 2, "scope": "Leo"}]
    assert desk("list", "inquiries", "--json").lines == []


def test_a_wrong_value_makes_no_inquiry_of_a_conversation(mailed: Crm) -> None:
    assert mailed("inquiry", "new", "--from", "1", "--arrival", "2026-02-31").code == 2
    (shown,) = mailed("show", "conversation", "1", "--json").lines
    assert (shown["folder"], shown["inquiry"]) == ("Inbox", None)
    made(mailed, "--from", "1", "--arrival", "2026-08-14")
    assert mailed("undo").code == 0
    (shown,) = mailed("show", "conversation", "1", "--json").lines
    assert (shown["folder"], shown["inquiry"]) == ("Inbox", None)
