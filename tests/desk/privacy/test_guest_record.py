"""Everything on one guest is handed out, and nothing of another; consent as it was said (SPEC §6)."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden
from crm_tui.desk.client_base import consents
from crm_tui.desk.common.context import Context
from crm_tui.desk.privacy import erasing, guest_record
from crm_tui.desk.privacy.guest_record_text import as_text, left_out_words
from tests.desk.colleagues import colleague, keep_for
from tests.desk.erasable import Known, furnish
from tests.desk.house import add_account, come_in


@pytest.fixture
def known(ctx: Context) -> Known:
    return furnish(ctx, add_account(ctx))


def test_everything_of_the_guest_is_in_it(ctx: Context, known: Known) -> None:
    whole = guest_record.record(ctx, known.guest)
    text = json.dumps(whole, ensure_ascii=False)
    for word in (
        *("Krokusowa 7", "AB7654321", "1980-02-01", "zaneta.brz@poczta.example", "+48601222333", "likes quiet"),
        *("mail of Brzęczykowska", "Call me: 601 222 333", "Dear Żaneta Brzęczykowska, we have.", "wants a cot"),
        *("Brzęczykowska called", "Call Brzęczykowska 601222333", "Brzęczykowska is angry", "brings a dog"),
        *("from Brzęczykowska", "LO 123", "rang from 601222333", "Dogs", "Dear Brzęczykowska"),
    ):
        assert word in text, word
    assert whole["reservations"][0]["value"] == "300.00"
    assert whole["reservations"][0]["payments"][0]["amount"] == "300.00"
    assert whole["left_out"] == {}
    assert "A room for me" not in text
    assert "Marta's own remarks" not in text


def test_it_reads_as_text(ctx: Context, known: Known) -> None:
    text = as_text(guest_record.record(ctx, known.guest))
    assert "== Consent, as it was said ==" in text
    assert "Surname: Brzęczykowska" in text
    assert "Call me: 601 222 333. Brzęczykowska" in text
    assert "None" not in text


def test_what_is_hidden_is_counted_and_not_told(ctx: Context, known: Known) -> None:
    keep_for(ctx, known.conversation, "a99")
    whole = guest_record.record(ctx, known.guest)
    assert "Call me" not in json.dumps(whole)
    assert whole["conversations"] == []
    assert whole["left_out"]["conversations"] == 1
    assert left_out_words(whole).startswith("Not in here, because you may not see it: 1 conversation")


def test_only_a_manager_hands_it_out_and_that_is_noted(ctx: Context, known: Known) -> None:
    with pytest.raises(Forbidden):
        guest_record.record(colleague(ctx, "Leo"), known.guest)
    guest_record.noted(ctx, known.guest)
    assert guest_record.record(ctx, known.guest)["journal"][-1]["action"] == "handed out"
    erasing.erase(ctx, known.guest)
    with pytest.raises(Conflict):
        guest_record.record(ctx, known.guest)


def test_files_of_the_mail_are_written_for_their_owner_alone(ctx: Context, tmp_path: Path) -> None:
    raw = (
        b"From: Jan <jan@poczta.example>\r\nTo: desk@hotel.example\r\nSubject: Passport\r\nMessage-ID: <a@x>\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere\r\n'
        b'--b\r\nContent-Type: text/plain; name="../pass.txt"\r\nContent-Disposition: attachment; filename="../pass.txt"\r\n'
        b"\r\nAB 1\r\n--b--\r\n"
    )
    come_in(ctx, raw, account=add_account(ctx))
    guest = desk.guests.create(ctx, {"surname": "Jan", "email": "jan@poczta.example"})
    whole = guest_record.record(ctx, guest)
    (file,) = guest_record.write_files(ctx, whole, tmp_path / "files")
    assert file.parent == tmp_path / "files"
    assert file.read_bytes().strip() == b"AB 1"
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert whole["conversations"][0]["messages"][0]["attachments"][0]["file"] == file.name
    (again,) = guest_record.write_files(ctx, whole, tmp_path / "files")
    assert again != file


def test_consent_as_it_was_said(ctx: Context, known: Known) -> None:
    desk.guests.set_consent(ctx, known.guest, "mail", given=False, source="by phone")
    words = consents.consent_history(ctx, known.guest)
    assert [(one.channel, one.given, one.source, one.agent, one.holds) for one in words] == [
        ("mail", False, "by phone", "Ana", True),
        ("mail", True, "mail of Brzęczykowska", "Ana", False),
    ]
    assert consents.never_said(words) == ["sms", "phone", "newsletter"]


def test_a_consent_that_was_never_given_is_never_assumed(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "Nowak", "email": "nowak@poczta.example", "phone": "+48601222333"})
    assert consents.consent_history(ctx, guest) == []
    assert not any(one.given for one in desk.guests.get(ctx, guest).consents.values())
    desk.guests.set_consent(ctx, guest, "newsletter", given=True, source="form")
    held = desk.guests.get(ctx, guest).consents
    assert [name for name, one in held.items() if one.given] == ["newsletter"]
    assert consents.never_said(consents.consent_history(ctx, guest)) == ["mail", "sms", "phone"]
