"""The engine delivers and files, against a real SMTP server and a real IMAP server (SPEC §5, §16)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from crm_tui.base.clock import FixedClock, ShiftedClock
from crm_tui.base.errors import StoreLocked
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.data.columns import table_of
from crm_tui.data.tables import OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import accounts, delivery, drafts, outbox, reading, replies
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.engine.runner import Engine
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.parse import parse
from tests.desk.house import ADDRESS, NOW, add_account, come_in, mail, make_house
from tests.servers.pymap_server import PASSWORD, USER, Pymap
from tests.servers.smtp import Box, smtp_server


@dataclass
class Hotel:
    """A desk, its two servers and its secrets."""

    ctx: Context
    smtp: Box
    imap: Pymap
    credentials: Credentials
    account: int
    engines: list[Engine] = field(default_factory=list)

    def queue(self, *, to: str = "", text: str = "Yes.") -> int:
        """Answer a new guest's mail; returns the outbox item."""
        number = time.monotonic_ns()
        guest = come_in(self.ctx, mail(message_id=f"{number}@x", sender=f"g{number}@example.org"), account=self.account)
        draft = replies.start(self.ctx, "reply", guest.message_ids[0])
        changes: dict[str, Any] = {"text": text} | ({"to": to} if to else {})
        version = drafts.save(self.ctx, draft.id, draft.version, **changes)
        return outbox.queue(self.ctx, draft.id, version).id

    def worker(self, lease: Lease | None = None) -> OutboxWorker:
        if lease is None:
            lease = Lease(self.ctx)
            assert lease.tick()
        return OutboxWorker(self.ctx, lease, self.credentials, timeout=5, answer_timeout=5)

    def start_engine(self, **options: Any) -> Engine:
        engine = Engine(self.credentials, renewal=0.1, timeout=5, **options)
        engine.start(self.ctx)
        self.engines.append(engine)
        return engine

    def in_sent(self) -> list[bytes]:
        """The sources of what lies in Sent."""
        with ImapSession("127.0.0.1", self.imap.port, "none", timeout=5) as session:
            session.login(USER, PASSWORD)
            box = next((one for one in session.list_mailboxes() if one.special == "sent"), None)
            if box is None:
                return []
            session.select(box.wire, readonly=True)
            return [got.raw for got in session.fetch(session.search("ALL"))]

    def state(self, item: int) -> tuple[str, str]:
        view = outbox.get(self.ctx, item)
        return view.state, view.copy_state


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something another thread does."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.02)


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    ctx = make_house(tmp_path, clock=ShiftedClock(NOW), settings=Settings(undo_seconds=0))
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret(PASSWORD))
    with smtp_server(Box(users={USER: PASSWORD})) as smtp, Pymap() as imap:
        account = add_account(ctx, imap_port=imap.port, smtp_port=smtp.port)
        house = Hotel(ctx, smtp, imap, credentials, account)
        yield house
        for engine in house.engines:
            assert engine.stop()
    ctx.store.close()


def test_sends_and_files_once(hotel: Hotel) -> None:
    item = hotel.queue()
    worker = hotel.worker()
    assert worker.step() == 1
    assert hotel.state(item) == ("sent", "stored")
    assert [taken.sender for taken in hotel.smtp.taken] == [ADDRESS]
    filed = hotel.in_sent()
    assert len(filed) == 1
    assert parse(filed[0]).message_id == parse(hotel.smtp.taken[0].content).message_id
    assert worker.step() == 0
    assert len(hotel.smtp.taken) == len(hotel.in_sent()) == 1


def test_a_provider_that_files_itself_gets_no_second_copy(hotel: Hotel) -> None:
    item = hotel.queue()

    def file_it(taken: Any) -> None:
        with ImapSession("127.0.0.1", hotel.imap.port, "none", timeout=5) as session:
            session.login(USER, PASSWORD)
            session.create(b"Sent")
            session.append(b"Sent", taken.content)

    hotel.smtp.on_message = file_it
    hotel.worker().step()
    assert hotel.state(item) == ("sent", "stored")
    assert len(hotel.in_sent()) == 1


