"""Whole deliveries from the outbox, cut at many bytes of the dialogue: nothing lost, nothing twice (QUALITY R1)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from crm_tui.base.clock import FixedClock
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns
from crm_tui.data.tables import OutboxItem
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import accounts, drafts, outbox, replies, sent_copies
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials
from tests.desk.house import ADDRESS, NOW, add_account, make_house
from tests.servers.cutter import Cutter, cutter
from tests.servers.smtp import Box, smtp_server

SPARSE = 83
"""Inside the message one byte is like another; tests/faults/test_smtp_cut.py cuts at each of them."""


def queue(ctx: Context) -> int:
    draft = replies.new(ctx, to="guest@example.org, other@example.org", subject="x")
    version = drafts.save(ctx, draft.id, draft.version, text="y")
    return outbox.queue(ctx, draft.id, version).id


def points(whole: int, before: int) -> list[int]:
    """Some bytes of the commands, few of the message, and every one around its end, where all is decided."""
    return sorted({*range(0, before, 11), *range(before, whole, SPARSE), *range(whole - 100, whole)})


def test_cut_anywhere_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    ctx = make_house(tmp_path, clock=clock, settings=Settings(undo_seconds=0))
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret("pw-of-desk"))
    lease = Lease(ctx, ttl=1e9)
    assert lease.tick()
    worker = OutboxWorker(ctx, lease, credentials, timeout=5, answer_timeout=5)
    with smtp_server(Box(users={"desk": "pw-of-desk"})) as box, cutter(box.port) as proxy:
        add_account(ctx, smtp_port=proxy.port)
        whole, before = measure(ctx, worker, proxy, box)
        states: Counter[str] = Counter()
        items: list[int] = []
        for limit in points(whole, before):
            items.append(queue(ctx))
            proxy.limit = limit
            worker.step()
            proxy.wait_idle()
            view = outbox.get(ctx, items[-1])
            states[view.state] += 1
            copies = copies_of(ctx, box)[items[-1]]
            assert copies == 0 if view.state == "queued" else copies <= 1
            assert copies == 1 if view.state == "sent" else True
            assert view.state in {"queued", "sent", "uncertain"}, view
            if view.state == "sent":
                sent_copies.copied(ctx, items[-1])
            proxy.limit = -1
            clock.advance(timedelta(hours=1))
            worker.step()
            proxy.wait_idle()
            if outbox.get(ctx, items[-1]).state == "sent":
                sent_copies.copied(ctx, items[-1])
        assert set(states) == {"queued", "sent", "uncertain"}, states
        total = copies_of(ctx, box)
        for item in items:
            state = outbox.get(ctx, item).state
            assert state in {"sent", "uncertain"}
            assert total[item] == 1 if state == "sent" else total[item] <= 1
    assert accounts.list_accounts(ctx)[0].state == "new"
    ctx.store.close()


def measure(ctx: Context, worker: OutboxWorker, proxy: Cutter, box: Box) -> tuple[int, int]:
    """How many bytes a delivery has, and how many of them come before the message."""
    item = queue(ctx)
    worker.step()
    proxy.wait_idle()
    assert outbox.get(ctx, item).state == "sent"
    return proxy.passed, proxy.passed - len(box.taken[0].content) - 60


def copies_of(ctx: Context, box: Box) -> Counter[int]:
    """How often the server took each outbox item."""
    found = columns(OutboxItem)
    with ctx.store.connect() as connection:
        ids = {row.rfc_message_id: row.id for row in connection.execute(select(found.rfc_message_id, found.id))}
    names = (re.search(rb"Message-ID:\s*<([^>]+)>", taken.content) for taken in box.taken)
    return Counter(ids[name[1].decode()] for name in names if name)
