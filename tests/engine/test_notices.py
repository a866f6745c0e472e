"""Reminders through the engine: a gateway over real HTTP and the outbox (SPEC §8, §16)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.watchlists import gateway, notice_lists, notices
from crm_tui.engine.lease import Lease
from crm_tui.engine.notices import NoticeWorker
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.parse import parse
from tests.desk.house import ADDRESS, NOW, add_account, make_house
from tests.desk.owing import events, guest, owing, rows
from tests.servers.sms import Gateway, sms_gateway
from tests.servers.smtp import Box, smtp_server

ON = Settings(notices="sms or mail", notice_gateway="session", undo_seconds=0)


class Desk:
    """A desk with a gateway and an engine that holds the lease."""

    def __init__(self, path: Path, server: Gateway) -> None:
        self.clock = FixedClock(NOW)
        self.ctx: Context = make_house(path, clock=self.clock, settings=ON)
        self.server = server
        self.credentials = Credentials(lambda: None, memory={})
        self.credentials.hold(gateway.NAME, Secret(server.url("desk", "secret-77")))
        self.lease = Lease(self.ctx)
        assert self.lease.tick()
        self.worker = NoticeWorker(self.ctx.acting_as(ENGINE), self.lease, self.credentials)

    def step(self) -> int:
        self.worker.wake()
        return self.worker.step()

    def heard(self) -> Counter[str]:
        return Counter(one.number for one in self.server.asked)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with sms_gateway() as server:
        made = Desk(tmp_path, server)
        yield made
        made.ctx.store.close()


def test_a_reminder_goes_out_once_and_is_an_event(desk: Desk) -> None:
    number = owing(desk.ctx)
    assert [desk.step() for _again in range(4)] == [1, 0, 0, 0]
    [asked] = desk.server.asked
    assert asked.number == "+34600111222"
    assert "MIR-1" in asked.text
    [row] = rows(desk.ctx)
    assert (row.state, row.token, row.attempts) == ("sent", desk.lease.token, 1)
    [told] = events(desk.ctx)
    assert (told.reservation_id, told.author_id) == (number, None)
    assert notice_lists.of_reservation(desk.ctx, number)[0].automatic


def test_the_whole_cadence_with_the_clock_moved_day_by_day(desk: Desk) -> None:
    owing(desk.ctx)
    heard = []
    for _day in range(10):
        before = len(desk.server.asked)
        desk.step()
        heard.append(len(desk.server.asked) - before)
        desk.clock.advance(timedelta(days=1))
    assert heard == [1, 0, 0, 0, 1, 0, 1, 0, 1, 0]


def test_down_for_two_weeks_it_reminds_once(desk: Desk) -> None:
    owing(desk.ctx)
    desk.clock.advance(timedelta(days=14))
    desk.step()
    desk.step()
    assert len(desk.server.asked) == 1


def test_a_refusal_is_tried_again_later_and_told(desk: Desk) -> None:
    number = owing(desk.ctx)
    desk.server.answers, desk.server.words = [429], "slow down"
    desk.step()
    assert (rows(desk.ctx)[0].state, rows(desk.ctx)[0].error) == ("queued", "429 slow down")
    assert desk.step() == 0  # not before its pause is over
    desk.server.words = "ok"
    desk.clock.advance(timedelta(minutes=2))
    assert desk.step() == 1
    assert notice_lists.of_reservation(desk.ctx, number)[0].state == "sent"
    assert len(events(desk.ctx)) == 1


def test_a_line_that_breaks_is_uncertain_and_stays_so(desk: Desk) -> None:
    owing(desk.ctx)
    desk.server.cut = True
    desk.step()
    assert rows(desk.ctx)[0].state == "uncertain"
    desk.server.cut = False
    for _day in range(3):
        assert desk.step() == 0
        desk.clock.advance(timedelta(days=1))
    assert events(desk.ctx) == []


def test_without_its_secret_a_message_waits_and_says_why(desk: Desk) -> None:
    number = owing(desk.ctx)
    desk.credentials.forget(gateway.NAME)
    assert desk.step() == 0
    [shown] = notice_lists.of_reservation(desk.ctx, number)
    assert shown.state == "queued"
    assert "gateway" in shown.error
    desk.credentials.hold(gateway.NAME, Secret(desk.server.url()))
    desk.clock.advance(timedelta(minutes=6))
    assert desk.step() == 1


def test_by_hand_goes_out_while_reminders_are_off(desk: Desk) -> None:
    off = replace(desk.ctx, settings=replace(ON, notices="off"))
    number = owing(off)
    worker = NoticeWorker(off, desk.lease, desk.credentials)
    worker.step()
    assert rows(off) == []
    notices.by_hand(off, number, "sms", "Please pay")
    worker.step()
    assert desk.server.asked[0].text == "Please pay"


def test_settings_written_later_hold_at_once(desk: Desk) -> None:
    from crm_tui.base.settings import save_setting

    owing(desk.ctx)
    save_setting(desk.ctx.home.settings, "notices", "mail")
    save_setting(desk.ctx.home.settings, "notices", "off")
    desk.ctx.home.settings.write_text("undo_seconds = 0\n")
    assert desk.step() == 0
    save_setting(desk.ctx.home.settings, "notices", "sms")
    save_setting(desk.ctx.home.settings, "notice_gateway", "session")
    assert desk.step() == 1


def test_an_engine_without_the_lease_sends_nothing(desk: Desk) -> None:
    owing(desk.ctx)
    other = Lease(desk.ctx)
    other.token = 99
    worker = NoticeWorker(desk.ctx, other, desk.credentials)
    worker.step()
    assert rows(desk.ctx) == []
    assert desk.server.asked == []


def test_two_engines_in_turns_remind_once(desk: Desk) -> None:
    for code in ("MIR-1", "MIR-2", "MIR-3"):
        owing(desk.ctx, code, who=guest(desk.ctx, code, phone=f"+3460011122{code[-1]}"))
    desk.step()
    desk.lease.release()
    second = Lease(desk.ctx)
    assert second.tick()
    NoticeWorker(desk.ctx, second, desk.credentials).step()
    assert set(desk.heard().values()) == {1}
    assert len(desk.heard()) == 3


def test_mail_goes_out_through_the_outbox_once_and_says_that_it_is_automatic(desk: Desk) -> None:
    ctx = replace(desk.ctx, settings=replace(ON, notices="mail", undo_seconds=60))
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret("secret"))
    with smtp_server(Box(users={"desk": "secret"})) as box:
        add_account(ctx, smtp_port=box.port)
        owing(ctx)
        worker = NoticeWorker(ctx, desk.lease, credentials)
        outbox = OutboxWorker(ctx, desk.lease, credentials, timeout=5, answer_timeout=5)
        worker.step()
        outbox.step()
        worker.wake()
        worker.step()
        outbox.step()
    [taken] = box.taken
    assert taken.recipients == ["guestmir1@example.org"]
    assert b"Auto-Submitted: auto-generated" in taken.content
    assert parse(taken.content).automatic == "auto-generated"
    assert rows(ctx)[0].state == "sent"
    assert [one.text for one in events(ctx)] == ["guestmir1@example.org: Payment reminder – booking MIR-1"]
    shown = notice_lists.listed(ctx)[0]
    assert shown.conversation is not None
