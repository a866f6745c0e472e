"""A message over the size limit: its text at once, its files when somebody wants one (SPEC §2)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from crm_tui.base.settings import Settings
from crm_tui.desk.common import wishes
from crm_tui.desk.correspondence import completing, reading, replies
from crm_tui.desk.correspondence.completing import NotFetched
from crm_tui.engine.runner import Engine
from crm_tui.engine.whole import WholeMessages
from crm_tui.mail.credentials import Credentials
from tests.building import make_mail
from tests.engine.sync.helpers import Desk, Linked
from tests.mail.imap.helpers import connect
from tests.servers.pymap_server import Pymap

PLAN = bytes(range(256)) * 5000


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.02)


@pytest.fixture
def large(desk: Desk, pymap: Pymap) -> tuple[Linked, int]:
    """An account whose Inbox holds a message over the limit; the account and the message."""
    other = connect(pymap.port)
    raw = make_mail(message_id="big@x", attachments=[("plan.pdf", "application/pdf", PLAN)])
    other.append(b"INBOX", raw)
    other.logout()
    desk.ctx = replace(desk.ctx, settings=Settings(message_limit_mib=1))
    account = desk.link(pymap.port, "desk")
    desk.sync(account)
    return account, desk.one("SELECT id FROM message WHERE message_id = 'big@x'")


def test_files_that_were_not_fetched_are_refused(desk: Desk, large: tuple[Linked, int]) -> None:
    _account, number = large
    assert not completing.is_complete(desk.ctx, number)
    with pytest.raises(NotFetched, match="only its text was fetched"):
        reading.attachment(desk.ctx, number, 0)
    with pytest.raises(NotFetched):
        replies.start(desk.ctx, "forward", number)


def test_the_engine_fetches_what_was_wished_for(desk: Desk, large: tuple[Linked, int]) -> None:
    account, number = large
    working = threading.Event()

    def idle(*_given: object, **_named: object) -> None:
        working.set()

    engine = Engine(Credentials(lambda: None, memory={}), account_worker=idle, renewal=0.05)
    engine._whole = WholeMessages(desk.connect(account))
    engine.start(desk.ctx)
    try:
        until(working.is_set)
        asked = wishes.ask_whole(desk.ctx, [number])
        until(lambda: completing.is_complete(desk.ctx, number))
        assert reading.attachment(desk.ctx, number, 0) == PLAN
        assert wishes.whole_refused(desk.ctx, number, asked) == ""
    finally:
        assert engine.stop()
    assert desk.sync(account)["INBOX"].new == 0


def test_what_no_server_has_any_more_is_told(desk: Desk, large: tuple[Linked, int]) -> None:
    account, number = large
    with desk.ctx.write() as tx:
        tx.connection.exec_driver_sql("DELETE FROM location")
    asked = wishes.ask_whole(desk.ctx, [number])
    whole = WholeMessages(desk.connect(account))
    whole.fetch(desk.ctx, [number])
    until(lambda: wishes.whole_refused(desk.ctx, number, asked))
    assert "No server has the rest" in wishes.whole_refused(desk.ctx, number, asked)
    whole.stop(5)
