"""What the desk proposes from stored mail: the property's days, quotes left out, later mail over earlier (SPEC §4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from crm_tui.base.errors import NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.requests import proposing
from tests.desk.house import NOW, add_account, come_in, mail

FIRST = "Buenos días:\n\n¿Tienen una habitación del 3 al 7 de agosto para 2 adultos?\n\nMarta Torres\nmóvil 612 345 678"


def message(number: int, text: str, **values: str) -> bytes:
    others = (
        {"In_Reply_To": "<m1@example.org>", "subject": "Re: Habitación"} if number > 1 else {"subject": "Habitación"}
    )
    when = NOW - timedelta(hours=20 - number)
    return mail(
        text=text,
        sender="Marta Torres <marta@example.org>",
        message_id=f"m{number}@example.org",
        date=when,
        **others | values,
    )


def arrive(ctx: Context, *texts: str) -> tuple[int, list[int]]:
    """Mails of one conversation: its id and theirs."""
    add_account(ctx)
    ids = [come_in(ctx, message(number, text)).message_ids[0] for number, text in enumerate(texts, start=1)]
    with ctx.store.connect() as connection:
        found = connection.exec_driver_sql("SELECT DISTINCT conversation_id FROM message").scalars().all()
    assert len(found) == 1
    return found[0], ids


def test_a_message_is_read_with_its_words(ctx: Context) -> None:
    _conversation, (number,) = arrive(ctx, FIRST)
    read = proposing.for_message(ctx, number).read
    assert read.arrival is not None
    assert read.arrival.value == date(2026, 8, 3)
    assert FIRST[FIRST.index("del 3") :].startswith(("del 3", read.arrival.words))
    assert "3 al 7 de agosto" in read.arrival.words
    assert read.adults is not None
    assert read.adults.value == 2
    assert read.phone is not None
    assert read.phone.value == "+34612345678"
    assert read.surname is not None
    assert read.surname.value == "Torres"
    assert read.language is not None
    assert read.language.value == "es"


def test_later_mail_refines_earlier(ctx: Context) -> None:
    conversation, ids = arrive(
        ctx,
        FIRST,
        "Perdón, al final seremos 2 adultos y un niño de 5 años.\n\nMarta",
        "Mejor del 10 al 12 de agosto, gracias.\n\n> ¿Les viene bien del 20 al 25 de agosto?\n",
    )
    view = proposing.for_conversation(ctx, conversation)
    assert view.read.arrival is not None
    assert view.read.arrival.value == date(2026, 8, 10)
    assert view.read.departure is not None
    assert view.read.departure.value == date(2026, 8, 12)
    assert view.read.nights is not None
    assert view.read.nights.value == 2
    assert view.read.children is not None
    assert view.read.children.value == (5,)
    assert view.messages["arrival"] == ids[2]
    assert view.messages["children"] == ids[1]
    assert view.messages["phone"] == ids[0]


def test_more_nights_move_the_departure(ctx: Context) -> None:
    conversation, ids = arrive(ctx, FIRST, "Nos quedaríamos 6 noches en la habitación, gracias.\n\nMarta")
    view = proposing.for_conversation(ctx, conversation)
    assert view.read.arrival is not None
    assert view.read.departure is not None
    assert view.read.departure.value == date(2026, 8, 9)
    assert view.messages["departure"] == ids[1]


@pytest.mark.parametrize(
    "later", ["Mejor del 10 al 12 o bien del 17 al 19 de agosto.", "Tenemos que cancelar la reserva, lo siento."]
)
def test_a_stay_put_in_doubt_is_not_proposed(ctx: Context, later: str) -> None:
    conversation, _ids = arrive(ctx, FIRST, later)
    read = proposing.for_conversation(ctx, conversation).read
    assert (read.arrival, read.departure, read.nights) == (None, None, None)
    assert read.phone is not None


def test_automatic_mail_beside_a_guests_is_not_read(ctx: Context) -> None:
    add_account(ctx)
    come_in(ctx, message(1, FIRST), message(2, "Estoy fuera del 20 al 25 de agosto.", Auto_Submitted="auto-replied"))
    with ctx.store.connect() as connection:
        conversation = connection.exec_driver_sql("SELECT min(conversation_id) FROM message").scalar_one()
    read = proposing.for_conversation(ctx, conversation).read
    assert read.arrival is not None
    assert read.arrival.value == date(2026, 8, 3)


def test_days_are_the_propertys(ctx: Context) -> None:
    """Half past ten at night in UTC is the next day already in Madrid."""
    add_account(ctx)
    night = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    raw = mail(text="¿Tienen habitación para hoy, una noche? Gracias, un saludo", date=night)
    (number,) = come_in(ctx, raw, received_at=night).message_ids
    read = proposing.for_message(ctx, number).read
    assert read.arrival is not None
    assert read.arrival.value == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("timezone", "region"),
    [("Europe/Madrid", "ES"), ("Europe/Warsaw", "PL"), ("UTC", ""), ("Etc/GMT+1", ""), ("No/Where", "")],
)
def test_the_region_is_that_of_the_zone(timezone: str, region: str) -> None:
    assert proposing.region_of(timezone) == region


def test_a_national_number_of_another_country_is_not_guessed(ctx: Context) -> None:
    with ctx.write() as tx:
        tx.connection.execute(update(Property).values(timezone="Europe/Warsaw").where(columns(Property).id == 1))
    _conversation, (number,) = arrive(ctx, FIRST)
    assert proposing.for_message(ctx, number).read.phone is None


def test_what_is_not_there(ctx: Context) -> None:
    with pytest.raises(NotFound):
        proposing.for_message(ctx, 99)
    with pytest.raises(NotFound):
        proposing.for_conversation(ctx, 99)


def test_what_another_keeps_to_himself_is_not_there(ctx: Context) -> None:
    conversation, (number,) = arrive(ctx, FIRST)
    with ctx.write() as tx:
        tx.connection.execute(update(Conversation).values(scope="a99").where(columns(Conversation).id == conversation))
    with pytest.raises(NotFound):
        proposing.for_message(ctx, number)
    with pytest.raises(NotFound):
        proposing.for_conversation(ctx, conversation)
