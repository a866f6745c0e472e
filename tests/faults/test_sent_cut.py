"""The copy to Sent, cut at many bytes on both sides: in the end it is there once, and nothing was sent again (QUALITY R2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, drafts, outbox, replies, sent_copies
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.smtp import Sent
from tests.desk.house import ADDRESS, NOW, add_account, make_house
from tests.servers.proxy import Fault, FaultProxy
from tests.servers.pymap_server import PASSWORD, USER, Pymap

LONGEST = 6000
"""More bytes than either side says while a copy is filed."""


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path, clock=FixedClock(NOW), settings=Settings(undo_seconds=0))
    yield context
    context.store.close()


def sent_item(ctx: Context) -> int:
    """A message that SMTP has taken, whose copy is still to be made."""
    draft = replies.new(ctx, to="guest@example.org", subject="x")
    item = outbox.queue(ctx, draft.id, drafts.save(ctx, draft.id, draft.version, text="y")).id
    work = delivery.job(ctx, item)
    assert work is not None
    assert delivery.begin(ctx, work, 1, lambda _connection: True)
    assert delivery.settle(ctx, work, 1, Sent("250")) == "sent"
    return item


def copies(imap: Pymap, item: int, ctx: Context) -> int:
    message_id = sent_copies.wire_source(ctx, item).split(b"Message-ID: <")[1].split(b">")[0].decode()
    with ImapSession("127.0.0.1", imap.port, "none", timeout=5) as session:
        session.login(USER, PASSWORD)
        box = next((one for one in session.list_mailboxes() if one.special == "sent"), None)
        if box is None:
            return 0
        session.select(box.wire, readonly=True)
        return len(session.search_message_id(message_id))


@pytest.mark.parametrize("side", ["server", "client"])
def test_cut_anywhere_there_is_one_copy_in_the_end(ctx: Context, side: str) -> None:
    assert isinstance(ctx.clock, FixedClock)
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret(PASSWORD))
    lease = Lease(ctx, ttl=1e9)
    assert lease.tick()
    worker = OutboxWorker(ctx, lease, credentials, timeout=5)
    cut = whole = 0
    with Pymap() as imap, FaultProxy(imap.port) as proxy:
        add_account(ctx, imap_port=proxy.port)
        for limit in [*range(0, 400, 61), *range(400, LONGEST, 211)]:
            item = sent_item(ctx)
            proxy.faults = [Fault(limit, side=side)]  # type: ignore[arg-type]
            worker.step()
            there = copies(imap, item, ctx)
            state = outbox.get(ctx, item).copy_state
            assert there <= 1
            if state == "stored":
                assert there == 1
                whole += 1
                if whole > 2:
                    break  # the limit lies behind the end
            else:
                cut += 1
            ctx.clock.advance(timedelta(hours=1))
            worker.step()
            assert outbox.get(ctx, item).copy_state == "stored"
            assert copies(imap, item, ctx) == 1
    assert cut > 6
    assert whole > 2
