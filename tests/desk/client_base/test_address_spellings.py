"""An internationalised domain in its own letters and in ASCII is one address, wherever that decides who somebody is."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from crm_tui import desk
from crm_tui.data.columns import columns
from crm_tui.data.tables import GuestEmail
from crm_tui.desk.common.context import Context
from crm_tui.desk.privacy import erasing
from crm_tui.rules.mail_addresses import address_key, other_spelling, same_address, spellings
from tests.desk.erasable import everything, holding
from tests.desk.house import come_in, mail

UNICODE, ASCII = "Jan@Müller.example", "jan@xn--mller-kva.example"
BOTH = pytest.mark.parametrize(("typed", "wrote"), [(UNICODE, ASCII), (ASCII, UNICODE)])


def guest(ctx: Context, address: str, surname: str = "Nowak") -> int:
    return desk.guests.create(ctx, {"surname": surname, "given": "Jan", "email": address})


def letter(ctx: Context, sender: str) -> int:
    raw = mail(sender="Jan <jan@xxxx.example>", text="A room", message_id="i1@x")
    return come_in(ctx, raw.replace(b"jan@xxxx.example", sender.encode())).message_ids[0]


def test_two_spellings_have_one_key() -> None:
    assert address_key(UNICODE) == address_key(ASCII) == ASCII
    assert spellings(UNICODE) == spellings(ASCII) == {"jan@müller.example", ASCII}
    assert same_address(UNICODE, ASCII)
    assert not same_address("", "")
    assert not same_address("jan@muller.example", ASCII)
    assert other_spelling(ASCII) == "jan@müller.example"
    assert other_spelling("jan@müller.example") == ASCII
    assert other_spelling("jan@x.example") == "jan@x.example"
    assert other_spelling("jan@xn--a-.example") == "jan@xn--a-.example"


@BOTH
def test_a_sender_is_the_guest(ctx: Context, typed: str, wrote: str) -> None:
    number = guest(ctx, typed)
    message = letter(ctx, wrote)
    conversation = desk.reading.message(ctx, message).conversation
    assert [one.id for one in desk.guests.by_address(ctx, wrote)] == [number]
    assert [one.id for one in desk.guest_mail.guests_of(ctx, conversation)] == [number]
    with ctx.store.connect() as connection:
        assert desk.guest_mail.conversations_of(connection, ctx.actor, [number]) == [conversation]
    assert desk.guests.get(ctx, number).emails == (typed.replace("Müller", "müller"),)


@BOTH
@pytest.mark.parametrize("legacy", [False, True])
def test_they_are_suggested_as_one_and_typed_once(ctx: Context, typed: str, wrote: str, legacy: bool) -> None:
    one, two = guest(ctx, typed), guest(ctx, wrote)
    if legacy:  # as it was stored before domains were compared in ASCII
        with ctx.store.write() as session:
            names = columns(GuestEmail)
            old = update(GuestEmail).where(names.guest_id == one).values(folded=typed.lower())
            session.connection().execute(old)
    assert [set(pair.guests) for pair in desk.duplicates.find(ctx)] == [{one, two}]
    both = desk.guests.create(ctx, {"surname": "Both", "emails": [typed, wrote]})
    assert len(desk.guests.get(ctx, both).emails) == 1


@BOTH
def test_an_erasure_finds_the_mail(ctx: Context, typed: str, wrote: str) -> None:
    number = guest(ctx, typed)
    message = letter(ctx, wrote)
    report = erasing.erase(ctx, number)
    assert (report.counts["messages"], report.counts["addresses"]) == (1, 1)
    assert desk.reading.message(ctx, message).text == "▒"
    assert holding(ctx.home.data, ("mller-kva", "jan@müller")) == {}
    assert everything(ctx, GuestEmail) == []


CAPITALS = pytest.mark.parametrize(
    ("typed", "wrote"),
    [(UNICODE, ASCII), (ASCII, UNICODE), ("jan@x.example", "JAN@x.example"), ("Jan@x.example", "jAN@x.example")],
)


def talk(ctx: Context, sender: str, number: int) -> int:
    raw = mail(sender="Jan <jan@xxxx.example>", text="A room", message_id=f"t{number}@x", subject=f"Room {number}")
    return desk.reading.message(
        ctx, come_in(ctx, raw.replace(b"jan@xxxx.example", sender.encode())).message_ids[0]
    ).conversation


@CAPITALS
def test_conversations_with_one_counterpart_may_be_merged(ctx: Context, typed: str, wrote: str) -> None:
    one, two, _other = talk(ctx, typed, 1), talk(ctx, wrote, 2), talk(ctx, "other@x.example", 3)
    assert [row.id for row in desk.splitting.candidates(ctx, one)] == [two]
    assert [row.id for row in desk.splitting.candidates(ctx, two)] == [one]


@CAPITALS
def test_a_merge_counts_the_conversations_that_the_profiles_show(ctx: Context, typed: str, wrote: str) -> None:
    one, two = guest(ctx, typed), guest(ctx, "second@x.example", "Nowakk")
    talk(ctx, wrote, 1)
    linked = talk(ctx, wrote, 2)
    desk.linking.link(ctx, linked, two)  # an agent knows better than the address
    (moves,) = [move for move in desk.guest_merging.preview(ctx, one, [two]).moves if move.name == "conversations"]
    with ctx.store.connect() as connection:
        shown = tuple(len(desk.guest_mail.conversations_of(connection, ctx.actor, [one_of])) for one_of in (one, two))
    assert moves.counts == shown == (1, 1)


@CAPITALS
def test_the_search_for_a_guest_finds_what_the_guest_wrote(ctx: Context, typed: str, wrote: str) -> None:
    guest(ctx, typed)
    conversation = talk(ctx, wrote, 1)
    assert [hit.conversation for hit in desk.search.search(ctx, "guest:nowak") if hit.kind == "message"] == [
        conversation
    ]
    assert [hit.kind for hit in desk.search.search(ctx, "room -guest:nowak")] == []
