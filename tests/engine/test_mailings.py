"""Mailings through a real SMTP server: one by one, pausable, never twice (SPEC §6, QUALITY R1)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Mail
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.base.clock import ShiftedClock
from crm_tui.base.errors import Conflict
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns
from crm_tui.data.tables import MailingItem, OutboxItem
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.correspondence import accounts, delivery, outbox, reading
from crm_tui.desk.groups import mailing_queue, mailings, packages
from crm_tui.desk.groups.mailing_views import Reason
from crm_tui.desk.merges import guest_merging
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.engine.runner import Engine
from crm_tui.mail.credentials import Credentials
from tests.desk.house import ADDRESS, NOW, add_account, make_house
from tests.desk.mailings import guest, items, ready, template
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, smtp_server

NAMES = ("Alba", "Bosch", "Costa", "Duran", "Esteve", "Ferrer")


@dataclass
class Hotel:
    """A desk, its servers, six guests who agree to mail."""

    ctx: Context
    smtp: Box
    credentials: Credentials
    account: int
    guests: list[int] = field(default_factory=list)
    engines: list[Engine] = field(default_factory=list)
    lease: Lease | None = None

    def worker(self) -> OutboxWorker:
        self.lease = self.lease or Lease(self.ctx)
        assert self.lease.tick()
        return OutboxWorker(self.ctx.acting_as(ENGINE), self.lease, self.credentials, timeout=5, answer_timeout=5)

    def start(self, **more: Any) -> int:
        return mailings.start(self.ctx, ready(self.ctx, self.guests, **more))

    def engine(self) -> Engine:
        engine = Engine(self.credentials, renewal=0.1, timeout=5)
        engine.start(self.ctx)
        self.engines.append(engine)
        return engine

    def taken(self) -> Counter[str]:
        return Counter(to for one in self.smtp.taken for to in one.recipients)

    def mails(self) -> list[Mail]:
        return [message_from_bytes(one.content) for one in self.smtp.taken]


def run(worker: OutboxWorker, steps: int) -> None:
    for _step in range(steps):
        worker._mailings._not_before = 0.0
        worker.step()


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.02)


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    settings = Settings(undo_seconds=0, mailing_per_minute=600)
    ctx = make_house(tmp_path, clock=ShiftedClock(NOW), settings=settings)
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret(PASSWORD))
    with smtp_server(Box(users={USER: PASSWORD})) as smtp, Pymap() as imap:
        account = add_account(ctx, imap_port=imap.port, smtp_port=smtp.port)
        house = Hotel(ctx, smtp, credentials, account, [guest(ctx, name) for name in NAMES])
        yield house
        for engine in house.engines:
            assert engine.stop()
    ctx.store.close()


def test_each_guest_gets_one_mail_of_their_own(hotel: Hotel) -> None:
    number = hotel.start()
    run(hotel.worker(), 8)
    view = mailings.progress(hotel.ctx, number)
    assert (view.state, view.sent, view.waiting, view.failed) == ("done", 6, 0, 0)
    assert hotel.taken() == {f"{name.lower()}@example.org": 1 for name in NAMES}
    for mail in hotel.mails():
        assert len(mail.get_all("To") or []) == 1
        assert "," not in str(mail["To"])
        assert mail["Cc"] is None
        assert mail["List-Unsubscribe"] is None  # consent to mail: a letter, not a list
    texts = [str(mail.get_payload(0)) for mail in hotel.mails()]
    assert "Dear Ana Alba" in texts[0]
    assert "Yours, Ana" in texts[0]  # the agent who started it
    assert "Reception" in texts[0]  # the account's signature


def test_only_one_is_on_its_way_at_a_time(hotel: Hotel) -> None:
    number = hotel.start()
    assert mailing_queue.queue_next(hotel.ctx, number, lambda _connection: True)
    assert not mailing_queue.queue_next(hotel.ctx, number, lambda _connection: True)
    assert mailings.progress(hotel.ctx, number).under_way == 1


def test_nothing_is_queued_without_the_lease(hotel: Hotel) -> None:
    number = hotel.start()
    assert not mailing_queue.queue_next(hotel.ctx, number, lambda _connection: False)
    assert mailings.progress(hotel.ctx, number).waiting == 6


def test_a_newsletter_says_how_to_leave_it(hotel: Hotel) -> None:
    one = guest(hotel.ctx, "Reader", consent="newsletter")
    mailings.start(hotel.ctx, ready(hotel.ctx, [one], channel="newsletter"))
    run(hotel.worker(), 2)
    (mail,) = hotel.mails()
    assert mail["List-Unsubscribe"] == f"<mailto:{ADDRESS}?subject=unsubscribe>"
    assert mail["Precedence"] == "bulk"


def test_sent_mail_stands_in_the_guests_conversations(hotel: Hotel) -> None:
    number = hotel.start()
    run(hotel.worker(), 2)
    (item,) = [one for one in _items(hotel.ctx, number) if one.outbox_id is not None][:1]
    conversation = outbox.get(hotel.ctx, item.outbox_id).conversation
    assert conversation is not None
    shown = reading.conversation(hotel.ctx, conversation)
    assert shown.messages[0].direction == "out"


def _items(ctx: Context, mailing: int) -> list[Any]:
    item = columns(MailingItem)
    with ctx.store.connect() as connection:
        query = select(*item).where(item.mailing_id == mailing).order_by(item.position)
        return list(connection.execute(query).all())


def test_a_refused_guest_fails_with_the_servers_words_and_holds_nobody_up(hotel: Hotel) -> None:
    hotel.smtp.refuse["bosch@example.org"] = "550 5.1.1 no such user here"
    number = hotel.start()
    run(hotel.worker(), 8)
    view = mailings.progress(hotel.ctx, number)
    assert (view.state, view.sent, view.failed) == ("done", 5, 1)
    assert items(hotel.ctx, number)[hotel.guests[1]] == ("failed", "")
    hotel.smtp.refuse.clear()
    assert mailings.retry(hotel.ctx, number) == 1
    run(hotel.worker(), 2)
    view = mailings.progress(hotel.ctx, number)
    assert (view.state, view.sent, view.failed) == ("done", 6, 0)
    assert max(hotel.taken().values()) == 1


def test_a_guest_put_off_by_the_server_waits_alone(hotel: Hotel) -> None:
    hotel.smtp.refuse["alba@example.org"] = "451 4.7.1 greylisted"
    number = hotel.start()
    run(hotel.worker(), 8)
    view = mailings.progress(hotel.ctx, number)
    assert (view.state, view.sent, view.under_way) == ("running", 5, 1)
    hotel.smtp.refuse.clear()
    assert isinstance(hotel.ctx.clock, ShiftedClock)
    later = replace(hotel.ctx, clock=ShiftedClock(hotel.ctx.clock.now() + timedelta(hours=2)))
    hotel.ctx = later
    lease = Lease(later)
    until(lease.tick)
    run(OutboxWorker(later.acting_as(ENGINE), lease, hotel.credentials, timeout=5, answer_timeout=5), 3)
    assert mailings.progress(later, number).state == "done"
    assert hotel.taken()["alba@example.org"] == 1


def test_a_server_that_takes_nothing_just_now_holds_the_mailing_up(hotel: Hotel) -> None:
    hotel.smtp.answer = "451 4.3.2 try again later"
    number = hotel.start()
    run(hotel.worker(), 4)
    view = mailings.progress(hotel.ctx, number)
    assert (view.sent, view.under_way, view.waiting) == (0, 1, 5)
    assert "451" in view.holdup


def test_a_wrong_password_holds_the_mailing_up_and_fails_one_at_most(hotel: Hotel) -> None:
    hotel.credentials.hold(ADDRESS, Secret("wrong password"))
    number = hotel.start()
    run(hotel.worker(), 4)
    view = mailings.progress(hotel.ctx, number)
    assert (view.sent, view.failed, view.waiting) == (0, 1, 5)
    assert ADDRESS in view.holdup
    accounts.mend(hotel.ctx, hotel.account, hotel.credentials, Secret(PASSWORD))
    assert mailings.retry(hotel.ctx, number) == 1
    run(hotel.worker(), 8)
    assert mailings.progress(hotel.ctx, number).state == "done"
    assert sum(hotel.taken().values()) == 6


def test_paused_it_sends_nothing_and_goes_on_where_it_was(hotel: Hotel) -> None:
    number = hotel.start()
    worker = hotel.worker()
    run(worker, 2)
    mailing_queue.queue_next(hotel.ctx, number, lambda _connection: True)
    view = mailings.pause(hotel.ctx, number)
    assert (view.sent, view.waiting, view.under_way) == (2, 4, 0)  # the queued one came back
    run(worker, 3)
    assert sum(hotel.taken().values()) == 2
    with pytest.raises(Conflict):
        mailings.pause(hotel.ctx, number)
    mailings.resume(hotel.ctx, number)
    run(worker, 6)
    assert hotel.taken() == {f"{name.lower()}@example.org": 1 for name in NAMES}
    assert mailings.progress(hotel.ctx, number).state == "done"


def test_stopped_what_was_sent_stays_and_the_rest_is_left_out(hotel: Hotel) -> None:
    number = hotel.start()
    worker = hotel.worker()
    run(worker, 2)
    mailing_queue.queue_next(hotel.ctx, number, lambda _connection: True)
    view = mailings.stop(hotel.ctx, number)
    assert (view.state, view.sent, view.left_out, view.under_way) == ("stopped", 2, 4, 0)
    run(worker, 3)
    assert sum(hotel.taken().values()) == 2
    for refused in (mailings.resume, mailings.stop, mailings.pause):
        with pytest.raises(Conflict):
            refused(hotel.ctx, number)


def test_consent_withdrawn_midway_is_heeded_when_the_mail_would_be_queued(hotel: Hotel) -> None:
    number = hotel.start()
    worker = hotel.worker()
    run(worker, 1)
    guests.set_consent(hotel.ctx, hotel.guests[3], "mail", given=False, source="by phone")
    run(worker, 8)
    assert "duran@example.org" not in hotel.taken()
    assert items(hotel.ctx, number)[hotel.guests[3]] == ("left out", Reason.NO_CONSENT)
    assert mailings.progress(hotel.ctx, number).state == "done"


def test_consent_withdrawn_while_it_is_queued_is_heeded_before_it_goes_out(hotel: Hotel) -> None:
    number = hotel.start()
    assert mailing_queue.queue_next(hotel.ctx, number, lambda _connection: True)
    guests.set_consent(hotel.ctx, hotel.guests[0], "mail", given=False, source="by phone")
    conversation = next(one for one in _items(hotel.ctx, number) if one.outbox_id).outbox_id
    worker = hotel.worker()
    run(worker, 1)
    assert "alba@example.org" not in hotel.taken()
    assert items(hotel.ctx, number)[hotel.guests[0]] == ("left out", Reason.NO_CONSENT)
    assert outbox.get(hotel.ctx, conversation).state == "recalled"
    run(worker, 8)
    assert sum(hotel.taken().values()) == 5


def test_a_corrected_address_gets_the_mail(hotel: Hotel) -> None:
    number = hotel.start()
    view = guests.get(hotel.ctx, hotel.guests[0])
    guests.set(hotel.ctx, view.id, view.version, {"emails": ["new.alba@example.org"]})
    view = guests.get(hotel.ctx, hotel.guests[1])
    guests.set(hotel.ctx, view.id, view.version, {"emails": ["costa@example.org"]})  # somebody else's by now
    run(hotel.worker(), 8)
    assert hotel.taken()["new.alba@example.org"] == 1
    assert hotel.taken()["costa@example.org"] == 1
    assert items(hotel.ctx, number)[hotel.guests[1]][1].startswith(Reason.SAME_ADDRESS)


@pytest.mark.parametrize("before_data", [True, False])
def test_one_whose_fate_is_unknown_is_never_written_to_again(hotel: Hotel, *, before_data: bool) -> None:
    number = hotel.start()
    assert mailing_queue.queue_next(hotel.ctx, number, lambda _connection: True)
    lease = Lease(hotel.ctx)
    assert lease.tick()
    (item,) = [one.outbox_id for one in _items(hotel.ctx, number) if one.outbox_id]
    work = delivery.job(hotel.ctx, item)
    assert work is not None
    if not before_data:
        assert delivery.begin(hotel.ctx, work, lease.token, lease.holds)
        assert delivery.recover(hotel.ctx) == [item]  # the engine died between DATA and the answer
        assert items(hotel.ctx, number)[hotel.guests[0]] == ("failed", Reason.UNCERTAIN)
        assert mailings.retry(hotel.ctx, number) == 0
    run(OutboxWorker(hotel.ctx.acting_as(ENGINE), lease, hotel.credentials, timeout=5, answer_timeout=5), 8)
    assert hotel.taken()["alba@example.org"] == (1 if before_data else 0)
    assert sum(hotel.taken().values()) == (6 if before_data else 5)
    shown = mailings.prepare(hotel.ctx, mailings.progress(hotel.ctx, number).package, _template_of(hotel, number))
    assert {one.reason for one in shown.left_out} == {Reason.HAD_IT}


def _template_of(hotel: Hotel, _number: int) -> int:
    from crm_tui.desk.texts import templates

    return templates.named(hotel.ctx, "Season").id


def test_the_same_template_a_second_time_goes_only_to_who_had_it_not(hotel: Hotel) -> None:
    text = template(hotel.ctx)
    first = ready(hotel.ctx, hotel.guests[:4], text)
    mailings.start(hotel.ctx, first)
    worker = hotel.worker()
    run(worker, 6)
    second = ready(hotel.ctx, hotel.guests, text)
    assert (second.had, len(second.ready)) == (4, 2)
    again = mailings.prepare(hotel.ctx, second.package, text, again=True)
    assert (again.had, len(again.ready)) == (4, 6)
    mailings.start(hotel.ctx, second)
    run(worker, 4)
    assert max(hotel.taken().values()) == 1
    mailings.start(hotel.ctx, again)
    run(worker, 8)
    assert set(hotel.taken().values()) == {2}


def test_two_desks_that_start_the_same_mailing_write_to_nobody_twice(hotel: Hotel) -> None:
    shown = ready(hotel.ctx, hotel.guests)
    mailings.start(hotel.ctx, shown)
    with pytest.raises(Conflict):
        mailings.start(hotel.ctx, shown)


def test_two_engines_send_each_mail_once(hotel: Hotel) -> None:
    first, second = hotel.engine(), hotel.engine()
    number = hotel.start()
    until(lambda: mailings.progress(hotel.ctx, number).sent >= 2)
    active = first if first.status(hotel.ctx).active else second
    assert active.stop()
    until(lambda: mailings.progress(hotel.ctx, number).state == "done", 60)
    assert hotel.taken() == {f"{name.lower()}@example.org": 1 for name in NAMES}


def test_two_guests_who_became_one_midway_get_one_mail(hotel: Hotel) -> None:
    number = hotel.start()
    worker = hotel.worker()
    run(worker, 1)
    first, second, third, fourth = hotel.guests[:4]
    guest_merging.merge(hotel.ctx, first, [second], {}, sure=True)  # the first had hers
    guest_merging.merge(hotel.ctx, fourth, [third], {}, sure=True)  # neither had
    run(worker, 8)
    view = mailings.progress(hotel.ctx, number)
    assert (view.state, view.sent) == ("done", 4)
    assert sum(hotel.taken().values()) == 4
    assert [reason.partition(":")[0] for _state, reason in items(hotel.ctx, number).values()].count(Reason.MERGED) <= 2
    shown = packages.get(hotel.ctx, view.package)
    assert shown.size == 4
    assert len(mailings.prepare(hotel.ctx, view.package, _template_of(hotel, number), again=True).ready) == 4


def test_the_pace_is_kept(hotel: Hotel) -> None:
    hotel.ctx = replace(hotel.ctx, settings=replace(hotel.ctx.settings, mailing_per_minute=20))
    hotel.start()
    worker = hotel.worker()
    now = [100.0]
    worker._mailings._monotonic = lambda: now[0]
    for _step in range(5):
        worker.step()
    assert sum(hotel.taken().values()) == 1
    assert worker._mailings.pause == pytest.approx(3.0)
    now[0] += 3.0
    worker.step()
    worker.step()
    assert sum(hotel.taken().values()) == 2


def test_dropped_in_the_outbox_it_is_left_out(hotel: Hotel) -> None:
    hotel.smtp.refuse["alba@example.org"] = "550 no"
    number = hotel.start()
    worker = hotel.worker()
    run(worker, 8)
    (item,) = [one.outbox_id for one in _items(hotel.ctx, number) if one.state == "failed"]
    outbox.drop(hotel.ctx, item)
    assert items(hotel.ctx, number)[hotel.guests[0]] == ("left out", Reason.WITHDRAWN)
    o = columns(OutboxItem)
    with hotel.ctx.store.connect() as connection:
        assert connection.execute(select(o.state).where(o.id == item)).scalar() == "recalled"


def test_a_package_cannot_go_while_a_mailing_is_under_way(hotel: Hotel) -> None:
    number = hotel.start()
    package = packages.get(hotel.ctx, mailings.progress(hotel.ctx, number).package)
    with pytest.raises(Conflict):
        packages.remove(hotel.ctx, package.id, package.version)
