"""Completion of addresses from the mail that came and went."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui import desk
from crm_tui.desk.correspondence.correspondents import find
from tests.screens.harness import Hotel


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    hotel.account()
    hotel.mail("a", number=1, sender="Łucja Nowak <lucja@poczta.example>")
    hotel.mail("b", number=2, sender="Lucas Vega <lucas@correo.example>", subject="Dos")
    hotel.mail("c", number=3, sender="Lucas Vega <lucas@correo.example>", subject="Tres")
    hotel.mail("d", number=4, sender="<no-reply@luckyhotels.example>", extra="Auto-Submitted: auto-generated\r\n")
    yield hotel
    hotel.ctx.store.close()


def addresses(hotel: Hotel, typed: str) -> list[str]:
    return [person.address for person in find(hotel.ctx, typed)]


def test_half_a_name_without_accents_finds_the_person_those_met_most_first(hotel: Hotel) -> None:
    assert addresses(hotel, "luc") == ["lucas@correo.example", "lucja@poczta.example"]
    assert addresses(hotel, "LUCJA now") == ["lucja@poczta.example"]
    assert addresses(hotel, "poczta") == ["lucja@poczta.example"]


def test_automatic_senders_and_one_s_own_address_are_left_out(hotel: Hotel) -> None:
    assert addresses(hotel, "lucky") == []
    assert addresses(hotel, "reception") == []


def test_nothing_and_query_language_find_nobody_and_break_nothing(hotel: Hotel) -> None:
    for typed in ("", "  ", '"', "* OR", "sender:", "a AND", "'; drop"):
        assert isinstance(addresses(hotel, typed), list)
    assert addresses(hotel, "zzzz") == []


def written_to(hotel: Hotel, to: str) -> None:
    """A mail that went out and was accepted."""
    from sqlalchemy import update

    from crm_tui.data.columns import columns
    from crm_tui.data.tables import OutboxItem

    draft = desk.replies.new(hotel.ctx, to=to, subject="Hi", text="x")
    item = desk.outbox.queue(hotel.ctx, draft.id, draft.version)
    with hotel.ctx.write() as tx:
        tx.connection.execute(update(OutboxItem).where(columns(OutboxItem).id == item.id).values(state="uncertain"))
    desk.outbox.mark_sent(hotel.ctx, item.id)


def test_people_who_were_only_written_to_are_found(hotel: Hotel) -> None:
    written_to(hotel, "Vera Only <vera@only.example>")
    assert addresses(hotel, "vera") == ["vera@only.example"]


def test_only_those_who_match_among_many_recipients(hotel: Hotel) -> None:
    written_to(hotel, "vera@only.example, Xavi <xavi@two.example>")
    assert addresses(hotel, "xav") == ["xavi@two.example"]