def test_sent_unreachable_is_told_and_tried_again_without_sending(hotel: Hotel) -> None:
    item = hotel.queue()
    right = accounts.get(hotel.ctx, hotel.account)
    broken = accounts.change(hotel.ctx, hotel.account, right.version, imap_port=1)
    worker = hotel.worker()
    worker.step()
    assert hotel.state(item) == ("sent", "pending")
    assert "127.0.0.1" in outbox.get(hotel.ctx, item).copy_error
    accounts.change(hotel.ctx, hotel.account, broken.version, imap_port=right.imap_port)
    outbox.retry_copy(hotel.ctx, item)
    worker.step()
    assert hotel.state(item) == ("sent", "stored")
    assert len(hotel.smtp.taken) == 1


def test_uncertain_but_found_in_sent_is_sent(hotel: Hotel) -> None:
    from crm_tui.desk.correspondence import delivery

    found, lost = hotel.queue(), hotel.queue()
    for item in (found, lost):
        work = delivery.job(hotel.ctx, item)
        assert work is not None
        assert delivery.begin(hotel.ctx, work, 0, lambda _c: True)
        if item == found:
            with ImapSession("127.0.0.1", hotel.imap.port, "none", timeout=5) as session:
                session.login(USER, PASSWORD)
                session.create(b"Sent")
                session.append(b"Sent", work.source)
    lease = Lease(hotel.ctx)
    assert lease.tick()
    assert delivery.recover(hotel.ctx) == [found, lost]
    hotel.worker(lease).step()
    assert hotel.state(found) == ("sent", "stored")
    assert hotel.state(lost)[0] == "uncertain"
    assert "not in Sent" in outbox.get(hotel.ctx, lost).error
    assert hotel.smtp.taken == []


def test_a_wrong_password_fails_the_message_once(hotel: Hotel) -> None:
    hotel.credentials.hold(ADDRESS, Secret("wrong password"))
    first, second = hotel.queue(), hotel.queue()
    worker = hotel.worker()
    worker.step()
    worker.step()
    assert hotel.state(first)[0] == "failed"
    assert "535" in outbox.get(hotel.ctx, first).error
    assert hotel.state(second)[0] == "queued"
    assert len(hotel.smtp.logins) == 1
    assert accounts.get(hotel.ctx, hotel.account).state == "sending failed"
    accounts.mend(hotel.ctx, hotel.account, hotel.credentials, Secret(PASSWORD))
    outbox.retry(hotel.ctx, first)
    worker.step()
    assert [hotel.state(item)[0] for item in (first, second)] == ["sent", "sent"]


def test_no_secret_at_hand_keeps_it_queued(hotel: Hotel) -> None:
    hotel.credentials.forget(ADDRESS)
    item = hotel.queue()
    hotel.worker().step()
    assert hotel.state(item)[0] == "queued"
    assert "not known in this session" in outbox.get(hotel.ctx, item).error
    assert hotel.smtp.taken == []


def test_the_engine_sends_syncs_and_stops_fast(hotel: Hotel) -> None:
    engine = hotel.start_engine()
    item = hotel.queue()
    until(lambda: hotel.state(item) == ("sent", "stored"))
    until(lambda: accounts.get(hotel.ctx, hotel.account).state == "ok")
    with ImapSession("127.0.0.1", hotel.imap.port, "none", timeout=5) as session:
        session.login(USER, PASSWORD)
        answer = mail(
            sender="g@example.org", text="Thank you", message_id="thanks@x", date=NOW + timedelta(minutes=1),
            In_Reply_To=f"<{parse(hotel.smtp.taken[0].content).message_id}>",
        )  # fmt: skip
        session.append(b"INBOX", answer, ())
    engine.wake(hotel.account)
    conversation = outbox.get(hotel.ctx, item).conversation
    assert conversation is not None
    until(lambda: len(reading.conversation(hotel.ctx, conversation).messages) == 3)
    status = engine.status(hotel.ctx)
    assert status.active
    assert [(one.address, one.state) for one in status.accounts] == [(ADDRESS, "ok")]
    began = time.monotonic()
    assert engine.stop()
    assert time.monotonic() - began < 3
    assert not engine.status(hotel.ctx).active


