"""By what a person is found in what is about others, and what must not be taken for the person (SPEC §6)."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from crm_tui import desk
from crm_tui.data.columns import columns
from crm_tui.data.tables import GuestEmail
from crm_tui.desk.common.context import Context
from crm_tui.desk.privacy import erasing
from crm_tui.desk.privacy.erasing_views import kept
from crm_tui.desk.shifts import memos
from tests.desk.house import ADDRESS, add_account, come_in, mail


@pytest.fixture
def olga(ctx: Context) -> int:
    return desk.guests.create(ctx, {"surname": "Other", "given": "Olga", "email": "o@x.example"})


def from_olga(ctx: Context, text: str, account: int | None = None, number: int = 1) -> int:
    letter = mail(sender="Olga Other <o@x.example>", text=text, message_id=f"o{number}@x", subject=f"s{number}")
    return come_in(ctx, letter, account=account).message_ids[0]


def test_our_own_address_is_nobodys(ctx: Context, olga: int) -> None:
    account = add_account(ctx)
    letters = [from_olga(ctx, f"Mail {number}", account, number) for number in range(3)]
    before = [desk.reading.source(ctx, one) for one in letters]
    guest = desk.guests.create(ctx, {"surname": "Walkin", "given": "Wanda", "email": "wanda@x.example"})
    with ctx.store.write() as session:  # written before the account was linked: the form refuses it now
        names = columns(GuestEmail)
        mine = update(GuestEmail).where(names.guest_id == guest).values(address=ADDRESS, folded=ADDRESS)
        session.connection().execute(mine)
    report = erasing.erase(ctx, guest)
    assert (report.counts["mentions"], report.counts["messages"]) == (0, 0)
    assert [desk.reading.source(ctx, one) for one in letters] == before
    assert desk.reading.message(ctx, letters[0]).to[0].address == ADDRESS


def test_an_address_that_programs_write_from_is_nobodys(ctx: Context, olga: int) -> None:
    robot = mail(sender="Bookings <noreply@portal.example>", text="A booking of Olga Other", message_id="r@x")
    letter = come_in(ctx, robot).message_ids[0]
    guest = desk.guests.create(ctx, {"surname": "Walkin", "given": "Wanda", "email": "noreply@portal.example"})
    erasing.erase(ctx, guest)
    assert desk.reading.message(ctx, letter).text.strip() == "A booking of Olga Other"


def test_a_name_of_ordinary_words_is_not_looked_for_elsewhere(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "Do", "given": "An", "email": "an@x.example"})
    letter = from_olga(ctx, "Could you do an early check-in?")
    body = "Yes, we do an early check-in."
    template = desk.templates.create(ctx, name="Early", body=body, language="en", subject="We do an upgrade")
    memos.add(ctx, "we do an airport transfer. An Do", guest=olga)
    report = erasing.erase(ctx, guest)
    assert desk.reading.message(ctx, letter).text.strip() == "Could you do an early check-in?"
    assert desk.reading.source(ctx, letter) != b""
    assert desk.templates.get(ctx, template.id).body == body
    assert [one.text for one in memos.listed(ctx, guest=olga)] == ["we do an airport transfer. An Do"]
    assert report.common
    assert any("ordinary short words" in line for line in kept(report))


def test_a_short_name_in_small_letters_is_no_name(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "Price", "given": "Mark"})
    memos.add(ctx, "We mark price changes. Mark Price", guest=olga)
    erasing.erase(ctx, guest)
    assert [one.text for one in memos.listed(ctx, guest=olga)] == ["We mark price changes. ▒▒▒▒▒▒▒▒▒▒"]


@pytest.mark.parametrize(
    ("given", "surname", "written"),
    [
        ("Ana", "Gomez", "Ana Gómez"),
        ("Ana", "Gómez", "ANA GOMEZ"),
        ("Иван", "Петров", "ИВАН ПЕТРОВ"),
        ("Ana María", "Núñez", "Ana Núñez"),
        ("Zaneta", "Brzecz", "Zaneta M. Brzecz"),
        ("Zaneta", "Brzecz", "Brzecz/Zaneta"),
    ],
)
def test_a_name_is_found_however_it_is_written(ctx: Context, olga: int, given: str, surname: str, written: str) -> None:
    guest = desk.guests.create(ctx, {"surname": surname, "given": given})
    letter = from_olga(ctx, f"Friend of {written}.")
    memos.add(ctx, f"Friend of {written}.", guest=olga)
    erasing.erase(ctx, guest)
    black = f"Friend of {'▒' * len(written)}."
    assert [one.text for one in memos.listed(ctx, guest=olga)] == [black]
    assert desk.reading.message(ctx, letter).text.strip() == black


def test_names_and_addresses_that_the_profile_had_before_count(ctx: Context, olga: int) -> None:
    guest = desk.guests.create(ctx, {"surname": "Maiden", "given": "Anna", "email": "old@x.example"})
    first = mail(sender="Anna Maiden <old@x.example>", text="My old words", message_id="old1@x")
    letter = come_in(ctx, first).message_ids[0]
    version = desk.guests.get(ctx, guest).version
    desk.guests.set(ctx, guest, version, {"surname": "Married", "email": "new@x.example"})
    memos.add(ctx, "Friend of Anna Maiden", guest=olga)
    erasing.erase(ctx, guest)
    assert desk.reading.message(ctx, letter).text == "▒"
    assert desk.reading.message(ctx, letter).sender.address == ""
    assert [one.text for one in memos.listed(ctx, guest=olga)] == [f"Friend of {'▒' * 11}"]


def test_a_former_address_that_is_anothers_now_is_left(ctx: Context) -> None:
    guest = desk.guests.create(ctx, {"surname": "First", "given": "Anna", "email": "office@x.example"})
    version = desk.guests.get(ctx, guest).version
    desk.guests.set(ctx, guest, version, {"email": "new@x.example"})
    desk.guests.create(ctx, {"surname": "Second", "given": "Berta", "email": "office@x.example"})
    letter = mail(sender="Berta Second <office@x.example>", text="I am Berta", message_id="b@x")
    message = come_in(ctx, letter).message_ids[0]
    erasing.erase(ctx, guest)
    assert desk.reading.message(ctx, message).text.strip() == "I am Berta"
