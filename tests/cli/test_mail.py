"""``list``, ``show``, ``search`` and ``import mail``."""

from __future__ import annotations

import base64
import mailbox
from pathlib import Path

from crm_tui.base.person import system_user
from tests.cli.conftest import LETTER, Crm


def test_list_has_the_fields_of_the_specification(mailed: Crm) -> None:
    newest, *_rest = mailed("list", "Inbox", "--json").lines
    assert newest["folder"] == "Inbox"
    assert newest["subject"] == "Pokój w Łodzi3"
    assert newest["counterpart"] == {"name": "Łucja Nowak", "address": "lucja@poczta.example"}
    assert newest["unanswered"] is True
    assert newest["waiting_since"] == "2026-06-30T01:15:00+00:00"
    assert newest["assignee"] is None
    assert newest["messages"] == 1
    assert newest["starred"] is False
    assert newest["snoozed_until"] is None


def test_list_names_folders_in_any_case_and_limits(mailed: Crm) -> None:
    assert [row["subject"][-1] for row in mailed("list", "inbox", "--json", "--limit", "2").lines] == ["3", "2"]
    assert len(mailed("list", "INBOX", "--json", "--limit", "0").lines) == 3
    assert mailed("list", "Booked", "--json").lines == []
    assert len(mailed("list", "Inbox", "--json", "--unanswered").lines) == 3


def test_list_for_people_is_aligned(mailed: Crm) -> None:
    done = mailed("list", "Inbox")
    title, *rows = done.out.splitlines()
    assert title.split() == ["ID", "Last", "Waits", "From", "Subject", "Mails", "Agent"]
    assert len(rows) == 3
    assert {row.index("Łucja") for row in rows} == {title.index("From")}
    assert "2026-06-30 03:15" in rows[0]  # the property's zone
    assert "nothing here" in mailed("list", "Booked").out


def test_list_agents_and_accounts(desk: Crm) -> None:
    assert desk("list", "agents", "--json").lines == [
        {
            "id": 1,
            "name": "Ana",
            "role": "admin",
            "department": None,
            "language": "en",
            "login": system_user(),
            "active": True,
            "pin": False,
            "takes": True,
            "stages": [],
            "channels": [],
        }
    ]
    assert desk("list", "accounts", "--json").lines == []
    assert "No account is linked" in desk("list", "accounts").out


def test_show_message_has_the_fields_of_the_specification(mailed: Crm) -> None:
    (found,) = mailed("show", "message", "1", "--json").lines
    assert found["id"] == 1
    assert found["message_id"] == "letter-1@poczta.example"
    assert found["from"] == {"name": "Łucja Nowak", "address": "lucja@poczta.example"}
    assert found["to"] == [{"name": "Hotel Miramar", "address": "reception@hotel-miramar.example"}]
    assert found["cc"] == []
    assert found["subject"] == "Pokój w Łodzi1"
    assert found["date"] == "2026-06-29T23:15:00+00:00"
    assert found["direction"] == "in"
    assert found["automatic"] is False
    assert found["text"].strip() == "Dzień dobry, szukamy pokoju numer 1."
    assert found["quoted"] == []
    assert found["attachments"] == []
    assert found["locations"] == []


def test_show_conversation_and_source(mailed: Crm, letters: Path) -> None:
    (whole,) = mailed("show", "conversation", "1", "--json").lines
    assert whole["messages"] == 1
    assert whole["thread"][0]["message_id"] == "letter-1@poczta.example"
    shown = mailed("show", "conversation", "1").out
    assert "From: Łucja Nowak <lucja@poczta.example>" in shown
    (source,) = mailed("show", "message", "1", "--raw", "--json").lines
    assert base64.b64decode(source["source_base64"]) == (letters / "1.eml").read_bytes()


def test_what_is_not_there_is_one_sentence(mailed: Crm) -> None:
    for argv in (["show", "message", "99"], ["show", "conversation", "99"], ["show", "message", "99", "--raw"]):
        done = mailed(*argv)
        assert done.code == 1
        assert "99" in done.err


def test_search_finds_without_accents(mailed: Crm) -> None:
    hits = mailed("search", "lodzi3", "--json").lines
    assert [(hit["kind"], hit["title"]) for hit in hits] == [("message", "Pokój w Łodzi3")]
    assert {"kind", "id", "title", "snippet", "date"} <= hits[0].keys()
    assert "Pokój w Łodzi3" in mailed("search", "lodzi3").out
    assert "Nothing was found" in mailed("search", "xyzzy").out


def test_a_wrong_query_is_a_usage_error(mailed: Crm) -> None:
    done = mailed("search", "before:someday")
    assert done.code == 2
    assert "someday" in done.err


