"""A turn that closes before the engine looked at its ticket still tells at which stage its guest stood (SPEC §10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, update

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Turn
from crm_tui.desk.conversations import triage
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, receive
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.ticketing import tickets
from crm_tui.rules.vocabulary import Stage
from tests.desk.bookings import add_reservation
from tests.desk.house import ADDRESS, mail
from tests.desk.working_desk import WorkingDesk

_U = columns(Turn)
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> WorkingDesk:
    return WorkingDesk(tmp_path, NOON)


def books(house: WorkingDesk, conversation: int, *, days: int) -> None:
    """The conversation is about a confirmed reservation that begins in so many days."""
    day = date(2026, 7, 1) + timedelta(days=days)
    number = add_reservation(house.eva, "R1", arrival=day, departure=day + timedelta(days=2), status="confirmed")
    with house.eva.write() as tx:
        one = update(table_of(Conversation)).where(columns(Conversation).id == conversation)
        tx.connection.execute(one.values(reservation_id=number))


def stages_of(house: WorkingDesk, conversation: int) -> list[str]:
    with house.eva.store.connect() as connection:
        query = select(_U.stage).where(_U.conversation_id == conversation).order_by(_U.opened_at, _U.id)
        return list(connection.execute(query).scalars())


def test_a_ticket_has_its_stage_from_the_first_moment(house: WorkingDesk) -> None:
    talk = house.arrives()
    ticket = tickets.of_conversation(house.eva, talk)
    assert ticket is not None
    with house.eva.store.connect() as connection:
        kind = connection.exec_driver_sql("SELECT stage, channel FROM ticket").one()
    assert tuple(kind) == (Stage.BEFORE_BOOKING, "direct")


def test_a_batch_of_new_mail_costs_as_many_statements_as_one_mail(house: WorkingDesk) -> None:
    """A first sync makes tickets by the thousand: they are given stage and channel all together."""
    told: list[str] = []
    event.listen(house.eva.store.engine, "before_cursor_execute", lambda *call: told.append(call[2]))

    def batch(first: int, many: int) -> int:
        sites = ("example.org", "guest.booking.com")
        raws = [
            mail(message_id=f"b{one}@x", sender=f"G <g{one}@{sites[one % 2]}>", subject=f"S{one}", date=NOON)
            for one in range(first, first + many)
        ]
        told.clear()
        receive(house.eva, Batch([Incoming(prepare(raw)) for raw in raws], account_id=house.account))
        return len([one for one in told if "ticket" in one.split("WHERE")[0]])

    few, many = batch(0, 2), batch(2, 80)
    assert many == few
    with house.eva.store.connect() as connection:
        kinds = "SELECT stage, channel, count(*) FROM ticket GROUP BY 1, 2 ORDER BY 2"
        found = [tuple(row) for row in connection.exec_driver_sql(kinds)]
    assert found == [(Stage.BEFORE_BOOKING, "Booking.com", 41), (Stage.BEFORE_BOOKING, "direct", 41)]


@pytest.mark.parametrize(("days", "stage"), [(30, Stage.AFTER_BOOKING), (2, Stage.BEFORE_CHECKIN)])
def test_an_answer_before_the_engine_looked(house: WorkingDesk, days: int, stage: Stage) -> None:
    talk = house.arrives()
    books(house, talk, days=days)
    house.wait(minutes=5)
    house.replies(house.ana, talk)
    assert stages_of(house, talk) == [stage]


def test_a_mark_before_the_engine_looked(house: WorkingDesk) -> None:
    talk = house.arrives()
    books(house, talk, days=30)
    triage.no_answer_needed(house.ana, [talk])
    assert stages_of(house, talk) == [Stage.AFTER_BOOKING]


def test_question_and_answer_that_come_in_together(house: WorkingDesk) -> None:
    """Somebody answered from another program between two looks at the server."""
    talk = house.arrives()
    books(house, talk, days=30)
    house.found_in_sent(talk)
    house.wait(hours=1)
    again, reply = "again@example.org", "reply@hotel.example"
    asked = mail(
        message_id=again,
        date=house.clock.now() - timedelta(minutes=20),
        sender="Guest <guest1@example.org>",
        In_Reply_To="<mail1@example.org>",
    )
    told = mail(
        message_id=reply,
        date=house.clock.now() - timedelta(minutes=10),
        sender=f"Hotel <{ADDRESS}>",
        to="guest1@example.org",
        In_Reply_To=f"<{again}>",
    )
    receive(house.eva, Batch([Incoming(prepare(told))], account_id=house.account, sent=True))
    receive(house.eva, Batch([Incoming(prepare(asked))], account_id=house.account))
    assert stages_of(house, talk)[-1] == Stage.AFTER_BOOKING


def test_what_was_answered_long_ago_is_not_guessed(house: WorkingDesk) -> None:
    """Old mail of a guest who has booked since: nobody knows how they stood then; it counts as before booking."""
    then = NOON - timedelta(days=60)
    asked = mail(message_id="old@example.org", date=then, sender="Guest <guest1@example.org>")
    told = mail(
        message_id="oldreply@hotel.example",
        date=then + timedelta(hours=1),
        sender=f"Hotel <{ADDRESS}>",
        to="guest1@example.org",
        In_Reply_To="<old@example.org>",
    )
    (talk,) = receive(house.eva, Batch([Incoming(prepare(told))], account_id=house.account, sent=True)).conversations
    books(house, talk, days=30)
    receive(house.eva, Batch([Incoming(prepare(asked))], account_id=house.account))
    assert stages_of(house, talk) == [""]