def test_only_one_engine_works_and_another_takes_over_when_it_stops(hotel: Hotel) -> None:
    first, second = hotel.start_engine(), None
    until(lambda: first.status(hotel.ctx).active)
    second = hotel.start_engine()
    items = [hotel.queue() for _number in range(3)]
    until(lambda: all(hotel.state(item) == ("sent", "stored") for item in items))
    assert not second.status(hotel.ctx).active
    first.stop()
    until(lambda: second.status(hotel.ctx).active)
    item = hotel.queue()
    until(lambda: hotel.state(item) == ("sent", "stored"))
    assert len(hotel.smtp.taken) == len(hotel.in_sent()) == 4


def test_a_readonly_desk_cannot_send(hotel: Hotel) -> None:
    from dataclasses import replace

    from crm_tui.base.errors import Forbidden

    draft = replies.new(hotel.ctx, to="x@example.org")
    with pytest.raises(Forbidden):
        outbox.queue(replace(hotel.ctx, readonly=True), draft.id, draft.version)


def test_an_account_switched_off_waits(hotel: Hotel) -> None:
    item = hotel.queue()
    row = accounts.get(hotel.ctx, hotel.account)
    accounts.change(hotel.ctx, hotel.account, row.version, active=False)
    worker = hotel.worker()
    assert worker.step() == 0
    assert hotel.state(item)[0] == "queued"


def test_an_outcome_that_could_not_be_written_is_uncertain(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    item = hotel.queue()

    def broken(*_: object) -> str:
        raise ZeroDivisionError

    worker = hotel.worker()
    with monkeypatch.context() as patch:
        patch.setattr("crm_tui.desk.correspondence.delivery.settle", broken)
        with pytest.raises(ZeroDivisionError):
            worker.step()
    assert hotel.state(item)[0] == "sending"
    worker.step()
    assert hotel.state(item)[0] == "uncertain"
    assert len(hotel.smtp.taken) == 1


def test_what_was_left_is_found_though_the_store_was_locked_at_first(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = hotel.queue()
    work = delivery.job(hotel.ctx, item)
    assert work is not None
    assert delivery.begin(hotel.ctx, work, 1, lambda _connection: True)
    recover, tries = delivery.recover, []

    def locked_at_first(ctx: Context) -> list[int]:
        tries.append(1)
        if len(tries) < 3:
            raise StoreLocked("locked")
        return recover(ctx)

    monkeypatch.setattr(delivery, "recover", locked_at_first)
    stop = threading.Event()
    lease = Lease(hotel.ctx)
    assert lease.tick()
    worker = OutboxWorker(hotel.ctx, lease, hotel.credentials, stop=stop, timeout=5, answer_timeout=5)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        until(lambda: hotel.state(item)[0] == "uncertain")
    finally:
        stop.set()
        worker.wake()
        thread.join(10)
    assert hotel.smtp.taken == []


def test_a_clock_set_back_while_the_engine_runs_shortens_the_pauses(hotel: Hotel) -> None:
    clock = FixedClock(NOW)
    ctx = replace(hotel.ctx, clock=clock)
    hotel.ctx = ctx
    item = hotel.queue()
    with ctx.write() as tx:
        tx.connection.execute(update(table_of(OutboxItem)).values(not_before=NOW + timedelta(minutes=5)))
    worker = hotel.worker()
    assert worker.step() == 0
    clock.advance(-timedelta(minutes=4))
    with ctx.write() as tx:
        tx.connection.execute(update(table_of(OutboxItem)).values(queued_at=NOW - timedelta(days=1)))
    assert worker.step() == 0
    left = outbox.get(ctx, item).not_before - clock.now()
    assert timedelta(minutes=4) < left <= timedelta(minutes=5, seconds=1)