def test_import_tells_of_every_mail(desk: Crm, letters: Path) -> None:
    (letters / "4.eml").write_bytes((letters / "1.eml").read_bytes())
    (letters / "5.eml").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    done = desk("import", "mail", letters, letters / "missing.eml", "--json")
    assert done.code == 1
    told = {Path(row["path"]).name: row for row in done.lines}
    assert {name: row["status"] for name, row in told.items()} == {
        "1.eml": "stored",
        "2.eml": "stored",
        "3.eml": "stored",
        "4.eml": "duplicate",
        "5.eml": "unreadable",
        "missing.eml": "unreadable",
    }
    assert told["4.eml"]["message"] == told["1.eml"]["message"]
    assert told["5.eml"]["message"] is None
    assert told["5.eml"]["error"]
    assert told["1.eml"]["error"] is None
    assert len(desk("list", "Inbox", "--json").lines) == 3


def test_import_again_stores_nothing_twice(mailed: Crm, letters: Path) -> None:
    done = mailed("import", "mail", letters, "--json")
    assert done.code == 0
    assert {row["status"] for row in done.lines} == {"duplicate"}
    assert "0 stored, 3 known already" in mailed("import", "mail", letters).out


def test_import_of_mbox_and_maildir(desk: Crm, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "old.mbox")
    for number in (1, 2):
        box.add(LETTER.format(number=number, hour=number).encode())
    box.close()
    folder = mailbox.Maildir(tmp_path / "Maildir")
    message = mailbox.MaildirMessage(LETTER.format(number=3, hour=3).encode())
    message.set_subdir("cur")
    message.set_flags("S")
    folder.add(message)
    (tmp_path / "one.mbox").write_text(
        "From lucja@poczta.example Tue Jun 30 04:15:00 2026\n" + LETTER.format(number=4, hour=4), encoding="utf-8"
    )
    done = desk("import", "mail", tmp_path / "old.mbox", tmp_path / "Maildir", tmp_path / "one.mbox", "--json")
    assert done.code == 0, done.err
    assert [row["status"] for row in done.lines] == ["stored"] * 4
    unread = {row["subject"]: row["unread"] for row in desk("list", "Inbox", "--json").lines}
    assert unread == {"Pokój w Łodzi1": 1, "Pokój w Łodzi2": 1, "Pokój w Łodzi3": 0, "Pokój w Łodzi4": 1}


def test_a_readonly_desk_imports_nothing(mailed: Crm, letters: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.eml"
    other.write_text(LETTER.format(number=9, hour=9), encoding="utf-8")
    done = mailed("--readonly", "import", "mail", other)
    assert done.code == 1
    assert "read only" in done.err
    assert len(mailed("list", "Inbox", "--json").lines) == 3


def test_import_of_a_folder_leaves_other_files_alone_and_counts_them(desk: Crm, letters: Path) -> None:
    for number in range(5):
        (letters / f"{number}.log").write_text("no mail\n", encoding="utf-8")
    done = desk("import", "mail", letters)
    assert done.code == 0
    assert "3 stored, 0 known already, 0 not readable." in done.out
    assert "5 other files are no mail" in done.err
    told = desk("import", "mail", letters, "--json")
    assert len(told.lines) == 3
    assert "5 other files" in told.err.splitlines()[-1]


def test_import_of_nothing_says_so(desk: Crm, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = desk("import", "mail", tmp_path / "empty")
    assert done.code == 0
    assert "No mail was found there" in done.err
    (tmp_path / "prose.txt").write_text("nothing of a header\n", encoding="utf-8")
    refused = desk("import", "mail", tmp_path / "prose.txt")
    assert refused.code == 1
    assert "This is not a mail." in refused.err


def test_empty_lists_say_so_in_words(desk: Crm) -> None:
    for place in ("Inbox", "Outbox", "Drafts", "accounts"):
        done = desk("list", place)
        assert done.code == 0
        (line,) = done.out.splitlines()
        assert "." in line, place
    assert "Nothing was found." in desk("search", "nobody").out


def test_times_are_those_of_the_property_everywhere(mailed: Crm, tmp_path: Path) -> None:
    invitation = LETTER.format(number=7, hour=7).replace(
        "Content-Type: text/plain; charset=utf-8", "Content-Type: text/calendar; charset=utf-8; method=REQUEST"
    )
    head = invitation.partition("\n\n")[0]
    (tmp_path / "call.eml").write_text(
        head + "\n\nBEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART:20260710T080000Z\n"
        "DTEND:20260710T093000Z\nSUMMARY:Site visit\nLOCATION:Lobby\nEND:VEVENT\nEND:VCALENDAR\n",
        encoding="utf-8",
    )
    assert mailed("import", "mail", tmp_path / "call.eml").code == 0
    shown = mailed("show", "message", "4").out
    assert "Invitation: Site visit · 2026-07-10 10:00 – 2026-07-10 11:30 · Lobby" in shown
    assert "Date: 2026-06-30 07:15 CEST" in shown
    for argv in (["list", "Inbox"], ["list", "accounts"], ["list", "Drafts"], ["search", "Łodzi"]):
        assert "UTC" not in mailed(*argv).out
