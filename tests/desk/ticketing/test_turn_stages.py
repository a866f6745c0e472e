"""A turn that closes before the engine looked at its ticket still tells at which stage its guest stood (SPEC §10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from crm_tui.base.errors import StoreError
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Reservation, Turn
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, receive
from crm_tui.desk.correspondence.prepare import prepare
from crm_tui.desk.stays import reservation_links, reservation_status
from crm_tui.desk.ticketing import past_stages, stages, tickets
from crm_tui.desk.working import metrics, metrics_live
from crm_tui.engine.lease import Lease
from crm_tui.engine.routing import RoutingWorker
from crm_tui.rules.periods import Period
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


THEN = NOON - timedelta(days=60)
"""When a guest asked and was answered, before the desk was there."""


def old_mail(house: WorkingDesk) -> tuple[bytes, bytes]:
    """What the guest asked, and the answer an hour later."""
    asked = mail(message_id="old@example.org", date=THEN, sender="Guest <guest1@example.org>")
    told = mail(
        message_id="oldreply@hotel.example",
        date=THEN + timedelta(hours=1),
        sender=f"Hotel <{ADDRESS}>",
        to="guest1@example.org",
        In_Reply_To="<old@example.org>",
    )
    return asked, told


def first_sync(house: WorkingDesk) -> int:
    """Both come in at once; returns their conversation."""
    asked, told = old_mail(house)
    receive(house.eva, Batch([Incoming(prepare(asked))], account_id=house.account))
    (talk,) = receive(house.eva, Batch([Incoming(prepare(told))], account_id=house.account, sent=True)).conversations
    with house.eva.write() as tx:  # as a first sync has it: the answer is there before anybody saw the question
        tx.connection.execute(update(table_of(Turn)).values(stage=""))
    assert stages_of(house, talk) == [""]
    return talk


def test_what_was_answered_long_before_the_booking_counts_as_before_it(house: WorkingDesk) -> None:
    asked, told = old_mail(house)
    (talk,) = receive(house.eva, Batch([Incoming(prepare(told))], account_id=house.account, sent=True)).conversations
    books(house, talk, days=30)
    receive(house.eva, Batch([Incoming(prepare(asked))], account_id=house.account))
    assert stages_of(house, talk) == [""]


@pytest.mark.parametrize(
    ("booked", "arrival", "stage"),
    [(-61, 300, Stage.AFTER_BOOKING), (-61, -58, Stage.BEFORE_CHECKIN), (-60, 300, ""), (-30, 300, "")],
)
def test_old_mail_of_a_stay_that_was_booked_then(house: WorkingDesk, booked: int, arrival: int, stage: str) -> None:
    """The import says on which day it was booked; of that day itself nobody knows what was first."""
    asked, told = old_mail(house)
    (talk,) = receive(house.eva, Batch([Incoming(prepare(told))], account_id=house.account, sent=True)).conversations
    day = NOON.date()
    add_reservation(
        house.eva, "R7", booked=day + timedelta(days=booked), arrival=day + timedelta(days=arrival), status="completed"
    )
    with house.eva.write() as tx:
        tx.connection.execute(update(table_of(Conversation)).values(reservation_id=1))
    receive(house.eva, Batch([Incoming(prepare(asked))], account_id=house.account))
    assert stages_of(house, talk) == [stage]


def test_a_reservation_that_comes_later_tells_of_old_mail(house: WorkingDesk) -> None:
    """Linked by hand, through its inquiry, or imported: the engine looks at the turns again, and figures follow."""
    talk = first_sync(house)
    period = Period(THEN.date(), THEN.date())
    live = metrics_live.Live(house.eva, period)
    assert live.figures().total.average_after is None
    engine = house.eva.acting_as(ENGINE)
    mark, _changed = stages.heed(engine, None)
    assert past_stages.heed(engine, None) == 0
    booked = THEN.date() - timedelta(days=3)
    number = add_reservation(house.eva, "R7", booked=booked, arrival=NOON.date(), status="confirmed")
    reservation_links.link(house.eva, number, [talk])
    assert past_stages.heed(engine, mark.journal) == 1
    assert stages_of(house, talk) == [Stage.AFTER_BOOKING]
    assert live.step()
    assert live.figures() == metrics.team(house.eva, period)
    assert live.figures().total.average_after == 3600
    assert past_stages.heed(engine, None) == 0


def test_what_a_busy_store_kept_from_being_looked_at_is_looked_at_again(
    house: WorkingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = first_sync(house)
    engine = house.eva.acting_as(ENGINE)
    lease = Lease(engine)
    assert lease.tick()
    worker = RoutingWorker(engine, lease)
    worker.step()
    number = add_reservation(
        house.eva, "R7", booked=THEN.date() - timedelta(days=3), arrival=NOON.date(), status="confirmed"
    )
    reservation_links.link(house.eva, number, [talk])
    plain, tried = past_stages.heed, list[int | None]()

    def heed(ctx: Context, since: int | None, holds: Any) -> int:
        tried.append(since)
        if len(tried) == 1:
            raise StoreError("The store is busy.")
        return plain(ctx, since, holds)

    monkeypatch.setattr(past_stages, "heed", heed)
    with pytest.raises(StoreError):
        worker.step()
    worker.step()
    assert tried[0] == tried[1]
    assert stages_of(house, talk) == [Stage.AFTER_BOOKING]


def test_one_that_was_cancelled_since_stood_until_then(house: WorkingDesk) -> None:
    talk = first_sync(house)
    then, arrival = THEN - timedelta(days=2), NOON.date() + timedelta(days=9)
    number, other = (
        add_reservation(house.eva, code, made=then, arrival=arrival, status="confirmed") for code in ("R7", "R8")
    )
    reservation_links.link(house.eva, number, [talk])
    reservation_status.set_status(house.eva, [number], "cancelled")
    with house.eva.write() as tx:  # of this one the journal says nothing
        gone = update(table_of(Reservation)).where(columns(Reservation).id == other)
        tx.connection.execute(gone.values(status="cancelled"))
    with house.eva.store.connect() as connection:
        assert past_stages.told(connection, [(talk, THEN)]) == [Stage.AFTER_BOOKING]
        assert past_stages.told(connection, [(talk, THEN - timedelta(days=3))]) == [""]
        assert past_stages.told(connection, [(talk, NOON)]) == [""]
    reservation_links.unlink(house.eva, number, [talk])
    reservation_links.link(house.eva, other, [talk])
    assert past_stages.heed(house.eva.acting_as(ENGINE), None) == 0
