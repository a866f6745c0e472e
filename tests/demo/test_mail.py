"""The sample hotel's mail: determined by seed and instant, believable, readable, and placed in every folder."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from itertools import islice

import pytest

from crm_tui.demo import morning
from crm_tui.demo.attachments import pdf, png
from crm_tui.demo.bulk import bulk_mails
from crm_tui.demo.conversations import INBOX, SampleConversation
from crm_tui.demo.hotel import guests, sample_hotel
from crm_tui.demo.scenarios import LANGUAGES, answers, overnight, scenarios
from crm_tui.mail.parse import ParsedMessage, parse
from crm_tui.rules.proposals import propose

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def hotel() -> list[SampleConversation]:
    return sample_hotel(NOW)


@pytest.fixture(scope="module")
def parsed(hotel: list[SampleConversation]) -> list[ParsedMessage]:
    return [parse(mail.raw) for item in hotel for mail in item.mails]


def test_the_same_seed_and_instant_give_the_same_mail(hotel: list[SampleConversation]) -> None:
    assert sample_hotel(NOW) == hotel
    assert sample_hotel(NOW, seed=2) != hotel


def test_about_300_conversations_in_every_folder_and_language(hotel: list[SampleConversation]) -> None:
    assert 290 <= len(hotel) <= 310
    folders = Counter(item.folder for item in hotel)
    assert folders.keys() == {"Inbox", "Inquiries", "Waitlist", "Booked", "Done", "Spam"}
    assert min(folders.values()) >= 5
    languages = Counter(item.language for item in hotel)
    assert all(languages[code] >= 30 for code in LANGUAGES)


def test_the_morning_brings_forty_that_wait_and_automatic_mail_beside(hotel: list[SampleConversation]) -> None:
    new = [item for item in hotel if item.folder == "Inbox"]
    mails = [parse(item.mails[-1].raw) for item in new]
    assert sum(not mail.automatic for mail in mails) == morning.WAITING
    assert sum(bool(mail.automatic) for mail in mails) >= 3
    assert {item.language for item in new} == set(LANGUAGES)
    assert len({mail.subject for mail in mails}) == len(mails)
    assert all(len(item.mails) == 1 and item.mails[0].instant > NOW - timedelta(hours=14) for item in new)
    stated = [propose(mail.text, written=NOW.date(), subject=mail.subject) for mail in mails]
    assert sum(bool(found.arrival and found.departure and found.adults) for found in stated) >= 6


def test_dates_lie_in_the_three_months_before_now(hotel: list[SampleConversation]) -> None:
    instants = [mail.instant for item in hotel for mail in item.mails]
    assert max(instants) <= NOW
    assert min(instants) > NOW - timedelta(days=110)
    assert sum(instant > NOW - timedelta(hours=6) for instant in instants) >= 5
    for item in hotel:
        assert [mail.instant for mail in item.mails] == sorted(mail.instant for mail in item.mails)


def test_every_kind_of_mail_is_there(hotel: list[SampleConversation], parsed: list[ParsedMessage]) -> None:
    types = Counter(part.type for one in parsed for part in one.attachments)
    assert types["application/pdf"] >= 5
    assert types["image/png"] >= 1
    assert sum(one.invitation is not None for one in parsed) >= 1
    assert {one.automatic.partition(":")[0] for one in parsed if one.automatic} != set()
    assert sum(bool(one.automatic) for one in parsed) >= 15
    assert any("multipart/report" in mail.raw.decode("latin-1") for item in hotel for mail in item.mails)
    assert any(one.from_html for one in parsed)
    assert sum(bool(one.quoted) for one in parsed) >= 100
    assert any(
        "iPhone" in mail.raw.decode("latin-1") and mail.folder == "Sent" for item in hotel for mail in item.mails
    )


def test_every_mail_is_read_whole_and_filled_in(parsed: list[ParsedMessage]) -> None:
    for one in parsed:
        assert one.problem == ""
        assert one.date is not None
        assert one.sender.address
        assert one.subject
        assert "{" not in one.subject + one.text, one.text


def test_threads_hold_together(hotel: list[SampleConversation]) -> None:
    ids = [mail.message_id for item in hotel for mail in item.mails]
    assert len(set(ids)) == len(ids)
    for item in hotel:
        for before, after in zip(item.mails, item.mails[1:], strict=False):
            message = message_from_bytes(after.raw, policy=default)
            assert message["In-Reply-To"] == f"<{before.message_id}>"


def test_open_mail_is_unread_only_where_it_is_new(hotel: list[SampleConversation]) -> None:
    for item in hotel:
        unread = [mail for mail in item.mails if "\\Seen" not in mail.flags]
        assert all(mail is item.mails[-1] and mail.folder == INBOX for mail in unread)
        if item.folder == "Inbox":
            assert unread


def test_everyone_who_can_be_written_to_has_a_language(hotel: list[SampleConversation]) -> None:
    known = guests(hotel)
    assert len(known) > 150
    assert set(known.values()) <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_of_every_language_are_complete(language: str) -> None:
    found = scenarios(language)
    assert len(found) >= 14
    assert len({one.name for one in found}) == len(found)
    assert {one.ends for one in found} == {"Booked", "Done", "Waitlist"}
    assert all(turn.text for one in found for turn in one.turns)
    assert all(one.turns[0].by == "guest" for one in found)
    assert len(answers(language)) >= 5
    assert len(overnight(language)) >= 6
    assert all(len(one.turns) == 1 and one.turns[0].by == "guest" for one in overnight(language))


def test_files_are_real() -> None:
    import random

    document = pdf("Title (1)", ["line", "100 €"])
    assert document.startswith(b"%PDF-1.4")
    table = int(document.rsplit(b"startxref\n", 1)[1].split()[0])
    assert document[table:].startswith(b"xref")
    for offset in document[table:].splitlines()[3:8]:
        assert document[int(offset.split()[0]) :].split(b" ", 2)[1] == b"0"
    assert png(random.Random(1)).startswith(b"\x89PNG\r\n\x1a\n")


def test_bulk_mail_comes_in_any_number_and_is_distinct() -> None:
    mails = list(bulk_mails(NOW, 1, 2000))
    assert len(mails) == 2000
    assert len({mail.message_id for mail in mails}) == 2000
    assert max(mail.instant for mail in mails) < NOW - timedelta(days=80)
    assert list(islice(bulk_mails(NOW, 1, 2000), 50)) == mails[:50]
    for mail in mails[:100]:
        one = parse(mail.raw)
        assert one.message_id == mail.message_id
        assert one.date == mail.instant.replace(microsecond=0)
        assert "Qqfirst" not in one.text
